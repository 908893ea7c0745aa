"""Derived state: a pure function of the records, whatever is changed and in whatever order."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from claims.domain.vocabulary import LinkKind
from claims.models import (
    RECORDS,
    Agent,
    Attribution,
    Claim,
    ClaimState,
    ClaimToken,
    Correction,
    Distinction,
    Option,
    Passage,
    Position,
    Question,
    QuestionState,
    Record,
    Relay,
    Retraction,
    Side,
    Source,
)
from claims.queries.affected import CLAIMS_OF, QUESTIONS_OF
from claims.services.derived import differences, refresh
from claims.services.transaction import change, save
from tests import factories as make

pytestmark = pytest.mark.django_db


def wrong() -> list[str]:
    questions = Question.objects.values_list("pk", flat=True)
    return list(differences(questions=questions, claims=Claim.objects.values_list("pk", flat=True)))


def altered(record: Record, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    make.record(record)


@pytest.fixture
def desk() -> dict[str, Any]:
    """Two named speakers of two parties who disagree, one of them relayed, on a choice question with a path."""
    government, opposition = make.make_side(party=True), make.make_side(party=True)
    governor = make.make_agent(side=government)
    negotiator = make.make_agent(side=opposition)
    network = make.make_agent(kind="outlet")
    question = make.make_question()
    agreement = make.make_option(question, "Agreement")
    final = make.make_option(question, "Final", broader=[agreement])
    truce = make.make_option(question, "Truce", broader=[agreement])
    first = make.make_claim(question, attribution=make.make_attribution(speaker=governor), options=[final])
    second = make.make_claim(
        question, attribution=make.make_attribution(speaker=negotiator, relays=[network]), options=[truce]
    )
    return locals()


def test_what_a_change_leaves_is_what_the_records_make_of_it(desk: dict[str, Any]) -> None:
    assert desk["question"].state.state == "contested"
    assert wrong() == []


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "review": lambda desk: altered(desk["first"], review="discarded"),
    "stance": lambda desk: altered(desk["first"], stance="doubts"),
    "certainty": lambda desk: altered(desk["first"], certainty="possible"),
    "no question": lambda desk: altered(desk["first"], question=None),
    "another question": lambda desk: altered(desk["first"], question=make.make_question()),
    "another question, the last position left behind": lambda desk: altered(
        desk["second"], question=make.make_question()
    ),
    "withdrawn": lambda desk: altered(desk["first"], withdrawn=True),
    "side becomes no party": lambda desk: altered(desk["government"], party=False),
    "same agent": lambda desk: altered(desk["negotiator"], same_as=desk["governor"]),
    "speaks for": lambda desk: altered(desk["governor"], speaks_for=desk["network"]),
    "speaker's name": lambda desk: altered(desk["governor"], name="Another name"),
    "source's title": lambda desk: altered(desk["first"].attribution.source, title="Another title"),
    "publisher": lambda desk: altered(desk["first"].attribution.source, publisher=desk["network"]),
    "speaker": lambda desk: altered(desk["first"].attribution, speaker=desk["negotiator"]),
    "relay": lambda desk: altered(desk["second"].attribution.relays.get(), agent=desk["governor"]),
    "passage": lambda desk: make.make_passage(desk["first"].attribution),
    "topic": lambda desk: altered(desk["question"], topic=make.make_topic()),
    "question's text": lambda desk: altered(desk["question"], text="Was anything reached?"),
    "step": lambda desk: altered(desk["truce"].broader_links.get(), withdrawn=True),
    "retraction": lambda desk: make.record(Retraction(claim=desk["first"])),
    "correction": lambda desk: make.record(Correction(claim=desk["first"])),
    "link": lambda desk: make.make_link(desk["second"], desk["first"], LinkKind.REVISES),
    "distinction": lambda desk: make.record(Distinction(first=desk["governor"], second=desk["negotiator"])),
    "copied": lambda desk: altered(desk["second"], copied_from=desk["first"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_no_change_leaves_derived_state_behind(name: str, desk: dict[str, Any]) -> None:
    CHANGES[name](desk)
    assert wrong() == []


def test_the_changes_tried_above_change_something(desk: dict[str, Any]) -> None:
    """So that a refresh that does nothing is seen."""
    CHANGES["review"](desk)
    assert QuestionState.objects.get(question=desk["question"]).state == "single_origin"
    assert ClaimState.objects.get(claim=desk["first"]).standing == "discarded"
    assert Position.objects.filter(question=desk["question"]).count() == 1


def test_a_copy_of_a_copy_follows_its_origin(desk: dict[str, Any]) -> None:
    question = make.make_question(kind="yes_no")
    origin = make.make_claim(
        question, attribution=make.make_attribution(speaker=desk["governor"]), yes=True, answer="yes"
    )
    copy = make.make_claim(question, yes=True, answer="yes", copied_from=origin)
    make.make_claim(question, yes=True, answer="yes", copied_from=copy)
    question.refresh_from_db()
    assert (question.state.state, question.state.origins_most) == ("single_origin", 1)
    altered(origin.attribution, document=make.make_source())
    assert wrong() == []


def test_each_table_is_checked(desk: dict[str, Any]) -> None:
    """Every way in which a derived row can be wrong is named."""
    tampered: list[tuple[QuerySet[Any], dict[str, Any], str]] = [
        (ClaimState.objects.filter(claim=desk["first"]), {"contested": False}, "contested"),
        (ClaimState.objects.filter(claim=desk["first"]), {"publisher": desk["network"]}, "publisher_id"),
        (QuestionState.objects.filter(question=desk["question"]), {"state": "compatible"}, "state"),
        (Position.objects.filter(question=desk["question"], index=0), {"sources": 9}, "sources"),
        (ClaimToken.objects.filter(claim=desk["first"]), {"token": "x"}, "token"),
    ]
    for rows, values, named in tampered:
        with change(by=None, reason="r", command="t"):
            one = rows.order_by("pk")[:1]
            type(one[0])._default_manager.filter(pk=one[0].pk).update(**values)
        found = wrong()
        assert len(found) == 1
        assert named in found[0]
        with change(by=None, reason="r", command="t"):
            refresh(questions=[desk["question"].pk], claims=[desk["first"].pk, desk["second"].pk])
        assert wrong() == []


def test_a_claim_moved_to_another_question_leaves_the_first_one(desk: dict[str, Any]) -> None:
    other = make.make_question()
    altered(desk["first"], question=other)
    assert QuestionState.objects.get(question=desk["question"]).state == "single_origin"
    assert ClaimState.objects.get(claim=desk["first"]).question_id == other.pk


def test_a_change_that_bears_on_nothing_compares_nothing() -> None:
    with CaptureQueriesContext(connection) as queries, change(by=None, reason="r", command="t") as this:
        save(this, [Side(name="A side")])
    assert [query["sql"] for query in queries if "claimstate" in query["sql"] or "position" in query["sql"]] == []


def test_models_that_bear_on_claims_are_all_known() -> None:
    """A new table must say whether it bears on claims."""
    nothing = {"Snapshot", "Finding"}
    assert {model.__name__ for model in RECORDS} - nothing == {model.__name__ for model in (*CLAIMS_OF, *QUESTIONS_OF)}
    assert {Agent, Attribution, Option, Passage, Relay, Source} <= {*CLAIMS_OF, *QUESTIONS_OF}
