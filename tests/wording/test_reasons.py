"""Every reason of the rules becomes a sentence: tables of reason and sentence, as a newsroom reads them."""

from decimal import Decimal

import pytest

from claims.domain.reasons import Reason, Value
from claims.domain.vocabulary import AnswerKind, Certainty, Stance, Standing
from claims.wording import ClaimWords, PositionWords, QuestionWords, isolated, plain, word_reason, word_standing
from tests.wording.known_names import KnownNames

CHOICE = QuestionWords(AnswerKind.CHOICE)
PEOPLE = QuestionWords(AnswerKind.QUANTITY, unit="people")
DATE = QuestionWords(AnswerKind.DATE)
PAIR: dict[str, Value] = {"positions": (0, 1), "first": 1, "second": 2}


def two(question: QuestionWords, one: ClaimWords, other: ClaimWords, first: PositionWords | None = None) -> KnownNames:
    """Positions A and B, made of one claim each."""
    positions = [PositionWords(claim.written, claim.stance) for claim in (one, other)]
    return KnownNames(question, [first or positions[0], positions[1]], {1: one, 2: other}, {7: "the governor"})


OFFICIALS = ClaimWords("official sources", "Agreement > Final agreement", source="Report", said="2015-12-01")
CORRESPONDENT = ClaimWords("the correspondent", "Truce > Preliminary truce", source="Report", said="2015-12-02")
NEGOTIATOR = ClaimWords("a negotiator", "Agreement > Final agreement", Stance.DENIES, source="Overview")


@pytest.mark.parametrize(
    ("code", "names", "sentence"),
    [
        (
            "options_apart",
            two(CHOICE, OFFICIALS, CORRESPONDENT),
            (
                "A “Final agreement” and B “Preliminary truce” cannot both hold: official sources said A, the"
                " correspondent said B."
            ),
        ),
        (
            "denied",
            two(CHOICE, OFFICIALS, NEGOTIATOR),
            (
                "A “Final agreement” and B “not Final agreement” cannot both hold, as one denies what the other"
                " affirms: official sources said A, a negotiator said B."
            ),
        ),
        (
            "denied",
            two(
                DATE,
                ClaimWords("one desk", "../2015", Stance.DENIES),
                ClaimWords("another desk", "2015/..", Stance.DENIES),
            ),
            (
                "A “not until 2015” and B “not from 2015 on” cannot both hold, as together they deny every answer:"
                " one desk said A, another desk said B."
            ),
        ),
        (
            "only_against",
            two(CHOICE, ClaimWords("Radio", "=Idlib"), ClaimWords("a driver", "Jarablus")),
            (
                "A “only Idlib” and B “Jarablus” cannot both hold, as “only” leaves room for nothing else: Radio said"
                " A, a driver said B."
            ),
        ),
        (
            "yes_against_no",
            two(
                QuestionWords(AnswerKind.YES_NO),
                ClaimWords("the governor", "yes", inferred=True),
                ClaimWords("the correspondent", "yes", Stance.DENIES),
            ),
            "A “yes” and B “no” cannot both hold: A is inferred from what the governor said, the correspondent said B.",
        ),
        (
            "text_denied",
            two(
                QuestionWords(AnswerKind.TEXT),
                ClaimWords("a minister", "It is over."),
                ClaimWords("a general", "It is over.", Stance.DENIES),
            ),
            (
                "A “It is over.” and B “not It is over.” cannot both hold, as the same words are affirmed and denied: a"
                " minister said A, a general said B."
            ),
        ),
        (
            "days_apart",
            two(DATE, ClaimWords("Radio", "2014-05-05"), ClaimWords("the mayor", "2014-06")),
            "A “5 May 2014” and B “June 2014” have no day in common: Radio said A, the mayor said B.",
        ),
        (
            "numbers_apart",
            two(PEOPLE, ClaimWords("the governor", "200..300"), ClaimWords("Radio", "1500")),
            "A “200 to 300 people” and B “1,500 people” have no number in common: the governor said A, Radio said B.",
        ),
    ],
)
def test_positions_exclude_each_other(code: str, names: KnownNames, sentence: str) -> None:
    assert plain(word_reason(Reason(code, PAIR), names)) == sentence


@pytest.mark.parametrize(
    ("question", "one", "other", "measures"),
    [
        (PEOPLE, "~300", "1500", "“About” is read as up to a tenth more or less."),
        (
            QuestionWords(AnswerKind.QUANTITY, unit="people", tolerance=Decimal(50)),
            "~300",
            "1500",
            "“About” is read as up to 50 people more or less.",
        ),
        (QuestionWords(AnswerKind.QUANTITY, unit="people", tolerance=Decimal(0)), "~300", "1500", ""),
        (
            QuestionWords(AnswerKind.QUANTITY, unit="years", rounding=Decimal("0.5")),
            "2",
            "3",
            "Numbers are read as rounded to 0.5 years.",
        ),
        (
            QuestionWords(AnswerKind.QUANTITY, unit="years", rounding=Decimal("0.5")),
            "2",
            "~3",
            "“About” is read as up to a tenth more or less. Numbers are read as rounded to 0.5 years.",
        ),
        (QuestionWords(AnswerKind.QUANTITY, rounding=Decimal(1), tolerance=Decimal(0)), "~2", "~3", ""),
        (
            QuestionWords(AnswerKind.QUANTITY, window_hours=Decimal("1.5")),
            "2",
            "3",
            "Answers to this question may change after 1.5 hours; these are not known to be that far apart.",
        ),
    ],
)
def test_the_measure_is_told_where_it_matters(question: QuestionWords, one: str, other: str, measures: str) -> None:
    names = two(question, ClaimWords("one", one), ClaimWords("other", other))
    _who, _stop, rest = plain(word_reason(Reason("numbers_apart", PAIR), names)).partition("other said B.")
    assert rest.strip() == measures


@pytest.mark.parametrize(
    ("written", "tolerance", "measures"),
    [
        ("2015-12-05~", 1, "A date that is approximate or uncertain is read as up to 1 day earlier or later."),
        ("2015-12-05?", 3, "A date that is approximate or uncertain is read as up to 3 days earlier or later."),
        ("2015-12-05~", None, ""),
        ("2015-12-05", 3, ""),
    ],
)
def test_the_measure_of_dates_is_told_where_it_matters(written: str, tolerance: int | None, measures: str) -> None:
    question = QuestionWords(AnswerKind.DATE, tolerance=None if tolerance is None else Decimal(tolerance))
    names = two(question, ClaimWords("one", written), ClaimWords("other", "2016"))
    _who, _stop, rest = plain(word_reason(Reason("days_apart", PAIR), names)).partition("other said B.")
    assert rest.strip() == measures


def test_of_what_is_no_number_no_measure_is_told() -> None:
    question = QuestionWords(AnswerKind.QUANTITY, rounding=Decimal(10))
    names = two(question, ClaimWords("one", "a few"), ClaimWords("other", "many"))
    assert plain(word_reason(Reason("numbers_apart", PAIR), names)) == (
        "A “a few” and B “many” have no number in common: one said A, other said B."
    )


@pytest.mark.parametrize("swapped", [False, True])
def test_a_toll_that_fell_is_told_in_order_of_time(swapped: bool) -> None:
    earlier = ClaimWords("Radio", "120", as_of="2017-03-05", said="2017-03-09")
    later = ClaimWords("the mayor", "90", said="2017-03-07")
    names = two(PEOPLE, later, earlier) if swapped else two(PEOPLE, earlier, later)
    first, second = ("B", "A") if swapped else ("A", "B")
    assert plain(word_reason(Reason("fell", PAIR), names)) == (
        f"What can only grow was put at {first} “120 people” (5 March 2017) and later, lower, at {second} “90 people”"
        f" (7 March 2017): Radio said {first}, the mayor said {second}."
    )


def test_speakers_of_one_name_are_told_apart_by_their_sources() -> None:
    names = two(
        CHOICE, ClaimWords("a fighter", "Idlib", source="Report"), ClaimWords("a fighter", "Homs", source="Overview")
    )
    assert plain(word_reason(Reason("options_apart", PAIR), names)).endswith(
        ": a fighter in Report said A, a fighter in Overview said B."
    )


def test_a_set_that_cannot_hold_together_lists_its_positions() -> None:
    positions = [PositionWords("Idlib | Homs"), PositionWords("Idlib | Hama"), PositionWords("Homs | Hama")]
    reason = Reason("no_answer_in_all", {"positions": (0, 1, 2)})
    assert plain(word_reason(reason, KnownNames(CHOICE, positions))) == (
        "No answer satisfies all of A “Idlib or Homs”, B “Idlib or Hama” and C “Homs or Hama”, though no two of them"
        " exclude each other."
    )
    many = KnownNames(CHOICE, [PositionWords(f"Place {number}") for number in range(12)])
    reason = Reason("no_answer_in_all", {"positions": tuple(range(12))})
    assert "H “Place 7” and 4 more, though" in plain(word_reason(reason, many))


def test_positions_may_be_a_list_as_json_has_them() -> None:
    names = two(CHOICE, OFFICIALS, CORRESPONDENT)
    stored: dict[str, object] = {**PAIR, "positions": [0, 1]}
    assert word_reason(Reason("denied", stored), names) == word_reason(Reason("denied", PAIR), names)


@pytest.mark.parametrize("positions", [3, "01", ("A", "B")])
def test_positions_are_numbers(positions: Value) -> None:
    reason = Reason("denied", {**PAIR, "positions": positions})
    with pytest.raises(TypeError, match="numbers"):
        word_reason(reason, two(CHOICE, OFFICIALS, CORRESPONDENT))


DOUBT = ClaimWords("opposition sources", "Agreement", Stance.DOUBTS, inferred=True, source="Report", said="2015-12-03")
POSSIBLE = ClaimWords("a negotiator", "Truce", Stance.DENIES, Certainty.POSSIBLE)
AGREED = ClaimWords("the governor", "Final agreement", source="Post", said="2015-12")


@pytest.mark.parametrize(
    ("reason", "claims", "sentence"),
    [
        (Reason("excluded", {"total": 1}), [], "Answers exclude each other in 1 way."),
        (Reason("excluded", {"total": 1500}), [], "Answers exclude each other in 1500 ways."),
        (
            Reason("speaker_with_two_answers", {"speaker": 7, "first": 1, "second": 2}),
            [AGREED, CORRESPONDENT],
            (
                "The sources disagree on what the governor said: “Final agreement” (Post, December 2015), or"
                " “Preliminary truce” (Report, 2 December 2015)."
            ),
        ),
        (
            Reason("disowned", {"claim": 1, "other": 2}),
            [NEGOTIATOR, AGREED],
            (
                "“Final agreement” (Post, December 2015), carried as words of the governor, is disowned: a negotiator"
                " denied having said so (Overview). Both claims stand."
            ),
        ),
        (
            Reason("disowned", {"claim": 1, "other": 2}),
            [POSSIBLE, AGREED],
            (
                "“Final agreement” (Post, December 2015), carried as words of the governor, is disowned: a negotiator"
                " denied having said so. Both claims stand."
            ),
        ),
        (
            Reason("inferred_only"),
            [],
            "No two answers that were stated exclude each other: this rests on what an editor inferred.",
        ),
        (
            Reason("doubted", {"claim": 1, "other": 2}),
            [DOUBT, AGREED],
            "“Agreement” (inferred) was doubted by opposition sources, while the governor said “Final agreement”.",
        ),
        (
            Reason("held_possible", {"claim": 1, "other": 2}),
            [POSSIBLE, CORRESPONDENT],
            (
                "“not Truce” was held possible by a negotiator, while the correspondent said “Preliminary truce”, which"
                " excludes it."
            ),
        ),
        (
            Reason("retreated", {"claim": 1, "other": 2}),
            [POSSIBLE, AGREED],
            (
                "After “Final agreement” (Post, December 2015), a negotiator later said only “possibly not Truce”. That"
                " revises nothing: the earlier claim stands."
            ),
        ),
        (
            Reason("retreated", {"claim": 1, "other": 2}),
            [DOUBT, AGREED],
            (
                "After “Final agreement” (Post, December 2015), opposition sources later doubted “Agreement” (inferred,"
                " Report, 3 December 2015). That revises nothing: the earlier claim stands."
            ),
        ),
        (
            Reason("supported", {"position": 1, "fewest": 2, "most": 2, "across_sides": False}),
            [],
            "B “Truce” has 2 independent origins.",
        ),
        (
            Reason("supported", {"position": 0, "fewest": 2, "most": 3, "across_sides": True}),
            [],
            "A “not Agreement” has 2–3 independent origins, of different parties to the events.",
        ),
        (Reason("wording_differs"), [], "The texts differ; whether their meanings do is for a reader to judge."),
        (Reason("one_origin"), [], "All definite claims come from one origin."),
        (
            Reason("no_position_with_two"),
            [],
            "The claims come from several origins and do not exclude each other, but no answer has two origins.",
        ),
        (
            Reason("changed_over_time"),
            [],
            "Where the answers differ they are of different times: on this question they may change.",
        ),
        (Reason("only_tentative"), [], "Only doubts and possibilities have been voiced; no claim is definite."),
        (Reason("nothing_stands"), [], "No claim on this question stands."),
    ],
)
def test_a_question_is_in_its_state_because(reason: Reason, claims: list[ClaimWords], sentence: str) -> None:
    positions = [PositionWords("Agreement", Stance.DENIES), PositionWords("Truce")]
    names = KnownNames(CHOICE, positions, dict(enumerate(claims, start=1)), {7: "the governor"})
    assert plain(word_reason(reason, names)) == sentence


def test_a_code_that_the_rules_do_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        word_reason(Reason("because"), KnownNames())


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing.STANDING, "Stands"),
        ("discarded", "Discarded in review"),
        (Standing.RETRACTED, "Retracted by the speaker"),
        (Standing.CORRECTED, "Corrected by the publisher"),
        ("revised", "Revised by “Final agreement” (Post, December 2015)"),
    ],
)
def test_a_claim_stands_or_not(standing: str, words: str) -> None:
    assert plain(word_standing(standing, KnownNames(CHOICE, claims={3: AGREED}), 3)) == words


def test_a_revision_may_be_told_without_its_claim() -> None:
    assert word_standing("revised") == "Revised by a later claim"


def test_hostile_words_stay_words() -> None:
    hostile = "%(who)s {0} <b>\u202e\u2069\n\0 “"
    claim = ClaimWords(hostile, hostile, source=hostile, said=hostile)
    names = KnownNames(CHOICE, [PositionWords(hostile)] * 2, {1: claim, 2: claim}, {7: hostile})
    shown = isolated(hostile)
    reasons = [Reason("options_apart", PAIR), Reason("speaker_with_two_answers", {"speaker": 7, **PAIR})]
    for sentence in (word_reason(reason, names) for reason in reasons):
        assert sentence.count(shown) >= 4
        assert not {"\u202e", "\n", "\0"} & set(sentence)
        assert not hasattr(sentence, "__html__")
