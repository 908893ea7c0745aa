"""Who writes and why: left for the triggers by the outermost change, and summed up when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from claims.ledger.models import ChangePart, Entry, LoggedChange

# What a request asks for (method and path), for as long as it is answered.
request_line: ContextVar[str] = ContextVar("request_line", default="")

# Who writes on which connection, while they do.
_present: ContextVar[tuple[Any, Actor] | None] = ContextVar("present", default=None)


@dataclass(frozen=True)
class Actor:
    """Who changes something: a user by key and name, or a command by its name."""

    user_id: int | None
    user_name: str
    command: str
    reason: str
    moment: datetime
    uid: UUID = field(default_factory=uuid4)


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Have every write until the end attributed; a transaction must be open. Inside another one it belongs to that.

    At the end the change itself is written down, where anything was journaled. A failure leaves nothing: whoever
    opened the transaction rolls it back, and has to.
    """
    around = _present.get()
    if around is not None and around[0] is connection.connection:
        yield around[1]
        return
    _leave(actor)
    token = _present.set((connection.connection, actor))
    try:
        yield actor
        _sum_up(actor)
        _clear()
    finally:
        _present.reset(token)


def _leave(actor: Actor) -> None:
    user = None if actor.user_id is None else int(actor.user_id)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT set_config('provenance.change', %s, true), set_config('provenance.user_id', %s, true)",
                [str(actor.uid), "" if user is None else str(user)],
            )
        else:
            # What somebody may have left there by hand is nobody's who writes now.
            cursor.execute("DELETE FROM ledger_context")
            cursor.execute("INSERT INTO ledger_context (id, change, user_id) VALUES (1, %s, %s)", [actor.uid.hex, user])


def _clear() -> None:
    forget = "SELECT set_config('provenance.change', '', true), set_config('provenance.user_id', '', true)"
    with connection.cursor() as cursor:
        cursor.execute(forget if connection.vendor == "postgresql" else "DELETE FROM ledger_context")


def _sum_up(actor: Actor) -> None:
    """Write the change and what it consists of; nothing where no row was written."""
    uid = _prepared(LoggedChange, "uid", actor.uid)
    values = [
        uid,
        _prepared(LoggedChange, "at", actor.moment),
        actor.user_id,
        actor.user_name,
        actor.command,
        request_line.get(),
        actor.reason,
    ]
    change, entry, part = (each._meta.db_table for each in (LoggedChange, Entry, ChangePart))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {change} (uid, at, user_id, user_name, command, request, reason)
            SELECT %s, %s, %s, %s, %s, %s, %s WHERE EXISTS (SELECT 1 FROM {entry} WHERE change = %s)
            """,  # noqa: S608 - names of tables
            [*values, uid],
        )
        if not cursor.rowcount:
            return
        cursor.execute(
            f"""
            INSERT INTO {part} (change_id, table_name, operation, number)
            SELECT c.id, e.table_name, e.operation, COUNT(*) FROM {change} c JOIN {entry} e ON e.change = c.uid
            WHERE c.uid = %s AND e.table_name <> '{change}' GROUP BY c.id, e.table_name, e.operation
            ORDER BY e.table_name, e.operation
            """,  # noqa: S608
            [uid],
        )


def _prepared(model: Any, name: str, value: Any) -> Any:
    return model._meta.get_field(name).get_db_prep_value(value, connection)
