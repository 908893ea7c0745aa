"""The answer form of rule 1, the search form, and light stems."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.normalising import (
    Sought,
    answer_form,
    light_stem,
    name_tokens,
    search_beginnings,
    search_form,
    search_stems,
    search_tokens,
    visible_form,
)

ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "اأإآىيةهؤئ\u064e\u0651\u0640\u0653\u0654\u0655ﻻﷺﷲ\ufe76\ufc60\u200f\u200d ،؟.İßΣςﬁé\u0301\r\n٣۳"
        ),
    )
)


SEEN_AS_ONE = ["Café", "Cafe\u0301", "Caf\u200bé", "\u200fCafé", "Café\ufeff", "Caf\u00adé", "Ca\x07fé"]
TOLD_APART = ["Café", "café", "Cafe", "Café.", "Café Royal", "Café  Royal"]


def test_what_no_reader_can_tell_apart_has_one_visible_form_and_what_he_can_has_not() -> None:
    assert {visible_form(text) for text in SEEN_AS_ONE} == {"Café"}
    assert visible_form("Café\u00a0Royal") == visible_form("Café\u2009Royal") == "Café Royal"
    assert len({visible_form(text) for text in TOLD_APART}) == len(TOLD_APART)


@given(ANY_TEXT)
def test_the_visible_form_of_a_form_is_itself(text: str) -> None:
    assert visible_form(visible_form(text)) == visible_form(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("  A  final\u00a0agreement. ", "a final agreement"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁnal", "final"),
        ("１２３", "123"),
        ("cafe\u0301", "café"),
        ("اتِّفَاقٌ نِهَائِيّ", "اتفاق نهائي"),
        ("اتفـــاق", "اتفاق"),
        ("\u202bاتفاق\u202c\u200f", "اتفاق"),
        ("ﻻ", "لا"),
        ("ﺍﺗﻔﺎﻕ", "اتفاق"),
        ("ﺏ\ufe76ﻞ", "بل"),  # a vowel sign as a presentation form does not split the word
        ("هُدنة؟!", "هدنة"),
        ("نعم ، ", "نعم"),
        ("Who? What?", "who? what"),
        ("a (rebel) town", "a (rebel) town"),
        ('"truce"', '"truce"'),  # only the punctuation of sentences goes
        ("50%", "50%"),
        ("...", ""),
        ("أ إ آ ا", "أ إ آ ا"),  # letters that differ stay different
        ("قتلى ٣٠٠", "قتلى ٣٠٠"),
    ],
)
def test_answer_form(text: str, form: str) -> None:
    assert answer_form(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("إلى أنّ آخر", "الي ان اخر"),
        ("مسؤول", "مسوول"),
        ("هيئة الأمم", "هييه الامم"),
        ("هدنة", "هدنه"),
        ("ٱلرحمن", "الرحمن"),
        ("کی", "كي"),
        ("٣٠٠ / ۳۰۰", "300 / 300"),
        ("São Tomé", "sao tome"),
        ("Ελλάδα", "ελλαδα"),
    ],
)
def test_search_form(text: str, form: str) -> None:
    assert search_form(text) == form


# Words of one family, which a search for any of them should find together.
FAMILIES = [
    ["وزير", "الوزير", "والوزير", "للوزير", "وزيرة", "بالوزير"],
    ["اتفاق", "الاتفاق", "بالاتفاق", "والاتفاق", "للاتفاق", "اتفاقات", "الاتفاقات"],
    ["مدينة", "المدينة", "للمدينة", "بالمدينة", "والمدينة"],
    ["معارض", "المعارض", "معارضون", "المعارضين", "والمعارضون"],
    ["محافظ", "المحافظ", "محافظة", "المحافظات"],
    ["سوري", "السوري", "السورية", "سورية", "السوريون", "السوريين"],
    ["حي", "الحي", "للحي", "بالحي"],
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_a_family_of_words_has_one_stem(family: list[str]) -> None:
    assert len({light_stem(search_form(word)) for word in family}) == 1


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("في", "في"),
        ("من", "من"),
        ("وفد", "وفد"),
        ("ولد", "ولد"),
        ("ال", "ال"),
        ("agreements", "agreements"),
        ("300", "300"),
    ],
)
def test_words_too_short_or_foreign_stay_whole(word: str, stem: str) -> None:
    assert light_stem(word) == stem


def test_words_of_different_families_stay_apart() -> None:
    stems = {light_stem(search_form(family[0])) for family in FAMILIES}
    assert len(stems) == len(FAMILIES)


def test_tokens_are_words_and_their_stems_in_order() -> None:
    assert search_tokens("قال الوزيرُ: «نعم»") == ["قال", "الوزير", "زير", "نعم"]
    assert search_stems("الوزير نعم") == ["زير", "نعم"]
    assert search_tokens("!؟") == []


@given(st.text(st.characters(max_codepoint=0x7F)))
@pytest.mark.parametrize("form", [answer_form, search_form, search_tokens, name_tokens])
def test_plain_ascii_has_the_form_that_it_has_among_other_characters(form: Callable[[str], object], text: str) -> None:
    assert form(text) == form(text + "\u200f")  # which is silent, and keeps the text from being ASCII


@given(ANY_TEXT)
def test_forms_of_forms_are_themselves(text: str) -> None:
    assert answer_form(answer_form(text)) == answer_form(text)
    assert search_form(search_form(text)) == search_form(text)


@given(ANY_TEXT)
def test_canonically_equivalent_texts_have_one_form(text: str) -> None:
    for form in (answer_form, search_form):
        assert form(unicodedata.normalize("NFC", text)) == form(unicodedata.normalize("NFD", text)) == form(text)


@given(ANY_TEXT)
def test_the_search_form_only_adds_to_the_answer_form(text: str) -> None:
    assert search_form(answer_form(text)) == search_form(text)


@given(ANY_TEXT)
def test_every_indexed_word_is_found_by_its_stem(text: str) -> None:
    assert set(search_stems(text)) <= set(search_tokens(text))


def test_marks_piled_up_on_a_letter_take_no_time() -> None:
    pile = "a" + "\u0301\u0323" * 300_000
    assert len(answer_form(pile)) <= len("a") + 30
    assert search_form(pile) == "a"


def test_a_name_is_indexed_without_its_article_and_with_its_end() -> None:
    assert name_tokens("السُّوريّون") == ["السوريون", "سوريون", "سور"]
    assert name_tokens("Al-Waer وزير") == ["al", "waer", "وزير", "زير"]


def test_a_word_is_looked_for_by_its_beginnings_and_its_stem() -> None:
    assert search_beginnings("السوريون") == [Sought(("السوريون", "سوريون"), "سور")]
    assert search_beginnings("Homs homs, ...") == [Sought(("homs",), "homs")]
    assert search_beginnings("!") == []


@given(ANY_TEXT)
def test_every_beginning_of_an_indexed_word_is_one_that_is_looked_for(text: str) -> None:
    for token in name_tokens(text):
        for sought in search_beginnings(token):
            assert any(indexed.startswith(sought.beginnings) for indexed in name_tokens(text))
