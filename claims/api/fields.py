"""Fields of bodies and answers: strict as JSON is typed, measured by the model's own, texts kept as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.answers import moment, number
from claims.domain.refusals import Refusal
from claims.models import Agent, Record, User
from claims.models.fields import Number
from claims.queries.dates import date_of
from claims.queries.names import agent_name, translated
from claims.services.naming import called
from claims.wording import isolated, word_refusal

MOST_LANGUAGES = 50
UUID_LENGTH = 36
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": MOST_LANGUAGES}
LANGUAGE_TAG = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"


class Text(serializers.CharField):  # type: ignore[misc]
    """A text, and nothing that could be taken for one; kept letter by letter."""

    default_error_messages = {"invalid": gettext_lazy("Write a text, in quotation marks.")}

    def __init__(self, **keywords: Any) -> None:
        super().__init__(trim_whitespace=False, **keywords)

    def to_internal_value(self, data: Any) -> str:
        """Raises `ValidationError` for a number, true or false."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(data)


class Flag(serializers.BooleanField):  # type: ignore[misc]
    """True or false."""

    default_error_messages = {"invalid": gettext_lazy("Write true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        """Raises `ValidationError` for a word that means the same."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(data)


class Whole(serializers.IntegerField):  # type: ignore[misc]
    """A whole number."""

    default_error_messages = {"invalid": gettext_lazy("Write a whole number.")}

    def to_internal_value(self, data: Any) -> int:
        """Raises `ValidationError` for a text; 3.0 is a whole number, as JSON has no other sign for it."""
        whole = isinstance(data, Decimal) and data.is_finite() and abs(data) < 10**15 and data == int(data)
        if not whole and (isinstance(data, bool) or not isinstance(data, int)):
            self.fail("invalid")
        return int(data)


class Exact(serializers.FloatField):  # type: ignore[misc]
    """A number, digit by digit as the database keeps it."""

    default_error_messages = {"invalid": gettext_lazy("Write a number.")}

    def __init__(self, *, column: Number, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.column = column

    def __deepcopy__(self, memo: Any) -> Exact:
        return type(self)(column=self._kwargs["column"], **{k: v for k, v in self._kwargs.items() if k != "column"})

    def to_internal_value(self, data: Any) -> Decimal:
        """Raises `ValidationError` for what is no number, or has more digits than can be kept."""
        if isinstance(data, bool) or not isinstance(data, int | Decimal):
            self.fail("invalid")
        try:
            return Decimal(self.column.clean(Decimal(data), None))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None

    def to_representation(self, value: Any) -> int | float:
        """The number."""
        return number(Decimal(value))


class Word(serializers.ChoiceField):  # type: ignore[misc]
    """One word of the vocabulary, or one grade."""

    def to_internal_value(self, data: Any) -> Any:
        """Raises `ValidationError` for anything else, also for a number that is written as a text."""
        if (data == "" and self.allow_blank) or (not isinstance(data, bool) and data in list(self.choices)):
            return data
        self.fail("invalid_choice", input=isolated(str(data)[:100]))
        raise AssertionError


class Moment(serializers.DateTimeField):  # type: ignore[misc]
    """A moment, in UTC; with its zone where it is written."""

    default_error_messages = {"naive": gettext_lazy("Write the time with its zone, as in 2016-09-20T14:30:00Z.")}

    def to_internal_value(self, value: Any) -> datetime:
        """Raises `ValidationError` for what is no time, or has no zone."""
        try:
            read = datetime.fromisoformat(value)
        except (ValueError, AttributeError):
            self.fail("naive")
        if read.tzinfo is None:
            self.fail("naive")
        return read

    def to_representation(self, value: datetime) -> str:
        """The moment as RFC 3339 has it."""
        return moment(value)


@extend_schema_field({"type": "string", "maxLength": 100})
class Edtf(Text):
    """A date as written, in EDTF; empty where nothing is stated."""

    def to_internal_value(self, data: Any) -> str:
        """Raises `ValidationError` for what is no date."""
        text = super().to_internal_value(data)
        try:
            if text.strip():
                date_of(text)
        except Refusal as refusal:
            raise serializers.ValidationError(word_refusal(refusal), code="edtf") from None
        return text


@extend_schema_field(TEXTS)
class Texts(serializers.Field):  # type: ignore[misc]
    """One text for each language: {"ar": "…"}."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Raises `ValidationError` for anything else."""
        if not isinstance(data, Mapping) or not all(isinstance(text, str) for text in data.values()):
            raise serializers.ValidationError(_("Translations are one text for each language."))
        if len(data) > MOST_LANGUAGES:
            raise serializers.ValidationError(
                _("There are no more than %(most)d languages.") % {"most": MOST_LANGUAGES}
            )
        return dict(data)

    def to_representation(self, value: Any) -> dict[str, str]:
        """The texts by language."""
        return dict(value)


@extend_schema_field({"type": "string", "format": "uuid"})
class Reference(serializers.Field):  # type: ignore[misc]
    """A record by its identifier. One that is withdrawn is refused, unless it is the one that stood there before."""

    def __init__(self, model: type[Record], **keywords: Any) -> None:
        super().__init__(**keywords)
        self.model = model

    def to_internal_value(self, data: Any) -> Record:
        """Raises `ValidationError` for what is no identifier, and for one that no such record has."""
        uid = identifier(data)
        if uid is None:
            raise serializers.ValidationError(_("Write the identifier of a record, a UUID with hyphens."))
        record: Record | None = self.model.objects.filter(uid=uid).first()
        kind = self.model._meta.verbose_name
        if record is None:
            sentence = _("No %(kind)s here has the identifier %(uid)s.") % {"kind": kind, "uid": uid}
            raise serializers.ValidationError(sentence, code="unknown_record")
        before = getattr(getattr(self.parent, "instance", None), f"{self.source}_id", None)
        if record.withdrawn and record.pk != before:
            sentence = _("“%(record)s” is withdrawn. Name one that is not.") % {"record": called(record)}
            raise serializers.ValidationError(sentence, code="withdrawn_record")
        return record

    def to_representation(self, value: Record) -> str:
        """The identifier."""
        return str(value.uid)


def identifier(data: Any) -> UUID | None:
    """The identifier that is written; None where it is none in the usual form."""
    if not isinstance(data, str) or len(data) != UUID_LENGTH:
        return None
    try:
        return UUID(data)
    except ValueError:
        return None


@extend_schema_field({"type": "string"})
class Name(serializers.Field):  # type: ignore[misc]
    """How a record is called, in the reader's language where it is known in it; read only."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(read_only=True, **keywords)

    def to_representation(self, value: Any) -> str:
        """The name. Those of agents must be prefetched."""
        if isinstance(value, User):
            return str(value.get_full_name() or value.get_username())
        if isinstance(value, Agent):
            return agent_name(value)
        for name in ("name", "title", "text", "label"):
            if hasattr(value, name):
                return translated(getattr(value, name), value.translations)
        return str(value)


# --- fields of a model's columns --------------------------------------------------------------------------------------


def text(model: type[models.Model], name: str, help_text: str, **keywords: Any) -> Text:
    """A field for a text of the model, as long as that takes; it may be left out where the model says so."""
    column = _column(model, name)
    length = {"max_length": column.max_length} if column.max_length else {}
    return Text(help_text=help_text, allow_blank=column.blank, **length, **_optional(column), **keywords)


def word(model: type[models.Model], name: str, help_text: str, **keywords: Any) -> Word:
    """A field for a word of the model."""
    column = _column(model, name)
    choices = [value for value, _label in column.choices if value != ""]
    return Word(choices=choices, help_text=help_text, allow_blank=column.blank, **_optional(column), **keywords)


def flag(model: type[models.Model], name: str, help_text: str, **keywords: Any) -> Flag:
    """A field for a yes or no of the model."""
    return Flag(help_text=help_text, **_optional(_column(model, name)), **keywords)


def exact(model: type[models.Model], name: str, help_text: str, **keywords: Any) -> Exact:
    """A field for a number of the model."""
    column = _column(model, name)
    return Exact(column=column, help_text=help_text, allow_null=column.null, **_optional(column), **keywords)


def edtf(model: type[models.Model], name: str, help_text: str) -> Edtf:
    """A field for a date of the model."""
    return Edtf(
        help_text=f"{help_text} EDTF; empty where nothing is stated.", allow_blank=True, required=False, default=""
    )


def reference(model: type[models.Model], name: str, help_text: str, **keywords: Any) -> Reference:
    """A field for a record that the model refers to."""
    column = _column(model, name)
    optional = {"required": False, "default": None, "allow_null": True} if column.null else {}
    return Reference(column.related_model, help_text=help_text, **optional, **keywords)


def _column(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _optional(column: Any) -> dict[str, Any]:
    """A field that the model has a value for may be left out."""
    if column.has_default():
        default: Any = column.default
        return {"required": False, "default": _called(default)}
    return {"required": False, "default": None} if column.null else {}


def _called(default: Any) -> Any:
    made: Callable[[], Any] | Any = default
    return made() if callable(made) else made
