"""What becomes of a passage when its text changes."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claims.text.outcome import Outcome
from claims.text.passages import Finder, Match, Quote, find, framed, quote_of
from claims.text.refusals import TextRefusal
from claims.text.stretches import LONGEST
from tests.text.sample import ARABIC, HEAD, TEXT, found, recorded


@pytest.mark.parametrize("words", ["a preliminary truce", "denied", "two hundred fighters leave the district", "A"])
def test_in_its_own_text_a_passage_is_exact(words: str) -> None:
    quote = recorded(TEXT, words)
    assert Finder(TEXT).find(quote) == Match(Outcome.EXACT, quote.start, quote.end, words, 1.0)


@pytest.mark.parametrize("words", ["preliminary truce", "denied", "the district", "months.\nAccording"])
def test_a_paragraph_at_the_head_moves_a_passage(words: str) -> None:
    quote = recorded(TEXT, words)
    start = TEXT.index(words) + len(HEAD)
    assert Finder(HEAD + TEXT).find(quote) == Match(Outcome.MOVED, start, start + len(words), words, 1.0)


CHANGES = [
    # the passage, what is changed, into what, the words found in its place
    ("a preliminary truce", "preliminary", "lasting", "a lasting truce"),
    ("a preliminary truce", "truce", "ceasefire", "a preliminary ceasefire"),
    ("a preliminary truce", "a preliminary", "the preliminary", "the preliminary truce"),
    ("a preliminary truce", "a preliminary", "a very preliminary", "a very preliminary truce"),
    ("a preliminary truce", "preliminary ", "", "a truce"),
    ("three", "three", "two", "two"),
    ("denied", "denied", "confirmed", "confirmed"),
    ("two hundred fighters leave the district", "hundred", "thousand", "two thousand fighters leave the district"),
    ("two hundred fighters leave", "fighters leave", "people left", "two hundred people left"),
    ("a final agreement had been reached", "had been", "has not been", "a final agreement has not been reached"),
]


@pytest.mark.parametrize("head", ["", HEAD])
@pytest.mark.parametrize(("words", "old", "new", "expected"), CHANGES)
def test_words_changed_inside_alter_a_passage(words: str, old: str, new: str, expected: str, head: str) -> None:
    changed = head + TEXT.replace(old, new, 1)
    match = Finder(changed).find(recorded(TEXT, words))
    assert (match.outcome, match.found) == (Outcome.ALTERED, expected)
    assert 0 <= match.similarity < 1


def test_similarity_falls_with_what_was_changed() -> None:
    quote = recorded(TEXT, "two hundred fighters leave the district")
    little = Finder(TEXT.replace("hundred", "hundreds")).find(quote)
    more = Finder(TEXT.replace("hundred fighters", "dozen men")).find(quote)
    assert 1 > little.similarity > more.similarity > 0.5


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("A negotiator for the other side called it a preliminary truce, to last for three months.\n", ""),
        "Prices of bread and fuel rose again in the capital this week, traders said.\n",
        ARABIC,
        "x",
    ],
)
@pytest.mark.parametrize("words", ["preliminary truce", "called it", "to last for three months", "three"])
def test_a_passage_that_is_gone_is_lost(text: str, words: str) -> None:
    assert Finder(text).find(recorded(TEXT, words)) == Match(Outcome.LOST)


NOISE: dict[str, Callable[[str], str]] = {
    "vowel signs": lambda text: re.sub(r"(?<=\w)(?=\w)", "\u064e", text),
    "tatweel": lambda text: re.sub(r"(?<=[سصضطظفقكلمن])(?=\w)", "\u0640", text),
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "presentation forms": lambda text: text.replace("لا", "ﻻ").replace("ن ", "ﻥ ").replace("و", "ﻭ"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0 "),
    "direction marks": lambda text: "\u202b" + text.replace(" ", "\u200f "),
    "lines broken anew": lambda text: text.replace(" ", "\n"),
}


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("words", ["وثيقة نهائية", "تهدئة أولية لا غير، ومدتها", "نفى المفاوض أن", "الأولى.\nونفى"])
def test_spelling_does_not_lose_a_passage(noise: str, words: str) -> None:
    noisy = NOISE[noise](ARABIC)
    there = Finder(noisy).find(recorded(ARABIC, words))
    assert there.outcome in {Outcome.EXACT, Outcome.MOVED}
    assert (there.similarity, there.ambiguous) == (1.0, False)
    back = Finder(ARABIC).find(quote_of(noisy, there.start or 0, there.end or 0))
    assert (back.outcome in {Outcome.EXACT, Outcome.MOVED}, back.found) == (True, words)


def test_other_spelling_at_the_old_position_is_exact() -> None:
    text = "هدنة أولية في الحي"
    assert find("هدنةٌ أوَّليّةٌ في الحيّ", "هدنة", "", " أولية في", start=text.index("هدنة")).outcome is Outcome.EXACT


def test_words_that_are_all_spelt_otherwise_are_found_far_away() -> None:
    text = ARABIC * 20 + "وافقوا على إطلاق أسرى إلى أحياء أخرى أمس.\n" + ARABIC * 20
    assert found(text, Quote("اطلاق اسرى الى احياء اخرى", start=0)) == ("altered", "إطلاق أسرى إلى أحياء أخرى")


def test_characters_are_not_taken_apart() -> None:
    assert found("ﻻ شيء", Quote("ل", start=0)) == ("lost", "")


def test_a_few_words_in_strange_surroundings_are_no_trace() -> None:
    quote = recorded(TEXT, "three months")
    other = "The harvest was late, and for three months nothing could be sold at the market of the town."
    assert found(other, quote) == ("lost", "")


def test_many_words_in_strange_surroundings_have_moved() -> None:
    quote = recorded(TEXT, "two hundred fighters leave the district")
    other = "What he promised is this: two hundred fighters leave the district; no more, no less."
    assert found(other, quote) == ("moved", quote.exact)


def test_words_that_stand_elsewhere_too_are_altered_where_they_stood() -> None:
    words = "two hundred fighters leave the district"
    text = TEXT + f"He repeated it on Friday, word for word: {words}, he told us.\n"
    quote = recorded(text, words)
    changed = text.replace("two hundred fighters", "two hundred men", 1)
    assert found(changed, quote) == ("altered", "two hundred men leave the district")


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("They went toward the hill.", "war", ("lost", "")),
        ("The war on the hill.", "war", ("exact", "war")),
        ("ولهدنة دائمة شروط", "هدنة دائمة", ("exact", "هدنة دائمة")),
        ("وبالهدنة الدائمة شروط", "الهدنة الدائمة", ("exact", "الهدنة الدائمة")),
        ("معهدنة شروط", "هدنة", ("lost", "")),
        ("هدنتهم وهدنة", "هدنة", ("exact", "هدنة")),
        ("هدنتهم", "هدنت", ("lost", "")),
        ("lasting truce", "lasting treaty", ("lost", "")),
        ("He hired a new driver for his car", "they had a new offer for this war", ("lost", "")),
        ("They signed a lasting truce there.", "signed a lastng truce", ("altered", "signed a lasting truce")),
    ],
)
def test_words_alone(text: str, words: str, expected: tuple[str, str]) -> None:
    assert found(text, Quote(words)) == expected


def test_a_quote_without_surroundings_is_altered_in_its_old_place_only() -> None:
    quote = Quote("a preliminary truce", start=TEXT.index("a preliminary truce"))
    assert found(TEXT.replace("preliminary", "lasting"), quote) == ("altered", "a lasting truce")
    assert found(TEXT.replace("a preliminary truce", "o preluminary trace"), quote) == ("lost", "")
    assert found(HEAD + TEXT.replace("preliminary", "lasting"), quote) == ("lost", "")
    assert found(HEAD + TEXT.replace("preliminary", "lasting"), framed(quote, TEXT)) == ("altered", "a lasting truce")


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (Quote("two", start=4), Quote("two", "one ", " three", 4, 7)),
        (Quote("two", start=5), Quote("two", start=5)),
        (Quote("two"), Quote("two")),
        (Quote("two", prefix="x", start=4), Quote("two", prefix="x", start=4)),
    ],
)
def test_a_quote_takes_its_surroundings_from_its_own_text_only(quote: Quote, expected: Quote) -> None:
    assert framed(quote, "one two three") == expected


def test_quotation_marks_at_the_edges_belong_to_the_passage() -> None:
    text = 'He called it "a truce of the weak" and left the room at once.'
    quote = recorded(text, '"a truce of the weak"')
    assert found(text.replace('"a truce of the weak"', "“a truce of the poor”"), quote) == (
        "altered",
        "“a truce of the poor”",
    )


@pytest.mark.parametrize("words", ["", " ", "\u200f", "...", "\u0640"])
def test_a_passage_without_words_is_refused(words: str) -> None:
    for start in (None, 0):
        with pytest.raises(TextRefusal) as refused:
            find(words + TEXT, words, start=start)
        assert refused.value.code == "passage_empty"


def test_positions_outside_the_text_are_no_matter() -> None:
    for start in (-5, 10**9):
        assert find(TEXT, "a preliminary truce", start=start).outcome is Outcome.MOVED


def test_long_passages_are_found_at_both_ends() -> None:
    words = [f"word{number}" for number in range(1000)]
    text = " ".join(["before", "it", *words, "after", "it"])
    quote = recorded(text, " ".join(words))
    changed = text.replace("word500 ", "quite another ").replace("word30 ", "").replace("word970 ", "a b c ")
    match = Finder(HEAD + changed).find(quote)
    assert match.outcome is Outcome.ALTERED
    assert (match.found.split()[0], match.found.split()[-1]) == ("word0", "word999")


def test_the_longest_passages_are_found_word_for_word_only() -> None:
    text = " ".join(f"word{number}" for number in range(3000))
    quote = quote_of(text, 0, len(text))
    assert len(text) > LONGEST
    assert found(HEAD + text, quote) == ("moved", text)
    assert found(HEAD + text.replace("word9 ", ""), quote) == ("lost", "")


SENTENCES = st.lists(
    st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"), min_size=2, max_size=7),
    min_size=30,
    max_size=60,
    unique=True,
)


@given(SENTENCES, st.sampled_from([1, 2, 3, 5, 12]), st.data())
def test_any_passage_of_any_text(words: list[str], length: int, data: st.DataObject) -> None:
    """Moved by a head, altered by a changed word, not lost by spelling, lost in a text without its words."""
    first = data.draw(st.integers(5, len(words) - length - 5))
    text = " ".join(words)
    start = len(" ".join(words[:first])) + 1
    quote = quote_of(text, start, start + len(" ".join(words[first : first + length])))
    assert Finder(HEAD + text).find(quote) == Match(
        Outcome.MOVED, start + len(HEAD), start + len(HEAD) + len(quote.exact), quote.exact, 1.0
    )
    assert Finder(TEXT).find(quote).outcome is Outcome.LOST
    changed = list(words)
    changed[data.draw(st.integers(first, first + length - 1))] = "changed"
    match = Finder(" ".join(changed)).find(quote)
    assert (match.outcome, match.found) == (Outcome.ALTERED, " ".join(changed[first : first + length]))
    for spell in NOISE.values():
        match = Finder(spell(text)).find(quote)
        assert match.outcome in {Outcome.EXACT, Outcome.MOVED}
        assert not match.ambiguous


@given(st.text(max_size=60), st.text(min_size=1, max_size=20), st.text(max_size=10), st.integers(-5, 80) | st.none())
def test_any_input_has_an_outcome(text: str, exact: str, prefix: str, start: int | None) -> None:
    try:
        match = find(text, exact, prefix, prefix[::-1], start=start)
    except TextRefusal:
        assume(False)
    if match.outcome is Outcome.LOST:
        assert match == Match(Outcome.LOST)
    else:
        assert match.found == text[match.start : match.end] != ""
        assert match.outcome is not Outcome.UNCHECKED
