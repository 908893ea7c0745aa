"""A record as it was in one of its versions, with its parts as they were then; and two of its versions compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from claims.models import Record
from claims.queries.histories import Version, made_by, with_commands
from claims.queries.version_fields import (
    FieldChange,
    Key,
    Names,
    changes_between,
    names_in,
    parts_of,
    shown_value,
    told_fields,
)
from claims.wording import isolated


@dataclass(frozen=True, slots=True)
class FieldText:
    """One field that states something, in words."""

    label: str
    text: str


@dataclass(frozen=True)
class RecordVersion:
    """The rows of history that make up the record after the change that led to the version: its own and its parts'."""

    model: type[Record]
    number: int
    row: Any
    parts: Mapping[Key, Any]

    @property
    def states(self) -> dict[Key, Any]:
        """All rows, the record's own first."""
        return {(self.model, self.row.id): self.row, **self.parts}

    @property
    def withdrawn(self) -> bool:
        """Whether the record was withdrawn then."""
        return bool(self.row.withdrawn)


def version_row(model: type[Record], key: int, number: int) -> Any:
    """The row of history of that version; None where there is none."""
    rows = model.history.filter(id=key, version=number).select_related("history_user")
    # There is one at most. An order and a limit would lead the database along another index, past all versions.
    return next(iter(rows.order_by()), None)


def read_version(model: type[Record], key: int, number: int) -> RecordVersion | None:
    """The record in that version; None where there is no version of that number."""
    row = version_row(model, key, number)
    if row is None:
        return None
    parts: dict[Key, Any] = {}
    for part in parts_of(model):
        keys = part.objects.filter(**{part.part_of: key}).values("pk")
        rows = part.history.filter(history_date__lte=row.history_date).latest_of(keys)
        parts |= {(part, each.id): each for each in rows.order_by("id")}
    return RecordVersion(model, number, row, parts)


def texts_of(version: RecordVersion) -> list[FieldText]:
    """The fields of the record one by one, each of its parts in one line."""
    names = names_in(version.states.items())
    return list(_texts(version, names))


def _texts(version: RecordVersion, names: Names) -> Iterator[FieldText]:
    for field in told_fields(version.model):
        if field.name != "withdrawn" and (text := shown_value(field, version.row, names)):
            yield FieldText(capfirst(str(field.verbose_name)), text)
    for (kind, _key), row in version.parts.items():
        if not row.withdrawn:
            fields = (field for field in told_fields(kind) if field.name != "withdrawn")
            texts = (isolated(shown_value(field, row, names)) for field in fields)
            yield FieldText(capfirst(str(kind._meta.verbose_name)), " · ".join(filter(None, texts)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a record, the older one first: who made each, and what differs between them."""

    old: Version
    new: Version
    changes: tuple[FieldChange, ...]


def compared(old: RecordVersion, new: RecordVersion) -> Comparison:
    """What differs from the older version of a record to the newer one, in its fields and its parts."""
    before, after = old.states, new.states
    changes = changes_between(new.model, after, before, after, names_in([*before.items(), *after.items()]))
    first, second = with_commands(
        new.model, new.row.id, (made_by(each.model, [each.row], each.number) for each in (old, new))
    )
    return Comparison(first, second, tuple(changes))


def compared_numbers(record: Record, first: int, second: int) -> Comparison | None:
    """Two versions of the record by their numbers, in either order; None where one of them is not there."""
    old, new = (read_version(type(record), record.pk, number) for number in sorted((first, second)))
    return compared(old, new) if old and new else None
