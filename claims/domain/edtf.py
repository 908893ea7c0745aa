"""EDTF as written -> days: the grammar of ISO 8601-2:2019, as far as a desk needs it.

Read are single dates with unspecified digits, qualifiers and seasons, a day with a time, intervals and sets:
levels 0 and 1, and of level 2 qualified parts, unspecified digits anywhere, sets, and seasons by hemisphere,
quarters, four-month and half years. Not read are years outside 1..9999 and significant digits (``1950S2``).
A qualifier (``~ ? %``) never widens a date; it is only noticed.

The standard gives seasons no months. Here they are the meteorological ones, three whole months each. 21 to 24
(no hemisphere stated) are taken as northern, like 25 to 28; 29 to 32 are southern. A season that runs over
the new year belongs to the year in which it begins, so that ``2012-24`` comes after ``2012-23``: northern
winter is December to February, and so is southern summer.

Refusals (see `claims.domain.refusals`); `part` is the piece that is wrong:

====================  ========================================================================================
code                  values
====================  ========================================================================================
unreadable_date       part
unreadable_time       part (a fraction of a second and a qualified time are unreadable too)
time_in_range         part: a time inside an interval or set, whose parts are whole days or longer
year_out_of_range     part: a year before 1 or after 9999
impossible_date       part, field (month, day, hour, minute, second or zone), written, least, most
inverted_dates        part, first, last: the last date is before the first
scattered_date        part, most: unspecified digits that leave more than `most` separate stretches of days
====================  ========================================================================================
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from functools import lru_cache
from itertools import chain, product

from claims.domain.refusals import Refusal

Stretch = tuple[int, int]

FIRST_DAY = date.min.toordinal()
LAST_DAY = date.max.toordinal()
MOST_STRETCHES = 400
"""More than ``199X-XX-05`` or ``19XX-12-25`` leave; comparing dates costs the product of their stretches."""

_QUALIFIER = "[?~%]?"
_DATE = re.compile(
    f"{_QUALIFIER}([0-9X]{{4}}){_QUALIFIER}"
    f"(?:-{_QUALIFIER}([0-9X]{{2}}){_QUALIFIER}(?:-{_QUALIFIER}([0-9X]{{2}}){_QUALIFIER})?)?"
)
_TIME = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}(?::[0-9]{2})?)?")
_WITH_TIME = re.compile("[0-9X?~%]T")
_OTHER_YEAR = re.compile("[?~%]?(?:Y[+-]?[0-9]|[+-][0-9X]{4}|[0-9]{5}(?![0-9]{3}$))")

_LAST_HOUR, _LAST_MINUTE, _LAST_SECOND = 23, 59, 59

_UNSPECIFIED = "XX"
_SEASONS = {
    code: (first_month, months)
    for first_code, first_months, months in (
        (21, (3, 6, 9, 12), 3),
        (25, (3, 6, 9, 12), 3),
        (29, (9, 12, 3, 6), 3),
        (33, (1, 4, 7, 10), 3),
        (37, (1, 5, 9), 4),
        (40, (1, 7), 6),
    )
    for code, first_month in enumerate(first_months, first_code)
}
"""Code -> first month and number of months: the table of ISO 8601-2:2019, 4.8, with the months of above."""


@dataclass(frozen=True, slots=True)
class Time:
    """A minute or a second of a day: `second` after midnight, `length` 60 or 1, all in seconds.

    `offset` is that of the zone as written, east of Greenwich positive; None where no zone is written.
    """

    day: int
    second: int
    length: int
    offset: int | None


def read_days(text: str) -> tuple[Stretch, ...] | Time:
    """The days of an EDTF text as ascending, disjoint, non-adjacent stretches of ordinals, or its time.

    `text` is trimmed and has ASCII digits. Raises `Refusal` with a code of the module's table.
    """
    if _WITH_TIME.search(text):
        return _read_time(text)
    if (text[:1], text[-1:]) in {("[", "]"), ("{", "}")}:
        members = [_member(member) for member in dict.fromkeys(text[1:-1].split(","))]
        return _joined(sorted(chain.from_iterable(members)), text)
    if "/" in text:
        return (_interval(text),)
    return _simple(text)


@lru_cache(maxsize=1024)
def _simple(text: str) -> tuple[Stretch, ...]:
    return _joined(_Pattern.read(text).stretches(), text)


def _interval(text: str) -> Stretch:
    first, _, last = text.partition("/")
    if text == "/" or "/" in last:
        raise Refusal("unreadable_date", {"part": text})
    return _between(*("" if end == ".." else end for end in (first, last)), part=text)


def _member(text: str) -> tuple[Stretch, ...]:
    """The stretches of one member of a set: a date, ``a..b``, ``..b`` or ``a..``."""
    first, dots, last = text.partition("..")
    if not dots:
        return _simple(text)
    if not first and not last:
        raise Refusal("unreadable_date", {"part": text})
    return (_between(first, last, part=text),)


def _between(first: str, last: str, *, part: str) -> Stretch:
    """All days from the first one of `first` to the last one of `last`; an empty end is open or unknown.

    The last date must not begin before the first one does: ``2004-06-11/2004-06`` is refused. Where digits
    are unspecified it is enough that some of the dates meant are in order.
    """
    begin = next(_Pattern.read(first).stretches())[0] if first else FIRST_DAY
    if not last:
        return begin, LAST_DAY
    end = _Pattern.read(last)
    if end.latest_beginning() < begin:
        raise Refusal("inverted_dates", {"part": part, "first": first, "last": last})
    return begin, next(end.stretches(newest_first=True))[1]


def _joined(stretches: Iterable[Stretch], part: str) -> tuple[Stretch, ...]:
    """Ascending stretches without overlap, those that touch made one."""
    joined: list[Stretch] = []
    for first, last in stretches:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        elif len(joined) == MOST_STRETCHES:
            raise Refusal("scattered_date", {"part": part, "most": str(MOST_STRETCHES)})
        else:
            joined.append((first, last))
    return tuple(joined)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A year, or a year and a month or season, or a day, each perhaps with unspecified digits.

    `month` and `day` are as written or None; `years`, `months` and `days` the numbers that they may be.
    """

    years: list[int]
    month: str | None
    months: list[int]
    day: str | None
    days: list[int]

    @classmethod
    def read(cls, text: str) -> "_Pattern":
        """Raises `Refusal` also where no day fits, as for 2015-02-30."""
        match = _DATE.fullmatch(text)
        if match is None:
            code = "year_out_of_range" if _OTHER_YEAR.match(text) else "unreadable_date"
            raise Refusal(code, {"part": text})
        year, month, day = match.groups()
        years = _numbers(year, range(MINYEAR, MAXYEAR + 1))
        if not years:
            raise Refusal("year_out_of_range", {"part": text})
        if month and not day and month.isdecimal() and int(month) in _SEASONS:
            return cls(years, month, [int(month)], None, [])
        months = _numbers(month, range(1, 13)) if month else []
        if month and not months:
            raise _impossible(text, "month", month, 1, 12)
        days = _numbers(day, range(1, 32)) if day else []
        pattern = cls(years, month, months, day, days)
        if day and next(pattern.stretches(), None) is None:
            longest = max(monthrange(*each)[1] for each in product(years, months))
            raise _impossible(text, "day", day, 1, longest)
        return pattern

    def stretches(self, *, newest_first: bool = False) -> Iterator[Stretch]:
        """The stretches of days that fit, ascending or descending; neighbours may touch."""
        step = -1 if newest_first else 1
        whole_year = self.month is None or (self.month == _UNSPECIFIED and self.day in {None, _UNSPECIFIED})
        for year in self.years[::step]:
            if whole_year:
                yield _months(year, 1, 12)
                continue
            for month in self.months[::step]:
                first, last = _months(year, *_SEASONS.get(month, (month, 1)))
                if self.day in {None, _UNSPECIFIED}:
                    yield first, last
                    continue
                for day in self.days[::step]:
                    if first + day - 1 <= last:
                        yield first + day - 1, first + day - 1

    def latest_beginning(self) -> int:
        """The first day of the latest of the dates that may be meant."""
        first, last = next(self.stretches(newest_first=True))
        if self.day == _UNSPECIFIED:
            return last
        if self.month == _UNSPECIFIED and self.day is None:
            return date.fromordinal(last).replace(day=1).toordinal()
        return first


def _numbers(pattern: str, allowed: range) -> list[int]:
    """The allowed numbers that fit digits of which some are X, ascending."""
    choices = ("0123456789" if character == "X" else character for character in pattern)
    numbers = (int("".join(digits)) for digits in product(*choices))
    return [number for number in numbers if number in allowed]


def _months(year: int, first_month: int, months: int) -> Stretch:
    """The days of a number of months from the first one, up to the end of the year 9999."""
    first = date(year, first_month, 1).toordinal()
    end_year, end_month = divmod(year * 12 + first_month - 1 + months, 12)
    return first, LAST_DAY if end_year > MAXYEAR else date(end_year, end_month + 1, 1).toordinal() - 1


def _read_time(text: str) -> Time:
    match = _TIME.fullmatch(text)
    if match is None:
        raise Refusal("time_in_range" if set("/[{,") & set(text) else "unreadable_time", {"part": text})
    day, hour, minute, second, zone = match.groups()
    ordinal, _ = next(_Pattern.read(day).stretches())
    for field, written, most in (
        ("hour", hour, _LAST_HOUR),
        ("minute", minute, _LAST_MINUTE),
        ("second", second or "00", _LAST_SECOND),
    ):
        if int(written) > most:
            raise _impossible(text, field, written, 0, most)
    return Time(
        day=ordinal,
        second=int(hour) * 3600 + int(minute) * 60 + int(second or 0),
        length=1 if second else 60,
        offset=_offset(zone, text) if zone else None,
    )


def _offset(zone: str, text: str) -> int:
    """``Z``, ``+03`` or ``+03:00`` in seconds east of Greenwich."""
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:] or 0)
    if hours > _LAST_HOUR or minutes > _LAST_MINUTE:
        raise _impossible(text, "zone", zone, "-23:59", "+23:59")
    return (hours * 3600 + minutes * 60) * (-1 if zone[0] == "-" else 1)


def _impossible(part: str, field: str, written: str, least: object, most: object) -> Refusal:
    return Refusal(
        "impossible_date",
        {"part": part, "field": field, "written": written, "least": str(least), "most": str(most)},
    )
