"""What asking language models took."""

from datetime import datetime

from sqlalchemy import select

from bot.adapters.storage.rows import Room, models_of, rows_of, upsert
from bot.adapters.storage.tables import MODEL_USAGE
from bot.model.usage import ModelUsage


class Usages(Room):
    """What language models took."""

    def save_usage(self, usage: ModelUsage) -> None:
        """Insert *usage*."""
        with self._database.writing() as connection:
            upsert(connection, MODEL_USAGE, rows_of([usage], MODEL_USAGE))

    def load_usage(self, *, since: datetime) -> list[ModelUsage]:
        """Return what was used at *since* or later, oldest first."""
        asked_at = MODEL_USAGE.c.asked_at
        query = select(MODEL_USAGE).where(asked_at >= since).order_by(asked_at, MODEL_USAGE.c.id)
        with self._database.reading() as connection:
            return models_of(connection, query, ModelUsage)
