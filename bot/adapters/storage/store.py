"""The store: every room of it under one roof."""

from bot.adapters.storage.articles import Articles, Sources, Vectors
from bot.adapters.storage.care import Care
from bot.adapters.storage.engine import Database
from bot.adapters.storage.events import Events
from bot.adapters.storage.feedback import FeedbackRoom
from bot.adapters.storage.ledger import Ledger
from bot.adapters.storage.notices import Notices
from bot.adapters.storage.recaps import Insights, Recaps
from bot.adapters.storage.returns import Returns
from bot.adapters.storage.routes import Routes
from bot.adapters.storage.schedule import Schedule
from bot.adapters.storage.schema import Schema
from bot.adapters.storage.search import Search
from bot.adapters.storage.subscribers import Subscribers
from bot.adapters.storage.told import Told
from bot.adapters.storage.usage import Usages


class SqlStore(
    Sources,
    Articles,
    Vectors,
    Events,
    Search,
    Insights,
    Usages,
    Recaps,
    Told,
    Ledger,
    Subscribers,
    Notices,
    Returns,
    FeedbackRoom,
    Routes,
    Schedule,
    Schema,
    Care,
):
    """Keeps everything in SQLite or PostgreSQL; see `bot.ports.Store`."""

    def __init__(self, url: str) -> None:
        """
        Open the database at *url*: `sqlite:///recap.db`, `sqlite://` (in memory) or `postgresql+psycopg://…`.

        Raises: StorageUnavailable where *url* is no such address. The schema is left alone: see `upgrade`.
        """
        super().__init__(Database(url))

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()
