"""The sweeper: numbers without gaps, nothing missed that is committed late, no fork, whole at any interruption."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from claims.ledger import sealing
from claims.ledger.checkpoints import Shelf, checkpoint
from claims.ledger.entries import read_hashes, sealed, size, snapshot
from claims.ledger.leaves import leaf_bytes
from claims.ledger.merkle import Tree
from claims.ledger.models import Entry, Leaf, Node, Sweep
from claims.ledger.sealing import seal
from claims.ledger.verifying import verify
from tests.factories import make_claim, make_side
from tests.ledger.conftest import Execute, past_triggers
from tests.ledger.logs import naive_root

pytestmark = pytest.mark.django_db(transaction=True)

BY_HAND = (
    "INSERT INTO ledger_entry (id, at, table_name, row_key, operation) VALUES (%s, '2026-01-01 00:00:00', %s, '1', 'I')"
)


def all_sealed() -> None:
    """Every entry has its leaf, numbers have no gap, and the tree is that of its leaves."""
    assert set(Leaf.objects.values_list("entry_id", flat=True)) == set(Entry.objects.values_list("id", flat=True))
    assert list(Leaf.objects.order_by("number").values_list("number", flat=True)) == list(range(size()))
    with snapshot():
        assert list(verify(NOWHERE)) == []


LONGEST_WAIT = 180  # seconds, for other tests on the same server to end their transactions
NOWHERE = Shelf.__new__(Shelf)


@pytest.fixture(autouse=True)
def nowhere(place: Shelf) -> None:
    """A shelf without checkpoints, to verify the tree in itself."""
    NOWHERE.folder, NOWHERE.key = place.folder / "none", place.key


def test_the_tree_is_that_of_the_lines_of_the_journal() -> None:
    for _number in range(3):
        make_claim()
    told: list[int] = []
    swept = seal(progress=told.append)
    assert swept.refused == []
    assert told[-1] == swept.sealed == size() == Entry.objects.count() > 256
    lines = [leaf_bytes(each.number, each.row, each.commitment) for each in sealed(0, size()) if each.row]
    leaves = [sha256(b"\0" + line).digest() for line in lines]
    assert Tree(read_hashes, size()).root() == naive_root(leaves)
    assert Node.objects.filter(level=1).count() == size() // 256
    assert seal().sealed == 0
    all_sealed()


def test_small_batches_make_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 37)
    make_claim()
    assert seal().sealed == size() > 256
    all_sealed()


def sweep_beyond(entry: int) -> None:
    """Sweep until nothing up to the entry is looked for: not before all older transactions of the server have ended."""
    ends = time.monotonic() + LONGEST_WAIT
    while Sweep.objects.get().floor < entry:
        assert time.monotonic() < ends
        seal()
        time.sleep(0.05)


def test_what_is_committed_late_is_sealed_late() -> None:
    """On PostgreSQL a transaction that began earlier may end later; on SQLite writers wait, and nobody is late."""
    seal()
    if connection.vendor == "sqlite":
        make_side()
        assert seal().sealed == 2
        assert Sweep.objects.get().floor == Entry.objects.latest("id").pk
        return
    late = connections.create_connection("default")
    late.set_autocommit(False)
    with late.cursor() as cursor:
        cursor.execute("INSERT INTO auth_group (name) VALUES ('late')")
    before = Sweep.objects.get().floor
    for _time in range(4):
        make_side()
        assert seal().sealed == 2
    there = set(Entry.objects.values_list("id", flat=True))
    (first_late,) = set(range(before + 1, Entry.objects.latest("id").pk)) - there
    assert Sweep.objects.get().floor < first_late
    late.commit()
    late.close()
    assert seal().sealed == 1
    sweep_beyond(first_late)
    all_sealed()


def test_sweepers_at_once_do_not_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 11)
    ended = threading.Event()

    def closing(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    def sweep() -> int:
        done = 0
        while not ended.is_set():
            done += seal().sealed
        return done

    def write() -> None:
        for _number in range(15):
            make_side()

    with ThreadPoolExecutor() as pool:
        sweepers = [pool.submit(closing, sweep) for _number in range(3)]
        for writer in [pool.submit(closing, write) for _number in range(2)]:
            writer.result()
        ended.set()
        done = sum(each.result() for each in sweepers)
    assert done + seal().sealed == size() == Entry.objects.count()
    all_sealed()


@pytest.mark.parametrize("step", ["leaves", "nodes", "state", "between"])
def test_an_interruption_leaves_everything_whole(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(Exception):  # noqa: N818 - it names what happens
        pass

    def killed(*_arguments: Any, **_keywords: Any) -> Any:
        raise Killed

    monkeypatch.setattr(sealing, "BATCH", 300)
    with monkeypatch.context() as broken:
        if step == "state":
            broken.setattr(sealing, "_remember", killed)
        elif step in ("leaves", "nodes"):
            broken.setattr(QuerySet, "bulk_create", _killed_after(Leaf if step == "leaves" else Node, killed))
        with pytest.raises(Killed):
            seal(progress=killed if step == "between" else None)
    assert size() == {"leaves": 0, "nodes": 0, "between": 300}.get(step, Entry.objects.count())
    with snapshot():
        assert list(verify(NOWHERE)) == []
    seal()
    all_sealed()


def _killed_after(model: type, killed: Callable[..., Any]) -> Callable[..., Any]:
    write = QuerySet.bulk_create

    def written(rows: Any, *arguments: Any, **keywords: Any) -> Any:
        found = write(rows, *arguments, **keywords)
        return killed() if rows.model is model else found

    return written


def test_what_no_trigger_wrote_is_left_out_and_named(execute: Execute) -> None:
    seal()
    highest = Entry.objects.latest("id").pk + 100
    with past_triggers():
        execute(BY_HAND, highest + 1, "claims_side")
        execute(BY_HAND, highest + 2, "Not a table!")
        execute("INSERT INTO ledger_payload (entry_id, salt, body) VALUES (%s, %s, 'no JSON')", highest + 2, b"\1" * 32)
        execute(BY_HAND, highest + 3, "Not a table!")
        told = '{"before":null,"after":{},"secrets":[]}'
        execute("INSERT INTO ledger_payload (entry_id, salt, body) VALUES (%s, %s, %s)", highest + 3, b"\1" * 32, told)
    make_side()
    swept = seal()
    assert swept.sealed == 2
    assert len(swept.refused) == 3
    assert f"The content of entry {highest + 1}" in swept.refused[0]
    assert f"The content of entry {highest + 2}" in swept.refused[1]
    assert "by hand" in swept.refused[2]
    sweep_beyond(highest + 3)
    named = [sentence for sentence in verify(NOWHERE) if "has no place in the tree" in sentence]
    assert all(any(f"Entry {highest + each} " in sentence for sentence in named) for each in (1, 2, 3))


def test_what_a_hand_put_below_the_floor_is_named_and_sealed_on_demand(place: Shelf, execute: Execute) -> None:
    for _time in range(3):
        checkpoint(place)
    with past_triggers():
        execute(BY_HAND, -5, "claims_side")
        told = '{"before":null,"after":{"id":1},"secrets":[]}'
        execute("INSERT INTO ledger_payload (entry_id, salt, body) VALUES (-5, %s, %s)", b"\1" * 32, told)
    assert seal().sealed == 0
    assert any("Entry -5 has no place" in sentence for sentence in verify(place))
    assert "Entry -5" in seal(everywhere=True).refused[0]
