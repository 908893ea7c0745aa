"""Marking a passage, and showing it in its surroundings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.quotes import Quote, Surroundings, quote_of, surroundings
from claims.text.refusals import TextRefusal

TEXT = "In the end they agreed on a truce; nobody left."


@pytest.mark.parametrize(
    ("start", "end", "context", "quote"),
    [
        (28, 33, 4, Quote("truce", "n a ", "; no", 28, 33)),
        (0, 2, 4, Quote("In", "", " the", 0, 2)),
        (42, 47, 4, Quote("left.", "ody ", "", 42, 47)),
        (0, 47, 32, Quote(TEXT, "", "", 0, 47)),
        (28, 33, 0, Quote("truce", "", "", 28, 33)),
    ],
)
def test_a_passage_is_recorded_with_what_is_around_it(start: int, end: int, context: int, quote: Quote) -> None:
    assert quote_of(TEXT, start, end, context) == quote


def test_offsets_count_code_points() -> None:
    text = "😀 «نعم»"
    assert quote_of(text, 3, 6) == Quote("نعم", "😀 «", "»", 3, 6)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 4), (0, 48), (48, 49)])
def test_a_stretch_that_is_not_in_the_text(start: int, end: int) -> None:
    for take in (quote_of, lambda text, low, high: surroundings(text, low, high, 10)):
        with pytest.raises(TextRefusal) as refused:
            take(TEXT, start, end)
        assert refused.value.values == {"start": str(start), "end": str(end), "length": "47"}


@pytest.mark.parametrize("words", ["", "  ", "...", "\u200f\u0640"])
def test_a_passage_has_a_word(words: str) -> None:
    with pytest.raises(TextRefusal, match="Mark at least one word"):
        quote_of(f"a{words}b", 1, 1 + len(words))


@pytest.mark.parametrize(
    ("start", "end", "around", "expected"),
    [
        (28, 33, 5, Surroundings("on a ", "truce", "; ", True, True)),
        (28, 33, 8, Surroundings(" on a ", "truce", "; nobody", True, True)),
        (28, 33, 9, Surroundings(" on a ", "truce", "; nobody ", True, True)),
        (28, 33, 100, Surroundings(TEXT[:28], "truce", TEXT[33:], False, False)),
        (0, 2, 4, Surroundings("", "In", " the", False, True)),
        (29, 31, 3, Surroundings("a t", "ru", "ce;", True, True)),
        (0, 47, 10, Surroundings("", TEXT, "", False, False)),
    ],
)
def test_surroundings(start: int, end: int, around: int, expected: Surroundings) -> None:
    assert surroundings(TEXT, start, end, around) == expected


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80), st.integers(0, 90))
def test_surroundings_are_of_the_text_and_cut_between_words(text: str, start: int, length: int, around: int) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    shown = surroundings(text, start, end, around)
    assert text.startswith(shown.before + shown.passage + shown.after, start - len(shown.before))
    assert max(len(shown.before), len(shown.after)) <= around
    assert (shown.cut_before, shown.cut_after) == (len(shown.before) < start, len(shown.after) < len(text) - end)
    if shown.cut_before and shown.before:
        assert not (text[start - len(shown.before) - 1].isalnum() and shown.before[0].isalnum())
