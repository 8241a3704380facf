"""One use case per file, readable top to bottom; the only code that sequences stages and I/O."""
