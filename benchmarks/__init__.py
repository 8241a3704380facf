"""Speed and memory: figures, printed with command, commit and machine. Never part of the tests."""
