"""A redaction removes what a row was, and nothing else; what is left verifies, and the redaction is on record."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from claims.ledger import events, redaction, verifier
from claims.ledger.checkpoints import Refused, Shelf, checkpoint
from claims.ledger.exporting import export
from claims.ledger.models import Entry, LoggedChange, Payload, Redaction
from claims.ledger.reconcile import reconcile
from claims.models import Topic
from claims.services.transaction import change, save
from tests.factories import make_topic
from tests.ledger.conftest import Execute, past_triggers

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "verschwiegen"


def topic_of(versions: int) -> Topic:
    """A topic with so many versions, each with words of its own."""
    topic = make_topic(name=f"{WORDS} 1", note=f"{WORDS} 1")
    for number in range(2, versions + 1):
        change_to(topic, f"{WORDS} {number}")
    return topic


def change_to(topic: Topic, words: str) -> None:
    with change(by=None, reason="Changed", command="test") as this:
        topic.name = topic.note = words
        save(this, [topic])


def remove(topic: Topic, *versions: int) -> int:
    return redaction.redact([redaction.of_versions(str(topic.uid), versions)], reason="A court's order")


def all_agrees(place: Shelf, folder: Path) -> None:
    """Reconciled, and verified from an export."""
    kept = checkpoint(place)
    assert [each.sentence for each in reconcile(place) if each.differs] == []
    export(folder, place)
    call = ["log", str(folder), "--key", place.public_key(), "--checkpoint", str(kept.path)]
    assert verifier.main(call) == 0


def bodies() -> str:
    return "\n".join(body or "" for body in Payload.objects.values_list("body", flat=True))


def test_a_version_is_removed_from_journal_and_history(place: Shelf, tmp_path: Path) -> None:
    topic = topic_of(3)
    first = checkpoint(place)
    assert remove(topic, 2) == 2
    assert f"{WORDS} 2" not in bodies()
    assert {f"{WORDS} 1", f"{WORDS} 3"} == {each for each in (f"{WORDS} 1", f"{WORDS} 3") if each in bodies()}
    names = dict(Topic.history.filter(id=topic.pk).values_list("version", "name"))
    assert names == {1: f"{WORDS} 1", 2: "", 3: f"{WORDS} 3"}
    assert set(Redaction.objects.values_list("row_key", "version", "reason")) == {(str(topic.pk), 2, "A court's order")}
    assert LoggedChange.objects.latest("id").command == "audit redact"
    assert Entry.objects.filter(table_name="ledger_redaction").count() == 2
    all_agrees(place, tmp_path / "out")
    call = ["log", str(tmp_path / "out"), "--key", place.public_key(), "--checkpoint", str(first.path)]
    assert verifier.main(call) == 0


def test_versions_one_after_another_in_any_order(place: Shelf, tmp_path: Path) -> None:
    for seed in range(6):
        topic = topic_of(6)
        order = random.Random(seed).sample(range(1, 6), 5)  # noqa: S311 - a test
        while order:
            some, order = order[: 1 + seed % 3], order[1 + seed % 3 :]
            remove(topic, *some)
            assert [each.sentence for each in reconcile(place) if each.differs] == [] or not place.kept()
        assert not any(f'{WORDS} {number}"' in bodies() for number in range(1, 6))
        assert set(Topic.history.filter(id=topic.pk, version__lt=6).values_list("name", "note")) == {("", "")}
        with pytest.raises(Refused, match="does not have this"):
            remove(topic, 3)
        change_to(topic, f"harmless {seed}")
        remove(topic, 6)
        assert WORDS not in bodies()
        change_to(topic, f"still harmless {seed}")
    all_agrees(place, tmp_path / "out")


def test_what_a_row_is_now_is_not_removed(place: Shelf) -> None:
    topic = topic_of(2)
    with pytest.raises(Refused, match=r"is just that now\. Change the record first"):
        remove(topic, 2)
    with pytest.raises(Refused, match="has no version 7"):
        remove(topic, 7)
    with pytest.raises(Refused, match="There is no record"):
        redaction.of_versions("0" * 32, [1])
    with pytest.raises(Refused, match="State the reason"):
        redaction.redact([redaction.of_versions(str(topic.uid), [1])], reason=" ")
    assert not Redaction.objects.exists()


def test_rows_without_versions_are_named_by_entries(place: Shelf, tmp_path: Path) -> None:
    group = QuerySet(Group).create(name=f"{WORDS} 1")
    for number in (2, 3):
        QuerySet(Group).filter(pk=group.pk).update(name=f"{WORDS} {number}")
    checkpoint(place)
    first, second, third = Entry.objects.filter(table_name="auth_group", row_key=str(group.pk)).order_by("id")
    with pytest.raises(Refused, match="is just that now"):
        redaction.redact(redaction.of_entries([third.pk]), reason="A court")
    assert redaction.redact(redaction.of_entries([second.pk]), reason="A court") == 2
    assert f"{WORDS} 2" not in bodies()
    with pytest.raises(Refused, match="redacted already"):
        redaction.of_entries([second.pk])
    all_agrees(place, tmp_path / "out")
    QuerySet(Group).filter(pk=group.pk).delete()
    last = Entry.objects.filter(table_name="auth_group").latest("id")
    redaction.redact(redaction.of_entries([first.pk, last.pk]), reason="A court")
    assert WORDS not in bodies()
    all_agrees(place, tmp_path / "out2")


def test_who_and_why_stay(place: Shelf) -> None:
    events.record(kind="sign_in", name="somebody")
    entry = Entry.objects.filter(table_name="ledger_event").latest("id")
    with pytest.raises(Refused, match="Rows of this table stay"):
        redaction.redact(redaction.of_entries([entry.pk]), reason="A court")
    with pytest.raises(Refused, match="There is no entry 999999"):
        redaction.of_entries([999999])


def test_what_does_not_agree_is_not_redacted(place: Shelf, execute: Execute) -> None:
    topic = topic_of(3)
    with past_triggers():
        execute("UPDATE claims_topic SET note = 'forged' WHERE id = %s", topic.pk)
    with pytest.raises(Refused, match="audit reconcile” first"):
        remove(topic, 1)


def test_a_redaction_is_the_only_way(place: Shelf, execute: Execute) -> None:
    topic = topic_of(3)
    remove(topic, 1)
    entry = Entry.objects.filter(table_name="claims_topic", row_key=str(topic.pk)).latest("id")
    for statement in (
        "UPDATE ledger_payload SET body = NULL, salt = NULL WHERE entry_id = %s",
        "UPDATE claims_historicaltopic SET name = '' WHERE version = 2 AND %s > 0",
        "UPDATE ledger_redaction SET reason = '' WHERE %s > 0",
        "DELETE FROM ledger_redaction WHERE %s > 0",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            execute(statement, entry.pk)
