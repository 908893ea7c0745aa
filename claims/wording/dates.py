"""EDTF dates in words: "5 December 2015", "about December 2015 (2015-12~)", "1 May 2014 to 10 May 2014".

What carries a qualifier keeps its EDTF beside the words, and what has no words that say the same is shown as written.
The grammar is that of `claims.domain.edtf`; nothing is judged here, a date was read before it was recorded.
"""

import re
from collections.abc import Callable

from django.utils.dates import MONTHS
from django.utils.translation import gettext, gettext_noop, pgettext, pgettext_lazy

from claims.domain.folding import fold
from claims.wording.isolation import isolated, joined

_QUALIFIERS = str.maketrans("", "", "~?%")
_SINGLE = re.compile(
    "(?P<year>[0-9X]{4})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?"
    "(?:T(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?P<zone>Z|[+-][0-9]{2}(?::[0-9]{2})?)?)?"
)
_ROUND_YEARS = re.compile("[0-9]{2}(?:[0-9]X|XX)")
_UNSPECIFIED = "XX"

_SEASONS = dict(
    enumerate(
        (
            pgettext_lazy("date", "spring %(year)s"),
            pgettext_lazy("date", "summer %(year)s"),
            pgettext_lazy("date", "autumn %(year)s"),
            pgettext_lazy("date", "winter %(year)s"),
            pgettext_lazy("date", "northern spring %(year)s"),
            pgettext_lazy("date", "northern summer %(year)s"),
            pgettext_lazy("date", "northern autumn %(year)s"),
            pgettext_lazy("date", "northern winter %(year)s"),
            pgettext_lazy("date", "southern spring %(year)s"),
            pgettext_lazy("date", "southern summer %(year)s"),
            pgettext_lazy("date", "southern autumn %(year)s"),
            pgettext_lazy("date", "southern winter %(year)s"),
            pgettext_lazy("date", "first quarter of %(year)s"),
            pgettext_lazy("date", "second quarter of %(year)s"),
            pgettext_lazy("date", "third quarter of %(year)s"),
            pgettext_lazy("date", "fourth quarter of %(year)s"),
            pgettext_lazy("date", "first four months of %(year)s"),
            pgettext_lazy("date", "second four months of %(year)s"),
            pgettext_lazy("date", "third four months of %(year)s"),
            pgettext_lazy("date", "first half of %(year)s"),
            pgettext_lazy("date", "second half of %(year)s"),
        ),
        start=21,
    )
)
"""The codes of ISO 8601-2:2019, 4.8."""
_OVER_NEW_YEAR = {24, 28, 30}

REWORDED = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)
"""Django's months, for our catalogue: in Arabic each has both its names, as the records have them."""


def word_date(text: str) -> str:
    """An EDTF date in words of the reader's language; isolated as written where it has none."""
    written = fold(text)
    words = _words(written)
    if words is None:
        return isolated(text)
    if not is_qualified(written):
        return words
    return pgettext("date as written", "%(date)s (%(written)s)") % {"date": words, "written": isolated(written)}


def is_qualified(written: str) -> bool:
    """Whether the date carries any of EDTF's ``~ ? %``."""
    return written != written.translate(_QUALIFIERS)


def _words(written: str) -> str | None:
    ends = written[:1], written[-1:]
    if ends == ("[", "]"):
        return _set(written, "or", _one_in)
    if ends == ("{", "}"):
        return _set(written, "and", _from_to)
    first, slash, last = written.partition("/")
    return _interval(first, last) if slash else _single(written)


def _set(written: str, word: str, span: Callable[[str, str], str]) -> str | None:
    """One of the members ("or"), or all of them ("and"); `span` words a member from one date to another."""
    members = []
    for member in written[1:-1].split(","):
        first, dots, last = member.partition("..")
        members.append(_spanned(first, last, span) if dots else _single(member))
    worded = [member for member in members if member is not None]
    return joined(worded, word) if len(worded) == len(members) else None


def _interval(first: str, last: str) -> str | None:
    """An end is a date, open ("..") or not known ("")."""
    if first and last:
        return _spanned(first.removeprefix(".."), last.removeprefix(".."), _from_to)
    stated = _single(first or last)
    if stated is None:
        return None
    if first:
        return pgettext("date", "from %(first)s, end not known") % {"first": stated}
    return pgettext("date", "until %(last)s, beginning not known") % {"last": stated}


def _spanned(first: str, last: str, span: Callable[[str, str], str]) -> str | None:
    """From one date to another; an empty one is an open end."""
    begin, end = _single(first), _single(last)
    if begin is not None and end is not None:
        return span(begin, end)
    if begin is not None and not last:
        return pgettext("date", "from %(first)s on") % {"first": begin}
    if end is not None and not first:
        return pgettext("date", "until %(last)s") % {"last": end}
    return None


def _from_to(first: str, last: str) -> str:
    return pgettext("date", "%(first)s to %(last)s") % {"first": first, "last": last}


def _one_in(first: str, last: str) -> str:
    return pgettext("date", "some time from %(first)s to %(last)s") % {"first": first, "last": last}


def _single(written: str) -> str | None:
    """One date, its qualifiers in words: "perhaps", "about"."""
    match = _SINGLE.fullmatch(written.translate(_QUALIFIERS))
    if match is None:
        return None
    words = _date(match["year"], match["month"], match["day"])
    if words is None:
        return None
    if match["time"]:
        words = _timed(words, match["time"], match["zone"])
    if set("~%") & set(written):
        words = pgettext("date", "about %(date)s") % {"date": words}
    if set("?%") & set(written):
        words = pgettext("date", "perhaps %(date)s") % {"date": words}
    return words


def _date(year: str, month: str | None, day: str | None) -> str | None:
    if month is None:
        return _year(year)
    if not year.isdecimal():
        return None
    if month == _UNSPECIFIED:
        unstated = pgettext("date", "%(year)s, month not stated") % {"year": str(int(year))}
        return unstated if day in {None, _UNSPECIFIED} else None
    number = int(month) if month.isdecimal() else None
    if number in _SEASONS and day is None:
        return _season(number, int(year))
    return _in_month({"month": str(MONTHS[number]), "year": str(int(year))}, day) if number in MONTHS else None


def _year(year: str) -> str | None:
    """A year, or the years that a decade or century stands for: "2010 to 2019"."""
    if year.isdecimal():
        return str(int(year))
    if not _ROUND_YEARS.fullmatch(year):
        return None
    first, last = (str(int(year.replace("X", digit))) for digit in "09")
    return _from_to(first, last)


def _season(code: int, year: int) -> str:
    over = isolated(f"{year}\N{EN DASH}{year + 1}") if code in _OVER_NEW_YEAR else str(year)
    return _SEASONS[code] % {"year": over}


def _in_month(values: dict[str, str], day: str | None) -> str | None:
    if day is None:
        return pgettext("date", "%(month)s %(year)s") % values
    if day == _UNSPECIFIED:
        return pgettext("date", "%(month)s %(year)s, day not stated") % values
    if not day.isdecimal():
        return None
    return pgettext("date", "%(day)s %(month)s %(year)s") % {**values, "day": str(int(day))}


def _timed(day: str, time: str, zone: str | None) -> str:
    """A time without a zone is by the clocks of the desk, and shown bare."""
    if zone is None:
        return pgettext("date", "%(day)s, %(time)s") % {"day": day, "time": time}
    name = gettext("UTC") if zone == "Z" else isolated(f"UTC{zone}")
    return pgettext("date", "%(day)s, %(time)s %(zone)s") % {"day": day, "time": time, "zone": name}
