"""A database as the migrations made it, put back after every test that commits: append-only tables refuse a flush.

Beside that template others can be kept, for tests that need much data of one kind.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.db import connection, connections
from django.test import TransactionTestCase

EMPTY = "template"


class Templates(Protocol):
    """Copies of the test database, by name."""

    def keep(self, name: str) -> None:
        """Copy what the database is now."""

    def restore(self, name: str) -> None:
        """Make the database what it was."""

    def forget(self, name: str) -> None:
        """Remove the copy."""


class OfSqlite:
    """Copies of the file."""

    def __init__(self) -> None:
        self.database = Path(connection.settings_dict["NAME"])

    def _file(self, name: str) -> Path:
        return self.database.with_suffix(f".{name}")

    def keep(self, name: str) -> None:
        connections.close_all()
        source, target = sqlite3.connect(self.database), sqlite3.connect(self._file(name))
        with target:
            source.backup(target)
        source.close()
        target.close()

    def restore(self, name: str) -> None:
        connections.close_all()
        for suffix in ("-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._file(name), self.database)

    def forget(self, name: str) -> None:
        self._file(name).unlink()


class OfPostgresql:
    """Databases beside it."""

    def __init__(self) -> None:
        self.database = connection.settings_dict["NAME"]

    def keep(self, name: str) -> None:
        copy = f"{self.database}_{name}"
        self._execute(f'DROP DATABASE IF EXISTS "{copy}"', f'CREATE DATABASE "{copy}" TEMPLATE "{self.database}"')

    def restore(self, name: str) -> None:
        self._execute(
            f'DROP DATABASE "{self.database}" WITH (FORCE)',
            f'CREATE DATABASE "{self.database}" TEMPLATE "{self.database}_{name}"',
        )

    def forget(self, name: str) -> None:
        self._execute(f'DROP DATABASE "{self.database}_{name}"')

    @staticmethod
    def _execute(*statements: str) -> None:
        connections.close_all()
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django's own test databases are made
            for statement in statements:
                cursor.execute(statement)


def templates() -> Templates:
    """Those of the test database."""
    return OfSqlite() if connection.vendor == "sqlite" else OfPostgresql()


@contextmanager
def kept_template() -> Iterator[None]:
    """Keep a copy of the test database; until the end, what tests commit is undone by putting it back."""
    copies = templates()
    copies.keep(EMPTY)
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _self: copies.restore(EMPTY)  # type: ignore[method-assign]
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]
        copies.forget(EMPTY)
