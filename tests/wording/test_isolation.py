"""Somebody else's words inside a sentence stay what they are: text, on one line, in their own direction."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.wording import isolated, plain, shortened
from claims.wording.isolation import joined

BEGIN, END = "\u2068", "\u2069"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Final agreement", "Final agreement"),
        ("هدنة أولية", "هدنة أولية"),
        ("two\n\n lines\u2029 and\ttabs ", "two lines and tabs"),
        ("ends \u2069 the isolate", "ends the isolate"),
        ("turns \u202eeverything\u202c around", "turns everything around"),
        ("NUL\0 and \x1b[31m red", "NUL� and �[31m red"),
        ("half \ud83d of a pair", "half � of a pair"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("%(answer)s {answer} %s %", "%(answer)s {answer} %s %"),
    ],
)
def test_is_shown_as(text: str, shown: str) -> None:
    assert isolated(text) == BEGIN + shown + END


@pytest.mark.parametrize("text", ["", "  \n", "\u2068\u2069"])
def test_nothing_stays_nothing(text: str) -> None:
    assert isolated(text) == ""


@given(st.text())
def test_nothing_inside_reaches_outside(text: str) -> None:
    sentence = isolated(text)
    assert sentence.count(BEGIN) == sentence.count(END) <= 1
    inside = sentence[1:-1]
    assert not {unicodedata.category(each) for each in inside} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(each) for each in inside} & {
        "B", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    }  # fmt: skip
    sentence.encode()


@given(st.text())
def test_isolating_again_changes_nothing(text: str) -> None:
    assert isolated(isolated(text)) == isolated(text)


def test_programs_read_it_without_isolates() -> None:
    assert plain(f"A “{isolated('هدنة')}” has 2 origins.") == "A “هدنة” has 2 origins."


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("truce", 5, "truce"),
        ("truces", 5, "truc…"),
        ("the truce", 5, "the…"),
        ("an old truce", 11, "an old…"),
        ("a trucetruce", 11, "a trucetru…"),
    ],
)
def test_is_shortened_to(text: str, most: int, shown: str) -> None:
    assert shortened(text, most) == shown


@pytest.mark.parametrize(
    ("items", "most", "shown"),
    [
        (["a"], None, "a"),
        (["a", "b"], None, "a and b"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b", "c"], 3, "a, b and c"),
        (["a", "b", "c", "d"], 2, "a, b and 2 more"),
    ],
)
def test_is_listed_as(items: list[str], most: int | None, shown: str) -> None:
    assert joined(items, "and", most) == shown
