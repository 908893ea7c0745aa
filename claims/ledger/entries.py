"""Reading the journal in flat memory: entries with their contents, as they stand in the tree or not yet in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection, transaction

from claims.ledger.leaves import EntryRow, Malformed, commitment, leaf_bytes
from claims.ledger.merkle import leaf_hash
from claims.ledger.models import Leaf, Node

AT_ONCE = 1000
# As text in the one spelling of a leaf; what is not a moment stays as it is, and is refused there.
_AT = {
    "sqlite": "replace(e.at, ' ', 'T') || CASE WHEN length(e.at) = 19 THEN '.000000Z' ELSE 'Z' END",
    "postgresql": "to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}
_CHANGE = {
    "sqlite": "substr(e.change, 1, 8) || '-' || substr(e.change, 9, 4) || '-' || substr(e.change, 13, 4) || '-' || "
    "substr(e.change, 17, 4) || '-' || substr(e.change, 21)",
    "postgresql": "e.change::text",
}
# As bytes: whoever writes to an SQLite file can put in what is no text.
_BODY = {"sqlite": "CAST(p.body AS BLOB)", "postgresql": "convert_to(p.body, 'UTF8')"}


class Sealed(NamedTuple):
    """A leaf as it is stored, with its entry, which is None where somebody took it away."""

    number: int
    entry_id: int
    commitment: bytes
    hash: bytes
    row: EntryRow | None


def columns() -> str:
    """The columns of an `EntryRow`, of the tables e (entries) and p (payloads), for a statement."""
    return (
        f"e.id, {_AT[connection.vendor]}, e.table_name, e.row_key, e.operation, {_CHANGE[connection.vendor]}, "
        f"e.user_id, p.salt, {_BODY[connection.vendor]}"
    )


def entry_row(values: Sequence[Any]) -> EntryRow:
    """The entry that was read with `columns`."""
    identifier, at, table, key, operation, change, user, salt, body = values
    return EntryRow(
        id=identifier,
        at=str(at),
        table=str(table),
        key=str(key),
        operation=str(operation),
        change=change,
        user=user,
        salt=None if salt is None else as_bytes(salt),
        body=None if body is None else as_bytes(body),
    )


def as_bytes(value: Any) -> bytes:
    """The bytes of a binary column: SQLite lets somebody put text or a number there."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode(errors="replace")


def unsealed(after: int, limit: int) -> list[tuple[Any, ...]]:
    """The first entries with an id above `after` that have no place in the tree, in the order of their ids."""
    return _read(
        f"""
        SELECT {columns()} FROM ledger_entry e LEFT JOIN ledger_payload p ON p.entry_id = e.id
        WHERE e.id > %s AND NOT EXISTS (SELECT 1 FROM ledger_leaf l WHERE l.entry_id = e.id)
        ORDER BY e.id LIMIT %s
        """,  # noqa: S608 - names of columns
        [after, limit],
    )


def sealed(first: int, stop: int) -> Iterator[Sealed]:
    """The leaves numbered `first` to before `stop` that there are, in order."""
    for start in range(first, stop, AT_ONCE):
        found = _read(
            f"""
            SELECT l.number, l.entry_id, l.commitment, l.hash, {columns()}
            FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id
            LEFT JOIN ledger_payload p ON p.entry_id = l.entry_id
            WHERE l.number >= %s AND l.number < %s ORDER BY l.number
            """,  # noqa: S608 - names of columns
            [start, min(start + AT_ONCE, stop)],
        )
        for number, entry_id, committed, hashed, *told in found:
            row = entry_row(told) if told[0] is not None else None
            yield Sealed(number, entry_id, as_bytes(committed), as_bytes(hashed), row)


def as_sealed(found: Sealed) -> bool:
    """Whether entry and content are still what was put into the tree; of a redacted one, all but the content."""
    row = found.row
    if row is None:
        return False
    try:
        content = found.commitment if row.salt is None and row.body is None else commitment(row)
        return leaf_hash(leaf_bytes(found.number, row, content)) == found.hash
    except Malformed:
        return False


def size() -> int:
    """How many entries the tree holds."""
    ((highest,),) = _read("SELECT max(number) FROM ledger_leaf", [])
    return 0 if highest is None else int(highest) + 1


def read_hashes(level: int, first: int, stop: int) -> Sequence[bytes]:
    """The tree as it is stored, for `merkle.Tree`."""
    if level == 0:
        found = Leaf.objects.filter(number__gte=first, number__lt=stop).order_by("number")
    else:
        found = Node.objects.filter(level=level, index__gte=first, index__lt=stop).order_by("index")
    return [as_bytes(each) for each in found.values_list("hash", flat=True)]


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is as of one moment, and nobody has to wait for it; nothing may be written."""
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Not atomic(): that would queue up with the writers.
    connection.ensure_connection()
    _execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        _execute("ROLLBACK")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _read(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
