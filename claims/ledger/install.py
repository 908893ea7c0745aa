"""Putting the triggers where they belong, and finding out whether they are there."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from claims.ledger import postgresql, sqlite
from claims.ledger.models import Context, Payload

DIALECTS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def dialect(connection: BaseDatabaseWrapper) -> Any:
    """The module that knows how this database is spoken to; raises `KeyError` for any but the two."""
    return DIALECTS[connection.vendor]


def install(using: str = "default") -> None:
    """Make every trigger anew."""
    connection = connections[using]
    with transaction.atomic(using=using):
        dialect(connection).drop(connection)
        dialect(connection).create(connection, dialect(connection).triggers(connection))


def uninstall(using: str = "default") -> None:
    """Take every trigger away: for a migration back to before the ledger, and for data made up in bulk by a bench."""
    connection = connections[using]
    with transaction.atomic(using=using):
        dialect(connection).drop(connection)


def amiss(using: str = "default") -> list[str]:
    """The names of triggers that are missing, changed or not ours, in order."""
    connection = connections[using]
    expected, present = dialect(connection).triggers(connection), dialect(connection).stored(connection)
    return sorted(name for name in expected.keys() | present.keys() if expected.get(name) != present.get(name))


def has_tables(using: str = "default") -> bool:
    """Whether the ledger's tables are there: before its first migration they are not."""
    names = set(connections[using].introspection.table_names())
    return {Payload._meta.db_table, Context._meta.db_table} <= names


def after_migration(*, using: str, **_keywords: Any) -> None:
    """Put back what a migration lost or what it makes necessary; called after `migrate`."""
    if has_tables(using) and amiss(using):
        install(using)
