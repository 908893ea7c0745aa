"""EDTF as others read it: the cases of python-edtf and edtf-validate, with every one that we read differently."""

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from claims.domain.dates import ReadDate, read_date
from claims.domain.refusals import Refusal
from tests.real_data import real_data

UTC = ZoneInfo("UTC")

OUT_OF_SCOPE = {
    # Years are 1 to 9999.
    "year_out_of_range": {
        *("-0999", "-2005/-1999-02", "-01XX", "-0275~", "-0001~", "-01XX~", "0000", "0000~"),
        *("Y170000002", "Y-170000002", "Y17E7", "Y-17E7", "Y17101E4S3", "Y3388E2S3", "Y171010000S3"),
    },
    # Significant digits: a desk writes 19XX.
    "unreadable_date": {"1950S2", "1953S2", "1953S3"},
    # The 23rd of every month there ever was, which nobody says of anything; it begins in the year 0, too.
    "scattered_date": {"XXXX-XX-23"},
}

SPACED = {
    "[1667, 1668, 1670..1672]",
    "[1760-01, 1760-02, 1760-12..]",
    "[1667, 1760-12]",
    "{1667,1668, 1670..1672}",
    "{1960, 1961-12}",
}
"""Refused, as by edtf-validate; what is proposed instead is what python-edtf reads."""

READ_OTHERWISE = {
    # An unknown end leaves all days open that an open end does; python-edtf takes it as ten years away.
    "/2006": (date.min, date(2006, 12, 31)),
    "2004-06-01/": (date(2004, 6, 1), date.max),
    "1984-06-02?/": (date(1984, 6, 2), date.max),
    # Winter is three months; python-edtf ends it with the year.
    "2010-24": (date(2010, 12, 1), date(2011, 2, 28)),
}

TRIMMED = {" 1863-03-29", "1863-03-29 "}
"""Invalid for edtf-validate; a desk need not care about white space around a date."""


def cases(name: str) -> Any:
    return json.loads((real_data("data/edtf-cases") / f"{name}.json").read_text(encoding="utf-8"))


def extent(read: ReadDate) -> tuple[date, date]:
    return date.fromordinal(read.date.days[0][0]), date.fromordinal(read.date.days[-1][1])


def stated(bounds: list[str]) -> tuple[date, date]:
    """The strict bounds. One value or three: both are the first. The last two of three or four are widened ones."""
    lower, upper = bounds[0], bounds[1 if len(bounds) in {2, 4} else 0]
    return (
        date.min if lower == "-inf" else date.fromisoformat(lower),
        date.max if upper == "inf" else date.fromisoformat(upper),
    )


def refusal(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_date(text, UTC)
    return caught.value


def test_strict_bounds_are_those_of_python_edtf() -> None:
    left_out = set(READ_OTHERWISE).union(*OUT_OF_SCOPE.values())
    compared = 0
    for text, bounds in cases("python-edtf")["EXAMPLES"]:
        if text not in left_out:
            written = refusal(text).values["instead"] if text in SPACED else text
            assert extent(read_date(written, UTC)) == stated(bounds), text
            compared += 1
    assert compared == 67


def test_the_cases_left_out_are_refused_for_the_reason_given() -> None:
    for code, texts in OUT_OF_SCOPE.items():
        assert {text: refusal(text).code for text in texts} == dict.fromkeys(texts, code)
    assert {refusal(text).code for text in SPACED} == {"spaced_date"}


def test_the_cases_read_otherwise() -> None:
    assert {text: extent(read_date(text, UTC)) for text in READ_OTHERWISE} == READ_OTHERWISE


def test_qualifiers_are_noticed_where_python_edtf_notices_them() -> None:
    compared = 0
    for text, qualified in cases("python-edtf")["APPROXIMATE_UNCERTAIN_EXAMPLES"]:
        if not text.startswith("-"):
            assert read_date(text, UTC).date.about is any(qualified), text
            compared += 1
    assert compared == 25


@pytest.mark.parametrize("level", ["L0_Intervals", "L1_Intervals", "L2_Intervals"])
def test_intervals_valid_for_edtf_validate_are_read(level: str) -> None:
    for text in cases("edtf-validate")[level]:
        years_before_the_first = text.startswith(("-", "0000"))
        if years_before_the_first:
            assert refusal(text).code == "year_out_of_range"
        else:
            assert read_date(text, UTC).text == text


@pytest.mark.parametrize("kind", ["invalid_edtf_dates", "invalid_edtf_intervals", "invalid_edtf_datetimes"])
def test_what_edtf_validate_calls_invalid_is_refused(kind: str) -> None:
    for text in cases("edtf-validate")[kind]:
        if text in TRIMMED:
            assert read_date(text, UTC).text == text.strip()
        else:
            assert refusal(text).code


def test_what_python_edtf_calls_bad_is_refused() -> None:
    for text in cases("python-edtf")["BAD_EXAMPLES"]:
        if text is not None:
            assert refusal(text).code
