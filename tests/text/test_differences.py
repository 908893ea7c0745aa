"""What changed between two texts, word by word."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.differences import Change, Segment, differences

EQUAL, REMOVED, ADDED = Change.EQUAL, Change.REMOVED, Change.ADDED

WORDS = st.lists(st.sampled_from(["one", "two", "three", "هدنة", "الهدنة", " ", "\n", ".", "«"]), max_size=30)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("same", "same", [(EQUAL, "same")]),
        ("", "new", [(ADDED, "new")]),
        ("old", "", [(REMOVED, "old")]),
        ("a final text", "a draft text", [(EQUAL, "a "), (REMOVED, "final"), (ADDED, "draft"), (EQUAL, " text")]),
        ("a b", "a x b", [(EQUAL, "a "), (ADDED, "x "), (EQUAL, "b")]),
        ("a x y b", "a b", [(EQUAL, "a "), (REMOVED, "x y "), (EQUAL, "b")]),
        ("so one two so", "so 1 2 so", [(EQUAL, "so "), (REMOVED, "one two"), (ADDED, "1 2"), (EQUAL, " so")]),
        ("one\r\ntwo", "one\ntwo", [(EQUAL, "one"), (REMOVED, "\r\n"), (ADDED, "\n"), (EQUAL, "two")]),
        (
            "اتفاق نهائي في الحي",
            "اتفاق أوّلي في الحي",
            [(EQUAL, "اتفاق "), (REMOVED, "نهائي"), (ADDED, "أوّلي"), (EQUAL, " في الحي")],
        ),
        ("a b a b", "b a b a", [(ADDED, "b "), (EQUAL, "a b a"), (REMOVED, " b")]),
        # With its article a word is another word; with its vowel signs it is shown as changed, whole.
        ("قال هدنة", "قال الهدنة", [(EQUAL, "قال "), (REMOVED, "هدنة"), (ADDED, "الهدنة")]),
        ("عقد هدنة", "عقد هُدنة", [(EQUAL, "عقد "), (REMOVED, "هدنة"), (ADDED, "هُدنة")]),
        ("agreed.", "agreed!", [(EQUAL, "agreed"), (REMOVED, "."), (ADDED, "!")]),
    ],
)
def test_differences(old: str, new: str, expected: list[tuple[Change, str]]) -> None:
    assert differences(old, new) == tuple(Segment(change, text) for change, text in expected)


def check(old: str, new: str) -> tuple[Segment, ...]:
    segments = differences(old, new)
    assert "".join(each.text for each in segments if each.change is not ADDED) == old
    assert "".join(each.text for each in segments if each.change is not REMOVED) == new
    assert all(each.text for each in segments)
    order = [each.change for each in segments]
    assert all(one is not other for one, other in itertools.pairwise(order))
    assert (ADDED, REMOVED) not in itertools.pairwise(order)
    return segments


@given(WORDS, WORDS)
def test_the_segments_make_both_texts(old: list[str], new: list[str]) -> None:
    check("".join(old), "".join(new))


@given(st.text(), st.text())
def test_any_two_texts(old: str, new: str) -> None:
    check(old, new)


@given(WORDS, WORDS, WORDS)
def test_what_both_begin_and_end_with_is_equal(head: list[str], old: list[str], tail: list[str]) -> None:
    before, after = "".join(head), "".join(tail)
    segments = check(f"{before} | {''.join(old)} | {after}", f"{before} |  | {after}")
    assert segments[0].text.startswith(before)
    assert segments[-1].text.endswith(after)


def long_text(words: int) -> list[str]:
    """Words of which the most common stand at every second place, as in a language."""
    return [f"word{number * number % 7919 if number % 2 else number % 17}" for number in range(words)]


def test_large_texts_are_compared_word_by_word() -> None:
    old = long_text(100_000)
    new = [*["head"] * 50, *old]
    changed = range(1000, len(new), 5000)
    for place in changed:
        new[place] = "changed"
    segments = check(" ".join(old), " ".join(new))
    assert [each.text for each in segments if each.change is ADDED] == ["head " * 50, *["changed"] * len(changed)]


def test_large_texts_without_anything_in_common_take_no_time() -> None:
    began = time.process_time()
    old, new = "a b " * 150_000 + "c", "b a " * 150_000 + "d"
    check(old, new)
    assert time.process_time() - began < 20
