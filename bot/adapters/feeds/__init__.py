"""Fetches feeds over HTTP, politely and safely."""

from bot.adapters.feeds.reader import HttpFeedReader

__all__ = ["HttpFeedReader"]
