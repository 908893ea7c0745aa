"""Sentences are translated as wholes, with plurals and the names of months, and users' words stay isolated in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from claims.domain.numbers import read_number
from claims.domain.origins import Count
from claims.domain.reasons import Reason
from claims.domain.refusals import Refusal
from claims.domain.vocabulary import AnswerKind, Stance
from claims.wording import (
    ClaimWords,
    PositionWords,
    QuestionWords,
    isolated,
    word,
    word_answer,
    word_date,
    word_origins,
    word_reason,
    word_refusal,
    word_state,
)
from tests.wording.known_names import KnownNames
from tools.compile_messages import compiled

ARABIC = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: ar\\n"
"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;\\n"

msgctxt "state"
msgid "Contested"
msgstr "متنازع عليه"

msgctxt "stance"
msgid "denies"
msgstr "ينفي"

msgctxt "answer"
msgid "not %(answer)s"
msgstr "ليس %(answer)s"

msgid "%(number)s origin"
msgid_plural "%(number)s origins"
msgstr[0] "لا مصدر"
msgstr[1] "مصدر واحد"
msgstr[2] "مصدران"
msgstr[3] "%(number)s مصادر"
msgstr[4] "%(number)s مصدرًا"
msgstr[5] "%(number)s مصدر"

msgid "%(span)s origin"
msgid_plural "%(span)s origins"
msgstr[0] "%(span)s مصدر"
msgstr[1] "%(span)s مصدر"
msgstr[2] "مصدر أو مصدران"
msgstr[3] "%(span)s مصادر"
msgstr[4] "%(span)s مصدرًا"
msgstr[5] "%(span)s مصدر"

msgid "%(first)s and %(second)s cannot both hold: %(who)s."
msgstr "لا يصح %(first)s و%(second)s معًا: %(who)s."

msgid "%(letter)s “%(answer)s”"
msgstr "%(letter)s «%(answer)s»"

msgid "%(speaker)s said %(letter)s"
msgstr "%(letter)s بحسب %(speaker)s"

msgctxt "between clauses"
msgid ", "
msgstr "، "

msgid "“%(text)s” is neither yes nor no. Write one of the two."
msgstr "«%(text)s» ليس نعم ولا لا. اكتب أحدهما."
"""


@pytest.fixture
def arabic(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A few sentences in Arabic in place of the project's own translations."""
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(ARABIC)
    (folder / "django.mo").write_bytes(compiled(folder / "django.po"))
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("ar"):
        yield


@pytest.mark.usefixtures("arabic")
def test_sentences_are_in_the_language_of_the_moment() -> None:
    names = KnownNames(
        QuestionWords(AnswerKind.CHOICE),
        [PositionWords("اتفاق نهائي"), PositionWords("Truce", Stance.DENIES)],
        {1: ClaimWords("مصادر رسمية", "اتفاق نهائي"), 2: ClaimWords("Radio", "Truce", Stance.DENIES)},
    )
    reason = Reason("options_apart", {"positions": (0, 1), "first": 1, "second": 2})
    assert word_reason(reason, names) == (
        f"لا يصح A «{isolated('اتفاق نهائي')}» وB «ليس {isolated('Truce')}» معًا: "
        f"A بحسب {isolated('مصادر رسمية')}، B بحسب {isolated('Radio')}."
    )
    assert word_state("contested") == "متنازع عليه"
    assert word(Stance.DENIES) == "ينفي"
    assert word_date("2015-12-05") == "5 كانون الأول/ديسمبر 2015"
    assert (
        word_refusal(Refusal("not_yes_or_no", {"text": "ربما"})) == f"«{isolated('ربما')}» ليس نعم ولا لا. اكتب أحدهما."
    )


@pytest.mark.usefixtures("arabic")
@pytest.mark.parametrize(
    ("fewest", "most", "words"),
    [(1, 1, "مصدر واحد"), (2, 2, "مصدران"), (1, 2, "مصدر أو مصدران"), (2, 3, "2–3 مصادر"), (11, 11, "11 مصدرًا")],
)
def test_plurals_follow_the_language(fewest: int, most: int, words: str) -> None:
    assert word_origins(Count(fewest, most)) == words


@pytest.mark.usefixtures("arabic")
def test_numbers_are_written_as_they_are_read() -> None:
    question = QuestionWords(AnswerKind.QUANTITY)
    assert word_answer(question, "1500.5") == "1,500.5"
    assert read_number(word_answer(question, "1500.5")) == read_number("1500.5")


def test_without_a_translation_sentences_are_english() -> None:
    assert word_state("contested") == "Contested"
