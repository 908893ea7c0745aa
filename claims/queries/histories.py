"""The history of a record with its parts, in pages: who changed which field from what to what, when and why.

Versions of one change carry one moment and are told together, in the order (history_date, history_id). A page is
found by its moment, along the index of the record's versions, and takes a fixed number of queries for each kind
of record, however many versions there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import models

from claims.ledger.models import Entry, LoggedChange
from claims.models import Record
from claims.queries.version_fields import FieldChange, Key, changes_between, names_in, parts_of, shown_moment

PAGE = 50
# More changes than these since a form was opened are not listed one by one.
MOST_SINCE = 20


@dataclass(frozen=True, slots=True)
class Version:
    """What one change made of a record: `number` is the version it led to, `kind` created, changed or withdrawn.

    `who` is the user; of a change that no user made, `command` is the one that the journal knows to have made it.
    `url` leads to the version, `links` are (address, words) of what can be done with it: for pages to fill.
    """

    number: int
    moment: datetime
    when: str
    who: str
    reason: str
    kind: str
    changes: tuple[FieldChange, ...] = ()
    command: str = ""
    url: str = ""
    links: tuple[tuple[str, str], ...] = ()

    @property
    def attributed(self) -> bool:
        """Whether a user is known; a change by a command has none."""
        return bool(self.who)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Changes of a record, the newest first; `older` is the moment before which the next page begins, if any."""

    versions: tuple[Version, ...]
    older: datetime | None


def history_page(model: type[Record], key: int, *, before: datetime | None = None, size: int = PAGE) -> HistoryPage:
    """The newest `size` changes of the record and its parts, or those before a moment."""
    own = model.history.filter(id=key)
    until = models.Q(history_date__lt=before) if before is not None else models.Q()
    dates = own.filter(until).order_by("-history_date").values_list("history_date", flat=True).distinct()
    moments = list(dates[: size + 1])
    if not moments:
        return HistoryPage((), None)
    more = len(moments) > size
    start = moments[size - 1] if more else None
    rows, states = _rows(model, key, start, until)
    return HistoryPage(tuple(with_commands(model, key, _told(model, rows, states)))[::-1], start)


def versions_at(model: type[Record], key: int, moment: datetime) -> list[Version]:
    """What the change of that moment made of the record."""
    rows, states = _rows(model, key, moment, models.Q(history_date__lte=moment))
    return with_commands(model, key, _told(model, rows, states))


def changes_since(model: type[Record], key: int, number: int) -> list[Version]:
    """Who changed the record after that version, when and why, the newest first; not what."""
    rows = model.history.filter(id=key, version__gt=number).select_related("history_user")
    newest = list(rows.order_by("-version")[:MOST_SINCE])
    groups = (list(batch) for _moment, batch in groupby(newest, key=lambda row: row.history_date))
    return with_commands(model, key, [made_by(model, batch[::-1], batch[0].version) for batch in groups])


def with_commands(model: type[Record], key: int, versions: Iterable[Version]) -> list[Version]:
    """The versions of a record, those that no user made with the command that did: two queries, or none.

    The history knows users alone. A change of the journal led to the version if it has its moment and wrote the record.
    """
    told = list(versions)
    moments = {each.moment for each in told if not each.who}
    if not moments:
        return told
    changes = LoggedChange.objects.filter(at__in=moments, user_id=None).exclude(command="")
    made = {uid: (moment, command) for uid, moment, command in changes.values_list("uid", "at", "command")}
    written = Entry.objects.filter(table_name=model._meta.db_table, row_key=str(key), change__in=made)
    commands = dict(made[uid] for uid in written.values_list("change", flat=True) if uid)
    return [each if each.who else replace(each, command=commands.get(each.moment, "")) for each in told]


def _rows(model: type[Record], key: int, start: datetime | None, until: models.Q) -> tuple[list[Any], dict[Key, Any]]:
    """The rows from `start` on, in order, and for each record among them its state before, where there was one."""
    rows: list[Any] = []
    states: dict[Key, Any] = {}
    for kind in (model, *parts_of(model)):
        # By the keys of the parts, along the index of versions: a part stays that of its whole.
        keys = kind.objects.filter(**{kind.part_of: key}).values("pk") if kind is not model else [key]
        since = models.Q(history_date__gte=start) if start is not None else models.Q()
        found = list(kind.history.filter(since, until, id__in=keys).select_related("history_user"))
        rows += found
        if start is not None:
            touched = {row.id for row in found}
            earlier = kind.history.filter(history_date__lt=start).latest_of(touched)
            states |= {(kind, row.id): row for row in earlier}
    rows.sort(key=lambda row: (row.history_date, row.history_type != "+", row.history_id))
    return rows, states


def _told(model: type[Record], rows: Sequence[Any], earlier: Mapping[Key, Any]) -> list[Version]:
    """Each change that the rows are of, the oldest first."""
    states = dict(earlier)
    names = names_in([*earlier.items(), *(((row.instance_type, row.id), row) for row in rows)])
    number = next((row.version for key, row in earlier.items() if key[0] is model), 0)
    told: list[Version] = []
    for _moment, group in groupby(rows, key=lambda row: row.history_date):
        batch = list(group)
        before = dict(states)
        states |= {(row.instance_type, row.id): row for row in batch}
        touched = dict.fromkeys((row.instance_type, row.id) for row in batch)
        number = next((row.version for row in reversed(batch) if row.instance_type is model), number)
        changes = changes_between(model, touched, before, states, names)
        told.append(made_by(model, batch, number, tuple(changes)))
    return told


def made_by(model: type[Record], batch: Sequence[Any], number: int, changes: tuple[FieldChange, ...] = ()) -> Version:
    """The rows of history that one change wrote, as a version: who, when and why."""
    first = batch[0]
    user = first.history_user
    return Version(
        number=number,
        moment=first.history_date,
        when=shown_moment(first.history_date),
        who=(user.get_full_name() or user.get_username()) if user else "",
        reason=first.history_change_reason or "",
        kind=_kind(model, batch),
        changes=changes,
    )


def _kind(model: type[Record], batch: Sequence[Any]) -> str:
    own = [row for row in batch if row.instance_type is model]
    if any(row.history_type == "+" for row in own):
        return "created"
    return "withdrawn" if own and own[-1].withdrawn else "changed"
