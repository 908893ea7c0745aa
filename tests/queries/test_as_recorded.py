"""The past is read by the code of the present: what was live after each change is what is found as of that moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.domain.comparison import Comparison, compare
from claims.models import RECORDS, Claim, ClaimToken, Question
from claims.queries.cases import load_cases
from claims.queries.contested import states, told
from claims.queries.recorded import NotInThePast, as_recorded_on, past
from claims.queries.recorded_states import current_questions, work_out_questions
from claims.services import transaction
from tests import factories as make
from tests.queries.recorded_world import ACTS, World

pytestmark = pytest.mark.django_db

WORLDS, STEPS = 7, 25


def compared() -> dict[int, Comparison]:
    return {key: compare(case) for key, case in load_cases(current_questions()).items()}


@pytest.mark.any_django
def test_as_of_each_moment_the_comparison_is_what_was_live_then() -> None:
    done = set()
    for seed in range(WORLDS):
        world = World(seed)
        kept = []
        for _ in range(STEPS):
            done.add(world.step())
            kept.append((timezone.now(), compared()))
        for moment, then in kept:
            with as_recorded_on(moment):
                assert compared() == then, (seed, moment)
    assert done == set(ACTS)


def test_every_record_is_found_as_it_was() -> None:
    world = World(1)
    kept = []
    for _ in range(STEPS):
        world.step()
        kept.append((timezone.now(), [list(model.objects.order_by("pk").values()) for model in RECORDS]))
    for moment, then in kept:
        with as_recorded_on(moment):
            assert [list(model.objects.order_by("pk").values()) for model in RECORDS] == then


def test_what_is_told_of_all_questions_is_what_was_told_then() -> None:
    world = World(2)
    kept = []
    for _ in range(STEPS):
        world.step()
        kept.append((timezone.now(), told(states(contested_only=False))))
    for moment, then in kept:
        with as_recorded_on(moment):
            work_out_questions(current_questions(), whole=True)
            assert told(states(contested_only=False)) == then


def test_of_versions_with_one_moment_the_last_written_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = timezone.now()
    monkeypatch.setattr(transaction.timezone, "now", lambda: moment)
    question = make.make_question(text="First?")
    for text in ("Second?", "Third?"):
        question.text = text
        make.record(question)
    assert Question.history.filter(id=question.pk, history_date=moment).count() == 3
    with as_recorded_on(moment):
        assert not Question.objects.exists()
    with as_recorded_on(moment + timedelta(microseconds=1)):
        assert Question.objects.get().text == "Third?"


def test_the_past_ends_with_the_block() -> None:
    question = make.make_question()
    with as_recorded_on(datetime(2000, 1, 1, tzinfo=UTC)):
        assert not Question.objects.exists()
        assert past() is not None
    assert past() is None
    assert Question.objects.get() == question


def test_nothing_is_written_in_the_past() -> None:
    claim = make.make_claim()
    with as_recorded_on(timezone.now()), pytest.raises(NotInThePast, match="can only be read"):
        make.record(Claim(attribution=claim.attribution, answer="Another"))
    assert Claim.objects.count() == 1


def test_a_derived_table_of_which_nothing_was_worked_out_is_refused() -> None:
    with as_recorded_on(timezone.now()), pytest.raises(NotInThePast, match="claims_claimtoken"):
        ClaimToken.objects.exists()


@pytest.mark.parametrize("claims", [2, 40])
def test_the_past_costs_the_queries_of_the_present(claims: int) -> None:
    question = make.make_quantity_question()
    for number in range(claims):
        make.make_quantity(question, number)
    with CaptureQueriesContext(connection) as live:
        load_cases([question.pk])
    with as_recorded_on(timezone.now()), CaptureQueriesContext(connection) as then:
        load_cases([question.pk])
    assert len(then) == len(live)
