"""Pictures of intervals: everything in its place and within the picture, in reading direction, with text beside it."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from claims.templatetags.axes import Scale, date_ticks, number_ticks, round_step
from claims.templatetags.pictures import number_line, time_line

PEOPLE = [
    {"index": 0, "answer": "200 to 300", "low": Decimal(200), "high": Decimal(300)},
    {"index": 1, "answer": "250", "low": Decimal(250), "high": Decimal(250)},
    {"index": 2, "answer": "at least 2000", "low": Decimal(2000), "high": None},
    {"index": 3, "answer": "not 100 to 150", "low": None, "high": Decimal(100)},
    {"index": 3, "answer": "not 100 to 150", "low": Decimal(150), "high": None},
]


def test_every_position_has_its_badge_and_answer_as_text() -> None:
    shown = number_line(PEOPLE, "people")
    rows = re.findall(r'<li class="line-row (.*?)"><span class="line-answer">(.*?)</span><svg', shown)
    assert [style for style, _ in rows] == ["position-a", "position-b", "position-c", "position-d"]
    said = [re.sub("<[^>]+>", "", words) for _, words in rows]
    assert said == ["Position A 200 to 300", "Position B 250", "Position C at least 2000", "Position D not 100 to 150"]
    assert "<bdi>people</bdi>" in shown


def test_drawings_are_for_the_eye_only_and_carry_no_style() -> None:
    shown = number_line(PEOPLE)
    assert shown.count("<svg class=") == shown.count('aria-hidden="true"') == 5  # a track a row, and the axis
    assert "style" not in shown


def test_intervals_points_and_open_ends_are_drawn_differently() -> None:
    first, second, third, fourth = re.findall(r"<li .*?</li>", number_line(PEOPLE), re.DOTALL)
    assert (first.count("line-bar"), first.count("line-end"), first.count("line-arrow")) == (1, 2, 0)
    assert (second.count("line-point"), second.count("line-bar")) == (1, 0)
    assert (third.count("line-end"), third.count("line-arrow")) == (1, 1)
    assert '<svg x="100%"' in third
    assert (fourth.count("line-bar"), fourth.count("line-end"), fourth.count("line-arrow")) == (2, 2, 2)


def test_in_right_to_left_reading_the_line_is_mirrored() -> None:
    with override("ar"):
        third = re.findall(r"<li .*?</li>", number_line(PEOPLE), re.DOTALL)[2]
    assert '<svg x="0%"' in third
    assert Scale(0, 10, mirrored=True).share(2) == pytest.approx(100 - Scale(0, 10, mirrored=False).share(2))


def test_dates_lie_along_a_line_of_days() -> None:
    shown = time_line(
        [
            {"index": 0, "answer": "May 2014", "low": date(2014, 5, 1), "high": date(2014, 5, 31)},
            {"index": 1, "answer": "until 2013", "low": None, "high": date(2013, 12, 31)},
        ]
    )
    assert re.findall(r"<text .*?>(.*?)</text>", shown) == [
        "Nov 2013",
        "Jan 2014",
        "Mar 2014",
        "May 2014",
        "Jul 2014",
    ]


def test_hostile_answers_and_units_are_escaped() -> None:
    hostile = [{"index": index, "answer": "<b>", "low": index, "high": index} for index in range(2)]
    shown = number_line(hostile, '"><script>')
    assert "<b>" not in shown
    assert "<script" not in shown


@pytest.mark.parametrize("intervals", [[], PEOPLE[:1], [{"index": 0, "answer": "x"}, {"index": 1, "answer": "y"}]])
def test_where_nothing_can_be_compared_nothing_is_drawn(intervals: list[dict[str, object]]) -> None:
    assert number_line(intervals) == ""


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([60, 2000], ["0", "500", "1,000", "1,500", "2,000"]),
        ([2, 2.5, 3], ["2", "2.5", "3"]),
        ([250, 250], ["200", "300"]),
        ([300, 300], ["200", "300", "400"]),
        ([0, 0], ["-0.5", "0", "0.5"]),
        ([0.001, 0.0035], ["0.001", "0.002", "0.003", "0.004"]),
    ],
)
def test_numbers_on_the_axis_are_round(values: list[float], labels: list[str]) -> None:
    assert [re.sub("[\u2066-\u2069]", "", tick.label) for tick in number_ticks(values)] == labels


@given(st.lists(st.floats(-1e15, 1e15).filter(lambda value: value == 0 or abs(value) > 1e-6), min_size=1, max_size=5))
def test_number_ticks_rise_and_enclose_the_values(values: list[float]) -> None:
    ticks = [tick.value for tick in number_ticks(values)]
    assert 2 <= len(ticks) <= 7
    assert all(one < other for one, other in pairwise(ticks))
    margin = (ticks[-1] - ticks[0]) * 1e-6
    assert ticks[0] <= min(values) + margin
    assert max(values) - margin <= ticks[-1]


@given(st.floats(1e-12, 1e15))
def test_steps_are_one_two_or_five_times_a_power_of_ten(least: float) -> None:
    step = round_step(least)
    assert least * (1 - 1e-9) <= step <= least * 2.5 * (1 + 1e-9)
    assert f"{step:e}"[0] in "125"


@given(st.dates(), st.integers(0, 400_000))
def test_date_ticks_rise_and_enclose_the_days(first: date, days: int) -> None:
    last = min(first + timedelta(days), date.max) if first.toordinal() + days <= date.max.toordinal() else date.max
    values = [first.toordinal(), last.toordinal()]
    ticks = [tick.value for tick in date_ticks(values)]
    assert 2 <= len(ticks) <= 8
    assert all(one < other for one, other in pairwise(ticks))
    # Before the year 1 and after 9999 there is nothing to write.
    assert ticks[0] <= values[0] or first.year <= 5_000
    assert values[1] <= ticks[-1] or last.year >= 5_000
