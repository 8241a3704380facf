"""The sample weeks: a feed server on loopback with a clock of its own, and the replay of its polls."""
