"""What we talk about: values, policies and the error tree. No I/O, no clock."""
