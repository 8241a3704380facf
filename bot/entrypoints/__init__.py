"""Translate the outside world into one call on Bot, and its answer back."""
