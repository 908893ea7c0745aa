"""The one door: what a change needs, what saving does to versions and wholes, and two changes at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import (
    Attribution,
    Change,
    OutsideService,
    Record,
    Relay,
    Topic,
)
from claims.services.inserting import FEW
from claims.services.references import check_references
from claims.services.refusals import NotInOnePiece, Refused, Stale
from claims.services.transaction import change, lock_question, save
from tests import factories as make
from tests.services.written import savepoints

pytestmark = pytest.mark.django_db


def a_change() -> AbstractContextManager[Change]:
    return change(by=None, reason="A test", command="test")


# --- Opening --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "  \n", "a\0b", "\ud83d"])
def test_a_change_needs_a_reason_that_can_be_kept(reason: str) -> None:
    with pytest.raises(ValidationError), change(by=make.make_user(), reason=reason):
        pytest.fail("It opened.")


@pytest.mark.parametrize("by", [None, AnonymousUser()])
def test_a_change_needs_someone_who_makes_it(by: Any) -> None:
    with pytest.raises(OutsideService, match="signed-in user, or a command"), change(by=by, reason="A test"):
        pytest.fail("It opened.")


def test_a_change_carries_user_reason_command_and_one_moment() -> None:
    user = make.make_user()
    with change(by=user, reason=" Corrected a name ", command="rename") as this:
        assert (this.by, this.reason, this.command) == (user, "Corrected a name", "rename")
        save(this, [first := Topic(name="one")])
        save(this, [second := Topic(name="two")])
    assert first.recorded_at == second.recorded_at == this.moment
    assert {version.history_date for version in Topic.history.all()} == {this.moment}


def test_an_inner_change_joins_the_outer() -> None:
    with a_change() as outer, change(by=None, reason="Another reason", command="other") as inner:
        assert inner is outer
        save(inner, [Topic(name="one")])
    assert Topic.history.get().history_change_reason == "A test"


def test_a_change_is_made_by_one_user() -> None:
    one, other = make.make_user(), make.make_user()
    for outer, inner in ((one, other), (one, None), (None, one)):
        outside = change(by=outer, reason="A test", command="test")
        inside = change(by=inner, reason="A test", command="test")
        with outside, pytest.raises(OutsideService, match="one user"), inside:
            pytest.fail("It joined.")


def fail_after_saving(*records: Record) -> None:
    with a_change() as this:
        save(this, records)
        raise KeyError


def test_a_change_that_fails_leaves_nothing() -> None:
    with pytest.raises(KeyError):
        fail_after_saving(Topic(name="one"))
    assert not Topic.objects.exists()
    assert not Topic.history.exists()


def test_an_inner_change_that_fails_takes_only_its_own_back() -> None:
    attribution = make.make_attribution()
    relays = [Relay(attribution=attribution, position=place, agent=make.make_agent()) for place in range(2)]
    with a_change() as this:
        with pytest.raises(KeyError):
            fail_after_saving(relays[0])
        attribution.refresh_from_db()
        assert attribution.version == 1
        save(this, [relays[1]])
    attribution.refresh_from_db()
    assert (attribution.version, attribution.history.count()) == (2, 2)
    assert Relay.objects.get().position == 1


def test_a_change_that_is_over_saves_nothing() -> None:
    with a_change() as over:
        pass
    for write in (lambda: save(over, [Topic(name="x")]), lambda: lock_question(over, 1)):
        with pytest.raises(OutsideService, match="not open"):
            write()
        with pytest.raises(OutsideService, match="not open"), a_change():
            write()


# --- Saving ---------------------------------------------------------------------------------------------------------


def test_saving_returns_what_was_new_or_changed() -> None:
    same, changed = make.make_topic(), make.make_topic()
    changed.note = "new"
    with a_change() as this:
        assert save(this, [same, changed, new := Topic(name="new")]) == [changed, new]
    assert [topic.version for topic in (same, changed, new)] == [1, 2, 1]
    assert list(Topic.objects.order_by("pk").values_list("version", flat=True)) == [1, 2, 1]


def test_each_write_raises_the_version_by_one_and_keeps_it_in_the_history() -> None:
    topic = make.make_topic(name="0")
    for number in range(1, 4):
        topic.name = str(number)
        make.record(topic)
    assert [(row.version, row.name) for row in topic.history.order_by("history_id")] == [
        (1, "0"), (2, "1"), (3, "2"), (4, "3"),
    ]  # fmt: skip


def test_a_record_given_twice_is_written_once() -> None:
    topic = Topic(name="one")
    with a_change() as this:
        save(this, [topic, topic])
        topic.name = "two"
        save(this, [topic, topic])
    assert topic.version == topic.history.count() == 2


def test_identity_and_moment_of_recording_stay() -> None:
    topic = make.make_topic()
    before = (topic.uid, topic.recorded_at)
    topic.note, topic.uid, topic.recorded_at = "new", make.make_topic().uid, None
    make.record(topic)
    topic.refresh_from_db()
    assert (topic.uid, topic.recorded_at) == before
    assert topic.note == "new"


def test_a_stale_record_is_refused_by_name() -> None:
    topic = make.make_topic(name="Homs")
    old = Topic.objects.get()
    topic.note = "theirs"
    make.record(topic)
    old.note = "mine"
    with pytest.raises(
        Stale, match=r"“Homs” \(topic\) was changed by someone else after you opened version 1"
    ) as stale:
        make.record(old)
    assert stale.value.record is old
    old.note = "theirs"
    with pytest.raises(Stale):  # though it would change nothing: what the editor saw is not what is there
        make.record(old)
    assert Topic.objects.get().note == "theirs"
    assert topic.history.count() == 2


def test_nothing_of_a_refused_batch_is_written() -> None:
    topic = make.make_topic(name="Homs")
    topic.note = "changed"
    with a_change() as this:
        with pytest.raises(Refused) as refusal:
            save(this, [topic, Topic(name="new"), Topic(name="Homs")])
        assert refusal.value.record.name == "Homs"
        assert refusal.value.messages == ["There is a topic of this name already. Use it."]
    assert list(Topic.objects.values_list("name", "note")) == [("Homs", "")]
    assert topic.history.count() == 1


def test_of_two_new_records_that_collide_the_second_is_named() -> None:
    batch = [Topic(name=name) for name in ("one", "two", "two", "one")]
    with pytest.raises(Refused) as refusal:
        make.record(*batch)
    assert refusal.value.record.uid == batch[2].uid
    assert not Topic.objects.exists()


def test_a_missing_reference_is_named() -> None:
    with pytest.raises(Refused) as refusal:
        make.record(Attribution(source=make.make_source()))
    assert list(refusal.value.message_dict) == ["speaker"]


# --- In one piece ---------------------------------------------------------------------------------------------------


def test_what_is_saved_in_one_piece_has_one_savepoint() -> None:
    topic = make.make_topic()
    with a_change() as this, CaptureQueriesContext(connection) as queries:
        with change(by=None, reason="A piece", in_one_piece=True):
            save(this, [Topic(name="one"), make.make_source()])
            with change(by=None, reason="In it"):
                topic.note = "changed"
                save(this, [topic])
        assert savepoints(queries) == 1
        save(this, [Topic(name="two")])  # the piece is over
        assert savepoints(queries) > 1
    assert Topic.history.count() == 4


def write_one_and(*records: Record, command: str = "") -> None:
    with change(by=None, reason="A piece", command=command, in_one_piece=True) as this:
        save(this, [Topic(name="one")])
        save(this, records)


@pytest.mark.parametrize("build", [lambda: Topic(name="there"), lambda: Topic(name="a\0b"), Attribution])
def test_a_piece_of_which_anything_is_refused_is_given_up_whole(build: Callable[[], Record]) -> None:
    make.make_topic(name="there")
    with a_change() as this:
        save(this, [Topic(name="before")])
        with pytest.raises(NotInOnePiece):
            write_one_and(build())
        with pytest.raises(Refused):
            save(this, [build()])  # in parts it is told which
        save(this, [Topic(name="after")])
    assert set(Topic.objects.values_list("name", flat=True)) == {"there", "before", "after"}
    assert Topic.history.count() == len(this.written) + 1 == 3


def write_and_pass_over(record: Record, stale: Record) -> None:
    with change(by=None, reason="A piece", command="test", in_one_piece=True) as this:
        save(this, [record])
        with suppress(Stale):
            save(this, [stale])


@pytest.mark.parametrize("around", [nullcontext, a_change])
def test_of_a_piece_nothing_is_kept_though_the_refusal_was_caught(around: Callable[[], Any]) -> None:
    topic, stale = make.make_topic(name="there"), Topic.objects.get()
    topic.note = "changed"
    with around(), pytest.raises(NotInOnePiece):
        write_and_pass_over(topic, stale)
    assert (Topic.objects.get().note, Topic.history.count()) == ("", 1)


def test_a_change_that_is_one_piece_leaves_nothing_when_it_is_refused() -> None:
    make.make_topic(name="there")
    with pytest.raises(NotInOnePiece):
        write_one_and(Topic(name="there"), command="test")
    assert Topic.objects.count() == Topic.history.count() == 1


FIXED: list[tuple[Callable[[], Record], str, Callable[[], Any]]] = [
    (make.make_snapshot, "source", make.make_source),
    (make.make_snapshot, "sha256", lambda: "0" * 64),
    (make.make_claim, "attribution", make.make_attribution),
    (lambda: make.make_option(make.make_question()), "question", make.make_question),
    (lambda: make.make_passage(make.make_attribution()), "attribution", make.make_attribution),
]


@pytest.mark.parametrize(("build", "field", "other"), FIXED)
def test_fixed_fields_keep_their_value(build: Callable[[], Record], field: str, other: Callable[[], Any]) -> None:
    record = build()
    setattr(record, field, other())
    with pytest.raises(Refused, match="cannot be changed any more") as refusal:
        make.record(record)
    assert list(refusal.value.message_dict) == [field]
    assert record.history.count() == 1


# --- Cost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 40])
def test_a_batch_costs_no_statement_for_each_record(size: int) -> None:
    topics = [Topic(name=f"{size} {number}") for number in range(size)]
    with a_change() as this, CaptureQueriesContext(connection) as queries:
        save(this, topics)
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"].upper()]
    # INSERT INTO claims_topic ..., before which many ask for their keys;
    # INSERT INTO claims_historicaltopic ... SELECT ... FROM claims_topic
    assert len(statements) == (2 if size < FEW else 3)
    assert Topic.history.count() == size


def test_a_batch_larger_than_one_statement_is_written_whole() -> None:
    make.record(*(Topic(name=str(number)) for number in range(1201)))
    assert Topic.history.count() == Topic.objects.count() == 1201
    names = Topic.objects.order_by("pk").values_list("name", flat=True)
    assert list(names) == list(map(str, range(1201)))


def test_a_trigger_is_given_few_rows_by_one_statement() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's triggers are for each row")
    with CaptureQueriesContext(connection) as queries:
        make.record(*(Topic(name=str(number)) for number in range(501)))
    for begun in ('COPY "claims_topic"', 'INSERT INTO "claims_historicaltopic"'):
        assert sum(query["sql"].strip().startswith(begun) for query in queries) == 3


def test_how_references_are_checked_is_not_planned_for_a_small_table() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans each statement when it is made")

    def read_whole_by(check: Callable[[], None]) -> int:
        with connection.cursor() as cursor:
            cursor.execute("DISCARD PLANS")
            cursor.execute("INSERT INTO referring VALUES (1)")
        before = times_read_whole("referred_to")
        check()
        return times_read_whole("referred_to") - before

    with connection.cursor() as cursor:  # tables of its own: of the others, each test leaves dead rows behind
        cursor.execute("CREATE TEMP TABLE referred_to (id integer PRIMARY KEY)")
        cursor.execute("INSERT INTO referred_to VALUES (1)")
        cursor.execute("ANALYZE referred_to")
        cursor.execute("CREATE TEMP TABLE referring (id integer REFERENCES referred_to DEFERRABLE INITIALLY DEFERRED)")
    assert read_whole_by(connection.check_constraints) == 1
    assert read_whole_by(check_references) == 0


@pytest.mark.parametrize("planned", ["on", "off"])
def test_after_references_are_checked_statements_are_planned_as_before(planned: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such setting")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', %s, true)", [planned])
        check_references()
        cursor.execute("SELECT current_setting('enable_seqscan')")
        assert cursor.fetchone() == (planned,)


def times_read_whole(table: str) -> int:
    """How often this transaction has read all of a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_numscans(%s::regclass)", [table])
        ((number,),) = cursor.fetchall()
    return int(number)


@pytest.mark.parametrize("at", [0, 500, 1200])
def test_of_a_batch_larger_than_one_statement_the_record_to_blame_is_found(at: int) -> None:
    topics = [Topic(name=str(number)) for number in range(1201)]
    topics[at].name = "there"
    make.record(Topic(name="there"))
    with pytest.raises(Refused) as refusal, a_change() as this:
        save(this, topics)
    assert refusal.value.record is topics[at]
    assert Topic.objects.count() == Topic.history.count() == 1
