"""The worked examples of docs/rules.md, row by row: the rules as a reader meets them."""

from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from claims.domain.comparison import Comparison, compare
from claims.domain.exclusion import exclude, held
from claims.domain.known import as_known_on
from claims.domain.notation import WrittenChoice, read_answer
from claims.domain.origins import Count
from claims.domain.values import Agent, Answer, Case, Choice, Claim, Key, Link, Moment, Question, Side
from claims.domain.vocabulary import AnswerKind, Certainty, LinkKind, OverTime, Review, Stance, Standing, State

UTC = ZoneInfo("UTC")
REACHED = Question(
    broader={
        "Agreement": frozenset(),
        "Final agreement": frozenset({"Agreement"}),
        "Truce": frozenset({"Agreement"}),
        "Preliminary truce": frozenset({"Truce"}),
    }
)
WHERE = Question(broader={"West": frozenset(), "North": frozenset(), "North-west": frozenset({"West", "North"})})
YES_NO = Question(kind=AnswerKind.YES_NO)
HOW_MANY = Question(kind=AnswerKind.QUANTITY)
ROUNDED = Question(kind=AnswerKind.QUANTITY, rounding=Decimal(10))
WHEN = Question(kind=AnswerKind.DATE)
WHY = Question(several=True, broader={name: frozenset() for name in "ABC"})
TEXT = Question(kind=AnswerKind.TEXT)
TOLL = Question(kind=AnswerKind.QUANTITY, over_time=OverTime.GROWS)
HOLDS = Question(kind=AnswerKind.YES_NO, over_time=OverTime.CHANGES, window_hours=Decimal(48))

AGENTS = {
    agent.key: agent
    for agent in (
        Agent("governor", side="government"),
        Agent("minister", side="government"),
        Agent("outlet", side="press"),
        Agent("correspondent", named=False, side="press", speaks_for="outlet"),
        Agent("official", named=False, side="government"),
        Agent("officer", named=False, side="government"),
        Agent("negotiator", named=False, side="opposition"),
        Agent("opposition office", side="opposition"),
    )
}
SIDES = {
    "government": Side("government", party=True),
    "opposition": Side("opposition", party=True),
    "press": Side("press"),
}


def said(question: Question, key: Key, text: str, speaker: str = "governor", **fields: object) -> Claim:
    """A claim; a leading "not " denies, "doubts " doubts, "possibly " is possible."""
    words = {"not ": Stance.DENIES, "doubts ": Stance.DOUBTS}
    stance = next((stance for word, stance in words.items() if text.startswith(word)), Stance.AFFIRMS)
    certainty = Certainty.POSSIBLE if text.startswith("possibly ") else Certainty.PLAIN
    written = text.removeprefix("not ").removeprefix("doubts ").removeprefix("possibly ")
    read = read_answer(question.kind, written, UTC)
    answer: Answer = (
        Choice(frozenset(path[-1] for path in read.paths), read.only) if isinstance(read, WrittenChoice) else read
    )
    given = {"source": "source", "stance": stance, "certainty": certainty, "written": written, "order": 0, **fields}
    return Claim(key=key, speaker=speaker, answer=answer, **given)  # type: ignore[arg-type]


def day(number: int, length: int = 1) -> Moment:
    return Moment(number * 86_400, (number + length) * 86_400)


def judged(question: Question, *claims: Claim, links: tuple[Link, ...] = ()) -> Comparison:
    ordered = tuple(replace(claim, order=number) for number, claim in enumerate(claims))
    return compare(Case(question, ordered, AGENTS, SIDES, links))


@pytest.mark.parametrize(
    ("question", "first", "second", "apart"),
    [
        (REACHED, "Truce", "Preliminary truce", False),
        (REACHED, "Final agreement", "Truce", True),
        (REACHED, "Final agreement", "Preliminary truce", True),
        (REACHED, "not Truce", "Final agreement", False),
        (REACHED, "not Truce", "Preliminary truce", True),
        (REACHED, "not Truce", "not Final agreement", False),
        (WHERE, "West", "North-west", False),
        (WHERE, "North", "North-west", False),
        (WHERE, "North", "West", False),
        (YES_NO, "not yes", "no", False),
        (YES_NO, "yes", "no", True),
        (HOW_MANY, "200..300", "250", False),
        (HOW_MANY, "200..300", "1500", True),
        (HOW_MANY, "200..300", "300..400", False),
        (HOW_MANY, "~2000", "1800", False),
        (HOW_MANY, "~2000", "1799", True),
        (HOW_MANY, "not <=60", "60", True),
        (HOW_MANY, "not <=60", "61", False),
        (HOW_MANY, ">=200", "<=60", True),
        (ROUNDED, "120", "130", True),
        (ROUNDED, "120", "124", False),
        (WHEN, "2015-12", "2015-12-31", False),
        (WHEN, "2015-12", "2016-01-01", True),
        (WHEN, "not 2015-12-05", "2015-12-05", True),
        (WHEN, "not 2015-12-05", "2015-12", False),
        (WHEN, "2015-12-05~", "2015-12-06", True),
        (WHY, "A", "B", False),
        (WHY, "A | B", "not A", False),
        (WHY, "=A", "B", True),
        (WHY, "A", "not A", True),
        (TEXT, "It was a truce.", "not It was a truce", True),
        (TEXT, "It was a truce.", "It was an agreement.", False),
        (TEXT, "هُدْنَة", "not هدنة", True),
    ],
)
def test_what_two_claims_leave_open(question: Question, first: str, second: str, apart: bool) -> None:
    one, other = held(question, said(question, 1, first)), held(question, said(question, 2, second))
    assert exclude(question, one, other) is exclude(question, other, one) is apart


def test_an_irreducible_set() -> None:
    claims = [
        said(HOW_MANY, number, text, speaker)
        for number, (text, speaker) in enumerate(
            [("100..200", "governor"), ("not 100..160", "minister"), ("not 140..200", "outlet")]
        )
    ]
    comparison = judged(HOW_MANY, *claims)
    assert comparison.state is State.CONTESTED
    assert [exclusion.positions for exclusion in comparison.exclusions] == [(0, 1, 2)]
    assert comparison.exclusions[0].reason.code == "no_answer_in_all"
    assert judged(HOW_MANY, *claims[:2]).state is not State.CONTESTED
    assert judged(
        WHY,
        *[
            said(WHY, n, t, s)
            for n, (t, s) in enumerate([("A | B", "governor"), ("not A", "minister"), ("not B", "outlet")])
        ],
    ).exclusions[0].positions == (0, 1, 2)


FIRST, LATER, DECEMBER = day(10), day(12), day(10, 31)


@pytest.mark.parametrize(
    ("earlier", "later", "stand"),
    [
        ({"said": FIRST}, {"said": LATER}, {2}),
        ({"said": FIRST}, {"said": DECEMBER}, {1, 2}),
        ({"said": FIRST}, {}, {1, 2}),
        ({"said": FIRST, "speaker": "official"}, {"said": LATER, "speaker": "official"}, {1, 2}),
        ({"said": FIRST}, {"said": LATER, "speaker": "minister"}, {1, 2}),
        ({"said": FIRST, "review": Review.CHECKED}, {"said": LATER}, {1, 2}),
        ({"said": FIRST, "review": Review.CHECKED}, {"said": LATER, "review": Review.CHECKED}, {2}),
        ({"said": FIRST}, {"said": LATER, "relays": ("opposition office",)}, {1, 2}),
        ({"said": FIRST}, {"said": LATER, "relays": ("outlet",)}, {2}),
        ({"said": FIRST}, {"said": LATER, "text": "doubts 100"}, {1, 2}),
        ({"said": FIRST}, {"said": LATER, "text": "100..200"}, {1, 2}),
        ({"said": FIRST, "text": "possibly 900"}, {"said": LATER}, {2}),
        ({"said": FIRST}, {"said": LATER, "review": Review.DISCARDED}, {1}),
        ({"said": FIRST}, {"said": LATER, "retracted": True}, {1}),
        ({"said": FIRST}, {"said": LATER, "corrected": True}, {1}),
    ],
)
def test_which_claims_stand(earlier: dict[str, object], later: dict[str, object], stand: set[int]) -> None:
    claims = [
        said(
            HOW_MANY,
            key,
            str(each.get("text", default)),
            str(each.get("speaker", "governor")),
            **{name: value for name, value in each.items() if name not in {"text", "speaker"}},
        )
        for key, each, default in ((1, earlier, "100"), (2, later, "200"))
    ]
    comparison = judged(HOW_MANY, *claims)
    assert {key for key, standing in comparison.standing.items() if standing is Standing.STANDING} == stand


def test_what_links_do() -> None:
    claims = (said(HOW_MANY, 1, "100", said=FIRST), said(HOW_MANY, 2, "200", said=LATER))
    assert judged(HOW_MANY, *claims).revised_by == {1: 2}
    both = judged(HOW_MANY, *claims, links=(Link(LinkKind.BOTH_STAND, 1, 2),))
    assert (both.state, [reason.code for reason in both.reasons]) == (
        State.CONTESTED,
        ["excluded", "speaker_with_two_answers"],
    )
    disowned = judged(HOW_MANY, *claims, links=(Link(LinkKind.DISOWNS, 2, 1),))
    assert "disowned" in [reason.code for reason in disowned.reasons]
    assert set(disowned.standing.values()) == {Standing.STANDING}
    undated = (said(HOW_MANY, 1, "100"), said(HOW_MANY, 2, "200", "minister"))
    assert judged(HOW_MANY, *undated, links=(Link(LinkKind.REVISES, 2, 1),)).revised_by == {1: 2}


def test_a_later_doubt_is_a_retreat_and_revises_nothing() -> None:
    comparison = judged(HOW_MANY, said(HOW_MANY, 1, "100", said=FIRST), said(HOW_MANY, 2, "doubts 100", said=LATER))
    assert comparison.retreats == ((2, 1),)
    assert comparison.state is State.SINGLE_ORIGIN


@pytest.mark.parametrize(
    ("question", "first", "second", "apart"),
    [
        (TOLL, ("120", day(1)), ("150", day(2)), False),
        (TOLL, ("150", day(1)), ("120", day(2)), True),
        (TOLL, ("150", day(1)), ("120", day(1)), True),
        (TOLL, ("150", day(1)), ("120..160", day(2)), False),
        (TOLL, ("150", None), ("120", day(2)), True),
        (HOLDS, ("yes", day(1)), ("no", day(5)), False),
        (HOLDS, ("yes", day(1)), ("no", day(4)), False),
        (HOLDS, ("yes", day(1)), ("no", day(3)), True),
        (HOLDS, ("yes", day(1)), ("no", None), True),
    ],
)
def test_questions_over_time(
    question: Question, first: tuple[str, Moment | None], second: tuple[str, Moment | None], apart: bool
) -> None:
    one, other = (held(question, said(question, 1, text, as_of=moment)) for text, moment in (first, second))
    assert exclude(question, one, other) is exclude(question, other, one) is apart


def test_compatible_over_time_is_worded_so() -> None:
    comparison = judged(
        HOLDS, said(HOLDS, 1, "yes", "governor", said=day(1)), said(HOLDS, 2, "no", "negotiator", said=day(9))
    )
    assert (comparison.state, comparison.reasons[0].code) == (State.COMPATIBLE, "changed_over_time")


@pytest.mark.parametrize(
    ("speakers", "origins"),
    [
        (("governor", "minister"), Count(2, 2)),
        (("outlet", "correspondent"), Count(1, 1)),
        (("official", "officer"), Count(1, 2)),
        (("official", "negotiator"), Count(2, 2)),
        (("governor", "official"), Count(1, 2)),
        (("governor", "official", "officer", "negotiator"), Count(2, 4)),
    ],
)
def test_how_many_origins(speakers: tuple[str, ...], origins: Count) -> None:
    claims = [said(YES_NO, number, "yes", speaker) for number, speaker in enumerate(speakers)]
    comparison = judged(YES_NO, *claims)
    assert comparison.origins == comparison.positions[0].origins == origins


def test_a_copy_has_the_origin_of_what_it_copies() -> None:
    claims = (said(YES_NO, 1, "yes", "governor"), said(YES_NO, 2, "yes", "minister", copied_from=1))
    assert judged(YES_NO, *claims).origins == Count(1, 1)


def test_what_a_party_says_that_the_other_said_is_its_own_claim() -> None:
    carried = said(YES_NO, 1, "yes", "opposition office", relays=("outlet", "governor", "outlet"))
    comparison = judged(YES_NO, carried, said(YES_NO, 2, "yes", "governor"))
    assert comparison.origins == Count(1, 1)
    across = judged(YES_NO, said(YES_NO, 1, "yes", "opposition office"), said(YES_NO, 2, "yes", "governor"))
    assert (across.state, across.across_sides) == (State.SEVERAL_ORIGINS, True)


@pytest.mark.parametrize(
    ("claims", "state"),
    [
        ([("Final agreement", "governor"), ("Truce", "outlet")], State.CONTESTED),
        ([("Final agreement", "governor"), ("doubts Agreement", "negotiator")], State.QUESTIONED),
        ([("Agreement", "governor"), ("doubts Final agreement", "negotiator")], State.SINGLE_ORIGIN),
        ([("Final agreement", "governor"), ("possibly Truce", "outlet")], State.QUESTIONED),
        ([("Final agreement", "governor"), ("possibly not Agreement", "outlet")], State.QUESTIONED),
        ([("Final agreement", "governor"), ("doubts Agreement", "governor")], State.SINGLE_ORIGIN),
        ([("Truce", "governor"), ("Preliminary truce", "outlet")], State.SEVERAL_ORIGINS),
        ([("Truce", "governor"), ("not Final agreement", "outlet")], State.COMPATIBLE),
        ([("Truce", "governor"), ("Preliminary truce", "governor")], State.SINGLE_ORIGIN),
        ([("possibly Truce", "governor")], State.TENTATIVE),
        ([], State.UNANSWERED),
    ],
)
def test_states(claims: list[tuple[str, str]], state: State) -> None:
    made = [said(REACHED, number, text, speaker) for number, (text, speaker) in enumerate(claims)]
    assert judged(REACHED, *made).state is state


def test_texts_that_differ_are_unresolved() -> None:
    claims = (said(TEXT, 1, "It was a truce", "governor"), said(TEXT, 2, "A truce, nothing more", "outlet"))
    assert judged(TEXT, *claims).state is State.UNRESOLVED


def test_as_known_on_a_date() -> None:
    claims = (
        said(YES_NO, 1, "yes", "governor", published=day(1)),
        said(YES_NO, 2, "no", "outlet", said=day(5), published=day(9)),
        said(YES_NO, 3, "no", "minister"),
        said(YES_NO, 4, "no", "negotiator", said=day(1), retracted=True, retracted_on=day(7)),
    )
    case = Case(YES_NO, claims, AGENTS, SIDES)
    assert [claim.key for claim in as_known_on(case, day(1)).claims] == [1, 4]
    assert compare(as_known_on(case, day(4))).state is State.CONTESTED
    assert compare(as_known_on(case, day(7))).standing[4] is Standing.RETRACTED
    assert [claim.key for claim in as_known_on(case, day(5)).claims] == [1, 2, 4]


def test_a_copy_keeps_its_origin_when_what_it_copies_was_not_known_yet() -> None:
    claims = (
        said(YES_NO, 1, "yes", "governor", published=day(9)),
        said(YES_NO, 2, "yes", "minister", published=day(1), copied_from=1),
        said(YES_NO, 3, "yes", "governor", published=day(1)),
    )
    known = as_known_on(Case(YES_NO, claims, AGENTS, SIDES), day(2))
    assert compare(known).origins == Count(1, 1)


def test_a_document_is_not_taken_for_the_agent_of_the_same_key() -> None:
    claims = (
        said(YES_NO, 1, "yes", "governor", document="negotiator"),
        said(YES_NO, 2, "yes", "official"),
        said(YES_NO, 3, "yes", "officer"),
    )
    distinct = frozenset({frozenset({"official", "negotiator"})})
    assert compare(Case(YES_NO, claims, AGENTS, SIDES, distinct=distinct)).origins.fewest == 1
