"""Times as other people's tables have them, read by the patterns of a map and written in the table's notation.

Patterns are those of Python's `strptime` (`%d/%m/%Y %H:%M`), tried in their order. Before that, pieces named by `cut`
are taken out, white space is collapsed, and `a.m.`, `pm`, `9:15A` become ` AM`, ` PM`. What stands before all that a
pattern states is taken from `day`: the whole date, the year, or, where it has only a day of the week, that day nearest
to it. What would come after is not invented: without a time of day EDTF has the day alone, or the month, or the year.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Notation = Literal["edtf", "minutes"]

_HALF_OF_DAY = re.compile(r"(?<=[0-9])\s*([aApP])(?:\.?[mM]\b\.?)?(?=[^a-z]|$)")
_WEEKDAYS = ("%a", "%A")
# What the letters of a pattern state; those of weeks name a day only beside a year and a day of the week.
_STATED = {
    "year": "YyGcx",
    "month": "mbBjcx",
    "day": "djcx",
    "clock": "HIcX",
    "weekday": "aAuw",
    "week": "UWV",
}
_LENGTHS = {"year": 4, "month": 7, "day": 10}
_MINUTE = timedelta(minutes=1)


class UnreadTime(ValueError):  # noqa: N818 - it answers a person
    """A time that no pattern fits; str() is the time."""


@dataclass(frozen=True, slots=True)
class Times:
    """How a map reads times.

    `written` is `edtf` (2011-12-01T06:55), or `minutes`: those from the beginning of `day`, as a quantity. `day` may be
    None where neither `minutes` nor a pattern needs it (`needs_day`).
    """

    day: date | None
    patterns: tuple[str, ...]
    cut: tuple[str, ...] = ()
    written: Notation = "edtf"

    def read(self, text: str) -> str:
        """The time in the notation chosen. Raises `UnreadTime`."""
        day = self.day or date.min
        moment, pattern = self._moment(_prepared(text, self.cut), day)
        if moment is None:
            raise UnreadTime(text)
        if self.written == "minutes":
            return str((moment - datetime.combine(day, datetime.min.time())) // _MINUTE)
        states = _states(pattern)
        if "clock" in states:
            return moment.isoformat(timespec="seconds" if moment.second else "minutes")
        return moment.date().isoformat()[: _LENGTHS[_finest(states)]]

    def _moment(self, text: str, day: date) -> tuple[datetime | None, str]:
        """The moment, and the pattern by which it was read."""
        for pattern in self.patterns:
            try:
                return _completed(text, pattern, day), pattern
            except ValueError:
                continue
        return None, ""


def is_pattern(pattern: str) -> bool:
    """Whether a time written by the pattern can be read by it again; no day stands without a month, no 6:55 in one."""
    states = _states(pattern)
    if not states or ("day" in states and "month" not in states):
        return False
    if has_clock(pattern) and "day" not in states and states & {"year", "month"}:
        return False
    sample = datetime(2011, 12, 1, 6, 55)  # noqa: DTZ001 - a time without a zone, as tables have it
    try:
        _completed(sample.strftime(pattern), pattern, sample.date())
    except (ValueError, re.error):
        return False
    return True


def has_clock(pattern: str) -> bool:
    """Whether the pattern reads a time of day."""
    return "clock" in _states(pattern)


def needs_day(pattern: str) -> bool:
    """Whether what the pattern reads has to be completed by a day."""
    return "year" not in _states(pattern)


def _states(pattern: str) -> frozenset[str]:
    """What the pattern states: year, month, day, clock, weekday, week."""
    letters = set(re.findall("%(.)", pattern, re.DOTALL))
    found = {piece for piece, those in _STATED.items() if letters.intersection(those)}
    return frozenset(found | {"month", "day"} if {"year", "week", "weekday"} <= found else found)


def _finest(states: frozenset[str]) -> str:
    """Down to which piece of a date is stated, or follows: the day where only a day of the week is."""
    return "day" if "day" in states or not states & {"year", "month"} else "month" if "month" in states else "year"


def _prepared(text: str, cut: Sequence[str]) -> str:
    for piece in cut:
        text = text.replace(piece, " ")
    text = _HALF_OF_DAY.sub(lambda found: f" {found[1].upper()}M ", text)
    return " ".join(text.split())


def _completed(text: str, pattern: str, day: date) -> datetime:
    """Read by one pattern. Raises ValueError where it does not fit."""
    states = _states(pattern)
    if not states & {"year", "month", "day"}:
        clock = datetime.strptime(text, pattern).time()  # noqa: DTZ007
        return datetime.combine(_on_weekday(text, pattern, day), clock)
    if "year" not in states:
        return datetime.strptime(f"{day.year} {text}", f"%Y {pattern}")  # noqa: DTZ007
    return datetime.strptime(text, pattern)  # noqa: DTZ007


def _on_weekday(text: str, pattern: str, day: date) -> date:
    """The day nearest to `day` of the day of the week that the text names; the day itself where it names none."""
    for name in _WEEKDAYS:
        if name in pattern:
            around = (day + timedelta(days=number) for number in (0, 1, -1, 2, -2, 3, -3))
            return next(each for each in around if each.strftime(name).casefold() in text.casefold().split())
    return day
