"""Each row of a tracked table beside its versions and its journal, in the order of keys, a few hundred at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection

from claims.ledger.entries import as_bytes, columns, entry_row
from claims.ledger.install import dialect
from claims.ledger.leaves import EntryRow
from claims.ledger.models import LoggedChange, Redaction
from claims.ledger.tracked import Tracked

AT_ONCE = 200
KEY = re.compile(r"0|-?[1-9][0-9]{0,18}")

LOWEST = -(2**63)
# Whoever writes to an SQLite file can put in what is no text.
_AS_BYTES = {"sqlite": "BLOB", "postgresql": "text"}

State = dict[str, Any]
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A row of a history table: what it states, and who it says made it and why."""

    history_id: int
    state: State
    user: int | None
    reason: str


@dataclass(slots=True)
class Row:
    """One row: what the journal says of it, oldest first; as it is now, if it is; its versions, oldest first.

    `reasons` are those of the changes that wrote it, by uid; `adopted` what was put on record of versions by their
    keys; `redacted_...` those of which a redaction is on record.
    """

    key: str
    entries: list[EntryRow] = field(default_factory=list)
    live: State | None = None
    versions: list[VersionRow] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    adopted: dict[int, State | None] = field(default_factory=dict)
    redacted_entries: set[int] = field(default_factory=set)
    redacted_versions: set[int] = field(default_factory=set)


def journaled_rows(tracked: Tracked, told: Told) -> Iterator[Row]:
    """All rows that the journal knows, whether they are still there or not; `told` is told how many it has been."""
    last = ""
    statement = (
        "SELECT DISTINCT row_key FROM ledger_entry WHERE table_name = %s AND row_key > %s ORDER BY row_key LIMIT %s"
    )
    for done in count(1):
        keys = [key for (key,) in read(statement, [tracked.table, last, AT_ONCE])]
        if not keys:
            return
        yield from rows_of(tracked, keys)
        told(done * AT_ONCE)
        last = keys[-1]


def rows_of(tracked: Tracked, keys: Sequence[str]) -> list[Row]:
    """The rows with these keys."""
    rows = {key: Row(key) for key in keys}
    for entry in entries_of(tracked.table, keys):
        rows[entry.key].entries.append(entry)
    numbers = [int(key) for key in keys if KEY.fullmatch(key)]
    for key, state in _live(tracked, f"t.{_quoted(tracked.key)} IN ({_places(numbers)})", numbers):
        rows[str(key)].live = state
    if tracked.history:
        _add_versions(tracked, rows, numbers)
    redactions = Redaction.objects.filter(table_name=tracked.table, row_key__in=keys)
    for entry_id, found, number in redactions.values_list("entry_id", "row_key", "version"):
        rows[found].redacted_entries.add(entry_id)
        rows[found].redacted_versions.add(number)
    return list(rows.values())


def _add_versions(tracked: Tracked, rows: dict[str, Row], numbers: Sequence[int]) -> None:
    for key, version in _versions(tracked, f"h.id IN ({_places(numbers)})", numbers):
        rows[str(key)].versions.append(version)
    changes = sorted({entry.change for row in rows.values() for entry in row.entries if entry.change})
    reasons: dict[str, str] = {}
    for some in _in_parts(changes):
        found = LoggedChange.objects.filter(uid__in=some).values_list("uid", "reason")
        reasons |= {str(uid): reason for uid, reason in found}
    owners = {str(version.history_id): row for row in rows.values() for version in row.versions}
    for some in _in_parts(list(owners)):
        for entry in entries_of(tracked.history, some):
            owners[entry.key].adopted[int(entry.key)] = after(entry)
    for row in rows.values():
        row.reasons = reasons


def unknown_rows(tracked: Tracked) -> Iterator[tuple[int, State]]:
    """The rows that are there and of which the journal knows nothing: key and state."""
    key = f"t.{_quoted(tracked.key)}"
    journaled = f"SELECT 1 FROM ledger_entry e WHERE e.table_name = %s AND e.row_key = CAST({key} AS varchar(64))"  # noqa: S608
    last = LOWEST
    while found := _live(tracked, f"{key} > %s AND NOT EXISTS ({journaled})", [last, tracked.table]):
        yield from found
        last = found[-1][0]


def unknown_versions(tracked: Tracked) -> Iterator[tuple[int, int, State]]:
    """The versions that are unknown, of records that are: the key of each, that of its record, and what it states."""
    unknown = """
        h.history_id > %s
        AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.table_name = %s AND e.row_key = CAST(h.id AS varchar(64)))
        AND NOT EXISTS (
            SELECT 1 FROM ledger_entry e WHERE e.table_name = %s AND e.row_key = CAST(h.history_id AS varchar(64))
        )
    """
    last = LOWEST
    while tracked.history:
        found = _versions(tracked, unknown, [last, tracked.table, tracked.history], "h.history_id", AT_ONCE)
        yield from ((version.history_id, key, version.state) for key, version in found)
        if not found:
            return
        last = found[-1][1].history_id


def state_text(tracked: Tracked, key: str) -> bytes | None:
    """The row with this key as the triggers would write it down, byte for byte; None where there is none."""
    return _text(tracked, tracked.table, tracked.key, key)


def version_text(tracked: Tracked, history_id: int) -> bytes | None:
    """What a version states, in the same way."""
    return _text(tracked, tracked.history, "history_id", history_id)


def before(entry: EntryRow) -> State | None:
    """What the row was before the entry."""
    return _part(entry, "before")


def after(entry: EntryRow) -> State | None:
    """What the row was after the entry."""
    return _part(entry, "after")


def loaded(text: Any) -> Any:
    """JSON as the triggers write it; None where it is none. What is no UTF-8 is replaced, on all sides alike."""
    with suppress(ValueError, RecursionError):
        return json.loads(as_bytes(text).decode(errors="replace"), parse_float=Decimal)
    return None


def read(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _part(entry: EntryRow, name: str) -> State | None:
    payload = loaded(entry.body) if entry.body is not None else None
    found = payload.get(name) if isinstance(payload, dict) else None
    return found if isinstance(found, dict) else None


def _text(tracked: Tracked, table: str, column: str, key: Any) -> bytes | None:
    if not KEY.fullmatch(str(key)):
        return None
    expression = dialect(connection).row_json(tracked, "t")
    if connection.vendor == "postgresql":
        columns = ",".join(tracked.columns)
        expression = (
            f"(SELECT jsonb_object_agg(key, value) FROM jsonb_each({expression}) WHERE key = ANY('{{{columns}}}'))"  # noqa: S608
        )
    statement = f"""
        SELECT CAST({expression} AS {_AS_BYTES[connection.vendor]}) FROM {_quoted(table)} t
        WHERE t.{_quoted(column)} = %s
    """  # noqa: S608 - names of tables and columns
    found = read(statement, [int(key)])
    return as_bytes(found[0][0]) if found else None


def entries_of(table: str, keys: Sequence[str]) -> list[EntryRow]:
    """The entries of the rows with these keys, oldest first."""
    statement = f"""
        SELECT {columns()} FROM ledger_entry e LEFT JOIN ledger_payload p ON p.entry_id = e.id
        WHERE e.table_name = %s AND e.row_key IN ({_places(keys)}) ORDER BY e.id
    """  # noqa: S608 - names of columns
    return [entry_row(values) for values in read(statement, [table, *keys])]


def _live(tracked: Tracked, where: str, values: Sequence[Any]) -> list[tuple[int, State]]:
    """Rows as they are now, as the triggers would write them down."""
    key = f"t.{_quoted(tracked.key)}"
    statement = f"""
        SELECT {key}, {_row_json(tracked, "t")} FROM {_quoted(tracked.table)} t
        WHERE {where} ORDER BY {key} LIMIT {AT_ONCE}
    """  # noqa: S608 - names of tables and columns
    return [(found, loaded(state) or {}) for found, state in read(statement, values)]


def _versions(
    tracked: Tracked, where: str, values: Sequence[Any], order: str = "h.history_date, h.history_id", limit: int = 0
) -> list[tuple[int, VersionRow]]:
    statement = f"""
        SELECT h.id, h.history_id, {_row_json(tracked, "h")}, h.history_user_id, h.history_change_reason
        FROM {_quoted(tracked.history)} h WHERE {where} ORDER BY {order} {f"LIMIT {limit}" if limit else ""}
    """  # noqa: S608 - names of tables and columns
    return [
        (key, VersionRow(history_id, _known(tracked, loaded(state) or {}), user, reason))
        for key, history_id, state, user, reason in read(statement, values)
    ]


def _known(tracked: Tracked, state: State) -> State:
    return {name: state[name] for name in tracked.columns if name in state}


def _row_json(tracked: Tracked, row: str) -> str:
    return f"CAST({dialect(connection).row_json(tracked, row)} AS {_AS_BYTES[connection.vendor]})"


def _in_parts(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def _places(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values)) or "NULL"


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
