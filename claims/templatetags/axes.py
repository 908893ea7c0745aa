"""The axis below a picture: where values lie along a line, and which round numbers or dates are written there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format

from claims.wording import word_number

# Percent of the line kept free at either end, for the arrows of open ends.
MARGIN = 6
# About as many steps as have room for their labels.
STEPS = 4
MONTHS_IN_YEAR = 12
DAYS_IN_MONTH = 365.2425 / MONTHS_IN_YEAR
LAST_DAY = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on the axis and what is written there."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high`, which differ, as percentages of a width; `mirrored` in right-to-left reading."""

    low: float
    high: float
    mirrored: bool

    def share(self, value: float) -> float:
        """The place of a value, in percent from the left."""
        place = MARGIN + (value - self.low) / (self.high - self.low) * (100 - 2 * MARGIN)
        return 100 - place if self.mirrored else place

    def place(self, value: float | None, *, upper: bool) -> str:
        """The place of an end as an attribute's value; None is an open end, which runs out of the picture."""
        if value is None:
            return "100%" if upper != self.mirrored else "0%"
        return f"{self.share(value):.2f}%"

    def distance(self, one: float, other: float) -> float:
        """How far two values lie from each other, in percent of the width."""
        return abs(self.share(one) - self.share(other))


def scale_of(values: Sequence[float], ticks: Sequence[Tick], *, mirrored: bool) -> Scale:
    """The scale that holds all values and ticks."""
    places = [*values, *(tick.value for tick in ticks)]
    return Scale(min(places), max(places), mirrored)


def number_ticks(values: Sequence[float]) -> list[Tick]:
    """At least two numbers, 1, 2 or 5 times a power of ten apart, from below the smallest to above the largest."""
    low, high = min(values), max(values)
    step = round_step((high - low or abs(high) or 1.0) / STEPS)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        first, last = first - 1, last + 1
    places = max(0, -math.floor(math.log10(step)))
    marks = [round(number * step, places) for number in range(first, last + 1)]
    return [Tick(mark, word_number(Decimal(f"{mark:.{places}f}"))) for mark in marks]


def round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10 ... (times a power of ten) that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


def date_ticks(values: Sequence[float]) -> list[Tick]:
    """At least two days (as ordinals), months or years, from before the first day to after the last."""
    first, last = int(min(values)), int(max(values))
    if first == last:
        first, last = max(first - 1, 1), min(last + 1, LAST_DAY)
    if last - first <= DAYS_IN_MONTH:
        return day_ticks(first, last)
    months = (last - first) / DAYS_IN_MONTH
    if months <= MONTHS_IN_YEAR * STEPS:
        return month_ticks(first, last, next(step for step in (1, 2, 3, 6, 12) if step >= months / STEPS))
    return month_ticks(first, last, MONTHS_IN_YEAR * int(round_step(max(1, months / MONTHS_IN_YEAR / STEPS))))


def day_ticks(first: int, last: int) -> list[Tick]:
    """Every few days from the first one on, the last of them not before the last day."""
    step = math.ceil((last - first) / STEPS)
    days = (min(day, LAST_DAY) for day in range(first, last + step, step))
    return [Tick(day, date_format(date.fromordinal(day), "j M Y")) for day in dict.fromkeys(days)]


def month_ticks(first: int, last: int, step: int) -> list[Tick]:
    """The first days of every `step`th month, counted from the year 0, that enclose the two days."""
    begin, end = date.fromordinal(first), date.fromordinal(last)
    form = "M Y" if step % MONTHS_IN_YEAR else "Y"
    before = begin.year * MONTHS_IN_YEAR + begin.month - 1
    after = end.year * MONTHS_IN_YEAR + end.month - 1 + (end.day > 1)
    starts = range(before // step * step, after + step, step)
    days = (
        date(months // MONTHS_IN_YEAR, months % MONTHS_IN_YEAR + 1, 1)
        for months in starts
        if date.min.year <= months // MONTHS_IN_YEAR <= date.max.year
    )
    return [Tick(day.toordinal(), date_format(day, form)) for day in days]
