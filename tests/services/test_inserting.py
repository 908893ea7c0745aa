"""Rows that are written together are stored as they are, whatever they have in common."""

import sqlite3
from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.db import connection

from claims.models import Agent, ClaimToken, Question, Topic
from claims.services import inserting
from claims.services.refusals import NotInOnePiece
from claims.services.transaction import change, save
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


HOSTILE = ("%s", "%%", "{}", "'); --", '"', "\\", "\ta\r\n", "وَعْر", "\u202e", "e\u0301", "👩🏽‍🚒")
FIGURES = (None, Decimal(0), Decimal("0.000000000000001"), Decimal(123456789012345))


@pytest.mark.parametrize("in_one_piece", [False, True])
def test_what_changes_is_stored_as_it_is(in_one_piece: bool) -> None:
    topics = [None, make.make_topic()]
    records = [Question(text=f"{each}?", kind="quantity") for each in range(inserting.TRACKED_AT_ONCE + 20)]
    make.record(*records)
    for number, record in enumerate(records):
        record.text = f"{number} {HOSTILE[number % len(HOSTILE)]}"
        if number % 2:
            record.translations = {"ar": HOSTILE[number % len(HOSTILE)]}
            record.tolerance, record.rounding = FIGURES[number // 2 % 4], Decimal(number)
            record.topic, record.withdrawn = topics[number // 2 % 2], number % 3 == 0
    with change(by=None, reason="Put right", command="test", in_one_piece=in_one_piece) as this:
        assert save(this, records) == records
    for record in records:
        stored = Question.objects.get(pk=record.pk)
        for field in Question._meta.concrete_fields:
            assert getattr(stored, field.attname) == getattr(record, field.attname), field.name
        assert (stored.version, stored.history.count()) == (2, 2)


def test_a_column_may_be_emptied_in_all_rows() -> None:
    topic = make.make_topic()
    records = [Question(text=f"{each}?", kind="quantity", tolerance=1, topic=topic) for each in range(3)]
    make.record(*records)
    for record in records:
        record.tolerance = record.topic = None
    with change(by=None, reason="Put right", command="test", in_one_piece=True) as this:
        save(this, records)
    assert set(Question.objects.values_list("tolerance", "topic")) == {(None, None)}


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    topics = [make.make_topic(), make.make_topic()]
    for topic in topics:
        topic.name += "x" * 5_000
    with (
        pytest.raises(NotInOnePiece),
        change(by=None, reason="Put right", command="test", in_one_piece=True) as this,
    ):
        save(this, topics)
    assert max(len(topic.name) for topic in Topic.objects.all()) < 100


def test_a_row_that_has_another_version_is_left_alone() -> None:
    here, gone = make.make_topic(), make.make_topic()
    make.record(_renamed(gone.pk))
    with change(by=None, reason="Put right", command="test"):
        hit = inserting.update_versions(Topic, [(here, {"name": "One"}), (gone, {"name": "Two"})])
    assert hit == 1
    assert set(Topic.objects.values_list("name", "version")) == {("One", 2), ("Renamed", 2)}


def _renamed(key: int) -> Topic:
    topic = Topic.objects.get(pk=key)
    topic.name = "Renamed"
    return topic


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
