"""No way of writing a table leads past the services, and reading, migrations and test databases are not hindered."""

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.db.models import F, Model

from claims.models import RECORDS, ClaimToken, OutsideService, SnapshotContent, Source, Topic
from claims.models.guard import open_change
from claims.services.transaction import add_contents, change
from tests import factories as make

pytestmark = pytest.mark.django_db

# Every public way in which Django writes a row of this table.
WRITES: dict[str, Callable[[Topic], object]] = {
    "save": lambda topic: topic.save(),
    "save of some fields": lambda topic: topic.save(update_fields=["name"]),
    "save without history": lambda topic: topic.save_without_historical_record(),
    "asynchronous save": lambda topic: async_to_sync(topic.asave)(),
    "delete": lambda topic: topic.delete(),
    "create": lambda topic: Topic.objects.create(name="new"),
    "get or create": lambda topic: Topic.objects.get_or_create(name="new"),
    "update or create": lambda topic: Topic.objects.update_or_create(name="new"),
    "bulk create": lambda topic: Topic.objects.bulk_create([Topic(name="new")]),
    "upsert": lambda topic: Topic.objects.bulk_create(
        [Topic(name=topic.name)], update_conflicts=True, update_fields=["note"], unique_fields=["name"]
    ),
    "update": lambda topic: Topic.objects.filter(pk=topic.pk).update(name="new"),
    "update by expression": lambda topic: Topic.objects.update(version=F("version") + 1),
    "asynchronous update": lambda topic: async_to_sync(Topic.objects.all().aupdate)(name="new"),
    "bulk update": lambda topic: Topic.objects.bulk_update([topic], ["name"]),
    "delete of many": lambda topic: Topic.objects.all().delete(),
    "raw delete": lambda topic: Topic.objects.all()._raw_delete("default"),
    "base manager": lambda topic: Topic._base_manager.update(name="new"),
    "default manager": lambda topic: Topic._default_manager.update(name="new"),
    "addition to a relation": lambda topic: topic.questions.add(make.make_question()),
    "creation in a relation": lambda topic: topic.questions.create(text="Why?"),
    "clearing a relation": lambda topic: topic.questions.clear(),
    "history": lambda topic: topic.history.update(name="new"),
    "deleted history": lambda topic: topic.history.all().delete(),
    "a saved version": lambda topic: topic.history.get().save(),
    "a deleted version": lambda topic: topic.history.get().delete(),
    "bulk history": lambda topic: Topic.history.bulk_history_create([topic]),
}


@pytest.mark.parametrize("way", WRITES)
def test_a_record_is_not_written_past_the_door(way: str) -> None:
    topic = make.make_topic()
    make.make_question(topic=topic)
    topic.name = "altered"
    with pytest.raises(OutsideService, match=r"claims\.services\.transaction"):
        WRITES[way](topic)
    assert_untouched(topic)


@pytest.mark.parametrize("way", WRITES)
def test_an_open_change_does_not_open_other_doors(way: str) -> None:
    topic = make.make_topic()
    make.make_question(topic=topic)
    topic.name = "altered"
    with pytest.raises(OutsideService), change(by=None, reason="A test", command="test"):
        WRITES[way](topic)
    assert_untouched(topic)


@pytest.mark.parametrize("model", [*RECORDS, SnapshotContent, *(model.history.model for model in RECORDS)])
def test_every_table_of_records_and_versions_is_guarded(model: type[Model]) -> None:
    for manager in (model._default_manager, model._base_manager):
        for write in (manager.update, manager.all().delete, lambda manager=manager: manager.bulk_create([])):
            with pytest.raises(OutsideService):
                write()
    for write in (model().save, model().delete):
        with pytest.raises(OutsideService):
            write()


def test_the_refusal_names_the_operation_and_the_kind_of_record() -> None:
    with pytest.raises(OutsideService, match="“bulk_create” on “source” would leave no history"):
        Source.objects.bulk_create([Source(title="x")])


def test_derived_rows_are_written_only_while_a_change_is_open() -> None:
    claim = make.make_claim()
    writes: list[Callable[[], Any]] = [
        lambda: ClaimToken.objects.bulk_create([ClaimToken(claim=claim, token="xyz")]),
        lambda: ClaimToken(claim=claim, token="zyx").save(),
        lambda: ClaimToken.objects.filter(token="xyz").update(token="abc"),
        lambda: ClaimToken.objects.get(token="abc").delete(),
        lambda: ClaimToken.objects.filter(token="zyx").delete(),
        lambda: ClaimToken.objects.filter(token="zyx")._raw_delete("default"),
    ]
    with change(by=None, reason="A test", command="test"):
        for write in writes:
            write()
        ClaimToken(claim=claim, token="kept").save()
    for write in (*writes[:3], ClaimToken.objects.get(token="kept").delete, *writes[4:]):
        with pytest.raises(OutsideService):
            write()
    assert ClaimToken.objects.filter(token="kept").exists()


def test_bytes_of_a_snapshot_are_added_once_and_stay() -> None:
    snapshot = make.make_snapshot()
    with change(by=None, reason="A test", command="test") as this:
        add_contents(this, [SnapshotContent(snapshot=snapshot, content=b"\xff\x00")])
        with pytest.raises(IntegrityError), transaction.atomic():
            add_contents(this, [SnapshotContent(snapshot=snapshot, content=b"other")])
    assert bytes(SnapshotContent.objects.get().content) == b"\xff\x00"


def test_a_thread_started_in_a_change_does_not_write_in_it() -> None:
    seen: list[object] = []
    with change(by=None, reason="A test", command="test") as this:
        assert open_change() is this
        thread = threading.Thread(target=copy_context().run, args=[lambda: seen.append(open_change())])
        thread.start()
        thread.join()
    assert seen == [None]
    assert open_change() is None


def test_a_task_that_outlives_the_change_finds_it_closed() -> None:
    with change(by=None, reason="A test", command="test") as this:
        context = copy_context()
        assert context.run(open_change) is this
    assert context.run(open_change) is None


def assert_untouched(topic: Topic) -> None:
    stored = Topic.objects.get()
    assert (stored.pk, stored.version, stored.withdrawn) == (topic.pk, 1, False)
    assert stored.name != "altered"
    assert stored.questions.count() >= 1
    assert [version.name for version in Topic.history.all()] == [stored.name]
