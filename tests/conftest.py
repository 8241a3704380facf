"""What all tests share."""

from hypothesis import settings

# A first example that loads a library is slow, and speed is no matter of the tests (benchmarks/ measures it).
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
