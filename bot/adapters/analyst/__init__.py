"""Analysts: who says what an event means. The one that asks a model needs the extra `llm`: see `model`."""

from bot.adapters.analyst.extractive import ExtractiveAnalyst

__all__ = ["ExtractiveAnalyst"]
