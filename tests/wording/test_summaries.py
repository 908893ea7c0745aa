"""A question in one line: who said what."""

import pytest

from claims.domain.values import Key
from claims.domain.vocabulary import AnswerKind, Certainty, Stance
from claims.wording import ClaimWords, PositionWords, QuestionWords, plain, word_summary
from tests.wording.known_names import KnownNames

CHOICE = QuestionWords(AnswerKind.CHOICE)
YES_NO = QuestionWords(AnswerKind.YES_NO)
MONTHS = QuestionWords(AnswerKind.QUANTITY, unit="months")


@pytest.mark.parametrize(
    ("question", "positions", "line"),
    [
        (
            CHOICE,
            [
                PositionWords("Agreement > Final agreement", speakers=("official sources",)),
                PositionWords("Truce", speakers=("the correspondent", "a negotiator")),
            ],
            "official sources said Final agreement; the correspondent and a negotiator said Truce",
        ),
        (
            YES_NO,
            [PositionWords("yes", speakers=("Radio",), inferred=True), PositionWords("no", speakers=("the mayor",))],
            "Radio said yes (inferred); the mayor said no",
        ),
        (
            CHOICE,
            [PositionWords("Truce", Stance.DENIES, ("Radio", "Radio", "the mayor", "a driver", "a nurse"))],
            "Radio, the mayor and 2 more denied Truce",
        ),
        (CHOICE, [PositionWords("Truce", speakers=("Radio",), speakers_total=12)], "Radio and 11 more said Truce"),
        (
            CHOICE,
            [PositionWords("Truce", speakers=("Radio", "the mayor", "a nurse"), speakers_total=50)],
            "Radio, the mayor and 48 more said Truce",
        ),
        (CHOICE, [PositionWords("Truce")], "Truce"),
        (
            CHOICE,
            [PositionWords(f"Place {number}", speakers=("Radio",)) for number in range(5)],
            "Radio said Place 0; Radio said Place 1; Radio said Place 2; 2 other answers",
        ),
    ],
)
def test_positions_are_summed_up(question: QuestionWords, positions: list[PositionWords], line: str) -> None:
    assert plain(word_summary(KnownNames(question, positions), len(positions))) == line


def test_where_nothing_is_definite_doubts_and_possibles_are_told() -> None:
    claims: dict[Key, ClaimWords] = {
        1: ClaimWords("the governor", "1..2", certainty=Certainty.POSSIBLE),
        2: ClaimWords("a driver", "3", Stance.DOUBTS, inferred=True),
        3: ClaimWords("a nurse", "2", Stance.DENIES, Certainty.POSSIBLE),
    }
    assert plain(word_summary(KnownNames(MONTHS, claims=claims), 0, [1, 2, 3])) == (
        "the governor said possibly 1 to 2 months; a driver doubted 3 months (inferred);"
        " a nurse said possibly not 2 months"
    )


def test_where_nothing_stands_there_is_nothing_to_tell() -> None:
    assert word_summary(KnownNames(), 0) == ""


def test_the_line_stays_short() -> None:
    positions = [PositionWords("word " * 90, speakers=tuple(f"{number} " + "name " * 90 for number in range(9)))] * 9
    line = plain(word_summary(KnownNames(QuestionWords(AnswerKind.TEXT), positions), 9))
    assert len(line) < 520
    assert "\n" not in line
