"""The Merkle tree of RFC 6962, section 2.1: roots, proofs of inclusion and of consistency, and growing at the end.

A tree of any size is read in tiles of 256 hashes: leaves (level 0), and roots of complete subtrees of 256 to the power
of the level. A proof reads two tiles a level at most, six of a tree of ten million.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

TILE_BITS = 8
TILE = 1 << TILE_BITS
EMPTY_ROOT = sha256(b"").digest()

Read = Callable[[int, int, int], Sequence[bytes]]
"""`read(level, first, stop)`: the hashes of the complete subtrees from `first` to before `stop`; level 0 are leaves."""


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree of 256 ** level leaves, level 1 or more, the first of which is index * 256 ** level."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """The 32 bytes that stand for an entry."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32 bytes that stand for two subtrees."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """The tree of the first `size` leaves, read as needed; what was read is kept."""

    def __init__(self, read: Read, size: int) -> None:
        if size < 0:
            raise ValueError(f"A tree cannot have {size} leaves.")
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def root(self) -> bytes:
        """The Merkle tree hash (RFC 6962, 2.1)."""
        return self._hash(0, self.size) if self.size else EMPTY_ROOT

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The audit path of a leaf, from its sibling up (RFC 6962, 2.1.1); raises IndexError without such a leaf."""
        if not 0 <= index < self.size:
            raise IndexError(f"There is no leaf {index} in a tree of {self.size}.")
        first, stop, path = 0, self.size, []
        while stop - first > 1:
            middle = _middle(first, stop)
            if index < middle:
                path.append(self._hash(middle, stop))
                stop = middle
            else:
                path.append(self._hash(first, middle))
                first = middle
        return path[::-1]

    def consistency_proof(self, old: int) -> list[bytes]:
        """The proof that the tree of the first `old` leaves is its beginning (RFC 6962, 2.1.2); empty for none and all.

        Raises ValueError where there are fewer leaves than that.
        """
        if not 0 <= old <= self.size:
            raise ValueError(f"A tree of {self.size} leaves does not extend one of {old}.")
        if old in (0, self.size):
            return []
        first, stop, path = 0, self.size, []
        while stop != old:
            middle = _middle(first, stop)
            if old <= middle:
                path.append(self._hash(middle, stop))
                stop = middle
            else:
                path.append(self._hash(first, middle))
                first = middle
        # Who checks the proof knows the old root; the old tree's last subtree only where that is not all of it.
        return [*([self._hash(first, stop)] if first else []), *path[::-1]]

    def _hash(self, first: int, stop: int) -> bytes:
        """The hash of the leaves `first` to before `stop`, a range that halving the tree leads to."""
        if (stop - first) & (stop - first - 1):
            middle = _middle(first, stop)
            return node_hash(self._hash(first, middle), self._hash(middle, stop))
        level, spare = divmod((stop - first).bit_length() - 1, TILE_BITS)
        tile, place = divmod(first >> level * TILE_BITS, TILE)
        hashes = self._tile(level, tile)[place : place + (1 << spare)]
        while len(hashes) > 1:
            hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
        return hashes[0]

    def _tile(self, level: int, tile: int) -> Sequence[bytes]:
        """The complete subtrees of a level that one tile holds; raises LookupError where some were not to be read."""
        if (level, tile) not in self._tiles:
            first, stop = tile * TILE, min(tile * TILE + TILE, self.size >> level * TILE_BITS)
            hashes = self._read(level, first, stop)
            if len(hashes) != stop - first:
                wanted = f"{stop - first} hashes of level {level} from {first} on"
                raise LookupError(f"The tree is incomplete: it has {len(hashes)} of {wanted}.")
            self._tiles[level, tile] = hashes
        return self._tiles[level, tile]


class Frontier:
    """The end of a tree, where leaves are added: the roots of the complete subtrees that it consists of."""

    def __init__(self, read: Read | None = None, size: int = 0) -> None:
        """The end of a tree of `size` leaves that is read; without anything, that of the empty tree."""
        self.size = size
        self._peaks: list[bytes] = []
        if size and read is not None:
            tree, first = Tree(read, size), 0
            while first < size:
                stop = first + (1 << (size - first).bit_length() - 1)
                self._peaks.append(tree._hash(first, stop))
                first = stop
        elif size:
            raise ValueError(f"A tree of {size} leaves has to be read.")

    def extend(self, leaves: Iterable[bytes]) -> list[Node]:
        """Add leaves, given as their hashes; gives the nodes that became complete, in the order in which they did."""
        complete, peaks = [], self._peaks
        for leaf in leaves:
            peaks.append(leaf)
            self.size += 1
            height, rest = 0, self.size
            while not rest & 1:
                right = peaks.pop()
                peaks[-1] = node_hash(peaks[-1], right)
                height, rest = height + 1, rest >> 1
                if height % TILE_BITS == 0:
                    complete.append(Node(height // TILE_BITS, rest - 1, peaks[-1]))
        return complete

    def root(self) -> bytes:
        """The Merkle tree hash of the leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *others, root = self._peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root


def _middle(first: int, stop: int) -> int:
    """Where RFC 6962 halves a range: its left part is the largest power of two that is less than the range."""
    return first + (1 << (stop - first - 1).bit_length() - 1)
