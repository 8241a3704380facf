"""The `recap` command."""
