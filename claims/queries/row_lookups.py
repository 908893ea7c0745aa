"""Finding what a reader of the log means by a record: its identifier, its address, its name, or table and key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, Value

from claims.ledger.models import Entry
from claims.ledger.tracked import MODELS
from claims.models import RECORDS, User
from claims.queries.changes import Row
from claims.queries.lookups import AGENTS, QUESTIONS, SIDES, SOURCES, TOPICS, Lookup

_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_KEYED = re.compile(r"([a-z][a-z_]{0,62}):([0-9]{1,19})")
# An agent is looked for as it is recorded, not as whom it was judged to be.
_LOOKUPS: tuple[Lookup, ...] = (
    replace(AGENTS, keys=lambda found: (each.pk for each in found)),
    SOURCES,
    TOPICS,
    QUESTIONS,
    SIDES,
)


@dataclass(frozen=True)
class FoundRows:
    """The rows meant, and what they are called."""

    rows: tuple[Row, ...]
    name: str


def find_rows(text: str) -> FoundRows | None:
    """The records that the text names: by an identifier, in an address or alone; by ``table:key``; by a whole name.

    None where there is none. Several of one name are all meant.
    """
    if keyed := _KEYED.fullmatch(text):
        return _keyed(keyed[1], keyed[2])
    if uid := _UID.search(text):
        return _identified(UUID(uid[0]))
    rows = tuple(dict.fromkeys(_called(text)))
    return FoundRows(rows, text) if rows else None


def written_row(table: str, key: str) -> str:
    """How an address names a row."""
    return f"{table}:{key}"


def _keyed(table: str, key: str) -> FoundRows | None:
    row = (table, str(int(key)))
    if table not in MODELS or not Entry.objects.filter(table_name=row[0], row_key=row[1]).exists():
        return None
    found = MODELS[table]._default_manager.filter(pk=int(key)).first()
    return FoundRows((row,), str(found) if found is not None else written_row(*row))


def _identified(uid: UUID) -> FoundRows | None:
    """The record of that identifier, whatever it is: one query over all kinds."""
    first, *others = (_keys(model.objects.filter(uid=uid), model._meta.db_table) for model in RECORDS)
    found = list(first.union(*others, all=True))
    if not found:
        return None
    table, key = found[0]
    return FoundRows(((table, str(key)),), str(MODELS[table]._default_manager.get(pk=key)))


def _keys(rows: QuerySet[Any], table: str) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = rows.annotate(of=Value(table, CharField())).values_list("of", "pk")
    return found


def _called(text: str) -> Iterator[Row]:
    for lookup in _LOOKUPS:
        found = lookup.find(text)
        table = lookup.records().model._meta.db_table
        yield from ((table, str(key)) for key in (found.keys if found else ()))
    user = User.objects.filter(username=text).values_list("pk", flat=True).first()
    if user is not None:
        yield User._meta.db_table, str(user)
