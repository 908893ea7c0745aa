"""Rows that are written together are stored as they are, whatever they have in common."""

import sqlite3
from collections.abc import Iterable

import pytest
from django.db import connection

from claims.models import Agent, ClaimToken, Question
from claims.services import inserting
from tests import factories as make

pytestmark = pytest.mark.django_db
NUMBER = 3 * inserting.FEW


def _questions(**of_the_last: object) -> list[Question]:
    """So many questions, of which only the last is stated to be so."""
    records = [Question(text=f"Where was {each}?", kind="choice") for each in range(NUMBER)]
    for name, value in of_the_last.items():
        setattr(records[-1], name, value)
    make.record(*records)
    return list(Question.objects.order_by("pk"))


def test_what_all_rows_have_alike_is_stored_of_each() -> None:
    assert {(each.withdrawn, each.several, each.topic) for each in _questions()} == {(False, False, None)}


def test_one_row_that_differs_keeps_its_own_values() -> None:
    topic = make.make_topic()
    *others, last = _questions(several=True, topic=topic)
    assert (last.several, last.topic) == (True, topic)
    assert {(each.several, each.topic) for each in others} == {(False, None)}


@pytest.mark.parametrize("taken", [500, 30_000])
def test_rows_go_in_whatever_number_of_parameters_is_taken(taken: int) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is sent rows, not parameters")
    agents = [Agent(name=f"Brigade {each}", kind="organisation") for each in range(NUMBER)]
    limit = sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER
    was = connection.connection.setlimit(limit, taken)
    try:
        make.record(*agents)
    finally:
        connection.connection.setlimit(limit, was)
    assert list(Agent.objects.order_by("pk").values_list("name", flat=True)) == [each.name for each in agents]


def test_a_word_is_stored_whatever_the_database_would_read_it_as() -> None:
    words = ["plain", "\\N", "\\.", "a\\tb", "a\tb", "a\nb", "a\r\nb", "حمص", "e\u0301", ""]
    rows = [(number, f"{number}{word}") for number, word in enumerate(words * inserting.KEYS_AT_ONCE, start=1)]
    _insert_words((number, [word]) for number, word in rows)
    assert list(ClaimToken.objects.order_by("claim").values_list("claim", "token")) == rows


def test_keys_have_many_words_or_none() -> None:
    words: list[tuple[int, list[str]]] = [(number, []) for number in range(1, 3 * inserting.KEYS_AT_ONCE)]
    words += [(500, ["a", "a\\b", "c"]), (501, []), (502, ["a"])]
    _insert_words(words)
    stored = ClaimToken.objects.order_by("claim", "token").values_list("claim", "token")
    assert list(stored) == [(500, "a"), (500, "a\\b"), (500, "c"), (502, "a")]


def _insert_words(rows: Iterable[tuple[int, list[str]]]) -> None:
    inserting.insert_words(ClaimToken, [ClaimToken._meta.get_field(name) for name in ("claim", "token")], rows)
