"""The composition root: Settings → Bot. Only this package names concrete adapters."""

from bot.wiring.composition import WORKERS, Particulars, bot, evaluate_clustering
from bot.wiring.parcels import RunReport
from bot.wiring.tokens import preferences_token, unsubscribe_token
from bot.wiring.use_cases import Bot, Progress

__all__ = [
    "WORKERS",
    "Bot",
    "Particulars",
    "Progress",
    "RunReport",
    "bot",
    "evaluate_clustering",
    "preferences_token",
    "unsubscribe_token",
]
