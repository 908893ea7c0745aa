"""History as people read it: complete, true to the database, in order; each known gap of the library is closed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import ProtectedError, QuerySet
from django.test.utils import CaptureQueriesContext

from claims.models import RECORDS, Claim, Question, Record, Topic, User
from claims.services.transaction import change, save
from claims.services.versions import write_history
from tests import factories as make

pytestmark = pytest.mark.django_db

LONG = "Because " * 1000


def assert_newest_version_is_the_row(record: Record) -> None:
    """Compared in the database's own values, not in Django's."""
    newest = record.history.order_by("history_date", "history_id").last()
    columns = [field.column for field in record._meta.concrete_fields]
    assert stored(newest._meta, columns, newest.history_id) == stored(record._meta, columns, record.pk)


def stored(table: Any, columns: list[str], key: int) -> tuple[Any, ...]:
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table.db_table} WHERE {table.pk.column} = %s", [key])  # noqa: S608
        return tuple(cursor.fetchone())


@pytest.mark.parametrize("model", RECORDS)
def test_every_record_has_a_history_without_the_librarys_limits(model: type[Record]) -> None:
    versions = model.history.model
    assert isinstance(versions._meta.pk, models.BigAutoField)
    assert isinstance(versions._meta.get_field("history_change_reason"), models.TextField)
    assert versions._meta.get_field("history_user").remote_field.on_delete is models.PROTECT
    assert ["id", "history_date", "history_id"] in [index.fields for index in versions._meta.indexes]
    tracked = {field.name for field in versions.tracked_fields}
    assert tracked == {field.name for field in model._meta.concrete_fields}


def test_every_record_model_is_listed() -> None:
    found = {model for model in apps.get_app_config("claims").get_models() if issubclass(model, Record)}
    assert found == set(RECORDS)


def test_a_version_says_who_when_and_why() -> None:
    user = make.make_user()
    topic = Topic(name="Homs")
    with change(by=user, reason=LONG) as this:
        save(this, [topic])
    with change(by=None, reason="Renamed", command="rename_topics") as later:
        topic.name = "al-Waer"
        save(later, [topic])
    second, first = topic.history.all()
    assert (first.history_type, first.history_user, first.history_date) == ("+", user, this.moment)
    assert first.history_change_reason == LONG.strip()
    assert (second.history_type, second.history_user, second.history_date) == ("~", None, later.moment)
    assert (first.name, first.version, second.name, second.version) == ("Homs", 1, "al-Waer", 2)


def test_history_holds_what_the_database_holds_not_what_was_in_memory() -> None:
    question = Question(text="How many?", kind="quantity", tolerance="1.50", rounding=10, window_hours=None)
    make.record(question)
    assert question.history.get().tolerance == Decimal("1.5")
    assert_newest_version_is_the_row(question)
    question.tolerance = "2"
    question.unit = "families"
    make.record(question)
    assert_newest_version_is_the_row(question)


def test_a_record_read_in_part_keeps_the_rest_in_its_history() -> None:
    make.make_question(note="kept", unit="people", kind="quantity")
    question = Question.objects.only("text").get()
    question.text = "How many people?"
    with change(by=None, reason="A test", command="test") as this, CaptureQueriesContext(connection) as queries:
        save(this, [question])
    columns = '"claims_question"."note"'  # read with the row that is locked, and not once more for each field
    assert len([query for query in queries if columns in query["sql"].partition(" FROM ")[0]]) == 1
    assert question.history.first().note == "kept"
    assert_newest_version_is_the_row(question)


def test_a_save_without_a_change_adds_no_version() -> None:
    question = make.make_question(kind="quantity", tolerance=Decimal("1.50"))
    question.tolerance = "1.5"
    make.record(question)
    assert question.history.count() == question.version == 1


def test_versions_of_one_moment_are_told_apart() -> None:
    topic, other = make.make_topic(name="one"), make.make_topic(name="other")
    with change(by=None, reason="Twice", command="test") as this:
        for name in ("two", "three"):
            topic.name = name
            save(this, [topic])
    first, second, third = topic.history.order_by("history_id")
    assert second.history_date == third.history_date
    assert [version.prev_record for version in (first, second, third)] == [None, first, second]
    assert [version.next_record for version in (first, second, third)] == [second, third, None]
    assert [row.name for row in Topic.history.as_of(this.moment).order_by("id")] == ["three", other.name]
    assert {row.name for row in Topic.history.latest_of_each()} == {"three", other.name}
    assert topic.history.as_of(this.moment).name == "three"
    assert topic.history.latest().name == "three"


def test_as_of_tells_what_was_on_record_at_a_moment() -> None:
    topic = make.make_topic(name="one")
    between = topic.recorded_at + timedelta(microseconds=1)
    topic.name = "two"
    make.record(topic)
    assert [row.name for row in Topic.history.as_of(between)] == ["one"]
    assert not Topic.history.as_of(topic.recorded_at - timedelta(microseconds=1)).exists()


def test_a_version_is_never_dated_before_the_one_that_it_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    topic = make.make_topic(name="one")
    first = topic.history.get()
    earlier = datetime(2001, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("claims.services.transaction.timezone.now", lambda: earlier)
    topic.name = "two"
    make.record(topic)
    newest = topic.history.first()
    assert (newest.name, newest.history_date) == ("two", first.history_date)
    assert newest.prev_record == first


def test_rows_that_came_without_history_can_be_given_it() -> None:
    topics = [Topic(name=f"Topic {number}") for number in range(3)]
    QuerySet(Topic).bulk_create(topics)  # as `loaddata` does
    with change(by=None, reason="Loaded", command="loaddata") as this:
        write_history(this, Topic, [topic.pk for topic in topics], new=True)
    assert [version.history_type for version in Topic.history.all()] == ["+"] * 3
    assert_newest_version_is_the_row(topics[2])


def test_a_user_who_changed_something_cannot_be_deleted() -> None:
    user = make.make_user()
    with change(by=user, reason="A test") as this:
        save(this, [Topic(name="Homs")])
    with pytest.raises(ProtectedError):
        user.delete()
    assert Topic.history.get().history_user == User.objects.get(pk=user.pk)


def test_a_difference_between_versions_names_every_field_that_people_state() -> None:
    claim = make.make_claim(answer="300", as_of="2016-09-19")
    before = claim.history.first()
    for name, value in {"answer": "~200", "about": True, "quantity_low": 200, "withdrawn": True}.items():
        setattr(claim, name, value)
    make.record(claim)
    changed = {difference.field for difference in claim.history.first().diff_against(before).changes}
    assert changed == {"answer", "about", "quantity_low", "withdrawn"}
    unshown = {field.name for field in Claim.history.model.tracked_fields if not field.editable}
    assert unshown == {"uid", "version", "recorded_at"}  # kept, but nobody states them


@pytest.mark.django_db(transaction=True)
def test_a_record_and_its_version_are_written_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any, **_keywords: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("claims.services.transaction.write_history", fail)
    with pytest.raises(KeyboardInterrupt):
        make.make_topic()
    assert not Topic.objects.exists()
