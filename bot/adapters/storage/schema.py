"""The schema's revision: bringing it up to date, and looking whether it is."""

import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select

from bot.adapters.storage.faults import BEHIND
from bot.adapters.storage.rows import Room
from bot.model.errors import StorageTooNew, StorageUnavailable

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_283_000
"""See the locks of schedule.py."""


class Schema(Room):
    """Which tables there are."""

    def upgrade(self) -> None:
        """
        Bring the schema to this release's; of several processes that start at once, one does and the others wait.

        Raises: StorageTooNew, StorageUnavailable.
        """
        if self._is_ready():  # so that a look-up needs no lock while another process writes
            return
        with self._database.writing() as connection:
            if not self._database.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            if not _is_current(connection):
                self._refuse_foreign(connection)
                config = _config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def check(self) -> None:
        """Do nothing, if the database can be read and has this release's schema. Raises: StorageError."""
        if self.is_missing():  # connecting would make an empty file
            raise StorageUnavailable(f"There is none at {self._database.path}: run `recap db upgrade`.")
        with self._database.reading() as connection:
            if not _is_current(connection):
                raise StorageUnavailable(BEHIND)

    def is_missing(self) -> bool:
        """Return whether there is no file yet: an embedded database is made by the first run."""
        return self._database.path is not None and not self._database.path.exists()

    def check_writing(self) -> None:
        """Do nothing, if the database (or its folder, where there is none yet) can be written. Raises: StorageError."""
        path = self._database.path
        if path is None or path.exists():
            with self._database.writing():
                return
        try:
            with tempfile.TemporaryFile(dir=path.absolute().parent):
                return
        except OSError as exc:
            mend = "make the folder, mend its permissions or set RECAP_DATABASE_URL"
            raise StorageUnavailable(f"{path} cannot be made ({exc.strerror}); {mend}.") from exc

    def _is_ready(self) -> bool:
        if self.is_missing():
            return False
        with self._database.reading() as connection:
            return _is_current(connection)

    def _refuse_foreign(self, connection: Connection) -> None:
        """Keep out of another program's file; a PostgreSQL database may be shared."""
        names = inspect(connection).get_table_names() if self._database.path else []
        if names and "alembic_version" not in names:
            raise StorageUnavailable(
                f"{self._database.place} holds another program's tables; name another file in RECAP_DATABASE_URL."
            )


def known_revisions() -> frozenset[str]:
    """Return the revisions that this release can read or upgrade."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _is_current(connection: Connection) -> bool:
    stored = set(MigrationContext.configure(connection).get_current_heads())
    if unknown := stored - known_revisions():
        at = ", ".join(sorted(unknown))
        raise StorageTooNew(f"It is at revision {at}; install the release that wrote it, or restore a backup.")
    return stored == set(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))  # ConfigParser interpolates
    return config
