"""Putting the triggers where they belong, and finding out whether they are there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from claims.ledger import postgresql, sqlite
from claims.ledger.events import record
from claims.ledger.models import Context, Entry, Event, Payload

NAMED = 20
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
    return {each._meta.db_table for each in (Payload, Context, Event)} <= names


def after_migration(*, using: str, plan: Sequence[Any] = (), **_keywords: Any) -> None:
    """Put back what a migration lost or what it makes necessary; called after `migrate`.

    That it was put back is on record, and said aloud where no migration explains it: evidence is not mended away.
    """
    names = amiss(using) if has_tables(using) else []
    if not names:
        return
    install(using)
    if using != DEFAULT_DB_ALIAS or not Entry.objects.exists():  # a journal that begins only now lost nothing
        return
    record(kind="triggers_put_back", detail={"number": len(names), "triggers": names[:NAMED], "migrated": bool(plan)})
    if not plan:
        sys.stderr.write(
            f"Triggers of the journal were missing or changed, and no migration explains it: {', '.join(names[:NAMED])}"
            f"{f' and {len(names) - NAMED} more' if len(names) > NAMED else ''}. They were put back, and that is on "
            "record. What was written meanwhile is not in the journal: “manage.py audit reconcile” names what it can.\n"
        )
