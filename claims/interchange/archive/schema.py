"""The types of an archive: each table of records with its fields, and how their values are written and read back.

They follow from the tables: a new table of records is in the archive without a word here, and
`tests/interchange/test_archive.py` holds what the fields are, so that nobody alters the format unawares.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from claims.domain.refusals import Refusal
from claims.interchange.archive.refusals import shown
from claims.models import RECORDS, Record, Snapshot, User
from claims.models.fields import refuse_unstorable
from claims.queries.dates import date_of
from claims.services.dates import TRIPLES
from claims.text.decoding import Encoding, decode, encoding_named, sha256_of
from claims.text.refusals import TextRefusal
from claims.wording import word_refusal

# The bytes of a snapshot's text, which lie in a table of their own.
CONTENT = "content"
# A version beyond this could not be followed by others on every database.
MOST_VERSIONS = 1_000_000_000
EDTF = frozenset({written for written, _begin, _end in TRIPLES} | {"captured_on"})
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", re.ASCII)


class Unreadable(ValueError):  # noqa: N818 - it answers a person
    """A value is not what its field holds; the sentence says what it should be, after the name of the field."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field: its name, the look-up that reads it from the database, and its values in JSON and back.

    `refers_to` is the table whose identifiers it holds (of users the names), None where it holds a value.
    `write` takes what the database gives, `read` what JSON gives, and raises `Unreadable`.
    """

    name: str
    path: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    refers_to: type[models.Model] | None = None


@dataclass(frozen=True, slots=True)
class Type:
    """One table: its name in the archive and its columns, in the order in which they are written."""

    name: str
    model: type[Record]
    columns: tuple[Column, ...]

    def to_json(self, row: Sequence[Any]) -> dict[str, Any]:
        """The record of a row, whose values are those of the columns' paths."""
        pairs = zip(self.columns, row, strict=True)
        return {"type": self.name, **{column.name: column.write(value) for column, value in pairs}}

    def from_json(self, record: dict[str, Any]) -> dict[str, Any]:
        """The values of the record by column; raises `Unreadable` for what is missing, unknown or no such value."""
        expected = [column.name for column in self.columns]
        if missing := [name for name in expected if name not in record]:
            raise Unreadable(f"{', '.join(missing)}: missing. Every field of the type “{self.name}” is written.")
        if unknown := sorted(record.keys() - {"type", *expected}):
            raise Unreadable(f"{shown(', '.join(unknown))}: the type “{self.name}” has no such field.")
        if list(record) != ["type", *expected]:
            raise Unreadable(f"The fields of the type “{self.name}” stand in this order: type, {', '.join(expected)}.")
        values = {}
        for column in self.columns:
            try:
                values[column.name] = column.read(record[column.name])
            except Unreadable as wrong:
                raise Unreadable(f"{column.name}: {wrong}") from None
        if self.model is Snapshot:
            _refuse_other_text(values)
        return values


def _types() -> dict[str, Type]:
    return {name: _type(name, model) for model in RECORDS for name in [_snake(model.__name__)]}


def _snake(name: str) -> str:
    return re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()


def _type(name: str, model: type[Record]) -> Type:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [_column(field) for field in fields]
    if model is Snapshot:
        columns.append(Column(CONTENT, "content__content", _base64, _bytes))
    return Type(name, model, tuple(columns))


def _column(field: Any) -> Column:
    name: str = field.name
    target: type[models.Model] | None = field.related_model
    if target is User:
        return Column(name, f"{name}__username", _as_is, _optional(field, _name), User)
    if target is not None:
        return Column(name, f"{name}__uid", _uid_text, _optional(field, _uid), target)
    write, read = next((write, read) for kind, write, read in _KINDS if isinstance(field, kind))
    return Column(name, name, write, _checked(field, read))


def _checked(field: Any, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Reads the value and has the field itself look at it: its length, its words."""
    # Those that every database keeps; the field asks only the one that is used.
    ends = BaseDatabaseOperations.integer_field_ranges.get(field.get_internal_type())

    def checked(value: Any) -> Any:
        found = read(value)
        if ends is not None and not ends[0] <= found <= ends[1]:
            raise Unreadable(f"not a number from {ends[0]:,} to {ends[1]:,}.")
        try:
            field.run_validators(found)
            field.validate(found, None)
        except ValidationError as error:
            raise Unreadable(" ".join(error.messages)) from None
        if field.name in EDTF and found:
            _refuse_no_date(found)
        if field.name == "version" and not 1 <= found <= MOST_VERSIONS:
            raise Unreadable(f"a version is a number from 1 to {MOST_VERSIONS:,}.")
        return found

    return _optional(field, checked)


def _optional(field: Any, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def optional(value: Any) -> Any:
        if value is not None:
            return read(value)
        if field.null:
            return None
        raise Unreadable("null, though it always has a value.")

    return optional


# --- values -------------------------------------------------------------------------------------------------------


def _as_is(value: Any) -> Any:
    return value


def _uid_text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _instant_text(value: datetime | None) -> str | None:
    return None if value is None else f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def _number_text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _sorted(value: dict[str, str]) -> dict[str, str]:
    """By language, since databases keep another order each."""
    return dict(sorted(value.items()))


def _base64(value: Any) -> str | None:
    return None if value is None else b64encode(bytes(value)).decode()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unreadable("not a text.")
    return value


def _name(value: Any) -> str:
    """The name of a user; whether there is one of that name, and whether it is fit for one, is looked at later."""
    try:
        refuse_unstorable(_text(value))
    except ValidationError as error:
        raise Unreadable(" ".join(error.messages)) from None
    return str(value)


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unreadable("neither true nor false.")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable("not a whole number.")
    return value


def _uid(value: Any) -> UUID:
    try:
        found = UUID(_text(value))
    except ValueError:
        found = None
    if found is None or str(found) != value:
        raise Unreadable(f"“{shown(str(value))}” is no identifier (a UUID in small letters, with hyphens).")
    return found


def _instant(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(_text(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    if found is None or _instant_text(found) != value:
        raise Unreadable(f"“{shown(str(value))}” is no moment such as 2016-09-19T12:00:00Z.")
    return found


def _number(value: Any) -> Decimal:
    if not _NUMBER.fullmatch(_text(value)) or value == "-0":
        raise Unreadable(f"“{shown(value)}” is no number in its shortest form, as a text: “300”, “-0.5”.")
    return Decimal(value)


def _translations(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Unreadable("not texts by language.")
    if list(value) != sorted(value):
        raise Unreadable("the languages are not in the order of their letters.")
    return value


def _bytes(value: Any) -> bytes | None:
    if value is None:
        return None
    try:
        found = b64decode(_text(value).encode("ascii"), validate=True)
    except ValueError:
        found = None
    if found is None or _base64(found) != value:
        raise Unreadable("not written in base64.")
    return found


_KINDS: tuple[tuple[type[models.Field[Any, Any]], Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    (models.UUIDField, _uid_text, _uid),
    (models.BooleanField, _as_is, _yes),
    (models.IntegerField, _as_is, _whole),
    (models.DateTimeField, _instant_text, _instant),
    (models.DecimalField, _number_text, _number),
    (models.JSONField, _sorted, _translations),
    (models.CharField, _as_is, _text),
    (models.TextField, _as_is, _text),
)


def _refuse_no_date(text: str) -> None:
    try:
        date_of(text)
    except Refusal as refusal:
        raise Unreadable(word_refusal(refusal)) from None


def _refuse_other_text(snapshot: dict[str, Any]) -> None:
    """Raise `Unreadable` unless the bytes are those that the snapshot is known by, in an encoding that we read."""
    content: bytes | None = snapshot[CONTENT]
    if content is None:
        return
    if (found := sha256_of(content)) != snapshot["sha256"] or len(content) != snapshot["length"]:
        raise Unreadable(f"{CONTENT}: {len(content):,} bytes with the SHA-256 {found}, not those of the snapshot.")
    try:
        if encoding_named(snapshot["encoding"]).value != snapshot["encoding"]:
            raise Unreadable(f"encoding: none of {', '.join(Encoding)}.")
        decode(content, Encoding(snapshot["encoding"]))
    except TextRefusal as refusal:
        raise Unreadable(f"{CONTENT}: {word_refusal(refusal)}") from None


TYPES: dict[str, Type] = _types()
