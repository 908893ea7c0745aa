"""Verifying the database itself: its tree worked out again from entries and contents, against every checkpoint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice

from django.db import connection

from claims.ledger.checkpoints import Kept, Shelf
from claims.ledger.entries import Sealed, as_bytes, sealed, size
from claims.ledger.leaves import Malformed, commitment, leaf_bytes
from claims.ledger.merkle import Frontier, leaf_hash
from claims.ledger.merkle import Node as Subtree
from claims.ledger.models import Event, Leaf, Node, Redaction, Sweep
from claims.ledger.notes import Refused

AT_ONCE = 1000
NAMED = 20
UNPLACED = """
    SELECT e.id FROM ledger_entry e
    WHERE e.id <= %s AND NOT EXISTS (SELECT 1 FROM ledger_leaf l WHERE l.entry_id = e.id) ORDER BY e.id LIMIT %s
"""
OF_NOTHING = """
    SELECT p.entry_id FROM ledger_payload p
    WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = p.entry_id) ORDER BY p.entry_id LIMIT %s
"""

Progress = Callable[[int, int], None]


def verify(shelf: Shelf, kept: Sequence[Kept] | None = None, *, progress: Progress | None = None) -> Iterator[str]:
    """Each difference in a sentence; nothing where the tree, the journal and the checkpoints of the shelf agree.

    To be run in `entries.snapshot()` where people are at work, and then with the checkpoints that were on file before
    it (`kept`): it has all that they cover. `progress` is told how many entries of how many are done. Raises `Refused`
    where the folder lacks what belongs there.
    """
    tree = _Recomputed(shelf, _standing(shelf, shelf.kept() if kept is None else kept), size())
    yield from tree.leaves_and_roots(progress)
    yield from tree.beyond()
    yield from _left_out()


@dataclass
class _Recomputed:
    """The tree being worked out again."""

    shelf: Shelf
    kept: list[Kept]
    total: int
    frontier: Frontier = field(default_factory=Frontier)

    def __post_init__(self) -> None:
        self.stored = _nodes()

    def leaves_and_roots(self, progress: Progress | None) -> Iterator[str]:
        """Check all leaves, with stops for the checkpoints between them."""
        leaves, total = sealed(0, self.total), self.total
        stops = {*range(0, total, AT_ONCE), *(each.size for each in self.kept if each.size <= total), total}
        for stop in sorted(stops):
            hashes: list[bytes] = []
            for expected, leaf in enumerate(islice(leaves, stop - self.frontier.size), self.frontier.size):
                yield from _of_leaf(expected, leaf)
                hashes.append(leaf.hash)
            if len(hashes) < stop - self.frontier.size:
                counted = self.frontier.size + len(hashes)
                yield f"The tree has {counted} leaves and numbers up to {total - 1}: some were taken out."
                self.kept = [each for each in self.kept if each.size > total]
                return
            yield from self._of_nodes(self.frontier.extend(hashes))
            for kept in self.kept:
                yield from self._of_checkpoint(kept) if kept.size == stop else ()
            if progress is not None:
                progress(stop, total)
        if (more := next(self.stored, None)) is not None:
            yield f"The tree has a node {more.level}/{more.index} that no leaves make: somebody put it there."

    def beyond(self) -> Iterator[str]:
        """The checkpoints of more than there is."""
        for kept in self.kept:
            if kept.size > self.total:
                yield (
                    f"{kept} covers {kept.size} entries, and the journal has {self.total}: its end was cut off, or an "
                    "older backup was restored (then run “manage.py audit new-origin”)."
                )

    def _of_nodes(self, complete: list[Subtree]) -> Iterator[str]:
        """Compare the subtrees that became complete with those stored; both come in the order of completion."""
        for node in complete:
            if next(self.stored, None) != node:
                yield f"Node {node.level}/{node.index} of the tree is not what its leaves make: something was changed."

    def _of_checkpoint(self, kept: Kept) -> Iterator[str]:
        try:
            signed = self.shelf.root(kept)
        except Refused as sentence:
            yield str(sentence)
            return
        if signed != self.frontier.root():
            yield f"{kept} and the journal differ: something in its first {kept.size} entries was changed since."


def _of_leaf(expected: int, leaf: Sealed) -> Iterator[str]:
    """What is wrong with one leaf: its number, its entry, its content, its hash."""
    where, row = f"Number {leaf.number} (entry {leaf.entry_id})", leaf.row
    if leaf.number != expected:
        yield f"{where} stands where number {expected} belongs: numbers were taken out or added."
        return
    if row is None:
        yield f"{where} has lost its entry: somebody deleted it from the journal."
        return
    told = f"{where}, {row.operation} of {row.table} {row.key} at {row.at},"
    try:
        if row.salt is None and row.body is None:
            if not Redaction.objects.filter(entry_id=row.id).exists():
                yield f"{told} has lost its content, and no redaction is on record."
        elif commitment(row) != leaf.commitment:
            yield f"{told} has another content than was sealed: somebody changed it."
        if leaf_hash(leaf_bytes(leaf.number, row, leaf.commitment)) != leaf.hash:
            yield f"{told} is not the entry that was sealed: somebody changed the entry or its leaf."
    except Malformed as sentence:
        yield f"{where}: {sentence}"


def _standing(shelf: Shelf, kept: Sequence[Kept]) -> list[Kept]:
    """The checkpoints without those given up for a backup: no journal has what they cover."""
    if not kept:
        return []
    # Only the signer's folder ends an origin; an event alone, which a database administrator can forge, does not.
    common = {number: size for number, size in _kept_of_origins().items() if number < shelf.number()}
    return [each for each in kept if each.size <= common.get(each.number, each.size)]


def _kept_of_origins() -> dict[int, int]:
    """By the number of an origin that was left for a backup: how many of its entries are in the journal still."""
    found: dict[int, int] = {}
    for detail in Event.objects.filter(kind="new_origin").order_by("id").values_list("detail", flat=True):
        if not isinstance(detail, dict) or not isinstance(common := detail.get("common"), int):
            continue
        origin = str(detail.get("former", "")).partition("\n")[0].rpartition("/")[2]
        for number in range(1, int(origin) + 1 if re.fullmatch("[0-9]{1,6}", origin) else 0):
            found[number] = min(common, found.get(number, common))
    return found


def _nodes() -> Iterator[Subtree]:
    """All nodes that are stored, in the order in which leaves complete them, a batch at a time."""
    levels = Node.objects.order_by("level").values_list("level", flat=True).distinct()
    yield from merge(*map(_level, list(levels)), key=lambda node: ((node.index + 1) << 8 * node.level, node.level))


def _level(level: int) -> Iterator[Subtree]:
    after = -(2**63)
    while True:
        found = Node.objects.filter(level=level, index__gt=after).order_by("index").values_list("index", "hash")
        batch = [Subtree(level, index, as_bytes(hashed)) for index, hashed in found[:AT_ONCE]]
        yield from batch
        if not batch:
            return
        after = batch[-1].index


def _left_out() -> Iterator[str]:
    """What is in the journal and not in the tree, though the sweeper has passed it; and content of nothing."""
    floor = Sweep.objects.filter(pk=1).values_list("floor", flat=True).first() or 0
    for entry in _ids(UNPLACED, floor, NAMED):
        yield (
            f"Entry {entry} has no place in the tree, though those around it have: somebody put it into the journal by "
            "hand. “manage.py audit checkpoint” seals it as it is, unless it is malformed."
        )
    for entry in _ids(OF_NOTHING, NAMED):
        yield f"There is content of entry {entry}, which does not exist: the entry was deleted, or the content added."
    if Leaf.objects.filter(number__lt=0).exists():
        yield "The tree has leaves with numbers below 0: somebody put them there."


def _ids(statement: str, *values: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [entry for (entry,) in cursor.fetchall()]
