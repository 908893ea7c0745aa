"""What a change wrote, entry by entry: which record, which fields before and after, and where the entry is sealed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst

from claims.ledger.models import Entry, LoggedChange, Redaction
from claims.ledger.models import Payload as Stored
from claims.ledger.tracked import MODELS
from claims.models import Record
from claims.queries.changes import CHANGE_TABLE
from claims.queries.sealed import Place, places_of
from claims.queries.version_fields import FieldChange
from claims.queries.written_rows import Names, Payload, changed_fields, names_for, whole_of
from claims.wording.changes import word_kind

PAGE = 50

REDACTION_TABLE = Redaction._meta.db_table


@dataclass(frozen=True)
class ToldRedaction:
    """That the content of an entry was lawfully removed: when, why and by whom (a user's or a command's name)."""

    at: datetime
    reason: str
    who: str


@dataclass(frozen=True)
class ToldEntry:
    """An entry as its page tells it.

    `kind` is what the row is called, `name` the record's name today; `record` leads to its page: the record, or the
    whole of which it is a part. `secrets` are fields of which only that they changed is on record. Without content
    (`readable`) there is a `redaction`, or somebody took it away.
    """

    entry: Entry
    kind: str
    name: str
    record: Record | None
    changes: tuple[FieldChange, ...]
    secrets: tuple[str, ...]
    redaction: ToldRedaction | None
    readable: bool
    place: Place | None

    @property
    def own(self) -> bool:
        """Whether this is the entry that says who changed and why."""
        return self.entry.table_name == CHANGE_TABLE


def told_entries(keys: Sequence[int]) -> list[ToldEntry]:
    """The entries of these ids, in this order: a number of queries that depends on the kinds of records alone."""
    rows = Entry.objects.in_bulk(keys)
    bodies = dict(Stored.objects.filter(pk__in=keys).values_list("pk", "body"))
    payloads = {key: Payload.read(body) for key, body in bodies.items() if body is not None}
    names = names_for((row.table_name, row.row_key, payloads.get(key)) for key, row in rows.items())
    redactions = _redactions([key for key in keys if bodies.get(key) is None])
    places = places_of(keys)
    return [_told(rows[key], payloads.get(key), names, redactions.get(key), places.get(key)) for key in keys]


def _told(
    entry: Entry, payload: Payload | None, names: Names, redaction: ToldRedaction | None, place: Place | None
) -> ToldEntry:
    model: Any = MODELS.get(entry.table_name)
    meta = model._meta if model else None
    own = names.get(model, {}).get(int(entry.row_key)) if model and entry.row_key.isdecimal() else None
    whole = whole_of(entry.table_name, payload) if payload else None
    leads = names.get(whole[0], {}).get(whole[1]) if whole else own
    labels = {field.column: str(field.verbose_name) for field in model._meta.concrete_fields} if model else {}
    return ToldEntry(
        entry=entry,
        kind=word_kind(entry.table_name, meta.verbose_name, meta.verbose_name_plural) if meta else entry.table_name,
        name=own.name if own else "",
        record=leads.row if leads and isinstance(leads.row, Record) else None,
        changes=tuple(changed_fields(entry.table_name, payload, names)) if payload else (),
        secrets=tuple(str(capfirst(labels.get(name, name))) for name in payload.secrets) if payload else (),
        redaction=redaction,
        readable=payload is not None,
        place=place,
    )


def _redactions(entries: Collection[int]) -> dict[int, ToldRedaction]:
    """Who removed the contents of these entries, when and why: from the journal's own entries of the redactions."""
    if not entries:
        return {}
    rows = list(Redaction.objects.filter(entry_id__in=entries))
    written = Entry.objects.filter(table_name=REDACTION_TABLE, row_key__in=[str(row.pk) for row in rows])
    uids = dict(written.values_list("row_key", "change"))
    changes = {each.uid: each for each in LoggedChange.objects.filter(uid__in=[uid for uid in uids.values() if uid])}
    return {row.entry_id: ToldRedaction(row.at, row.reason, _who(changes.get(uids.get(str(row.pk))))) for row in rows}


def _who(change: LoggedChange | None) -> str:
    return (change.user_name or change.command) if change else ""
