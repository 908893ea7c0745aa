"""A claim as it was in one of its versions: every field and part, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

from claims.models import Claim, Record
from claims.queries.histories import Version, parts_of, shown_value, versions_of
from claims.wording import isolated

# Keys, the version itself, and what is worked out of the fields beside it.
_UNTOLD = frozenset({"id", "uid", "version", "recorded_at", "as_of_from", "as_of_until", "withdrawn", "line"})
_UNDERSTOOD = frozenset({"yes", "quantity_low", "quantity_high", "only", "about"})


@dataclass(frozen=True, slots=True)
class FieldText:
    """One field that states something, in words."""

    label: str
    text: str


@dataclass(frozen=True)
class ClaimVersion:
    """One version; `change` is the change that led to it, where it is among those that are listed."""

    number: int
    fields: tuple[FieldText, ...]
    withdrawn: bool
    change: Version | None


def claim_version(claim: Claim, number: int) -> ClaimVersion | None:
    """The claim after the change that led to the version; None where there is no version of that number."""
    row = Claim.history.filter(id=claim.pk, version=number).order_by("-history_date", "-history_id").first()
    if row is None:
        return None
    written: list[tuple[type[Record], Any]] = [(Claim, row)]
    for part in parts_of(Claim):
        rows = part.history.filter(**{part.part_of: claim.pk}, history_date__lte=row.history_date)
        latest = {each.id: each for each in rows.order_by("history_date", "history_id")}
        written += [(part, each) for each in latest.values() if not each.withdrawn]
    names = _names(written)
    change = next((each for each in versions_of(Claim, claim.pk) if each.moment == row.history_date), None)
    return ClaimVersion(number, tuple(_texts(written, names)), row.withdrawn, change)


def _fields(model: type[Record]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if field.name not in _UNTOLD | _UNDERSTOOD | {model.part_of}]


def _texts(written: list[tuple[type[Record], Any]], names: dict[Any, dict[int, str]]) -> Iterator[FieldText]:
    """The fields of the claim one by one, each of its parts in one line."""
    (_claim, row), *parts = written
    for field in _fields(Claim):
        if text := shown_value(field, row, names):
            yield FieldText(capfirst(str(field.verbose_name)), text)
    for model, part in parts:
        texts = (isolated(shown_value(field, part, names)) for field in _fields(model))
        yield FieldText(capfirst(str(model._meta.verbose_name)), " · ".join(filter(None, texts)))


# A claim refers to attributions, whose names are made of those of speaker and source.
_NAMED_WITH = {"attribution": ("speaker", "source")}


def _names(written: list[tuple[type[Record], Any]]) -> dict[Any, dict[int, str]]:
    """What the records are called that the rows refer to: one query for each kind of record."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for model, row in written:
        for field in _fields(model):
            if isinstance(field, models.ForeignKey):
                wanted[field.related_model].add(getattr(row, field.attname))
    names = {}
    for model, keys in wanted.items():
        rows = model._default_manager.filter(pk__in=keys - {None})
        if joined := _NAMED_WITH.get(model._meta.model_name):
            rows = rows.select_related(*joined)
        names[model] = {row.pk: str(row) for row in rows}
    return names
