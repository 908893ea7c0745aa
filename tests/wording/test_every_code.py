"""Every code that is raised or given as a reason has a sentence, and the sentence asks for no value that is missing."""

import re

import pytest

from claims.domain import dates, edtf, notation, numbers, reasons, vocabulary
from claims.text import decoding
from claims.text import refusals as text_refusals
from claims.wording.reasons import WORDED
from claims.wording.refusal_sentences import EMPTY_ANSWERS, FORMATS, IMPOSSIBLE, SENTENCES
from tests.wording.raised_codes import values_of_codes

BY_VALUE = {"impossible_date": IMPOSSIBLE, "empty_answer": EMPTY_ANSWERS}
"""The codes whose sentence depends on a value."""

REFUSED = values_of_codes("Refusal", "TextRefusal")
ADVISED = {code for module in (edtf, dates) for code in re.findall(r"^(\w+)  ", str(module.__doc__), re.MULTILINE)}
"""The codes of dates: `claims.domain.date_advice` adds the whole text to their values."""


def placeholders(sentence: object) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", str(sentence)))


def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal() -> None:
    assert {*SENTENCES, *BY_VALUE} == set(REFUSED)


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_every_sentence_has_its_values(code: str) -> None:
    given = REFUSED[code] | ({"text"} if code in ADVISED else set())
    for sentence in BY_VALUE.get(code, {code: SENTENCES.get(code)}).values():
        assert placeholders(sentence) <= given


@pytest.mark.parametrize("module", [dates, edtf, numbers, notation, text_refusals])
def test_every_refusal_that_a_table_lists_has_a_sentence(module: object) -> None:
    listed = set(re.findall(r"^(?:\| )?`?([a-z]+(?:_[a-z]+)+)`?(?:  | \|)", str(module.__doc__), re.MULTILINE))
    assert listed
    assert listed <= {*SENTENCES, *BY_VALUE}


def test_every_kind_of_answer_and_field_of_a_date_has_its_own_sentence() -> None:
    assert set(EMPTY_ANSWERS) == set(vocabulary.AnswerKind)
    fields = re.search(r"field \(([\w, ]+)\)", " ".join(str(edtf.__doc__).split()))
    assert fields is not None
    assert set(IMPOSSIBLE) == set(re.split(", | or ", fields[1]))


def test_every_format_that_is_told_apart_has_a_translation() -> None:
    assert set(decoding._FORMATS.values()) == set(FORMATS)


def test_every_reason_has_a_sentence() -> None:
    listed = set(re.findall(r"^`(\w+)`", str(reasons.__doc__), re.MULTILINE))
    assert listed == set(WORDED)
    assert set(values_of_codes("Reason")) <= listed
