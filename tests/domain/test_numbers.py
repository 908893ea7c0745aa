"""Numbers, quantities and yes/no as the claims table writes them, as others write them, and as nobody should."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.numbers import (
    MOST_CHARACTERS,
    MOST_DECIMALS,
    MOST_INTEGER_DIGITS,
    read_number,
    read_quantity,
    read_yes_no,
    write_number,
    write_quantity,
)
from claims.domain.refusals import Refusal
from claims.domain.values import Quantity, YesNo
from tests.real_data import real_data


def refusal_of_quantity(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_quantity(text)
    return caught.value


def read_or_refused(text: str) -> Quantity | Refusal:
    try:
        return read_quantity(text)
    except Refusal as refused:
        return refused


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("300", "300"),
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("\u20115", "-5"),
        ("2.5", "2.5"),
        ("2.50", "2.5"),
        ("1.234", "1.234"),
        ("0.500", "0.5"),
        ("1500.250", "1500.25"),
        ("1,500", "1500"),
        ("1,500.5", "1500.5"),
        ("-1,234,567", "-1234567"),
        ("1 500", "1500"),
        ("1\u00a0500\u00a0000", "1500000"),
        ("1\u202f500", "1500"),
        ("1\u2009500", "1500"),
        ("٣٠٠", "300"),
        ("۳۰۰", "300"),
        ("١٬٥٠٠", "1500"),
        ("١،٢٣٤،٥٦٧", "1234567"),
        ("٢٫٥", "2.5"),
        ("١٬٥٠٠٫٧٥", "1500.75"),
        ("\u200f٣٠٠\u200f ", "300"),
        ("\u20661\u2069500", "1500"),
        ("9" * 25, "9" * 25),
        ("0." + "1" * 15, "0." + "1" * 15),
        ("0" * 30 + "1." + "0" * 30, "1"),
        ("0" * MOST_CHARACTERS, "0"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)
    assert read_quantity(text) == Quantity(Decimal(number), Decimal(number))
    assert write_number(read_number(text)) == number


@pytest.mark.parametrize(
    ("text", "low", "high", "about"),
    [
        ("200..300", 200, 300, False),
        ("200 .. 300", 200, 300, False),
        ("200…300", 200, 300, False),
        ("200–300", 200, 300, False),
        ("200 — 300", 200, 300, False),
        ("200-300", 200, 300, False),
        ("200 - 300", 200, 300, False),
        ("1,500-2,000", 1500, 2000, False),
        ("1 500..2 000", 1500, 2000, False),
        ("-300..-200", -300, -200, False),
        ("-300–200", -300, 200, False),
        ("٢٠٠..٣٠٠", 200, 300, False),
        ("5..5", 5, 5, False),
        (">=200", 200, None, False),
        (">= 200", 200, None, False),
        ("> =200", 200, None, False),
        ("≥200", 200, None, False),
        ("<=60", None, 60, False),
        ("≤ ٦٠", None, 60, False),
        ("<=-60", None, -60, False),
        ("~2000", 2000, 2000, True),
        ("~ 2000", 2000, 2000, True),
        ("≈2,000", 2000, 2000, True),
        ("~200..300", 200, 300, True),
        ("~>=200", 200, None, True),
        ("~ ≤ 60", None, 60, True),
    ],
)
def test_quantities(text: str, low: int | None, high: int | None, about: bool) -> None:
    ends = (None if low is None else Decimal(low), None if high is None else Decimal(high))
    assert read_quantity(text) == Quantity(*ends, about=about)


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "empty_number", {}),
        (" \u200e", "empty_number", {}),
        ("1" * (MOST_CHARACTERS + 1), "long_number", {"most": "200"}),
        ("1,5", "ambiguous_number", {"part": "1,5", "either": "1.5", "or": "15"}),
        ("١,٥", "ambiguous_number", {"either": "1.5", "or": "15"}),
        ("-0,500", "ambiguous_number", {"either": "-0.5", "or": "-500"}),
        ("1500,5", "ambiguous_number", {"either": "1500.5", "or": "15005"}),
        ("1.500", "ambiguous_number", {"either": "1.5", "or": "1500"}),
        ("100..1.500", "ambiguous_number", {"text": "100..1.500", "part": "1.500"}),
        ("12,34,567", "unreadable_number", {"part": "12,34,567"}),
        ("1.234.567", "unreadable_number", {}),
        ("1.111,11", "unreadable_number", {}),
        ("1,500 000", "unreadable_number", {}),
        ("1 50", "unreadable_number", {}),
        ("1  500", "unreadable_number", {}),
        ("0 500", "unreadable_number", {}),
        ("+5", "unreadable_number", {}),
        ("5.", "unreadable_number", {}),
        (".5", "unreadable_number", {}),
        ("200...300", "unreadable_number", {"part": ".300"}),
        ("2015-12-05", "unreadable_number", {}),
        ("~", "unreadable_number", {"part": "~"}),
        (">=", "unreadable_number", {"part": ">="}),
        ("=>5", "unreadable_number", {}),
        ("..", "unreadable_number", {}),
        ("–5", "unreadable_number", {}),
        ("=300", "unreadable_number", {}),
        ("300 people", "not_a_figure", {"part": "people"}),
        ("three hundred", "not_a_figure", {"part": "three"}),
        ("ثلاثمئة", "not_a_figure", {"part": "ثلاثمئة"}),
        ("50%", "not_a_figure", {"part": "%"}),
        ("$50", "not_a_figure", {"part": "$"}),
        ("3/4", "not_a_figure", {"part": "/"}),
        ("x²", "not_a_figure", {"part": "x²"}),
        ("200\u00ad300", "not_a_figure", {"part": "\N{REPLACEMENT CHARACTER}"}),
        ("300\0", "not_a_figure", {"part": "\N{REPLACEMENT CHARACTER}"}),
        ("\ud800", "not_a_figure", {"text": "\N{REPLACEMENT CHARACTER}"}),
        ("1e5", "exponent", {"part": "1e5"}),
        ("1E-5", "exponent", {"part": "1E-5"}),
        ("10..1e3", "exponent", {"part": "1e3"}),
        ("NaN", "not_finite", {"part": "NaN"}),
        ("-Infinity", "not_finite", {"part": "Infinity"}),
        ("200..inf", "not_finite", {"part": "inf"}),
        (">=∞", "not_finite", {"part": "∞"}),
        ("1" * 26, "too_many_digits", {"integer_digits": "25", "decimals": "15"}),
        ("0." + "1" * 16, "too_many_digits", {}),
        (">200", "strict_bound", {"sign": ">", "number": "200"}),
        ("< 1,500", "strict_bound", {"sign": "<", "number": "1,500"}),
        ("200..", "half_open_range", {"instead": ">=200"}),
        ("..200", "half_open_range", {"instead": "<=200"}),
        ("-300--200", "signed_hyphen_range", {"low": "-300", "high": "-200"}),
        ("-5-10", "signed_hyphen_range", {"low": "-5", "high": "10"}),
        ("200 -300", "signed_hyphen_range", {"low": "200", "high": "300"}),
        ("300..200", "inverted_range", {"text": "300..200", "low": "300", "high": "200"}),
        ("300-200", "inverted_range", {"low": "300", "high": "200"}),
        ("~5..-5", "inverted_range", {"text": "~5..-5", "low": "5", "high": "-5"}),
        ("20~100", "misplaced_about", {"part": "~100"}),
        ("200..~300", "misplaced_about", {"part": "~300"}),
        (">=~200", "misplaced_about", {"part": "~200"}),
        ("~~200", "misplaced_about", {"part": "~200"}),
    ],
)
def test_refusals_say_what_is_wrong_and_where(text: str, code: str, values: dict[str, str]) -> None:
    refused = refusal_of_quantity(text)
    assert (refused.code, {**refused.values, **values}) == (code, dict(refused.values))


@pytest.mark.parametrize("text", ["200..300", ">=200", "~200", "200-300", "five", "", "1e5"])
def test_a_single_number_has_no_range_bound_or_about(text: str) -> None:
    with pytest.raises(Refusal):
        read_number(text)


@pytest.mark.parametrize(
    ("number", "written"),
    [("1E+5", "100000"), ("1E-7", "0.0000001"), ("-0.0", "0"), ("1.500", "1.5"), ("-2.50", "-2.5"), ("0E+3", "0")],
)
def test_numbers_are_written_plainly(number: str, written: str) -> None:
    assert write_number(Decimal(number)) == written


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_written(number: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        write_number(Decimal(number))


@pytest.mark.parametrize(
    "notation", ["300", "-2.5", "200..300", ">=200", "<=60", "~2000", "~200..300", "~>=200", "~<=-60"]
)
def test_the_canonical_notation_is_written_as_it_was_read(notation: str) -> None:
    assert write_quantity(read_quantity(notation)) == notation


def test_a_quantity_without_ends_is_not_written() -> None:
    with pytest.raises(ValueError, match="without any end"):
        write_quantity(Quantity(None, None, about=True))


@pytest.mark.parametrize("text", ["yes", "Yes", " YES ", "y", "Y", "true", "TRUE", "نعم", "نَعَمْ", "نـعم", "\u200fنعم"])
def test_yes(text: str) -> None:
    assert read_yes_no(text) == YesNo(yes=True)


@pytest.mark.parametrize("text", ["no", "NO", "n", "N", "false", "False", "لا", "لَا", "\ufefb", "لا."])
def test_no(text: str) -> None:
    assert read_yes_no(text) == YesNo(yes=False)


@pytest.mark.parametrize("text", ["", "maybe", "yes no", "1", "0", "نعمة", "ليس", "بلا", "👍", "\ud800", "yes\0"])
def test_neither_yes_nor_no(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_yes_no(text)
    assert caught.value.code == "not_yes_or_no"


# --- properties ---

numbers = st.decimals(
    min_value=-(10**MOST_INTEGER_DIGITS) + 1,
    max_value=10**MOST_INTEGER_DIGITS - 1,
    places=MOST_DECIMALS,
    allow_nan=False,
    allow_infinity=False,
) | st.decimals(min_value=-5000, max_value=5000, places=2)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    low, high = sorted([draw(numbers), draw(numbers)])
    ends = draw(st.sampled_from([(low, high), (low, low), (low, None), (None, high)]))
    return Quantity(*ends, about=draw(st.booleans()))


@given(numbers)
def test_numbers_come_back(number: Decimal) -> None:
    written = write_number(number)
    assert read_number(written) == number
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", written)


@given(quantities())
def test_quantities_come_back(quantity: Quantity) -> None:
    assert read_quantity(write_quantity(quantity)) == quantity


@given(st.integers(0, 10**20), st.sampled_from([",", "٬", "،", " ", "\u00a0", "\u202f"]), st.booleans())
def test_thousands_come_back(number: int, separator: str, arabic: bool) -> None:
    written = f"{number:,}".replace(",", separator)
    if arabic:
        written = written.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})
    assert read_number(written) == number


hostile = st.text(
    st.sampled_from("0123456789.,..-–~<>=≥≤eE+ ٠٥۹٫٬،%\u200f\u202e🏳️\ud800\0") | st.characters(), max_size=30
)


@given(hostile | st.tuples(quantities().map(write_quantity), hostile).map("".join))
def test_anything_else_is_refused_and_never_breaks(text: str) -> None:
    outcome = read_or_refused(text)
    if isinstance(outcome, Refusal):
        assert "\0" not in str(outcome).encode().decode()
    else:
        assert outcome.low is None or outcome.high is None or outcome.low <= outcome.high
        assert read_quantity(write_quantity(outcome)) == outcome


@given(hostile)
def test_yes_no_is_read_or_refused(text: str) -> None:
    with pytest.raises(Refusal):
        read_yes_no("-" + text)


# --- numbers as Recognizers-Text has them, in Arabic and English ---

LANGUAGES = ("Arabic", "English")

READ_OTHERWISE = {
    # A comma not before three digits, or after a zero; a point before three of which the last is zero: we ask.
    "ambiguous_number": {
        "٠,٠٨",
        "٠,٢٣٤٥٦",
        "٤,٨",
        "٩,٢٣٢١٣١٢",
        "-٩,٢٣٢١٣١٢",
        "٥,٠٠",
        "5,00",
        "1,3",
        "4.800",
        "25799\u202a,\u202a52",
    },
    # Thousands in twos, a decimal comma after thousands, a figure that begins with its point.
    "unreadable_number": {"12,34,567.89", "1.111,11", "12،220,13", "26،013\u202a,94", ".08", ".23456000"},
}


def figures(language: str) -> set[tuple[str, str]]:
    """Whatever a specification finds that is digits, separators and a sign, with the value it resolves to.

    Words, fractions (4/5) and powers (1.1^23) are no notation of a quantity.
    """
    found = results(f"{language}/NumberModel*.json")
    return {(text, value) for text, value in found if re.fullmatch(r"-?[\d.,،\s\u202a]+", text)}


def results(pattern: str) -> Iterator[tuple[str, str]]:
    """What the specifications find, as written, and the value that it resolves to."""
    for path in real_data("data/recognizers-specs/Number").glob(pattern):
        for case in json.loads(path.read_text(encoding="utf-8-sig")):
            for result in case["Results"]:
                if result.get("Resolution"):
                    yield result["Text"], result["Resolution"]["value"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_have_the_value_that_recognizers_text_gives_them(language: str) -> None:
    left_out = set().union(*READ_OTHERWISE.values())
    compared = {text: value for text, value in figures(language) if text not in left_out}
    assert {text: write_number(read_number(text)) for text in compared} == compared
    assert len(compared) >= 25


def test_figures_read_otherwise_are_asked_about() -> None:
    written = {text for language in LANGUAGES for text, _ in figures(language)}
    for code, texts in READ_OTHERWISE.items():
        assert texts <= written
        assert {text: refusal_of_quantity(text).code for text in texts} == dict.fromkeys(texts, code)


RANGES_REFUSED = {"strict_bound": "<>", "misplaced_about": "~"}
"""Less and more than a number have no notation, for quantities are closed; a tilde is "about", not a range."""


def test_ranges_have_the_ends_that_recognizers_text_gives_them() -> None:
    compared, refused = 0, 0
    for text, value in results("*/NumberRangeModel*.json"):
        if not re.fullmatch(r"[-\d\s~<>=–]*\d[-\d\s~<>=–]*", text):
            continue
        outcome = read_or_refused(text)
        if isinstance(outcome, Refusal):
            assert set(RANGES_REFUSED[outcome.code]) & set(text)
            refused += 1
            continue
        low, high = (Decimal(end) if end else None for end in value.strip("[]()").split(","))
        assert outcome == Quantity(low, high), text
        compared += 1
    assert (compared, refused) == (25, 23)
