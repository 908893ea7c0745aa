"""Constraints that several tables share, made from the names of their fields.

Each is checked by the database and says in a sentence what to do. They use no function that only Django's
connection knows, so that a write from another program meets them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import BaseConstraint, CheckConstraint, F, Func, Q, TextField, UniqueConstraint, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def check(name: str, condition: Q | Exact, sentence: StrOrPromise) -> CheckConstraint:
    """A condition that every row meets."""
    return CheckConstraint(condition=condition, name=name, violation_error_message=sentence)


def one_of(
    table: str, field: str, words: type[StrEnum] | Sequence[str | int], *, blank: bool = False
) -> CheckConstraint:
    """The field holds one of these values (or nothing, where `blank`)."""
    values = [word.value if isinstance(word, StrEnum) else word for word in words]
    return check(
        f"{table}_{field}_known",
        Q(**{f"{field}__in": [*values, ""] if blank else values}),
        format_lazy(
            _("{field} is none of the values it can have. Choose one of: {values}."),
            field=field,
            values=", ".join(map(str, values)),
        ),
    )


def dated(table: str, written: str, begin: str, end: str) -> CheckConstraint:
    """The bounds of a date stand exactly where the date does, and the first lies before the second."""
    stated = ~Q(**{written: ""}) & Q(**{f"{begin}__isnull": False, f"{end}__isnull": False, f"{begin}__lt": F(end)})
    empty = Q(**{written: "", f"{begin}__isnull": True, f"{end}__isnull": True})
    return check(
        f"{table}_{written}_bounded",
        stated | empty,
        _("A date and its bounds go together, and it ends after it begins. Write the date again, in EDTF."),
    )


def spanned(table: str) -> CheckConstraint:
    """Start and end of a span are both known or both unknown, and the end is not before the start."""
    return check(
        f"{table}_span",
        Q(start__isnull=True, end__isnull=True)
        | Q(start__isnull=False, end__isnull=False, start__gte=0, start__lte=F("end")),
        _("A span needs both its start and its end, and cannot end before it starts."),
    )


def not_itself(table: str, field: str, other: str, sentence: StrOrPromise) -> CheckConstraint:
    """Two columns never hold the same key."""
    return check(f"{table}_{field}_not_itself", ~Q(**{field: F(other)}), sentence)


def web_address(table: str, field: str) -> CheckConstraint:
    """Empty or an address that a page can link to without running a script."""
    return check(
        f"{table}_{field}_is_web_address",
        Q(**{field: ""}) | Q(**{f"{field}__startswith": "http://"}) | Q(**{f"{field}__startswith": "https://"}),
        _("An address begins with http:// or https://."),
    )


def sha256(table: str, field: str) -> tuple[CheckConstraint, CheckConstraint]:
    """The field holds a SHA-256 as 64 lowercase hexadecimal digits."""
    sentence = _("A SHA-256 is written as 64 digits from 0 to 9 and a to f.")
    without_digits = Func(F(field), Value("0123456789abcdef"), function="LTRIM", output_field=TextField())
    return (
        check(f"{table}_{field}_length", Exact(Length(field), 64), sentence),
        check(f"{table}_{field}_digits", Exact(without_digits, Value("")), sentence),
    )


def field_of(constraint: BaseConstraint) -> str:
    """The field that the constraint is of; empty where it is of several, or of none."""
    names: set[str] = set()
    if isinstance(constraint, UniqueConstraint):
        names.update(constraint.fields)
    elif isinstance(constraint, CheckConstraint):
        names.update(Q(constraint.condition).referenced_base_fields)
    return names.pop() if len(names) == 1 else ""
