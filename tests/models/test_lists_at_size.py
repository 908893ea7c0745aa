"""Lists of claims read along an index: no page, filter or count reads the whole table or sorts what it found."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from claims.domain.vocabulary import State
from claims.models import URGENCY, ClaimState, ClaimToken
from claims.queries.pages import compared
from tests import factories as make

pytestmark = pytest.mark.django_db

States = QuerySet[ClaimState]
MOMENT = datetime(2016, 9, 19, tzinfo=UTC)

# What a reader may ask for, and the index that answers.
FILTERS: dict[str, tuple[Callable[[States], States], str]] = {
    "all": (lambda rows: rows, "claim_state_order"),
    "contested": (lambda rows: rows.contested(), "claim_state_contested"),
    "in one state": (lambda rows: rows.in_state(State.QUESTIONED), "claim_state_order"),
    "question": (lambda rows: rows.filter(question=1), "claim_state_question"),
    "topic": (lambda rows: rows.filter(topic=1), "claim_state_topic"),
    "source": (lambda rows: rows.filter(source=1), "claim_state_source"),
    "publisher": (lambda rows: rows.filter(publisher=1), "claim_state_publisher"),
    "speaker": (lambda rows: rows.filter(speaker=1), "claim_state_speaker"),
    "side": (lambda rows: rows.filter(side=1), "claim_state_side"),
    "review": (lambda rows: rows.filter(review="discarded"), "claim_state_review"),
    "out of date": (lambda rows: rows.stale(), "claim_state_stale"),
    "stance": (lambda rows: rows.filter(stance="doubts"), "claim_state_stance"),
    "language": (lambda rows: rows.filter(language="ar"), "claim_state_language"),
}
SORTED: dict[str, tuple[Callable[[States], States], str]] = {
    "recorded": (lambda rows: rows.order_by("-recorded_at", "-claim_id"), "claim_state_recorded"),
    "said since": (
        lambda rows: rows.filter(said_from__gte=MOMENT).order_by("-said_from", "-claim_id"),
        "claim_state_said",
    ),
    "published since": (
        lambda rows: rows.filter(published_from__gte=MOMENT).order_by("-published_from", "-claim_id"),
        "claim_state_published",
    ),
}


def plan_of(rows: QuerySet[Any]) -> str:
    """The plan of the first page, as if the table were large: an empty one PostgreSQL would rather read whole."""
    sql, parameters = rows[:50].query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_incremental_sort = off")
            cursor.execute(f"EXPLAIN {sql}", parameters)
            return "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return "\n".join(row[3] for row in cursor.fetchall())


def assert_walks(rows: QuerySet[Any], index: str) -> None:
    plan = plan_of(rows)
    assert index in plan, plan
    for sign_of_reading_all in ("Seq Scan", "Sort", "TEMP B-TREE", "SCAN claims_claimstate\n"):
        assert sign_of_reading_all not in f"{plan}\n", plan


def after(state_rank: int, claim_id: int) -> QuerySet[ClaimState]:
    """The rows after this one in list order, as pages ask for them."""
    return ClaimState.objects.in_list_order().filter(compared(("state_rank", "claim_id"), "<", (state_rank, claim_id)))


@pytest.mark.parametrize("name", FILTERS)
def test_the_first_page_of_a_filter_walks_one_index(name: str) -> None:
    select, index = FILTERS[name]
    assert_walks(select(ClaimState.objects.in_list_order()), index)


@pytest.mark.parametrize("name", FILTERS)
def test_a_later_page_begins_at_its_key(name: str) -> None:
    select, index = FILTERS[name]
    assert_walks(select(after(URGENCY["contested"], 70_000)), index)


@pytest.mark.parametrize("name", SORTED)
def test_a_list_by_date_walks_the_index_of_the_date(name: str) -> None:
    select, index = SORTED[name]
    assert_walks(select(ClaimState.objects.all()), index)


def test_a_word_is_looked_up_in_its_index() -> None:
    plan = plan_of(ClaimToken.objects.filter(token="هدنة").order_by("claim_id").values("claim_id"))
    assert "claim_token_claims" in plan
    assert "token" in plan.rpartition("(")[2]
    assert "TEMP B-TREE" not in plan


def test_pages_by_key_hold_every_claim_once_in_order() -> None:
    contested, calm = make.make_quantity_question(), make.make_quantity_question()
    for number in range(4):
        make.make_quantity(contested, number)
        make.make_quantity(calm, 7)
    seen: list[tuple[int, int]] = []
    page = list(ClaimState.objects.in_list_order()[:3])
    while page:
        seen += [(state.state_rank, state.claim_id) for state in page]
        page = list(after(*seen[-1])[:3])
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen) == 8
    assert [rank for rank, _claim in seen] == [URGENCY["contested"]] * 4 + [URGENCY["several_origins"]] * 4


def test_conditions_come_in_pairs_with_their_methods() -> None:
    question = make.make_quantity_question()
    claims = [make.make_quantity(question, 300), make.make_quantity(question, 1500)]
    doubt = make.make_quantity(question, 300, stance="doubts")
    discarded = make.make_quantity(question, 9, review="discarded")
    states = ClaimState.objects.order_by("claim_id")
    keys = [claim.pk for claim in claims]
    assert [state.pk for state in states.contested()] == keys
    assert [state.pk for state in states.standing()] == [*keys, doubt.pk]
    assert [state.pk for state in states.exclude(states.standing_q())] == [discarded.pk]
    assert [state.pk for state in states.stale()] == []
    assert set(states.questioned()) == set(states.filter(states.questioned_q()))
    assert [state.pk for state in states.in_state(State.CONTESTED)] == [*keys, doubt.pk, discarded.pk]
    claims[0].withdrawn = True
    make.record(claims[0])
    assert not ClaimState.objects.filter(pk=keys[0]).exists()
    assert not ClaimState.objects.contested().exists()


def test_urgency_orders_states_as_the_rule_asks_for_them() -> None:
    ranks = [URGENCY[state] for state in State]
    assert ranks == sorted(ranks, reverse=True)
    assert URGENCY[""] < min(ranks)
