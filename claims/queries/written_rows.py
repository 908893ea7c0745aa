"""What the journal holds of a row before and after a write, in words that people read.

The journal has columns as the database wrote them: on SQLite a yes is 1 and a mapping is text. Whatever a forger wrote
into a row is shown as it stands where it is no value of its field.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from claims.ledger.models import LoggedChange
from claims.ledger.tracked import MODELS
from claims.models import Record, User
from claims.queries.called import Named, called
from claims.queries.version_fields import FieldChange, field_change, is_text, shown_value
from claims.wording.changes import word_kind

Row = Mapping[str, Any]
Model = type[models.Model]

# Columns that say nothing beside what is told of the entry anyhow.
_TOLD_ANYHOW = frozenset({"id", "uid", "recorded_at"})
_VERSION = "version"


@dataclass(frozen=True, slots=True)
class Payload:
    """What an entry says of its row: all columns before and after, and the names of secret ones that changed."""

    before: Row | None
    after: Row | None
    secrets: tuple[str, ...]

    @classmethod
    def read(cls, body: str) -> Payload:
        """Read it as the trigger wrote it, numbers in all their digits."""
        held = json.loads(body, parse_float=Decimal)
        return cls(held.get("before"), held.get("after"), tuple(held.get("secrets") or ()))

    @property
    def row(self) -> Row:
        """The row as the write left it, or as it was before it was deleted."""
        return self.after or self.before or {}


Names = Mapping[Model, Mapping[int, Named]]


def names_for(payloads: Iterable[tuple[str, str, Payload | None]]) -> Names:
    """What the rows (table, key, content) and all that they refer to are called: a query or two a kind of record."""
    wanted: dict[Model, set[int]] = defaultdict(set)
    for table, key, payload in payloads:
        model = MODELS.get(table)
        if model is None:
            continue
        if key.isdecimal():
            wanted[model].add(int(key))
        for row in (payload.before, payload.after) if payload else ():
            for kind, value in _references(model, row or {}):
                wanted[kind].add(value)
    return {model: called(model, keys) for model, keys in wanted.items() if _has_names(model)}


def changed_fields(table: str, payload: Payload, names: Names) -> list[FieldChange]:
    """The fields that the write changed, before and after; of a new or deleted row those that state something."""
    model, before, after = MODELS.get(table), payload.before or {}, payload.after or {}
    both = payload.before is not None and payload.after is not None
    columns = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    fields = {field.column: field for field in model._meta.concrete_fields} if model else {}
    known = {kind: {key: each.name for key, each in found.items()} for kind, found in names.items()}
    told = []
    for column in columns:
        if not both and (column in _TOLD_ANYHOW | {_VERSION} or _is_no(fields.get(column), payload.row.get(column))):
            continue
        was, now = (_shown(fields.get(column), row.get(column), known) for row in (before, after))
        if (column == _VERSION and len(columns) > 1) or (not both and not (was or now)):
            continue
        label = _label(fields[column]) if column in fields else column
        in_words = column in fields and is_text(fields[column])
        told.append(field_change(label, was, now, in_words=in_words))
    return told


def whole_of(table: str, payload: Payload) -> tuple[Model, int] | None:
    """The record of which the row is a part, if it is one."""
    model = MODELS.get(table)
    if model is None or not issubclass(model, Record) or not model.part_of:
        return None
    field: Any = model._meta.get_field(model.part_of)
    value = payload.row.get(field.column)
    return (field.related_model, value) if isinstance(value, int) else None


def _references(model: Model, row: Row) -> Iterator[tuple[Model, int]]:
    """Which rows of which kinds the row names."""
    for field in model._meta.concrete_fields:
        value, kind = row.get(str(field.column)), _referred(field)
        if kind is not None and isinstance(value, int):
            yield kind, value


def _referred(field: Any) -> Model | None:
    """The kind of row that the column names; the journal names users by their keys, without a reference."""
    if isinstance(field, models.ForeignKey):
        kind: Model = field.related_model
        return kind
    of_ledger = field is not None and field.model._meta.app_label == LoggedChange._meta.app_label
    return User if of_ledger and field.column == "user_id" else None


def _label(field: Any) -> str:
    """What a column is called; Django names those of tables between after their models, in English alone."""
    between = field.model._meta.auto_created and isinstance(field, models.ForeignKey)
    meta = field.related_model._meta if between else None
    return (
        word_kind(meta.db_table, meta.verbose_name, meta.verbose_name_plural) if meta else capfirst(field.verbose_name)
    )


def _has_names(model: Model) -> bool:
    """Whether rows of this kind are called anything: those of tables between, and what the ledger is told, are not."""
    if model._meta.model_name == "snapshotcontent":
        return False
    return not model._meta.auto_created and (issubclass(model, Record) or model._meta.app_label in {"auth", "claims"})


def _shown(field: Any, value: Any, names: Mapping[Model, Mapping[int, str]]) -> str:
    """A column in words; empty where the row has none."""
    if value is None:
        return ""
    if field is None:
        return str(value)
    try:
        value = _value(field, value)
        if (kind := _referred(field)) is not None:
            return names.get(kind, {}).get(value, f"#{value}")
        return shown_value(field, SimpleNamespace(**{field.attname: value}), names)
    except (ValidationError, ValueError, TypeError, AttributeError, ArithmeticError):
        return str(value)


def _is_no(field: Any, value: Any) -> bool:
    """Whether the column says no: what a new row is not need not be told."""
    return isinstance(field, models.BooleanField) and not value


def _value(field: Any, value: Any) -> Any:
    """The value as the field has it in Python."""
    match field:
        case models.JSONField():
            return json.loads(value) if isinstance(value, str) else value
        case models.BooleanField() if value in {0, 1}:
            return bool(value)
        case _:
            value = field.to_python(value)
    if isinstance(value, datetime) and timezone.is_naive(value):
        return value.replace(tzinfo=UTC)
    return value
