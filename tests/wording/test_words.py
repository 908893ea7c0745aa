"""Every value of the vocabulary has a word, every state and outcome a sentence."""

import inspect
from enum import StrEnum

import pytest

from claims.domain import vocabulary
from claims.domain.origins import Count
from claims.domain.vocabulary import Outcome, Review, Standing, State
from claims.wording import (
    WORDS,
    explain_outcome,
    explain_state,
    letter_of,
    word,
    word_origins,
    word_outcome,
    word_state,
)

ENUMERATIONS = [
    each
    for _name, each in inspect.getmembers(vocabulary, inspect.isclass)
    if issubclass(each, StrEnum) and each is not StrEnum
]


@pytest.mark.parametrize("enumeration", ENUMERATIONS)
def test_every_value_has_a_word_of_its_own(enumeration: type[StrEnum]) -> None:
    assert set(WORDS[enumeration]) == set(enumeration)
    words = [word(value) for value in enumeration]
    assert len(set(words)) == len(words)
    assert all(words)


def test_there_are_words_for_nothing_else() -> None:
    assert set(WORDS) == set(ENUMERATIONS)


def test_equal_values_of_two_enumerations_keep_their_words() -> None:
    assert (word(Review.DISCARDED), word(Standing.DISCARDED)) == ("Discarded", "Discarded in review")


@pytest.mark.parametrize(
    ("state", "origins", "words"),
    [
        (State.CONTESTED, None, "Contested"),
        (State.QUESTIONED, None, "Questioned"),
        (State.UNRESOLVED, None, "Unresolved wording"),
        (State.SEVERAL_ORIGINS, None, "Several origins"),
        (State.SEVERAL_ORIGINS, Count(2, 2), "Several origins (2)"),
        (State.SEVERAL_ORIGINS, Count(2, 3), "Several origins (2–3)"),
        ("several_origins", Count(2, 2), "Several origins (2)"),
        (State.SINGLE_ORIGIN, Count(1, 1), "Single origin"),
        (State.COMPATIBLE, None, "Compatible"),
        (State.TENTATIVE, None, "Tentative"),
        ("unanswered", None, "Unanswered"),
    ],
)
def test_a_state_is_called(state: str, origins: Count | None, words: str) -> None:
    assert word_state(state, origins) == words


def test_every_state_and_outcome_is_explained_in_a_sentence() -> None:
    sentences = [*map(explain_state, State), explain_state("several_origins", across_sides=True)]
    sentences += map(explain_outcome, Outcome)
    assert len(set(sentences)) == len(State) + 1 + len(Outcome)
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)


def test_sides_are_spoken_of_only_where_there_are_several_origins() -> None:
    assert explain_state(State.CONTESTED, across_sides=True) == explain_state(State.CONTESTED)


@pytest.mark.parametrize("wording", [word_state, explain_state, word_outcome, explain_outcome])
def test_what_is_no_value_has_no_words(wording: object) -> None:
    assert callable(wording)
    with pytest.raises(ValueError, match="true"):
        wording("true")


def test_an_outcome_is_called() -> None:
    assert [word_outcome(outcome) for outcome in Outcome] == [
        "Not looked for yet",
        "Found as recorded",
        "Found at another place",
        "Found altered",
        "Not found",
    ]


@pytest.mark.parametrize(
    ("fewest", "most", "words"), [(0, 0, "0 origins"), (1, 1, "1 origin"), (2, 2, "2 origins"), (1, 2, "1–2 origins")]
)
def test_origins_are_counted(fewest: int, most: int, words: str) -> None:
    assert word_origins(Count(fewest, most)) == words


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (1, "B"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")]
)
def test_positions_have_letters(index: int, letter: str) -> None:
    assert letter_of(index) == letter
