"""The log of changes: found by person, command, record, kind, topic and date, read by key, and told a page at a time.

A change is found along an index by what it is narrowed to; what few changes have in common is found first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.ledger.models import ChangePart, Entry, Event, LoggedChange
from claims.models import ChangeTopic, User
from claims.queries.overview import COUNTED, Counted
from claims.queries.pages import Order
from claims.queries.sealed import Place, places_of
from claims.wording.changes import word_event, word_parts

PAGE = 50
FEW = 2_000
"""So many changes are found first and then put in order; among more the log is walked until a page is full."""

CHANGES = Order("at", "id", nullable=False)
ENTRIES = Order("id", "id", nullable=False)
CHANGE_TABLE = LoggedChange._meta.db_table
EVENT_TABLE = Event._meta.db_table

Rows = QuerySet[Any]
Row = tuple[str, str]
"""A row that is on record: its table and its key, as the journal has them."""


@dataclass(frozen=True)
class Wanted:
    """What the log is narrowed to; what is empty is not asked. Moments from `begin` on, and before `end`."""

    user: int | None = None
    command: str = ""
    rows: tuple[Row, ...] = ()
    table: str = ""
    topics: tuple[int, ...] = ()
    begin: datetime | None = None
    end: datetime | None = None

    @property
    def moments(self) -> Q:
        """The condition on the moment, of changes as of entries."""
        condition = Q()
        if self.begin:
            condition &= Q(at__gte=self.begin)
        if self.end:
            condition &= Q(at__lt=self.end)
        return condition


@dataclass(frozen=True)
class Part:
    """How many rows of one table a change wrote in one way."""

    table: str
    operation: str
    number: int


@dataclass(frozen=True)
class ToldChange:
    """A change as the log tells it. `user_name` is the user's name now, `name_then` another that they had then.

    `event` is the kind of the one event where the change consists of nothing else; `place` is that of the entry that
    says who changed and why.
    """

    change: LoggedChange
    user_name: str
    name_then: str
    parts: tuple[Part, ...]
    event: str
    place: Place | None

    @property
    def what(self) -> str:
        """What was done, in words."""
        if self.event:
            return word_event(self.event)
        return word_parts((part.table, part.operation, part.number) for part in self.parts)

    @property
    def why(self) -> str:
        """The reason that was stated; an event has none beside what it is."""
        return "" if self.event else self.change.reason


def changes(wanted: Wanted) -> Rows:
    """The changes wanted, in no order; `CHANGES` is that of the log."""
    rows: Rows = LoggedChange.objects.filter(wanted.moments)
    if wanted.user is not None:
        rows = rows.filter(user_id=wanted.user)
    if wanted.command:
        rows = rows.filter(command=wanted.command)
    if wanted.rows:
        written = Entry.objects.filter(_any_of(wanted.rows), change__isnull=False)
        rows = _among(rows, "uid", written, "change")
    if wanted.table:
        rows = _among(rows, "pk", ChangePart.objects.filter(table_name=wanted.table), "change")
    if wanted.topics:
        rows = _among(rows, "pk", ChangeTopic.objects.filter(topic__in=wanted.topics), "change")
    return rows


def unattributed(wanted: Wanted) -> Rows:
    """The journal entries of which nobody said who or why, in no order; `ENTRIES` is that of the log."""
    rows = Entry.objects.filter(change=None)
    if wanted.rows:
        rows = rows.filter(_any_of(wanted.rows))
    if wanted.table:
        rows = rows.filter(table_name=wanted.table)
    if wanted.moments:
        moments = Entry.objects.filter(wanted.moments, change=None).order_by("at")
        few = _few(moments.values_list("pk", flat=True))
        rows = rows.filter(wanted.moments) if few is None else rows.filter(pk__in=few)
    return rows


def counted_rows(entries: Rows) -> Counted:
    """How many entries there are, counted no further than is shown."""
    number = entries.order_by("id")[: COUNTED + 1].count()
    return Counted(min(number, COUNTED), number > COUNTED)


def told_changes(keys: Sequence[int]) -> list[ToldChange]:
    """The changes of these keys, in this order: a fixed number of queries."""
    rows = LoggedChange.objects.in_bulk(keys)
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in ChangePart.objects.filter(change__in=keys).order_by("change", "operation", "-number", "table_name"):
        parts[part.change_id].append(Part(part.table_name, part.operation, part.number))
    users = User.objects.in_bulk({row.user_id for row in rows.values() if row.user_id is not None})
    places = _places(keys)
    return [_told(rows[key], parts[key], users.get(rows[key].user_id), places.get(key)) for key in keys]


def _told(change: LoggedChange, parts: Sequence[Part], user: User | None, place: Place | None) -> ToldChange:
    alone = len(parts) == 1 and parts[0].table == EVENT_TABLE and parts[0].number == 1
    renamed = user is not None and user.get_username() != change.user_name
    return ToldChange(
        change=change,
        user_name=(user.get_full_name() or user.get_username()) if user else change.user_name,
        name_then=change.user_name if renamed else "",
        parts=tuple(parts),
        event=change.reason if alone else "",
        place=place,
    )


def _places(keys: Collection[int]) -> dict[int, Place]:
    """The place of the entry with which each change says who and why."""
    own = Entry.objects.filter(table_name=CHANGE_TABLE, row_key__in=[str(key) for key in keys])
    entries = {entry: int(key) for entry, key in own.values_list("pk", "row_key")}
    return {entries[entry]: place for entry, place in places_of(entries).items()}


def _any_of(rows: Iterable[Row]) -> Q:
    condition = Q()
    for table, key in rows:
        condition |= Q(table_name=table, row_key=key)
    return condition


def _among(rows: Rows, name: str, found: Rows, of: str) -> Rows:
    """The rows whose `name` is among what was found: by their keys where these are few, else row by row."""
    few = _few(found.values_list(of, flat=True))
    if few is None:
        return rows.filter(Exists(found.filter(**{of: OuterRef(name)})))
    return rows.filter(**{f"{name}__in": set(few)})


def _few(keys: QuerySet[Any, Any]) -> list[Any] | None:
    """The keys if they are no more than `FEW`, else None."""
    found = list(keys[: FEW + 1])
    return found if len(found) <= FEW else None
