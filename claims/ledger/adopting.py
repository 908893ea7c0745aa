"""Adopting: what the journal does not know is put on record as it is now, by a change of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from claims.ledger.context import Actor, acting
from claims.ledger.leaves import HASH
from claims.ledger.models import Operation
from claims.ledger.row_states import agrees, course
from claims.ledger.side_by_side import (
    AT_ONCE,
    Row,
    journaled_rows,
    rows_of,
    state_text,
    unknown_rows,
    unknown_versions,
    version_text,
)
from claims.ledger.tracked import TRACKED, Tracked

COMMAND = "audit reconcile --adopt"
NOW = {"sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')", "postgresql": "clock_timestamp()"}

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Adopted:
    """How many rows and versions were put on record; sentences about those that could not be."""

    number: int = 0
    refused: list[str] = field(default_factory=list)


def adopt(reason: str, progress: Progress) -> Adopted:
    """Put on record, in one change, every row that the journal does not know or knows otherwise, and every version.

    A row that is gone is put on record as gone. Nothing but the journal is written.
    """
    done = Adopted()
    with transaction.atomic(), acting(Actor(None, "", COMMAND, reason, timezone.now())) as actor:
        for tracked in TRACKED:
            adopter = _Adopter(tracked, actor, done)
            for row in journaled_rows(tracked, lambda _number: progress("rows put on record", done.number, 0)):
                adopter.known(row)
            unknown: list[str] = []
            for key, _state in unknown_rows(tracked):
                adopter.row(str(key))
                unknown.append(str(key))
                if len(unknown) == AT_ONCE:
                    adopter.versions_of(unknown)
                    progress("rows put on record", done.number, 0)
                    unknown.clear()
            adopter.versions_of(unknown)
            for history_id, _key, _state in unknown_versions(tracked):
                adopter.version(history_id)
    return done


def write_adopted(table: str, key: str, state: bytes | None, actor: Actor) -> None:
    """Write the entry that a row is in this state (JSON), or that it is gone; raises UnicodeDecodeError for no text."""
    body = f'{{"before":null,"after":{"null" if state is None else state.decode()},"secrets":[]}}'
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO ledger_entry (at, table_name, row_key, operation, change, user_id)
            VALUES ({NOW[connection.vendor]}, %s, %s, %s, %s, %s) RETURNING id
            """,  # noqa: S608 - the database's clock
            [table, key, Operation.ADOPTED.value, _as_column(actor), actor.user_id],
        )
        ((entry,),) = cursor.fetchall()
        cursor.execute(
            "INSERT INTO ledger_payload (entry_id, salt, body) VALUES (%s, %s, %s)",
            [entry, secrets.token_bytes(HASH), body],
        )


def _as_column(actor: Actor) -> UUID | str:
    return actor.uid if connection.vendor == "postgresql" else actor.uid.hex


@dataclass(slots=True)
class _Adopter:
    """What is adopted of one table."""

    tracked: Tracked
    actor: Actor
    done: Adopted

    def known(self, row: Row) -> None:
        """A row of which the journal tells something: adopted where it is otherwise now."""
        told = course(row)
        differs = not agrees(told.state, row.live) if told.known else row.live is not None
        if differs or told.breaks:
            self.row(row.key)
        self._versions(row)

    def versions_of(self, keys: Sequence[str]) -> None:
        """The versions of rows that were adopted just now."""
        for row in rows_of(self.tracked, keys) if keys and self.tracked.history else ():
            self._versions(row)

    def row(self, key: str) -> None:
        """A row as it is now."""
        self._write(self.tracked.table, key, state_text(self.tracked, key))

    def version(self, history_id: int) -> None:
        """A version as it is."""
        self._write(self.tracked.history, str(history_id), version_text(self.tracked, history_id))

    def _versions(self, row: Row) -> None:
        if not row.versions:
            return
        told = course(row)
        for version in row.versions:
            number = version.state.get("version")
            if number not in told.by_version.keys() | row.redacted_versions and version.history_id not in row.adopted:
                self.version(version.history_id)

    def _write(self, table: str, key: str, state: bytes | None) -> None:
        try:
            write_adopted(table, key, state, self.actor)
        except UnicodeDecodeError:
            self.done.refused.append(f"{table} {key} holds what is no text in UTF-8, and was not put on record.")
            return
        self.done.number += 1
