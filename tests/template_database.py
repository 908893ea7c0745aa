"""A database as the migrations made it, put back after every test that commits: append-only tables refuse a flush."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.test import TransactionTestCase


@contextmanager
def kept_template() -> Iterator[None]:
    """Keep a copy of the test database; until the end, what tests commit is undone by putting it back."""
    keep, restore, forget = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    connections.close_all()
    keep()
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _self: restore()  # type: ignore[method-assign]
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]
        forget()


def _sqlite() -> tuple[Any, Any, Any]:
    database = Path(connection.settings_dict["NAME"])
    template = database.with_suffix(".template")

    def keep() -> None:
        source, target = sqlite3.connect(database), sqlite3.connect(template)
        with target:
            source.backup(target)
        source.close()
        target.close()

    def restore() -> None:
        connections.close_all()
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(template, database)

    return keep, restore, template.unlink


def _postgresql() -> tuple[Any, Any, Any]:
    name = connection.settings_dict["NAME"]
    template = f"{name}_template"

    def execute(*statements: str) -> None:
        connections.close_all()
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django's own test databases are made
            for statement in statements:
                cursor.execute(statement)

    def keep() -> None:
        execute(f'DROP DATABASE IF EXISTS "{template}"', f'CREATE DATABASE "{template}" TEMPLATE "{name}"')

    def restore() -> None:
        execute(f'DROP DATABASE "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    return keep, restore, lambda: execute(f'DROP DATABASE "{template}"')
