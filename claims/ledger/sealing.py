"""The sweeper: gives every entry its place in the tree, in numbers without gaps, one sweeper at a time.

Work is found by its missing leaf, never by the highest id seen: on PostgreSQL an entry may be committed long after
entries with higher ids. Up to `Sweep.floor` all entries have their leaf; that only saves looking there again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Model, QuerySet

from claims.ledger.entries import entry_row, read_hashes, size, unsealed
from claims.ledger.leaves import Malformed, commitment, leaf_bytes, refuse_malformed
from claims.ledger.merkle import Frontier, leaf_hash
from claims.ledger.models import Entry, Leaf, Node, Sweep
from claims.ledger.notes import Refused

BATCH = 2000
# The number of the advisory lock by which sweepers on PostgreSQL wait for each other: "ledger" in ASCII.
LOCK = 0x6C6564676572

# Below every id that a hand can have given.
LOWEST = -(2**63)

Progress = Callable[[int], None]


class Swept(NamedTuple):
    """How many entries a sweep put into the tree, and the sentences about those that no trigger wrote."""

    sealed: int
    refused: list[str]


def seal(*, everywhere: bool = False, progress: Progress | None = None) -> Swept:
    """Put all entries into the tree that are committed and not in it.

    `everywhere`: look below the floor as well, where only somebody's hand can have put an entry. `progress` is told,
    after every batch, how many it has been so far. May be interrupted at any moment, and run twice at a time. An
    entry that no trigger wrote is left out, so that nobody can stop the sweeper with one. Raises `Refused` where
    somebody took parts of the tree away.
    """
    with _alone():
        floor, final = _settled()
    after, swept = LOWEST if everywhere else floor, Swept(0, [])
    while True:
        batch = _next_batch(after, final)
        if batch is None:
            return swept
        found, after = batch
        swept = Swept(swept.sealed + found.sealed, swept.refused + found.refused)
        if progress is not None:
            progress(swept.sealed)


def _next_batch(after: int, final: int) -> tuple[Swept, int] | None:
    """One transaction of the sweeper."""
    try:
        with _alone():
            batch = _seal_batch(after)
            if batch is None:
                _look_no_lower(final)
            return batch
    except (LookupError, IntegrityError) as wrong:
        raise Refused(
            "Nothing more can be sealed: leaves or nodes of the tree are missing, or there are some that do not belong "
            "there. “manage.py audit verify” says which."
        ) from wrong


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction that no other sweeper's overlaps; on SQLite no other writer's does, by BEGIN IMMEDIATE."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                # What is signed must outlive a crash of the server, however carelessly it is set up.
                cursor.execute("SET LOCAL synchronous_commit = on")
        yield


def _seal_batch(after: int) -> tuple[Swept, int] | None:
    """Seal the next entries above an id; returns what was done and the last one's id, None where there are none."""
    rows = unsealed(after, BATCH)
    if not rows:
        return None
    first, leaves, hashes, refused = size(), list[Leaf](), list[bytes](), list[str]()
    for row in map(entry_row, rows):
        number = first + len(leaves)
        try:
            refuse_malformed(row)
            payload = commitment(row)
            hashes.append(leaf_hash(leaf_bytes(number, row, payload)))
            leaves.append(Leaf(number, row.id, payload, hashes[-1]))
        except Malformed as sentence:
            refused.append(str(sentence))
    complete = Frontier(read_hashes, first).extend(hashes)
    _past_guard(Leaf).bulk_create(leaves)
    _past_guard(Node).bulk_create(Node(level=node.level, index=node.index, hash=node.hash) for node in complete)
    return Swept(len(leaves), refused), int(rows[-1][0])


def _settled() -> tuple[int, int]:
    """The floor, and the id up to which all entries are committed by now: no one below it can appear any more."""
    state = Sweep.objects.filter(pk=1).first() or Sweep()
    # Whoever may write there could put the floor above what is sealed, and nothing would be any more.
    sealed = Leaf.objects.aggregate(highest=Max("entry_id"))["highest"] or 0
    state.floor, state.reached = min(state.floor, sealed), min(state.reached, max(sealed, _highest()))
    if connection.vendor != "postgresql":
        return state.floor, _highest()  # ids are given in the order of commits
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        ((oldest,),) = cursor.fetchall()
    return state.floor, state.reached if oldest >= state.horizon else state.floor


def _look_no_lower(final: int) -> None:
    """Remember that everything up to `final` is sealed, and from when on more will be."""
    state = Sweep.objects.filter(pk=1).first() or Sweep()
    if final < state.floor <= _highest() or final < state.reached <= _highest():
        return  # another sweeper went further, or a transaction of before `horizon` still runs
    if connection.vendor != "postgresql":
        _remember(floor=final)
        return
    # In this order, and before anything is written: whoever holds an id up to `reached` began to write, and got its
    # transaction number, before this transaction gets its own.
    reached = _highest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        ((horizon,),) = cursor.fetchall()
    _remember(floor=final, reached=reached, horizon=horizon)


def _remember(**values: int) -> None:
    if not Sweep.objects.filter(pk=1).update(**values):
        Sweep.objects.create(pk=1, **values)


def _past_guard(model: type[Model]) -> QuerySet[Any]:
    """The table past its guard: the model's own managers refuse what only the sweeper does."""
    return QuerySet(model)


def _highest() -> int:
    return Entry.objects.aggregate(highest=Max("id"))["highest"] or 0
