"""Fields that hold what people write: text that every database can keep, fixed words, dates, exact numbers.

Each field appears in migrations as the Django field that it extends, so that old migrations do not import
this module, and labels can be reworded without a migration.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from claims.models.labels import choices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from claims.models.labels import Choices

    TextLine = models.CharField[str, str]
    TextBlock = models.TextField[str, str]
    Decimals = models.DecimalField[Any, Any]
    Instant = models.DateTimeField[Any, Any]
    Mixin = object  # a base with types of its own would hide those of the fields
else:
    TextLine, TextBlock, Decimals = models.CharField, models.TextField, models.DecimalField
    Mixin = models.Field

# PostgreSQL refuses an index entry over 2,704 bytes; short texts stand in unique indexes, beside other columns.
MOST_BYTES = 2600
# SQLite keeps decimals as doubles, which hold any 15 significant digits exactly, and no more.
MOST_DIGITS = 15
# What RFC 3987 has encoded: white space, controls, and a few signs.
_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"{}|\\^`]")
# A long text of more characters than this is always looked at closely.
PLAINLY = 10_000


def refuse_unstorable(text: str) -> None:
    """Raise `ValidationError` for what PostgreSQL or UTF-8 cannot hold: NUL and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return
    if (at := text.find("\0")) >= 0:
        raise ValidationError(
            _("Character %(position)d of this text is a NUL, which cannot be kept. Remove it."),
            code="nul",
            params={"position": at + 1},
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError(
            _(
                "Character %(position)d of this text is half of a surrogate pair, which cannot be kept. "
                "Copy the text again from where it stands."
            ),
            code="surrogate",
            params={"position": error.start + 1},
        ) from None


def refuse_long(text: str) -> None:
    """Raise `ValidationError` for a text of more than `MOST_BYTES` bytes."""
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise ValidationError(
            _("This text is longer than %(most)d bytes. Shorten it."), code="bytes", params={"most": MOST_BYTES}
        )


def refuse_inexact(number: Decimal) -> None:
    """Raise `ValidationError` for a number that not every database keeps digit by digit."""
    # Not by `normalize`, which rounds to the precision of the moment.
    if len("".join(map(str, number.as_tuple().digits)).rstrip("0")) > MOST_DIGITS:
        raise ValidationError(
            _("This number has more than %(most)d significant digits. Round it."),
            code="digits",
            params={"most": MOST_DIGITS},
        )


def refuse_no_address(text: str) -> None:
    """Raise `ValidationError` for what is no address of the web: RFC 3987, with a host, by http or https."""
    if not text.startswith(("http://", "https://")):
        raise ValidationError(_("An address begins with http:// or https://."), code="scheme")
    if found := _NOT_IN_ADDRESSES.search(text):
        character = found[0]
        raise ValidationError(
            _("Character %(position)d of this address cannot stand in one. Write it as %(encoded)s, or leave it out."),
            code="character",
            params={"position": found.start() + 1, "encoded": quote(character)},
        )
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise ValidationError(
            _("This leads to no page. Write the address in full, such as https://example.org/page."), code="host"
        )


def refuse_untranslated(value: object) -> None:
    """Raise `ValidationError` unless the value is {language: text}."""
    if not isinstance(value, dict) or not all(isinstance(part, str) for entry in value.items() for part in entry):
        raise ValidationError(_("Translations are one text for each language."), code="translations")
    for language, text in value.items():
        refuse_unstorable(language)
        refuse_unstorable(text)


class PlainInMigrations(Mixin):
    """A field whose migrations name the Django field that it extends."""

    in_migrations: type[models.Field[Any, Any]]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, arguments, keywords = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.in_migrations.__name__}", arguments, keywords


class Checked(PlainInMigrations):
    """A field that is checked on every write, not only in forms: services save without `full_clean`."""

    # How many characters a text of plain ASCII may have to pass without being looked at closely.
    plainly = 0

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        field = cast("models.Field[Any, Any]", self)
        if isinstance(value, str) and 0 < len(value) <= self.plainly and value.isascii() and "\0" not in value:
            return value
        if not hasattr(value, "resolve_expression"):
            try:
                value = field.clean(value, None)
            except ValidationError as error:
                raise ValidationError({field.name: error}) from None
        return super().get_db_prep_save(value, connection)  # type: ignore[misc]


class ShortText(Checked, TextLine):
    """A line of text: a name, a label, an address. Empty when nothing is stated, never null."""

    in_migrations = models.CharField
    default_validators = [refuse_unstorable, refuse_long]

    def __init__(self, verbose_name: StrOrPromise | None = None, **keywords: Any) -> None:
        super().__init__(verbose_name, **{"max_length": 500, **keywords})
        # Validators of one's own have to be asked.
        self.plainly = 0 if keywords.get("validators") else min(self.max_length or 0, MOST_BYTES)


class WebAddress(ShortText):
    """An address of the web, or empty."""

    default_validators = [*ShortText.default_validators, refuse_no_address]

    def __init__(self, verbose_name: StrOrPromise | None = None, **keywords: Any) -> None:
        super().__init__(verbose_name, **{"max_length": 2000, "blank": True, "default": "", **keywords})
        self.plainly = 0


class LongText(Checked, TextBlock):
    """A text of any length: a note, a quote. Empty when nothing is stated, never null."""

    in_migrations = models.TextField
    default_validators = [refuse_unstorable]

    def __init__(self, verbose_name: StrOrPromise | None = None, **keywords: Any) -> None:
        super().__init__(verbose_name, **{"blank": True, "default": "", **keywords})
        self.plainly = 0 if keywords.get("validators") else PLAINLY


class Word(Checked, TextLine):
    """One word of the vocabulary, or one grade; blank where the field says so."""

    in_migrations = models.CharField

    def __init__(
        self,
        verbose_name: StrOrPromise | None = None,
        words: type[StrEnum] | Choices | None = None,
        **keywords: Any,
    ) -> None:
        if words is not None:
            keywords["choices"] = words if isinstance(words, list) else choices(words)
        if isinstance(keywords.get("default"), StrEnum):
            keywords["default"] = keywords["default"].value
        super().__init__(verbose_name, **{"max_length": 20, **keywords})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, arguments, keywords = super().deconstruct()
        keywords.pop("choices", None)
        return name, path, arguments, keywords


class Number(Checked, Decimals):
    """A decimal number that SQLite and PostgreSQL keep digit by digit: at most `MOST_DIGITS` significant digits."""

    in_migrations = models.DecimalField
    default_validators = [refuse_inexact]

    def __init__(self, verbose_name: StrOrPromise | None = None, **keywords: Any) -> None:
        super().__init__(verbose_name, **{"max_digits": 40, "decimal_places": 15, **keywords})

    def from_db_value(self, value: Decimal | None, *_context: Any) -> Decimal | None:
        """The number without the zeros that a database fills its places with: 0.5, not 0.500000000000000."""
        if value is None:
            return None
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


class Translations(Checked, models.JSONField):
    """A record's main name in other languages: {language: text}."""

    in_migrations = models.JSONField
    empty_values = [None]  # an empty list is no translations
    default_validators = [refuse_untranslated]

    def __init__(self, verbose_name: StrOrPromise | None = None, **keywords: Any) -> None:
        super().__init__(verbose_name or _("in other languages"), **{"default": dict, "blank": True, **keywords})


def language(**keywords: Any) -> ShortText:
    """A field for a language tag (BCP 47) such as "ar" or "en-GB"."""
    tag = RegexValidator(
        r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", _("Write the language as a tag, such as ar, en or en-GB.")
    )
    return ShortText(_("language"), max_length=35, validators=[tag], **keywords)


def edtf(verbose_name: StrOrPromise) -> ShortText:
    """A field for a date as written, in EDTF; beside it stand its bounds, see `bound`."""
    return ShortText(verbose_name, max_length=100, blank=True, default="")


def bound(verbose_name: StrOrPromise) -> Instant:
    """A field for one end, in UTC, of the half-open stretch of time that the date as written means."""
    return models.DateTimeField(verbose_name, null=True, blank=True)
