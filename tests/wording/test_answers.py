"""Answers in words, from every notation of the claims table."""

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.numbers import read_number
from claims.domain.values import Quantity
from claims.domain.vocabulary import AnswerKind, Certainty, Stance
from claims.wording import QuestionWords, isolated, plain, word_answer, word_number, word_quantity
from claims.wording.answers import MOST_IN_A_SENTENCE
from claims.wording.units import word_unit

CHOICE = QuestionWords(AnswerKind.CHOICE)
YES_NO = QuestionWords(AnswerKind.YES_NO)
PEOPLE = QuestionWords(AnswerKind.QUANTITY, unit="people")
DATE = QuestionWords(AnswerKind.DATE)
TEXT = QuestionWords(AnswerKind.TEXT)


@pytest.mark.parametrize(
    ("question", "written", "words"),
    [
        (PEOPLE, "300", "300 people"),
        (PEOPLE, "200..300", "200 to 300 people"),
        (PEOPLE, "~2000", "about 2,000 people"),
        (PEOPLE, "~200..300", "about 200 to 300 people"),
        (PEOPLE, ">=200", "at least 200 people"),
        (PEOPLE, "<=60", "at most 60 people"),
        (PEOPLE, "~>=200", "at least about 200 people"),
        (PEOPLE, "٣٠٠", "300 people"),
        (PEOPLE, "<=0", "at most 0 people"),
        (QuestionWords(AnswerKind.QUANTITY), "1234567.50", "1,234,567.5"),
        (YES_NO, "yes", "yes"),
        (YES_NO, "لا", "no"),
        (CHOICE, "West", "West"),
        (CHOICE, "Homs > West > North-west", "North-west (West, Homs)"),
        (CHOICE, "Idlib | Jarablus", "Idlib or Jarablus"),
        (CHOICE, "Idlib | Jarablus | Homs", "Idlib, Jarablus or Homs"),
        (CHOICE, "=Idlib", "only Idlib"),
        (CHOICE, "=Idlib | Jarablus", "only Idlib or Jarablus"),
        (CHOICE, r"A \> B", "A > B"),
        (DATE, "2015-12-05", "5 December 2015"),
        (DATE, "2015-12~", "about December 2015 (2015-12~)"),
        (TEXT, "meant to last", "meant to last"),
    ],
)
def test_is_worded_as(question: QuestionWords, written: str, words: str) -> None:
    assert plain(word_answer(question, written)) == words


@pytest.mark.parametrize(
    ("written", "unit", "words"),
    [
        ("1", "years", "سنة واحدة"),
        ("~1", "years", "نحو سنة واحدة"),
        ("2", "years", "2 سنة"),
        ("~2.5", "Years ", "نحو 2.5 سنة"),
        ("3", "years", "3 سنوات"),
        ("0..1", "years", "0 إلى 1 سنة"),
        ("12", "months", "12 شهراً"),
        ("2..3", "months", "2 إلى 3 أشهر"),
        (">=1500", "people", "1,500 شخص على الأقل"),
        ("5", "loaves", "5 loaves"),
    ],
)
def test_common_units_are_in_the_readers_language_and_agree(written: str, unit: str, words: str) -> None:
    with override("ar"):
        assert plain(word_answer(QuestionWords(AnswerKind.QUANTITY, unit=unit), written)) == words


def test_a_common_unit_agrees_in_english_too() -> None:
    years = QuestionWords(AnswerKind.QUANTITY, unit="years")
    assert [word_answer(years, written) for written in ("1", "0.5", "0..1")] == ["1 year", "0.5 years", "0 to 1 years"]
    assert word_unit("years") == "years"
    assert word_unit("loaves") == "loaves"


@pytest.mark.parametrize(
    ("question", "written", "stance", "certainty", "words"),
    [
        (CHOICE, "Truce", Stance.AFFIRMS, Certainty.PROBABLE, "probably Truce"),
        (CHOICE, "Truce", Stance.AFFIRMS, Certainty.POSSIBLE, "possibly Truce"),
        (CHOICE, "Truce", Stance.DENIES, Certainty.PLAIN, "not Truce"),
        (CHOICE, "Truce", Stance.DENIES, Certainty.PROBABLE, "probably not Truce"),
        (CHOICE, "Truce", Stance.DENIES, Certainty.POSSIBLE, "possibly not Truce"),
        (CHOICE, "Truce", Stance.DOUBTS, Certainty.PROBABLE, "doubtful: Truce"),
        (YES_NO, "yes", Stance.DENIES, Certainty.PLAIN, "no"),
        (YES_NO, "no", Stance.DENIES, Certainty.PLAIN, "yes"),
        (YES_NO, "yes", Stance.DENIES, Certainty.POSSIBLE, "possibly no"),
        (YES_NO, "yes", Stance.DOUBTS, Certainty.PLAIN, "doubtful: yes"),
        (PEOPLE, "200..300", Stance.DENIES, Certainty.PLAIN, "not 200 to 300 people"),
    ],
)
def test_is_held_as(question: QuestionWords, written: str, stance: Stance, certainty: Certainty, words: str) -> None:
    assert plain(word_answer(question, written, stance=stance, certainty=certainty)) == words


@pytest.mark.parametrize("question", [CHOICE, YES_NO, PEOPLE, DATE])
def test_what_is_no_answer_of_the_kind_is_shown_as_written(question: QuestionWords) -> None:
    assert word_answer(question, "no > > answer") == isolated("no > > answer")


def test_a_sentence_has_neither_broader_options_nor_long_texts() -> None:
    assert plain(word_answer(CHOICE, "West > North-west", brief=True)) == "North-west"
    for question in (TEXT, CHOICE):
        assert len(plain(word_answer(question, "word " * 100, brief=True))) <= MOST_IN_A_SENTENCE
        assert len(plain(word_answer(question, "word " * 100))) > MOST_IN_A_SENTENCE
    assert plain(word_answer(CHOICE, "|".join("abcdefghij"), brief=True)) == "a, b, c, d, e, f, g, h or 2 more"


def test_options_are_shown_by_the_labels_given() -> None:
    question = QuestionWords(AnswerKind.CHOICE, labels={"West": "غرب"})
    assert plain(word_answer(question, "West > North-west")) == "North-west (غرب)"


def test_every_label_and_unit_is_isolated_by_itself() -> None:
    assert word_answer(CHOICE, "Idlib | Jarablus") == f"{isolated('Idlib')} or {isolated('Jarablus')}"
    acres = QuestionWords(AnswerKind.QUANTITY, unit="دونم")
    assert word_answer(acres, "300") == f"300 {isolated('دونم')}"


def test_a_sign_stays_with_its_number_in_either_direction() -> None:
    assert word_number(Decimal("-1500.25")) == isolated("-1,500.25")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_a_number_reads_back(number: Decimal) -> None:
    assert read_number(plain(word_number(number))) == number


def test_a_quantity_without_any_end_has_no_words() -> None:
    with pytest.raises(ValueError, match="without any end"):
        word_quantity(Quantity(None, None))
