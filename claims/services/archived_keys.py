"""The keys that records of an archive get here, found by their identifiers, in a file of its own beside the memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Self
from uuid import UUID

from django.db import connection

from claims.models import RECORDS, Record
from claims.services.refused_archives import NotTaken


class Keys:
    """Gives each record a key before it is written, so that records may refer to what comes after them.

    A temporary database holds what would not fit into memory; it vanishes with the connection. Keys ascend in the
    order in which records are added, which is that in which they were recorded.
    """

    def __init__(self) -> None:
        self._table = {model: number for number, model in enumerate(RECORDS)}
        self._last: dict[type[Record], int] = {}
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute(
            "CREATE TABLE keys (uid BLOB, tab INTEGER, key INTEGER, PRIMARY KEY (uid, tab)) WITHOUT ROWID"
        )
        self._file.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def add(self, model: type[Record], records: Sequence[tuple[int, UUID]]) -> None:
        """Give each record, (line, identifier), a key; raises `NotTaken` for an identifier that has one."""
        for (line, uid), key in zip(records, self._new(model, len(records)), strict=True):
            try:
                self._file.execute("INSERT INTO keys VALUES (?, ?, ?)", (uid.bytes, self._table[model], key))
            except sqlite3.IntegrityError:
                sentence = f"uid: the archive has the {model._meta.verbose_name} {uid} already. Each is in it once."
                raise NotTaken(sentence, line=line) from None

    def of(self, model: type[Record], uid: UUID) -> int | None:
        """The key of the record of this table with this identifier; None where the archive has none."""
        asked = "SELECT key FROM keys WHERE uid = ? AND tab = ?"
        found = self._file.execute(asked, (uid.bytes, self._table[model])).fetchone()
        return None if found is None else int(found[0])

    def _new(self, model: type[Record], number: int) -> list[int]:
        """Keys that no row has, in ascending order, taken as the table itself would give them."""
        table, column = model._meta.db_table, str(model._meta.pk.column)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                asked = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
                cursor.execute(asked, [connection.ops.quote_name(table), column, number])
                return sorted(key for (key,) in cursor.fetchall())
            if model not in self._last:
                cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
                ((self._last[model],),) = cursor.fetchall()
        first = self._last[model] + 1
        self._last[model] += number
        return list(range(first, first + number))
