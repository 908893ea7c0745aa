"""Judgements on agents: the same, or different, never both, never in a circle."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from claims.domain.vocabulary import AgentKind, State
from claims.models import Agent, ClaimState, Distinction, Question, QuestionState, User
from claims.permissions import Role
from claims.queries.identity import all_the_same, canonical_of
from claims.services.judgements import judge_distinct, judge_same, undo_distinct, undo_same
from claims.services.refusals import Stale
from claims.services.transaction import change
from claims.wording import plain
from tests import factories as make
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make.make_user(Role.EDITOR)


def unnamed(name: str, **fields: object) -> Agent:
    return make.make_agent(name=name, kind=AgentKind.UNNAMED.value, source=make.make_source(), **fields)


def say(question: Question, number: int, speaker: Agent) -> None:
    make.make_quantity(question, number, attribution=make.make_attribution(speaker=speaker))


def state(question: Question) -> QuestionState:
    return QuestionState.objects.get(question=question)


def refusal(field: str, error: ValidationError) -> str:
    assert list(error.message_dict) == [field]
    return plain(error.messages[0])


def test_two_agents_judged_the_same_are_one_origin_until_that_is_undone(editor: User) -> None:
    question = make.make_quantity_question()
    governor, duplicate = make.make_agent(name="Talal al-Barazi"), make.make_agent(name="T. Barazi")
    say(question, 300, governor)
    say(question, 300, duplicate)
    assert state(question).state == State.SEVERAL_ORIGINS
    assert judge_same(pairs=[(duplicate, governor)], by=editor, reason="One man, two spellings") == [duplicate]
    assert (Agent.objects.get(pk=duplicate.pk).same_as, governor.same_as) == (governor, None)
    assert why(duplicate) == ("One man, two spellings", editor)
    assert state(question).state == State.SINGLE_ORIGIN
    assert set(ClaimState.objects.values_list("speaker", flat=True)) == {governor.pk}
    assert undo_same(agents=[duplicate], by=editor, reason="Two brothers") == [duplicate]
    assert (Agent.objects.get(pk=duplicate.pk).same_as, why(duplicate)) == (None, ("Two brothers", editor))
    assert state(question).state == State.SEVERAL_ORIGINS


def test_all_that_were_judged_the_same_are_found_from_each_of_them(editor: User) -> None:
    one, two, three, four = (make.make_agent(name=str(number)) for number in range(4))
    judge_same(pairs=[(two, one), (three, two), (four, one)], by=editor, reason="All one")
    everyone = {agent.pk for agent in (one, two, three, four)}
    assert [all_the_same(key) for key in sorted(everyone)] == [everyone] * 4
    assert {canonical_of(key) for key in everyone} == {one.pk}
    assert all_the_same(make.make_agent().pk).isdisjoint(everyone)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_circle_is_refused_with_the_way_round(at_once: bool, editor: User) -> None:
    one, two, three = (make.make_agent(name=name) for name in ("One", "Two", "Three"))
    pairs = [(one, two), (two, three), (three, one)]
    if not at_once:
        judge_same(pairs=pairs[:2], by=editor, reason="Surely")
        pairs = pairs[2:]
    with nothing_written(), pytest.raises(ValidationError) as raised:
        judge_same(pairs=pairs, by=editor, reason="Surely")
    assert "Three > One > Two > Three" in refusal("same_as", raised.value)


def test_nobody_comes_to_speak_for_themselves(editor: User) -> None:
    network = make.make_agent(name="Network", kind=AgentKind.OUTLET.value)
    reporter = make.make_agent(name="Reporter", speaks_for=network)
    with nothing_written(), pytest.raises(ValidationError) as raised:
        judge_same(pairs=[(network, reporter)], by=editor, reason="Surely")
    assert "Reporter > Reporter" in refusal("speaks_for", raised.value)


def test_undoing_does_not_open_a_circle_that_the_judgement_had_hidden(editor: User) -> None:
    union = make.make_agent(name="Union", kind=AgentKind.ORGANISATION.value)
    office = make.make_agent(name="Office", kind=AgentKind.ORGANISATION.value, same_as=union)
    branch = make.make_agent(name="Branch", kind=AgentKind.ORGANISATION.value, speaks_for=office)
    office.speaks_for = branch
    make.record(office)
    with nothing_written(), pytest.raises(ValidationError) as raised:
        undo_same(agents=[office], by=editor, reason="Two offices")
    assert "Office > Branch > Office" in refusal("speaks_for", raised.value)


def test_an_unnamed_agent_may_turn_out_to_be_a_named_one_but_not_the_other_way_round(editor: User) -> None:
    governor, official = make.make_agent(name="Governor"), unnamed("Official")
    spokesman = unnamed("Spokesman")
    judge_same(pairs=[(spokesman, official)], by=editor, reason="They say so")
    with nothing_written(), pytest.raises(ValidationError) as raised:
        judge_same(pairs=[(governor, spokesman)], by=editor, reason="He says so")
    assert refusal("same_as", raised.value) == (
        "“Official” has no name and “Governor” has one. Judge it the other way round."
    )
    judge_same(pairs=[(official, governor)], by=editor, reason="He says so")
    assert canonical_of(spokesman.pk) == governor.pk


def test_a_judgement_needs_two_current_agents_and_is_undone_before_another_is_made(editor: User) -> None:
    one, two, three = (make.make_agent(name=name) for name in ("One", "Two", "Three"))
    gone = make.make_agent(name="Gone", withdrawn=True)
    judge_same(pairs=[(one, two)], by=editor, reason="Surely")
    refused = {
        (one, three): "“One” was judged to be the same as “Two”. Undo that judgement first.",
        (three, three): "These are one agent already. Choose two.",
        (three, gone): "“Gone” is withdrawn. Choose an agent that is not.",
        (gone, three): "“Gone” is withdrawn. Choose an agent that is not.",
    }
    for pair, sentence in refused.items():
        with nothing_written(), pytest.raises(ValidationError) as raised:
            judge_same(pairs=[pair], by=editor, reason="Surely")
        assert refusal("same_as", raised.value) == sentence
    with nothing_written():
        judge_same(pairs=[(one, two)], by=editor, reason="Once more")


def test_agents_judged_different_are_counted_apart_until_that_is_undone(editor: User) -> None:
    question = make.make_quantity_question()
    one, two = unnamed("Negotiator"), unnamed("Commander")
    say(question, 300, one)
    say(question, 300, two)
    assert (state(question).origins_fewest, state(question).origins_most) == (1, 2)
    [distinction] = judge_distinct(pairs=[(two, one)], by=editor, reason="They quarrel on stage")
    assert (distinction.first, distinction.second) == (one, two)
    assert why(distinction) == ("They quarrel on stage", editor)
    assert (state(question).origins_fewest, state(question).origins_most) == (2, 2)
    undo_distinct(distinctions=[distinction], by=editor, reason="A rumour")
    assert (distinction.withdrawn, why(distinction)) == (True, ("A rumour", editor))
    assert state(question).origins_fewest == 1
    assert judge_distinct(pairs=[(one, two)], by=editor, reason="It was none") == [distinction]
    assert Distinction.objects.get().version == 3
    assert state(question).origins_fewest == 2


def test_what_was_judged_the_same_is_not_judged_different(editor: User) -> None:
    one, two, three = (make.make_agent(name=name) for name in ("One", "Two", "Three"))
    judge_same(pairs=[(two, one), (three, one)], by=editor, reason="Surely")
    with nothing_written(), pytest.raises(ValidationError) as raised:
        judge_distinct(pairs=[(two, three)], by=editor, reason="Surely")
    assert refusal("second", raised.value) == (
        "“Two” and “Three” are the same by what was judged. Undo that judgement first."
    )
    with nothing_written(), pytest.raises(ValidationError):
        judge_distinct(pairs=[(one, one)], by=editor, reason="Surely")


def test_what_was_judged_different_is_not_judged_the_same_even_through_others(editor: User) -> None:
    one, alias, two, double = (make.make_agent(name=name) for name in ("One", "Alias", "Two", "Double"))
    judge_same(pairs=[(alias, one), (double, two)], by=editor, reason="Surely")
    [distinction] = judge_distinct(pairs=[(double, alias)], by=editor, reason="Surely")
    with nothing_written(), pytest.raises(ValidationError) as raised:
        judge_same(pairs=[(two, one)], by=editor, reason="Surely")
    assert refusal("same_as", raised.value) == (
        "“Alias” and “Double” were judged to be different. Undo that judgement first."
    )
    undo_distinct(distinctions=[distinction], by=editor, reason="They are not")
    judge_same(pairs=[(two, one)], by=editor, reason="Surely")
    assert canonical_of(double.pk) == one.pk


def test_an_agent_that_was_changed_meanwhile_is_not_judged(editor: User) -> None:
    agent, other = make.make_agent(), make.make_agent()
    now = Agent.objects.get(pk=agent.pk)
    now.role = "Governor"
    make.record(now)
    with nothing_written(), pytest.raises(Stale):
        judge_same(pairs=[(agent, other)], by=editor, reason="Surely")


@pytest.mark.django_db(transaction=True)
def test_two_judgements_at_once_do_not_close_a_circle() -> None:
    one, two, three, four = (make.make_agent(name=name) for name in ("One", "Two", "Three", "Four"))
    judge_same(pairs=[(two, three), (four, one)], by=None, command="test", reason="Surely")
    both_judged = threading.Barrier(2)

    def judge(duplicate: int, original: int) -> str:
        try:
            with change(by=None, command="test", reason="Surely"):
                pair = (Agent.objects.get(pk=duplicate), Agent.objects.get(pk=original))
                judge_same(pairs=[pair], by=None, command="test", reason="Surely")
                with suppress(threading.BrokenBarrierError):  # one waits for the other, and cannot come here
                    both_judged.wait(timeout=1)
        except ValidationError as error:
            return refusal("same_as", error)
        finally:
            connection.close()
        return "judged"

    with ThreadPoolExecutor(2) as pool:
        outcomes = [
            each.result() for each in [pool.submit(judge, one.pk, two.pk), pool.submit(judge, three.pk, four.pk)]
        ]
    assert sum(outcome == "judged" for outcome in outcomes) == 1
    assert sum("in a circle" in outcome for outcome in outcomes) == 1
