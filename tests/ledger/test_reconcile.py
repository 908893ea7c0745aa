"""Reconciling names each kind of difference in a sentence with the record, the field and both values; and no other."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from django.core.management import call_command
from django.db import connection

from claims.ledger.adopting import adopt
from claims.ledger.checkpoints import Shelf, checkpoint
from claims.ledger.entries import snapshot
from claims.ledger.models import Entry
from claims.ledger.reconcile import reconcile
from claims.models import Side, Snapshot, SnapshotContent, Topic
from claims.services.transaction import add_contents, change, save
from tests.factories import make_claim, make_side, make_source, make_topic, make_user
from tests.ledger.conftest import Execute, past_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def topic(place: Shelf) -> Topic:
    """A topic of three versions, among others, all signed."""
    make_claim()
    topic = make_topic(name="One")
    for name in ("Two", "Three"):
        with change(by=None, reason=f"Now {name}", command="test") as this:
            topic.name = name
            save(this, [topic])
    checkpoint(place)
    return topic


def found(place: Shelf) -> list[str]:
    """What differs."""
    kept = place.kept()
    with snapshot():
        return [each.sentence for each in reconcile(place, kept) if each.differs]


def noted(place: Shelf) -> list[str]:
    """What is noted."""
    return [each.sentence for each in reconcile(place) if not each.differs]


def tampered(execute: Execute, statement: str, *values: object) -> None:
    """Write past the triggers."""
    with past_triggers():
        execute(statement, *values)


def test_what_agrees_is_not_reported(place: Shelf, topic: Topic) -> None:
    call_command("loaddata", "demonstration", verbosity=0)
    side = make_side()
    with change(by=make_user(), reason="Withdrawn", command="") as this:
        side.withdrawn = True
        save(this, [side])
    assert found(place) == []
    assert re.fullmatch(r"Writes of claims_user that are attributed to nobody: 1, .*", noted(place)[0])


def test_a_live_row_changed_past_the_triggers(place: Shelf, topic: Topic, execute: Execute) -> None:
    tampered(execute, "UPDATE claims_topic SET name = 'Forged' WHERE id = %s", topic.pk)
    (sentence,) = found(place)
    entry = Entry.objects.filter(table_name="claims_topic").latest("id").pk
    assert sentence == (
        f'Topic {topic.uid}: “name” is "Forged" in its table; the journal (entry {entry}) has "Three", its newest '
        'version has "Three".'
    )
    assert adopt("It is so", lambda *_: None).number == 1
    (sentence,) = found(place)
    assert 'its newest version has "Three"' in sentence


def test_a_write_from_outside_has_no_version(place: Shelf, topic: Topic, execute: Execute) -> None:
    execute("UPDATE claims_topic SET name = %s WHERE id = %s", "\x1b[2J\u202e", topic.pk)
    (sentence,) = found(place)
    assert "attributed to nobody) has" in sentence
    assert 'its newest version has "Three"' in sentence
    assert sentence.isprintable()
    assert any("Writes of claims_topic that are attributed to nobody: 1," in each for each in noted(place))


def test_rows_that_are_gone_or_back(place: Shelf, topic: Topic, execute: Execute) -> None:
    side = make_side()
    with past_triggers():
        execute("INSERT INTO auth_group (name) VALUES ('Unknown')")
        execute("DELETE FROM claims_side WHERE id = %s", side.pk)
    told = found(place)
    assert len(told) == 2
    assert f"Side {side.uid} is in the journal, and not in its table any more" in told[0]
    assert re.search(r"Group with the key \d+ is in the table, and the journal knows nothing of it", told[1])
    assert adopt("Repaired", lambda *_: None).number == 2
    assert found(place) == []
    assert adopt("Again", lambda *_: None).number == 0


def test_a_row_put_back(place: Shelf, topic: Topic, execute: Execute) -> None:
    execute("INSERT INTO auth_group (name) VALUES ('There')")
    execute("DELETE FROM auth_group WHERE name = 'There'")
    assert found(place) == []
    key = Entry.objects.filter(table_name="auth_group").latest("id").row_key
    tampered(execute, "INSERT INTO auth_group (id, name) VALUES (%s, 'There')", int(key))
    (sentence,) = found(place)
    assert sentence.startswith(f"Group with the key {key} is in its table, and deleted by the journal")


def test_a_change_between_two_entries(place: Shelf, topic: Topic, execute: Execute) -> None:
    tampered(execute, "UPDATE claims_topic SET note = 'Slipped in' WHERE id = %s", topic.pk)
    topic = Topic.objects.get(pk=topic.pk)
    with change(by=None, reason="On top of it", command="test") as this:
        topic.name = "Four"
        save(this, [topic])
    (sentence,) = found(place)
    assert re.fullmatch(
        rf'Topic {topic.uid}: “note” was "" after the last entry, and "Slipped in" before entry \d+ \(.*Z\): '
        "it was changed in between, past the journal.",
        sentence,
    )
    assert adopt("Known", lambda *_: None).number == 1
    assert found(place) == []
    assert any("Slipped in" in each for each in noted(place))


def test_versions(place: Shelf, topic: Topic, execute: Execute) -> None:
    set_where = "UPDATE claims_historicaltopic SET {} WHERE version = %s"
    tampered(execute, set_where.format("name = 'Ones'"), 1)
    assert found(place) == [f'Topic {topic.uid}, version 1: “name” is "Ones" in the history; the journal has "One".']
    tampered(execute, "DELETE FROM claims_historicaltopic WHERE version = 1 AND id = %s", topic.pk)
    assert found(place) == [f"Topic {topic.uid}, version 1: the journal has it, and the history does not."]
    tampered(execute, set_where.format("history_change_reason = 'Why not'"), 2)
    assert 'version 2: for the reason "Why not" in the history, "Now Two" in the journal.' in found(place)[0]
    user = make_user()
    tampered(execute, set_where.format("history_user_id = (SELECT max(id) FROM claims_user)"), 3)
    told = f"version 3: by user {user.pk} in the history, by user None in the journal."
    assert any(told in each for each in found(place))
    tampered(execute, set_where.format("version = 9"), 2)
    assert any("version 9: the history has it, and the journal does not." in each for each in found(place))
    tampered(execute, "DELETE FROM claims_historicaltopic")
    assert f"Topic {topic.uid} has no version in the history." in found(place)


def test_an_existing_database_is_adopted(place: Shelf, execute: Execute) -> None:
    """What was recorded before the journal was there: rows with all their versions."""
    with past_triggers():
        side = make_side(name="Old")
        with change(by=None, reason="Older", command="test") as this:
            side.name = "Newer"
            save(this, [side])
        orphan = make_side(name="Gone")
        execute("DELETE FROM claims_side WHERE id = %s", orphan.pk)
    told = found(place)
    assert any(f"Side {side.uid} is in the table, and the journal knows nothing of it" in each for each in told)
    assert any(f"Side {orphan.uid}: version 1" in each for each in told)
    assert adopt("The first start", lambda *_: None).number == 3
    assert found(place) == []
    tampered(execute, "UPDATE claims_historicalside SET name = 'Forged' WHERE version = 1 AND id = %s", side.pk)
    assert any('“name” is "Forged" in the history; the journal has "Old"' in each for each in found(place))
    with change(by=None, reason="Once more", command="test") as this:
        side = Side.objects.get(pk=side.pk)
        side.name = "Newest"
        save(this, [side])
    assert len(found(place)) == 1


def test_a_change_without_who_and_why(place: Shelf, topic: Topic, execute: Execute) -> None:
    with past_triggers():
        execute("DELETE FROM ledger_change_part")
        execute("DELETE FROM claims_changetopic")
        execute("DELETE FROM ledger_change WHERE reason = 'Now Two'")
    told = found(place)
    assert any(re.match(r"Change [0-9a-f-]{36} is in the journal, and not in its table", each) for each in told)
    assert any("belongs to a change" in each and "who and why is missing" in each for each in told)


def test_the_bytes_of_a_text(place: Shelf, execute: Execute) -> None:
    content = "نص".encode()
    captured = Snapshot(source=make_source(), sha256=sha256(content).hexdigest(), length=len(content))
    with change(by=None, reason="A text", command="test") as this:
        save(this, [captured])
        add_contents(this, [SnapshotContent(snapshot=captured, content=content)])
    assert found(place) == []
    tampered(execute, "UPDATE claims_snapshotcontent SET content = %s", b"another")
    (sentence,) = found(place)
    assert str(captured.uid) in sentence
    assert sha256(b"another").hexdigest() in sentence


def test_a_trigger_that_is_missing(place: Shelf, topic: Topic, execute: Execute) -> None:
    name = "ledger_claims_topic_update" if connection.vendor == "sqlite" else "ledger_claims_topic_journal"
    execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else " ON claims_topic"))
    (sentence,) = found(place)
    assert sentence.startswith(f"The trigger {name} is missing or changed")


def test_a_column_that_the_journal_does_not_know_yet(place: Shelf, topic: Topic, execute: Execute) -> None:
    of_topics = "entry_id IN (SELECT id FROM ledger_entry WHERE table_name = 'claims_topic')"
    renamed = f"UPDATE ledger_payload SET body = replace(body, %s, %s) WHERE {of_topics}"  # noqa: S608
    tampered(execute, renamed, '"note"', '"former"')
    told = [each.sentence for each in reconcile(place)]
    assert any(each.startswith("“note” of topics is newer than what the journal knows of 1 rows") for each in told)
