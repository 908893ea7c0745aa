"""Proofs for whoever trusts neither us nor the database: that an entry is in the log, and that the log only grew.

An inclusion proof is the entry's line as it is exported, then a C2SP tlog-proof with a checkpoint in it. A consistency
proof is one hash a line, in base64. `verifier.py` checks both.
"""

from __future__ import annotations

from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from claims.ledger.checkpoints import Kept, Shelf
from claims.ledger.entries import as_sealed, read_hashes, sealed, size
from claims.ledger.leaves import leaf_bytes, line_bytes
from claims.ledger.merkle import Tree
from claims.ledger.models import Leaf
from claims.ledger.notes import Refused

HEADER = "c2sp.org/tlog-proof@v1"


class Place(NamedTuple):
    """Where an entry stands: its number in the tree, from 0, and the first checkpoint that covers it, if one does."""

    number: int
    checkpoint: Kept | None


def places(entries: Iterable[int], shelf: Shelf | None) -> dict[int, Place]:
    """The places of entries, by their ids; without those that are not sealed yet. One query."""
    kept = shelf.kept() if shelf is not None else []
    newest = kept[-1].number if kept else 0
    covering = [each for each in kept if each.number == newest]
    found = Leaf.objects.filter(entry_id__in=list(entries)).values_list("entry_id", "number")
    firsts = {entry: (number, bisect_right(covering, number, key=lambda each: each.size)) for entry, number in found}
    return {
        entry: Place(number, covering[first] if first < len(covering) else None)
        for entry, (number, first) in firsts.items()
    }


def number_of(entry: int) -> int:
    """The number of an entry in the tree; raises `Refused` where it has none."""
    found = Leaf.objects.filter(entry_id=entry).values_list("number", flat=True).first()
    if found is None:
        raise Refused(f"Entry {entry} is not sealed, or there is none. Run “manage.py audit checkpoint” first.")
    return int(found)


def inclusion(number: int, shelf: Shelf) -> bytes:
    """The proof that this number is in the log of the first checkpoint of this origin that covers it.

    Raises `Refused` where no checkpoint covers it, or where the entry is not what was sealed.
    """
    checkpoint = _covering(number, shelf)
    tree = Tree(read_hashes, checkpoint.size)
    if tree.root() != shelf.root(checkpoint):
        raise Refused(f"{checkpoint} and the tree differ. Run “manage.py audit verify”, which says where.")
    found = next(sealed(number, number + 1), None)
    if found is None or found.row is None:
        raise Refused(f"Number {number} is not in the database any more. Run “manage.py audit verify”.")
    if not as_sealed(found):
        raise Refused(
            f"Number {number} (entry {found.entry_id}) was changed after it was sealed: what it says now has no "
            "proof. Run “manage.py audit verify”, and keep a copy of the database."
        )
    path = tree.inclusion_proof(number)
    head = "\n".join([HEADER, f"index {number}", *_lines(path)])
    line = line_bytes(leaf_bytes(number, found.row, found.commitment), found.row)
    return line + f"{head}\n\n".encode() + checkpoint.path.read_bytes()


def consistency(old: Kept, new: Kept, shelf: Shelf) -> str:
    """The proof that the log of the newer checkpoint begins with that of the older one; raises `Refused`."""
    if old.number != new.number:
        raise Refused(
            f"{old} and {new} are of different origins: between them a backup was restored. Only a whole export shows "
            "what they share; verify it with both checkpoints."
        )
    if old.size > new.size:
        raise Refused(f"{old} covers more than {new}. Name the older checkpoint first.")
    if new.size > size():
        raise Refused(f"{new} covers more than the {size()} entries of the tree.")
    for each in (old, new):
        if Tree(read_hashes, each.size).root() != shelf.root(each):
            raise Refused(f"{each} and the tree differ. Run “manage.py audit verify”, which says where.")
    return "".join(f"{line}\n" for line in _lines(Tree(read_hashes, new.size).consistency_proof(old.size)))


def _covering(number: int, shelf: Shelf) -> Kept:
    kept = [each for each in shelf.kept() if each.number == shelf.number() and each.size > number]
    if not kept or not 0 <= number < size():
        raise Refused(f"No checkpoint covers number {number} yet. Run “manage.py audit checkpoint”.")
    return min(kept, key=lambda each: each.size)


def _lines(hashes: Iterable[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in hashes]
