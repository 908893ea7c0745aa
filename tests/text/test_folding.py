"""The fold under which words are the same, and the way back to the original."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.folding import fold, folded

LETTERS = "اأإآىبيلةهؤئ کgeéàﬁﻻﷲﷺ한"
NOISE = "\u064e\u0651\u0640\u0654\u0301\u0323\u200f\u200d\ufe76\ufc60 \u00a0\r\n\t«»“”‘’\u2011…"
TEXTS = st.text(st.one_of(st.sampled_from(LETTERS + NOISE), st.characters(exclude_categories=["Cs"])), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مُتَّفَقٌ عَلَيْهِ", "متفق عليه"),
        ("اتفـــاق", "اتفاق"),
        ("ﺍﻻﺗﻔﺎﻕ", "الاتفاق"),
        ("ﷲ", "الله"),
        ("أ إ آ ؤ ئ", unicodedata.normalize("NFD", "أ إ آ ؤ ئ")),
        ("أَ", "ا\u064e\u0654"),  # a vowel sign between a letter and its hamza
        ("café", "cafe\u0301"),
        ("a\u0301\u0323", "a\u0323\u0301"),  # marks in another order
        ("one\r\ntwo", "one two"),
        ("one\u2028\u00a0 \ttwo", "one two"),
        ("one \u200f two", "one two"),
        ("\u202aone\u202c\ufeff", "one"),
        ("“so” ‘so’ «so»", '"so" \'so\' "so"'),
        ("co\u00adoperate", "cooperate"),
        ("north\u2011west", "north-west"),
        ("ﬁnal ﬂood", "final flood"),
        ("ｆｕｌｌ", "full"),
        ("שָׁלוֹם", "שלום"),
        ("so…", "so..."),
    ],
)
def test_the_same_words(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ان", "أن"),
        ("على", "علي"),
        ("هدنة", "هدنه"),
        ("US", "us"),
        ("cafe", "café"),
        ("10²", "102"),
        ("½", "1/2"),
        ("200\u2013300", "200300"),
        ("a b", "ab"),
        ("will", "wi11"),
        ("٣٠٠", "300"),
    ],
)
def test_other_words(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("قالَ إنَّ الاتِّفَاقَ نهائيّ", "الاتفاق", "الاتِّفَاقَ"),
        ("هو ﺍﻻﺗﻔﺎﻕ الأخير", "الاتفاق", "ﺍﻻﺗﻔﺎﻕ"),
        ("the  final\r\n agreement", "final agreement", "final\r\n agreement"),
        ("\u200fنعم\u200f لا", "نعم", "نعم"),
        ("المؤسّسة".replace("ؤ", "و\u0654"), "المؤسسة", "المؤسّسة".replace("ؤ", "و\u0654")),
        ("لـــكن", "لكن", "لـــكن"),
    ],
)
def test_where_folded_words_came_from(text: str, words: str, found: str) -> None:
    map_ = fold(text)
    begin = map_.text.index(folded(words))
    start, end = map_.span(begin, begin + len(folded(words)))
    assert text[start:end] == found


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("ﻻ", "ل", False),
        ("ﻻ", "ا", False),
        ("ﻻ", "لا", True),
        ("é", "e", False),
        ("e\u0301", "e", False),
        ("أن", "ا", False),
        ("أن", "ن", True),
    ],
)
def test_characters_are_not_taken_apart(text: str, part: str, whole: bool) -> None:
    map_ = fold(text)
    begin = map_.text.index(part)
    assert map_.is_whole(begin, begin + len(part)) is whole


@given(TEXTS)
def test_the_fold_of_a_fold_is_itself(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(TEXTS)
def test_canonically_equivalent_texts_have_one_fold(text: str) -> None:
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text)) == folded(text)


@given(TEXTS, st.data())
def test_every_whole_folded_stretch_comes_from_one_with_that_fold(text: str, data: st.DataObject) -> None:
    map_ = fold(text)
    if not map_.text:
        return
    begin = data.draw(st.integers(0, len(map_.text) - 1))
    end = data.draw(st.integers(begin + 1, len(map_.text)))
    start, stop = map_.span(begin, end)
    assert 0 <= start < stop <= len(text)
    if map_.is_whole(begin, end):
        assert folded(text[start:stop]) == map_.text[begin:end]
    else:
        assert map_.text[begin:end] in folded(text[start:stop])


@given(TEXTS)
def test_places_ascend_and_lead_back(text: str) -> None:
    map_ = fold(text)
    places = [map_.place(offset) for offset in range(len(text) + 1)]
    assert places == sorted(places)
    assert all(0 <= place <= len(map_.text) for place in places)
    for place in range(len(map_.text)):
        start, _ = map_.span(place, place + 1)
        assert map_.place(start) <= place


@given(TEXTS)
def test_noise_between_words_changes_nothing(text: str) -> None:
    words = text.split()
    assert folded(" ".join(words)) == folded("\r\n\u00a0".join(words))
    assert folded("".join(letter + "\u0640\u200f" for letter in unicodedata.normalize("NFC", text))) == folded(text)
