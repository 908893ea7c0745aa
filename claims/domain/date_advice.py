"""What to write instead of a date that is not EDTF: found by repairing it, and offered only where that reads.

Nothing here reads a date for the record: a repaired date is a proposal in a refusal, for a person to take.
"""

import re
from collections.abc import Iterator

from claims.domain.edtf import read_days
from claims.domain.refusals import Refusal
from claims.text.normalising import search_form

_UNREADABLE = frozenset({"unreadable_date", "unreadable_time"})
_MONTHS = (
    ("January", "Jan", "يناير", "جانفي", "كانون الثاني"),
    ("February", "Feb", "فبراير", "فيفري", "شباط"),
    ("March", "Mar", "مارس", "آذار"),
    ("April", "Apr", "أبريل", "إبريل", "أفريل", "نيسان"),
    ("May", "مايو", "ماي", "أيار"),
    ("June", "Jun", "يونيو", "جوان", "حزيران"),
    ("July", "Jul", "يوليو", "جويلية", "تموز"),
    ("August", "Aug", "أغسطس", "أوت", "آب"),
    ("September", "Sept", "Sep", "سبتمبر", "أيلول"),
    ("October", "Oct", "أكتوبر", "تشرين الأول"),
    ("November", "Nov", "نوفمبر", "تشرين الثاني"),
    ("December", "Dec", "ديسمبر", "كانون الأول"),
)
"""English months and the Arabic ones of Egypt, the Maghreb and the Levant."""

_LOOKALIKES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-") | str.maketrans("،؟٪", ",?%")


def advised(refusal: Refusal, text: str) -> Refusal:
    """The refusal with the whole text; of an unreadable one with a better reason, if any, and a proposal."""
    if refusal.code not in _UNREADABLE:
        return Refusal(refusal.code, {"text": text, **refusal.values})
    values = {"text": text, "instead": next(_proposals(text), "")}
    named = _month_named(text)
    if named:
        name, month = named
        return Refusal("month_by_name", values | {"part": name, "month": str(month)})
    if any(character.isspace() for character in text):
        return Refusal("spaced_date", values)
    return Refusal(refusal.code, {**refusal.values, **values})


def _proposals(text: str) -> Iterator[str]:
    for repaired in dict.fromkeys(_repairs(text)):
        try:
            read_days(repaired)
        except Refusal:
            continue
        yield repaired


def _repairs(text: str) -> Iterator[str]:
    clean = re.sub(r"(?<=[0-9])\s+(?=[0-9]{1,2}:)", "T", text.translate(_LOOKALIKES))
    clean = re.sub(r"\s+", "", clean).upper()
    yield clean
    yield re.sub("^([0-9]{4})([0-9]{2})([0-9]{2})$", r"\1-\2-\3", clean)
    yield re.sub("^([0-9]{3})$", r"0\1", clean)
    yield f"[{clean}]"
    yield re.sub("^([0-9X-]{4,10})-([0-9]{4}.*)$", r"\1/\2", clean)
    yield re.sub("(:[0-9]{2})[.,][0-9]+", r"\1", clean)
    yield re.sub("T[^?~%]*([?~%])$", r"\1", clean)
    year_month_day = re.fullmatch("([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?", clean)
    if year_month_day:
        yield _written(*year_month_day.groups())
    named, numbers = _month_named(text), re.findall("[0-9]+", text)
    if named and len(numbers) in {1, 2}:
        *day, year = sorted(numbers, key=len)
        yield _written(year, str(named[1]), *day)


def _written(year: str, month: str, day: str | None = None) -> str:
    return "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])


def _month_named(text: str) -> tuple[str, int] | None:
    """The first name of a month in the text, and the month's number."""
    match = _ANY_NAME.search(search_form(text))
    return _BY_FORM[match[0]] if match else None


_BY_FORM = {search_form(name): (name, number) for number, names in enumerate(_MONTHS, 1) for name in names}
_LETTER = r"[^\W\d_]"
_ANY_NAME = re.compile(f"(?<!{_LETTER})(?:{'|'.join(_BY_FORM)})(?!{_LETTER})")
