"""Real stores on fresh SQLite files; the schema is made once and then copied."""

import tempfile
from functools import cache
from pathlib import Path

from bot.adapters.storage.store import SqlStore


def url_of(path: Path) -> str:
    """Return the URL of the database at *path*, which is made unless it exists."""
    if not path.exists():
        path.write_bytes(_empty_database())
    return f"sqlite:///{path}"


@cache
def _empty_database() -> bytes:
    with tempfile.TemporaryDirectory(prefix="recap-") as folder:
        path = Path(folder) / "empty.db"
        store = SqlStore(f"sqlite:///{path}")
        store.upgrade()
        store.close()
        return path.read_bytes()
