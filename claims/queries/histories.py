"""The history of a record with its parts, as people read it: who, when, why, and each field before and after.

Versions of one change carry one moment and are told together, in the order (history_date, history_id). Reading takes
a fixed number of queries for each kind of record, however many versions there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.models import RECORDS, Record
from claims.models.fields import LongText
from claims.text.differences import Change as Difference
from claims.text.differences import differences

# What a reader of the history is not told: keys, what stands beside the version anyhow, and what only follows.
_KEYS = frozenset({"id", "uid", "version", "recorded_at"})
_UNDERSTOOD = frozenset({"yes", "quantity_low", "quantity_high", "only", "about", "line", "length", "start", "end"})
_BOUNDS = ("_from", "_until")
_LISTED = 100
_MOST_COMPARED = 4_000
_SIDES = {
    "before": {Difference.EQUAL: "same", Difference.REMOVED: "removed"},
    "after": {Difference.EQUAL: "same", Difference.ADDED: "added"},
}

Names = Mapping[type[models.Model], Mapping[int, str]]
Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: texts before and after, or where `in_words` the pieces of both as `diff_words` shows them."""

    field: str
    before: str | Parts
    after: str | Parts
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What one change made of a record: `number` is the version it led to, `kind` created, changed or withdrawn."""

    number: int
    moment: datetime
    when: str
    who: str
    reason: str
    kind: str
    changes: tuple[FieldChange, ...]
    url: str = ""

    @property
    def attributed(self) -> bool:
        """Whether a user is known; a change by a command has none."""
        return bool(self.who)


def versions_of(model: type[Record], key: int, *, listed: int = _LISTED) -> list[Version]:
    """The newest `listed` changes of the record and its parts, the newest first."""
    rows = _rows(model.history.filter(id=key), model, listed)
    for part in parts_of(model):
        rows += _rows(part.history.filter(**{part.part_of: key}), part, listed)
    rows.sort(key=lambda row: (row.history_date, row.history_type != "+", row.history_id))
    names = _names(rows)
    told: list[Version] = []
    states: dict[tuple[type[Record], int], Any] = {}
    number = 0
    for moment, group in groupby(rows, key=lambda row: row.history_date):
        batch = list(group)
        before = dict(states)
        for row in batch:
            states[row.instance_type, row.id] = row
        touched = dict.fromkeys((row.instance_type, row.id) for row in batch)
        number = next((row.version for row in reversed(batch) if row.instance_type is model), number)
        # What came before the versions that were read is not known, and not told as if it had been nothing.
        known = [key for key in touched if key in before or _is_made(key, batch)]
        changes = tuple(_changes(model, known, before, states, names))
        told.append(_version(batch, number, moment, changes, kind=_kind(model, batch)))
    return told[::-1][:listed]


def parts_of(model: type[Record]) -> list[type[Record]]:
    """The kinds of records that are parts of such a record."""
    return [part for part in RECORDS if part.part_of and part._meta.get_field(part.part_of).related_model is model]


def _rows(history: models.QuerySet[Any], model: type[Record], listed: int) -> list[Any]:
    """The newest versions, one more than listed: by it the oldest of them is told."""
    rows = list(history.select_related("history_user").order_by("-history_date", "-history_id")[: listed + 1])
    for row in rows:
        row.instance_type = model
    return rows


def _is_made(key: tuple[type[Record], int], batch: Sequence[Any]) -> bool:
    return any((row.instance_type, row.id) == key and row.history_type == "+" for row in batch)


def _kind(model: type[Record], batch: Sequence[Any]) -> str:
    own = [row for row in batch if row.instance_type is model]
    if any(row.history_type == "+" for row in own):
        return "created"
    return "withdrawn" if own and own[-1].withdrawn else "changed"


def _version(
    batch: Sequence[Any], number: int, moment: datetime, changes: tuple[FieldChange, ...], *, kind: str
) -> Version:
    first = batch[0]
    user = first.history_user
    return Version(
        number=number,
        moment=moment,
        when=shown_moment(moment),
        who=(user.get_full_name() or user.get_username()) if user else "",
        reason=first.history_change_reason or "",
        kind=kind,
        changes=changes,
    )


def shown_moment(moment: datetime) -> str:
    """A moment in the desk's zone, in the reader's format."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _changes(
    model: type[Record],
    touched: Iterable[tuple[type[Record], int]],
    before: Mapping[tuple[type[Record], int], Any],
    after: Mapping[tuple[type[Record], int], Any],
    names: Names,
) -> Iterator[FieldChange]:
    for kind, key in touched:
        old, new = before.get((kind, key)), after[kind, key]
        for field in _told_fields(kind):
            if old is None and not getattr(new, field.attname):  # a new record need not tell what it has not
                continue
            was = shown_value(field, old, names) if old is not None else ""
            now = shown_value(field, new, names)
            if was != now:
                label = capfirst(str(field.verbose_name))
                if kind is not model:
                    label = f"{capfirst(str(kind._meta.verbose_name))}: {field.verbose_name}"
                yield _field_change(label, field, was, now)


def _field_change(label: str, field: models.Field[Any, Any], was: str, now: str) -> FieldChange:
    if not isinstance(field, LongText) or not was or not now or len(was) + len(now) > _MOST_COMPARED:
        return FieldChange(label, was, now)
    segments = differences(was, now)
    sides = [
        tuple((kinds[each.change], each.text) for each in segments if each.change in kinds) for kinds in _SIDES.values()
    ]
    return FieldChange(label, sides[0], sides[1], in_words=True)


def _told_fields(model: type[Record]) -> list[models.Field[Any, Any]]:
    """The fields a reader is told of: what was stated, not what the software makes of it."""
    hidden = _KEYS | _UNDERSTOOD | {model.part_of}
    return [
        field for field in model._meta.concrete_fields if field.name not in hidden and not field.name.endswith(_BOUNDS)
    ]


def shown_value(field: models.Field[Any, Any], row: Any, names: Names) -> str:
    """A field of a version in words; empty where nothing is stated."""
    value = getattr(row, field.attname)
    if isinstance(field, models.ForeignKey):
        return "" if value is None else names[field.related_model].get(value, f"#{value}")
    match value:
        case None:
            shown = ""
        case dict():
            shown = "\n".join(f"{language}: {text}" for language, text in sorted(value.items()))
        case bool():
            shown = _("yes") if value else _("no")
        case datetime():
            shown = shown_moment(value)
        case Decimal():
            shown = f"{value.normalize():f}"
        case _:
            shown = str(dict(field.flatchoices).get(value, value))
    return shown


def _names(rows: Sequence[Any]) -> Names:
    """What the records are called that the versions refer to: one query for each kind of record referred to."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for row in rows:
        for field in _told_fields(row.instance_type):
            if isinstance(field, models.ForeignKey):
                wanted[field.related_model].add(getattr(row, field.attname))
    return {model: _called(model, keys - {None}) for model, keys in wanted.items()}


# Records whose name is made of those of others: read together with them.
_NAMED_WITH = {"attribution": ("speaker", "source"), "snapshot": ("source",)}


def _called(model: type[models.Model], keys: set[int]) -> dict[int, str]:
    joined = _NAMED_WITH.get(str(model._meta.model_name), ())
    rows = model._default_manager.filter(pk__in=keys).select_related(*joined) if joined else None
    found = rows if rows is not None else model._default_manager.filter(pk__in=keys)
    return {row.pk: str(row) for row in found}
