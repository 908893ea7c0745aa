"""Pictures for those who would rather look than read: the positions of a quantity or date question along a line.

A picture is a list: every row has its badge and answer as text, and beside them a drawing of its intervals, which
screen readers skip. Places are percentages, so that the drawing fits any width, and it runs in reading direction.
There are no style attributes: the content policy refuses them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext

from claims.templatetags.axes import MARGIN, Scale, Tick, date_ticks, number_ticks, scale_of
from claims.templatetags.marks import attribute, position_badge, position_class
from claims.templatetags.texts import worded
from claims.wording.units import word_unit

register = template.Library()

# Percent of the width below which an interval is drawn as a dot: about three pixels on a telephone.
DOT = 1.2
NOTHING = SafeString("")


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included, of the position at `index`; None is an open end. `answer` is worded."""

    index: int
    answer: str
    low: float | None
    high: float | None


@register.simple_tag
def number_line(intervals: Iterable[Any], unit: str = "") -> SafeString:
    """The positions of a quantity question along a line; nothing where fewer than two can be placed.

    An interval is a mapping or object with `index`, `answer` (worded), `low` and `high` (numbers; None is an open end);
    several with one index share a row, as the two pieces of a denied interval do.
    """
    return picture([read(one) for one in intervals], number_ticks, gettext("Positions on a number line"), unit)


@register.simple_tag
def time_line(intervals: Iterable[Any]) -> SafeString:
    """The positions of a date question along a line; as `number_line`, with `low` and `high` as dates."""
    return picture([read(one) for one in intervals], date_ticks, gettext("Positions on a time line"))


def read(one: Any) -> Interval:
    """The interval in numbers."""
    low, high = (in_numbers(attribute(one, end)) for end in ("low", "high"))
    return Interval(int(attribute(one, "index")), str(attribute(one, "answer")), low, high)


def in_numbers(value: date | Decimal | float | str) -> float | None:
    """A day counts by its ordinal; what is absent is an open end."""
    if value == "":
        return None
    return float(value.toordinal() if isinstance(value, date) else value)


def picture(
    drawn: Sequence[Interval], ticks_for: Callable[[Sequence[float]], list[Tick]], name: str, unit: str = ""
) -> SafeString:
    """The whole list: a row for every position in the order given, and the axis."""
    values = [value for one in drawn for value in (one.low, one.high) if value is not None]
    rows: dict[int, list[Interval]] = {}
    for one in drawn:
        rows.setdefault(one.index, []).append(one)
    if len(rows) == 1 or not values:
        return NOTHING
    ticks = ticks_for(values)
    scale = scale_of(values, ticks, mirrored=get_language_bidi())
    grid = format_html_join(
        "", '<line class="line-grid" x1="{0}" x2="{0}" y1="0" y2="100%"></line>', ((at(tick, scale),) for tick in ticks)
    )
    return format_html(
        '<figure class="line"><figcaption class="visually-hidden">{}</figcaption><ol class="line-rows">{}</ol>'
        '<svg class="line-axis" width="100%" height="22" aria-hidden="true" focusable="false">{}</svg>{}</figure>',
        name,
        format_html_join("", "{}", ((row(pieces, scale, grid),) for pieces in rows.values())),
        format_html_join("", "{}", ((label(tick, scale),) for tick in ticks)),
        format_html('<p class="line-unit"><bdi>{}</bdi></p>', word_unit(unit)) if unit else "",
    )


def at(tick: Tick, scale: Scale) -> str:
    return scale.place(tick.value, upper=False)


def row(pieces: Sequence[Interval], scale: Scale, grid: SafeString) -> SafeString:
    """One position: badge and answers as text, then its drawing."""
    index = pieces[0].index
    answers = dict.fromkeys(one.answer for one in pieces)
    return format_html(
        '<li class="line-row {}"><span class="line-answer">{} {}</span>'
        '<svg class="line-track" width="100%" height="24" aria-hidden="true" focusable="false">{}{}</svg></li>',
        position_class(index),
        position_badge(index),
        format_html_join(" ", "{}", ((worded(answer),) for answer in answers)),
        grid,
        format_html_join("", "{}", ((piece(one, scale),) for one in pieces)),
    )


def piece(one: Interval, scale: Scale) -> SafeString:
    """One interval: a bar with its ends, arrows where an end is open, a dot where it is too short to be seen."""
    low, high = scale.place(one.low, upper=False), scale.place(one.high, upper=True)
    if one.low is not None and one.high is not None and scale.distance(one.low, one.high) < DOT:
        return format_html('<circle class="line-point" cx="{}" cy="50%" r="6"></circle>', low)
    return format_html(
        '<line class="line-bar" x1="{}" x2="{}" y1="50%" y2="50%"></line>{}{}',
        low,
        high,
        end(low, is_open=one.low is None),
        end(high, is_open=one.high is None),
    )


def end(place: str, *, is_open: bool) -> SafeString:
    """A closed end stops the bar, an open one carries an arrow out of the picture."""
    inward = 8 if place == "0%" else -8
    shape = f"M{inward} -6 L0 0 L{inward} 6" if is_open else "M0 -8V8"
    return format_html(
        '<svg x="{}" y="50%" overflow="visible"><path class="{}" d="{}"></path></svg>',
        place,
        "line-arrow" if is_open else "line-end",
        shape,
    )


def label(tick: Tick, scale: Scale) -> SafeString:
    """A tick's words below the line, kept within the picture at its ends."""
    share = scale.share(tick.value)
    anchor = "start" if share < 2 * MARGIN else "end" if share > 100 - 2 * MARGIN else "middle"
    return format_html(
        '<text class="line-label" x="{}" y="15" text-anchor="{}">{}</text>', at(tick, scale), anchor, tick.label
    )
