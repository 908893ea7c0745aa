"""Sets of items as the bits of an integer, so that thousands of items are compared without a loop over pairs.

One AND of two Python integers answers a question about every item at once; n items cost n operations on n bits.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from operator import or_
from typing import Any


def members(mask: int) -> Iterator[int]:
    """The positions of the set bits, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def at_least(keys: Sequence[Any], bits: Sequence[int]) -> Callable[[Any], int]:
    """A function from a threshold to the mask of the items whose key is not below it. One sort, then a look-up each."""
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)
    ascending = [keys[item] for item in reversed(order)]
    masks = [0, *accumulate((bits[item] for item in order), or_)]
    return lambda threshold: masks[len(ascending) - bisect_left(ascending, threshold)]


def at_most(keys: Sequence[Any], bits: Sequence[int]) -> Callable[[Any], int]:
    """A function from a threshold to the mask of the items whose key is not above it."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ascending = [keys[item] for item in order]
    masks = [0, *accumulate((bits[item] for item in order), or_)]
    return lambda threshold: masks[bisect_right(ascending, threshold)]


class Groups:
    """Items laid out so that one addition tells which groups a mask touches.

    Every group's items stand side by side with a spare bit above them. Adding "all ones" to a group's bits carries
    into its spare bit exactly when one of them is set, and never further.
    """

    def __init__(self, group_of: Sequence[int]) -> None:
        """`group_of[item]` is the number of the item's group; groups are numbered from 0 without gaps."""
        sizes = [0] * (max(group_of, default=-1) + 1)
        for group in group_of:
            sizes[group] += 1
        starts = [0, *accumulate(size + 1 for size in sizes)]
        taken = starts[:]
        self.bits: list[int] = []
        for group in group_of:
            self.bits.append(1 << taken[group])
            taken[group] += 1
        self._spares = {starts[group] + size: group for group, size in enumerate(sizes)}
        self._spare_mask = sum(1 << place for place in self._spares)
        self._ones = sum(((1 << size) - 1) << starts[group] for group, size in enumerate(sizes))

    @property
    def everything(self) -> int:
        """The mask of all items."""
        return self._ones

    def touched(self, mask: int) -> int:
        """A mask of spare bits, one for each group that the mask has an item of; see `numbers`."""
        return ((mask & self._ones) + self._ones) & self._spare_mask

    def numbers(self, touched: int) -> Iterator[int]:
        """The numbers of the groups in what `touched` returned, ascending."""
        return (self._spares[place] for place in members(touched))
