"""Config files and environment, as one frozen Settings or every fault at once."""

from bot.settings.environment import LOCAL_URL
from bot.settings.loading import load
from bot.settings.starter import shipped_directory, templates_directory, write_starter
from bot.settings.values import Settings

__all__ = ["LOCAL_URL", "Settings", "load", "shipped_directory", "templates_directory", "write_starter"]
