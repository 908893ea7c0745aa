"""Times as other people's tables have them, read by the patterns of a map and written in the table's notation.

Patterns are those of Python's `strptime` (`%d/%m/%Y %H:%M`), tried in their order. Before that, pieces named by `cut`
are taken out, white space is collapsed, and `a.m.`, `pm`, `9:15A` become ` AM`, ` PM`. What a pattern leaves out is
taken from `day`: the whole date, the year, or, where it has only a day of the week, that day nearest to it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Notation = Literal["edtf", "minutes"]

_HALF_OF_DAY = re.compile(r"(?<=[0-9])\s*([aApP])(?:\.?[mM]\b\.?)?(?=[^a-z]|$)")
_WEEKDAYS = ("%a", "%A")
_OF_YEAR = ("%Y", "%y", "%G", "%c", "%x")
_OF_DAY = ("%d", "%j", "%c", "%x")
_MINUTE = timedelta(minutes=1)


class UnreadTime(ValueError):  # noqa: N818 - it answers a person
    """A time that no pattern fits; str() is the time."""


@dataclass(frozen=True, slots=True)
class Times:
    """How a map reads times.

    `written` is `edtf` (2011-12-01T06:55), or `minutes`: those from the beginning of `day`, as a quantity.
    """

    day: date
    patterns: tuple[str, ...]
    cut: tuple[str, ...] = ()
    written: Notation = "edtf"

    def read(self, text: str) -> str:
        """The time in the notation chosen. Raises `UnreadTime`."""
        moment = self._moment(_prepared(text, self.cut))
        if moment is None:
            raise UnreadTime(text)
        if self.written == "minutes":
            return str((moment - datetime.combine(self.day, datetime.min.time())) // _MINUTE)
        return moment.isoformat(timespec="seconds" if moment.second else "minutes")

    def _moment(self, text: str) -> datetime | None:
        for pattern in self.patterns:
            try:
                return _completed(text, pattern, self.day)
            except ValueError:
                continue
        return None


def is_pattern(pattern: str) -> bool:
    """Whether a time written by the pattern can be read by it again."""
    sample = datetime(2011, 12, 1, 6, 55)  # noqa: DTZ001 - a time without a zone, as tables have it
    try:
        _completed(sample.strftime(pattern), pattern, sample.date())
    except (ValueError, re.error):
        return False
    return "%" in pattern


def _prepared(text: str, cut: Sequence[str]) -> str:
    for piece in cut:
        text = text.replace(piece, " ")
    text = _HALF_OF_DAY.sub(lambda found: f" {found[1].upper()}M ", text)
    return " ".join(text.split())


def _completed(text: str, pattern: str, day: date) -> datetime:
    """Read by one pattern. Raises ValueError where it does not fit."""
    if not any(each in pattern for each in _OF_DAY):
        clock = datetime.strptime(text, pattern).time()  # noqa: DTZ007
        return datetime.combine(_on_weekday(text, pattern, day), clock)
    if not any(each in pattern for each in _OF_YEAR):
        return datetime.strptime(f"{day.year} {text}", f"%Y {pattern}")  # noqa: DTZ007
    return datetime.strptime(text, pattern)  # noqa: DTZ007


def _on_weekday(text: str, pattern: str, day: date) -> date:
    """The day nearest to `day` of the day of the week that the text names; the day itself where it names none."""
    for name in _WEEKDAYS:
        if name in pattern:
            around = (day + timedelta(days=number) for number in (0, 1, -1, 2, -2, 3, -3))
            return next(each for each in around if each.strftime(name).casefold() in text.casefold().split())
    return day
