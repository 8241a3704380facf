"""The schema's revision: bringing it up to date, and looking whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from bot.adapters.storage.faults import BEHIND
from bot.adapters.storage.rows import Room
from bot.model.errors import StorageTooNew, StorageUnavailable

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_283_002
"""See schedule._LEADER_LOCK."""


class Schema(Room):
    """Which tables there are."""

    def upgrade(self) -> None:
        """
        Bring the schema to this release's; of several processes that start at once, one does and the others wait.

        Raises: StorageTooNew, StorageUnavailable.
        """
        with self._database.writing() as connection:
            if not self._database.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            config = _config()
            if not _is_current(connection, ScriptDirectory.from_config(config)):
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def check(self) -> None:
        """Do nothing, if the database can be read and has this release's schema. Raises: StorageError."""
        path = self._database.path
        if path is not None and not path.exists():  # connecting would make an empty file
            raise StorageUnavailable(f"There is none at {path}: run `recap db upgrade`.")
        with self._database.reading() as connection:
            if not _is_current(connection, ScriptDirectory.from_config(_config())):
                raise StorageUnavailable(BEHIND)


def _is_current(connection: Connection, scripts: ScriptDirectory) -> bool:
    stored = set(MigrationContext.configure(connection).get_current_heads())
    unknown = stored - {script.revision for script in scripts.walk_revisions()}
    if unknown:
        at = ", ".join(sorted(unknown))
        raise StorageTooNew(f"It is at revision {at}; install the release that wrote it, or restore a backup.")
    return stored == set(scripts.get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))  # ConfigParser interpolates
    return config
