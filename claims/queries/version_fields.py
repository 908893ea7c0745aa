"""The fields of a record's versions in words: what is told of them, what they are called, and what differs, by words.

Texts are compared word by word. Whatever the record refers to is named as it is called today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.models import RECORDS, Record
from claims.models.fields import LongText, ShortText, Translations
from claims.queries.called import called
from claims.text.differences import Change as Difference
from claims.text.differences import differences

# What a reader of the history is not told: keys, what stands beside the version anyhow, and what only follows.
_KEYS = frozenset({"id", "uid", "version", "recorded_at"})
_UNDERSTOOD = frozenset({"yes", "quantity_low", "quantity_high", "only", "about", "line", "length", "start", "end"})
_BOUNDS = ("_from", "_until")
# Texts longer than this together are shown whole: a comparison beside a page would take longer than the page.
_MOST_COMPARED = 20_000
_SIDES = {
    "before": {Difference.EQUAL: "same", Difference.REMOVED: "removed"},
    "after": {Difference.EQUAL: "same", Difference.ADDED: "added"},
}

Names = Mapping[type[models.Model], Mapping[int, str]]
Parts = tuple[tuple[str, str], ...]
Key = tuple[type[Record], int]
States = Mapping[Key, Any]
"""Rows of history by the record that they are of; the row of a record that is part of another stands beside it."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: texts before and after, or where `in_words` the pieces of both as `diff_words` shows them."""

    field: str
    before: str | Parts
    after: str | Parts
    in_words: bool = False


def parts_of(model: type[Record]) -> list[type[Record]]:
    """The kinds of records that are parts of such a record."""
    return [part for part in RECORDS if part.part_of and part._meta.get_field(part.part_of).related_model is model]


def told_fields(model: type[Record]) -> list[models.Field[Any, Any]]:
    """The fields a reader is told of: what was stated, not what the software makes of it."""
    hidden = _KEYS | _UNDERSTOOD | {model.part_of}
    return [
        field for field in model._meta.concrete_fields if field.name not in hidden and not field.name.endswith(_BOUNDS)
    ]


def shown_moment(moment: datetime) -> str:
    """A moment in the desk's zone, in the reader's format."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


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


def names_in(rows: Iterable[tuple[Key, Any]]) -> Names:
    """What the records are called that the rows refer to: one query for each kind of record referred to."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for (model, _key), row in rows:
        for field in told_fields(model):
            if isinstance(field, models.ForeignKey):
                wanted[field.related_model].add(getattr(row, field.attname))
    return {
        model: {key: each.name for key, each in called(model, keys - {None}).items()} for model, keys in wanted.items()
    }


def changes_between(
    model: type[Record], touched: Iterable[Key], before: States, after: States, names: Names
) -> list[FieldChange]:
    """What differs in the records touched, of which those that are not of `model` are its parts.

    A new record does not tell what it has not, and a part that came and went in between is not told.
    """
    return [each for key in touched for each in _changes(model, key, before.get(key), after[key], names)]


def _changes(model: type[Record], key: Key, old: Any, new: Any, names: Names) -> Iterator[FieldChange]:
    kind, _number = key
    if old is None and new.withdrawn and kind is not model:
        return
    for field in told_fields(kind):
        if old is None and not getattr(new, field.attname):
            continue
        label = capfirst(str(field.verbose_name))
        if kind is not model:
            label = f"{capfirst(str(kind._meta.verbose_name))}: {field.verbose_name}"
        if isinstance(field, Translations):
            yield from _translations(label, getattr(old, field.attname, {}), getattr(new, field.attname))
            continue
        was = shown_value(field, old, names) if old is not None else ""
        now = shown_value(field, new, names)
        if was != now:
            yield field_change(label, was, now, in_words=is_text(field))


def _translations(label: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[FieldChange]:
    """Each language by itself."""
    for language in sorted({*was, *now}):
        before, after = was.get(language, ""), now.get(language, "")
        if before != after:
            yield field_change(f"{label} ({language})", before, after, in_words=True)


def is_text(field: models.Field[Any, Any]) -> bool:
    """Whether the field holds somebody's words, which are compared word by word."""
    return isinstance(field, LongText | ShortText) and not field.name.endswith("_on") and field.name != "as_of"


def field_change(label: str, was: str, now: str, *, in_words: bool) -> FieldChange:
    """What became of a field; its words are compared where `in_words`, both are there and they are not too long."""
    if not in_words or not was or not now or len(was) + len(now) > _MOST_COMPARED:
        return FieldChange(label, was, now)
    segments = differences(was, now)
    before, after = (
        tuple((kinds[each.change], each.text) for each in segments if each.change in kinds) for kinds in _SIDES.values()
    )
    return FieldChange(label, before, after, in_words=True)
