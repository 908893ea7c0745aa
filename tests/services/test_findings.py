"""Findings: a question settled by somebody, on grounds, in an answer that the question can have."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims.domain.vocabulary import AnswerKind, OverTime, State
from claims.models import Finding, Option, Question, QuestionState, User
from claims.permissions import Role
from claims.services.findings import Settlement, settle, withdraw_findings
from claims.services.refusals import Stale
from claims.wording import plain
from tests import factories as make
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> User:
    return make.make_user(Role.REVIEWER)


@pytest.fixture
def places() -> Question:
    """A choice: West > North-west."""
    question = make.make_question()
    make.make_option(question, "North-west", broader=[make.make_option(question, "West")])
    return question


def test_a_finding_is_somebody_s_dated_and_on_grounds_and_the_state_stays(reviewer: User) -> None:
    question = make.make_quantity_question()
    make.make_quantity(question, 300)
    make.make_quantity(question, 30)
    [finding] = settle(
        settlements=[
            Settlement(question=question, answer=" 200..300 ", statement="Some", grounds="The lists of names")
        ],
        by=reviewer,
        reason="Asked by the desk",
    )
    kept = Finding.objects.get()
    assert (kept.question, kept.answer, kept.statement, kept.grounds) == (
        question, "200..300", "Some", "The lists of names",
    )  # fmt: skip
    assert (kept.settled_by, kept.settled_on) == (reviewer, finding.recorded_at)
    assert why(kept) == ("Asked by the desk", reviewer)
    assert QuestionState.objects.get(question=question).state == State.CONTESTED
    assert withdraw_findings(findings=[finding], by=reviewer, reason="The lists are forged") == [finding]
    assert (finding.withdrawn, finding.version, why(finding)) == (True, 2, ("The lists are forged", reviewer))


def test_a_question_may_be_settled_again_as_of_another_day(reviewer: User) -> None:
    question = make.make_question(kind=AnswerKind.YES_NO)
    day = datetime(2020, 3, 1, tzinfo=UTC)
    settlements = [
        Settlement(question=question, answer="نعم", grounds="One witness", settled_on=day),
        Settlement(question=question, answer="no", grounds="Five witnesses"),
    ]
    findings = settle(settlements=settlements, by=reviewer, reason="As the witnesses came")
    assert [finding.answer for finding in findings] == ["نعم", "no"]
    assert findings[0].settled_on == day


@pytest.mark.parametrize("answer", ["West", "North-west", "West > North-west", "=West", "West | North-west"])
def test_options_are_named_as_in_a_claim(answer: str, places: Question, reviewer: User) -> None:
    settle(settlements=[Settlement(question=places, answer=answer, grounds="The map")], by=reviewer, reason="Asked")
    assert Option.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "answer", "sentence"),
    [
        (AnswerKind.QUANTITY, "many", "no figure"),
        (AnswerKind.QUANTITY, "300..200", "lower one first"),
        (AnswerKind.DATE, "2015-02-30", "the day 30"),
        (AnswerKind.YES_NO, "perhaps", "perhaps"),
        (AnswerKind.TEXT, "...", "..."),
        (AnswerKind.CHOICE, "East", "no option “East”"),
        (AnswerKind.CHOICE, "North-west > West", "does not stand under"),
        (AnswerKind.CHOICE, "West >", "name"),
        (AnswerKind.TEXT, "  ", "answer"),
    ],
)
def test_an_answer_that_the_question_cannot_have_is_refused_on_its_field(
    kind: AnswerKind, answer: str, sentence: str, places: Question, reviewer: User
) -> None:
    question = places if kind is AnswerKind.CHOICE else make.make_question(kind=kind)
    fine = Settlement(question=places, answer="West", grounds="The map")
    with nothing_written(), pytest.raises(ValidationError) as raised:
        settle(
            settlements=[fine, Settlement(question=question, answer=answer, grounds="The map")],
            by=reviewer,
            reason="Asked",
        )
    assert list(raised.value.message_dict) == ["answer"]
    assert sentence in plain(raised.value.messages[0])


def test_grounds_a_day_that_has_been_and_a_current_question_are_needed(reviewer: User) -> None:
    question = make.make_question(kind=AnswerKind.YES_NO, over_time=OverTime.FIXED)
    gone = make.make_question(kind=AnswerKind.YES_NO, withdrawn=True)
    later = timezone.now() + timedelta(minutes=5)
    refused = {
        "grounds": Settlement(question=question, answer="yes", grounds=" \n"),
        "settled_on": Settlement(question=question, answer="yes", grounds="A list", settled_on=later),
        "question": Settlement(question=gone, answer="yes", grounds="A list"),
    }
    for field, settlement in refused.items():
        with nothing_written(), pytest.raises(ValidationError) as raised:
            settle(settlements=[settlement], by=reviewer, reason="Asked")
        assert list(raised.value.message_dict) == [field]


def test_a_command_settles_nothing_in_nobody_s_name() -> None:
    settlement = Settlement(question=make.make_question(kind=AnswerKind.YES_NO), answer="yes", grounds="A list")
    with nothing_written(), pytest.raises(ValidationError) as raised:
        settle(settlements=[settlement], by=None, command="test", reason="Asked")
    assert list(raised.value.message_dict) == ["settled_by"]


def test_a_finding_that_was_changed_meanwhile_is_not_withdrawn(reviewer: User) -> None:
    settlement = Settlement(question=make.make_question(kind=AnswerKind.YES_NO), answer="yes", grounds="A list")
    [finding] = settle(settlements=[settlement], by=reviewer, reason="Asked")
    withdraw_findings(findings=[Finding.objects.get()], by=reviewer, reason="No")
    with nothing_written(), pytest.raises(Stale):
        withdraw_findings(findings=[finding], by=reviewer, reason="No")
