"""The short way for a claim that joins a position: it leaves exactly what comparing the whole question would leave."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.domain.vocabulary import LinkKind
from claims.models import (
    Agent,
    Attribution,
    Claim,
    ClaimOption,
    Distinction,
    Option,
    Position,
    Question,
    QuestionState,
)
from claims.services import derived, joining
from claims.services.derived import differences
from claims.services.transaction import change, save
from tests import factories as make

pytestmark = pytest.mark.django_db

WORLDS, STEPS = 12, 14


def wrong() -> list[str]:
    questions = Question.objects.values_list("pk", flat=True)
    return list(differences(questions=questions, claims=Claim.objects.values_list("pk", flat=True)))


def says(question: Question, number: int, speaker: Agent | None = None, said_on: str = "", **fields: Any) -> Claim:
    attribution = make.make_attribution(speaker=speaker or make.make_agent(), said_on=said_on)
    return make.make_quantity(question, number, attribution=attribution, **fields)


def restored(claim: Claim) -> None:
    claim.refresh_from_db()
    claim.withdrawn = False
    make.record(claim)


def withdrawn(claim: Claim) -> Claim:
    claim.refresh_from_db()
    claim.withdrawn = True
    return make.record(claim)


@pytest.fixture(autouse=True)
def _small_questions_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here holds at any size; outside of tests small questions are compared whole."""
    monkeypatch.setattr(derived, "MANY_CLAIMS", 0)


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each claim that might have joined a position did."""
    taken = []

    def spy(question: int, claim: int) -> Any:
        row = joining.join(question, claim)
        taken.append(row is not None)
        return row

    monkeypatch.setattr(derived, "join", spy)
    return taken


# --- each condition is needed -------------------------------------------------------------------------------------

# Each makes a question ready, and returns what adds the claim.
Added = Callable[[], Any]


def contested(**fields: Any) -> Question:
    """A question on which 300 stands against 500, once each."""
    question = make.make_quantity_question(**fields)
    says(question, 300)
    says(question, 500)
    return question


def over_time() -> Added:
    question = make.make_quantity_question(over_time="changes", window_hours=24)
    says(question, 300, said_on="2016-09-01")
    says(question, 400, said_on="2016-09-01")
    says(question, 500, said_on="2016-09-20")
    return lambda: says(question, 300, said_on="2016-09-20")


def linked() -> Added:
    question = contested()
    claim = says(question, 300)
    make.make_link(claim, Claim.objects.filter(answer="500").get(), LinkKind.REVISES)
    withdrawn(claim)
    return lambda: restored(claim)


def narrower() -> Added:
    question = make.make_quantity_question()
    make.make_claim(question, answer="200..300", quantity_low=200, quantity_high=300)
    says(question, 250)
    says(question, 250)
    return lambda: says(question, 250)


def affirming_after_denying() -> Added:
    question = make.make_question(kind="date")
    make.make_claim(question, answer="2016-09-19/9999-12-31", stance="denies")
    make.make_claim(question, answer="2020-01-01")
    return lambda: make.make_claim(question, answer="0001-01-01/2016-09-18")


def stated_after_inferred() -> Added:
    question = make.make_quantity_question()
    says(question, 300, inferred=True)
    says(question, 500)
    return lambda: says(question, 300)


def passing_another() -> Added:
    question = contested()
    return lambda: says(question, 500)


def recorded_before() -> Added:
    question = make.make_quantity_question()
    claim = withdrawn(says(question, 300))
    says(question, 300)
    says(question, 500)
    return lambda: restored(claim)


def speaking_again() -> Added:
    question, speaker = contested(), make.make_agent()
    says(question, 300)
    says(question, 500, speaker, said_on="2016-09-01")
    return lambda: says(question, 300, speaker, said_on="2016-09-20")


def judged() -> Added:
    question = contested()
    first, second = (make.make_agent(kind="unnamed", source=make.make_source()) for _ in range(2))
    says(question, 300, first)
    says(question, 300)
    make.record(Distinction(first=first, second=second))
    side = make.make_side()
    for agent in (first, second):
        agent.side = side
        make.record(agent)
    return lambda: says(question, 300, second)


def doubting_oneself() -> Added:
    question, speaker = make.make_quantity_question(), make.make_agent()
    says(question, 300, speaker)
    says(question, 300, speaker, stance="doubts")
    says(question, 500)
    return lambda: says(question, 300)


def second_origin() -> Added:
    question = make.make_quantity_question()
    says(question, 300)
    return lambda: says(question, 300)


def second_side() -> Added:
    question = make.make_quantity_question()
    sides = [make.make_side(party=True) for _ in range(2)]
    for _ in range(2):
        says(question, 300, make.make_agent(side=sides[0]))
    return lambda: says(question, 300, make.make_agent(side=sides[1]))


NEEDED: dict[Callable[[joining.Joining], bool], Callable[[], Added]] = {
    joining.is_fixed: over_time,
    joining.is_unlinked: linked,
    joining.shares_nothing: narrower,
    joining.wording_stays: affirming_after_denying,
    joining.witness_stays: stated_after_inferred,
    joining.place_stays: passing_another,
    joining.is_last: recorded_before,
    joining.speaks_once: speaking_again,
    joining.is_unjudged: judged,
    joining.challenges_stay: doubting_oneself,
    joining.state_stays: second_origin,
    joining.sides_stay: second_side,
}


def test_the_need_of_every_condition_is_shown_below() -> None:
    assert list(NEEDED) == list(joining.CONDITIONS)


@pytest.mark.parametrize("condition", NEEDED, ids=lambda condition: condition.__name__)
def test_where_a_condition_does_not_hold_the_question_is_compared_whole(
    condition: Callable[[joining.Joining], bool], joined: list[bool]
) -> None:
    add = NEEDED[condition]()
    joined.clear()
    add()
    assert joined == [False]
    assert wrong() == []


@pytest.mark.parametrize("condition", NEEDED, ids=lambda condition: condition.__name__)
def test_without_a_condition_the_short_way_goes_wrong(
    condition: Callable[[joining.Joining], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    add = NEEDED[condition]()
    others = tuple(each for each in joining.CONDITIONS if each is not condition)
    monkeypatch.setattr(joining, "CONDITIONS", others)
    add()
    assert wrong() != []


def test_a_claim_added_with_something_else_on_the_question_does_not_join(joined: list[bool]) -> None:
    question = make.make_question()
    first, second = make.make_option(question), make.make_option(question)
    make.make_claim(question, options=[first], stance="denies")
    make.make_claim(question, options=[second])
    joined.clear()
    claim = Claim(question=question, attribution=make.make_attribution(), answer=second.label)
    make.record(Option(question=question, label="Third"), claim, ClaimOption(claim=claim, option=second))
    assert joined == []
    assert wrong() == []


@pytest.mark.parametrize("fields", [{"stance": "doubts"}, {"certainty": "possible"}, {"review": "discarded"}])
def test_a_claim_that_does_not_count_does_not_join(fields: dict[str, str], joined: list[bool]) -> None:
    question = contested()
    says(question, 300, **fields)
    assert not any(joined)
    assert wrong() == []


# --- what the short way leaves is what the long way would leave ---------------------------------------------------


class World:
    """A question of some kind with a few speakers of every sort, on which claims are made at random."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - the same worlds again and again
        kind = self.random.choice(["choice", "several", "yes_no", "quantity", "quantity", "date", "text"])
        self.question = make.make_question(
            kind="choice" if kind == "several" else kind,
            several=kind == "several",
            rounding=self.random.choice([0, 10]),
        )
        self.sides = [make.make_side(party=True), make.make_side(party=True), make.make_side()]
        ministry = make.make_agent(kind="organisation", side=self.sides[0])
        self.speakers = [self.speaker(ministry) for _ in range(STEPS)]
        self.document = make.make_source()
        self.options: list[Option] = []
        if kind in ("choice", "several"):
            above = make.make_option(self.question)
            self.options = [make.make_option(self.question, broader=[above]), make.make_option(self.question), above]
        self.claims: list[Claim] = []

    def speaker(self, ministry: Agent) -> Agent:
        side = self.random.choice([None, *self.sides])
        match self.random.choice(["named", "named", "unnamed", "spokesman", "same"]):
            case "unnamed":
                return make.make_agent(kind="unnamed", source=make.make_source(), side=side)
            case "spokesman":
                return make.make_agent(speaks_for=ministry, side=side)
            case "same":
                return make.make_agent(same_as=make.make_agent(side=side))
        return make.make_agent(side=side)

    def rarely(self) -> bool:
        return self.random.random() < 0.1

    def step(self) -> None:
        """One claim more."""
        speaker = self.random.choice(self.speakers) if self.rarely() else self.speakers.pop()
        self.speakers.insert(0, speaker)
        attribution = make.make_attribution(
            speaker=speaker,
            source=self.random.choice([None, self.document]),
            document=self.document if self.rarely() else None,
            side=self.random.choice(self.sides) if self.rarely() else None,
            relays=[self.random.choice(self.speakers)] if self.rarely() else [],
        )
        claim = make.make_claim(
            self.question,
            attribution=attribution,
            stance="denies" if self.rarely() else "doubts" if self.rarely() else "affirms",
            certainty="possible" if self.rarely() else "plain",
            inferred=self.random.random() < 0.3,
            copied_from=self.random.choice(self.claims) if self.claims and self.rarely() else None,
            **self.answer(),
        )
        self.claims.append(claim)

    def answer(self) -> dict[str, Any]:
        number = self.random.choice([0, 0, 0, 0, 1, 2])
        match self.question.kind:
            case "choice":
                return {"options": [self.options[number]]}
            case "yes_no":
                return {"answer": "yes" if number else "no", "yes": bool(number)}
            case "quantity":
                low, high = [(300, 300), (1500, 1500), (200, 400)][number]
                return {"answer": f"{low}..{high}", "quantity_low": low, "quantity_high": high}
            case "date":
                return {"answer": ["2016-09-19", "2016-09-20", "2016-09"][number]}
        return {"answer": ["A truce", "a truce.", "No truce"][number]}


@pytest.mark.once
def test_what_joining_leaves_is_what_comparing_leaves(joined: list[bool]) -> None:
    for seed in range(WORLDS):
        world = World(seed)
        for step in range(STEPS):
            world.step()
            found = list(differences(questions=[world.question.pk], claims=[claim.pk for claim in world.claims]))
            assert found == [], (seed, step, world.question.kind)
    assert sum(joined) > WORLDS * STEPS / 5


def test_what_is_counted() -> None:
    question = contested()
    source = make.make_source()
    for _ in range(2):
        make.make_quantity(question, 300, attribution=make.make_attribution(source=source))
    position, state = Position.objects.get(question=question, index=0), QuestionState.objects.get(question=question)
    assert (position.answer, position.claims, position.origins_fewest, position.sources) == ("300", 3, 3, 2)
    assert (state.state, state.claims, state.origins_most) == ("contested", 4, 4)
    assert state.latest_claim_at == Claim.objects.latest("pk").recorded_at


# --- it reads only what it must -----------------------------------------------------------------------------------


def crowd(size: int) -> Question:
    """A contested question with so many claims for 300, each of its own speaker, and one for 500."""
    question = make.make_quantity_question()
    with change(by=None, reason="A test needs it", command="test") as this:
        source = make.make_source()
        speakers = [Agent(name=f"{question.pk}: {number}", kind="person") for number in range(size)]
        save(this, speakers)
        attributions = [Attribution(source=source, speaker=speaker) for speaker in speakers]
        save(this, attributions)
        save(
            this,
            [
                Claim(question=question, attribution=each, answer="300", quantity_low=300, quantity_high=300)
                for each in attributions
            ],
        )
    says(question, 500)
    return question


@pytest.mark.once
def test_the_number_of_queries_does_not_depend_on_the_number_of_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    compared: list[int] = []
    monkeypatch.undo()
    for size in (derived.MANY_CLAIMS, 2000):
        question, attribution = crowd(size), make.make_attribution()
        monkeypatch.setattr(derived, "rows_of_questions", lambda keys: compared.extend(keys) or [])
        with CaptureQueriesContext(connection) as queries:
            make.make_quantity(question, 300, attribution=attribution)
        monkeypatch.undo()
        counts.append(len(queries))
    assert compared == []
    assert counts[0] == counts[1] < 60
    assert wrong() == []
