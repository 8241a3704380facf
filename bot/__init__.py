"""Recap: a self-hosted weekly recap bot."""

__version__ = "0.1.0"
