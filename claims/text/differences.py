"""What changed between two texts, word by word, as a value.

Words (with their marks), white space and every other character are tokens. Texts too large to compare token by
token are first split at sequences of words that occur once in both (Bram Cohen's patience diff), which takes little
more than linear time; a stretch that has none and is still too large counts as replaced whole.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from rapidfuzz.distance import LCSseq

from claims.text.characters import WORD_CHARACTERS

_TOKEN = re.compile(f"[{WORD_CHARACTERS}]+|\\s+|.", re.DOTALL)
_MOST_PAIRS = 16_000_000
"""Pairs of tokens that are compared at once: some milliseconds, and two megabytes to trace the way back."""
_THREE_WORDS = 5
"""Tokens: the words and the white space between them."""
_TWICE = -1


class Change(StrEnum):
    """What became of a segment."""

    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that both texts have, or only the old one (removed), or only the new one (added)."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class _Block:
    """Tokens [old, old_end) of the old text beside tokens [new, new_end) of the new one."""

    old: int
    old_end: int
    new: int
    new_end: int

    @property
    def pairs(self) -> int:
        return (self.old_end - self.old) * (self.new_end - self.new)


def differences(old: str, new: str) -> tuple[Segment, ...]:
    """The segments that lead from `old` to `new`, in order; what was removed goes before what was added for it.

    The equal and removed segments together are `old`, the equal and added ones `new`. No two neighbours are of
    the same kind, and white space alone does not part two changes.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    segments = _segments(before, after, _joined(_common(before, after)))
    return tuple(
        Segment(change, "".join(segment.text for segment in group))
        for change, group in groupby((segment for segment in segments if segment.text), key=lambda each: each.change)
    )


def _segments(before: Sequence[str], after: Sequence[str], common: Iterable[_Block]) -> Iterator[Segment]:
    """The segments between and of the common blocks; some may be empty, or of the kind of their neighbour."""
    removed = added = ""
    old = new = 0
    for block in common:
        removed += "".join(before[old : block.old])
        added += "".join(after[new : block.new])
        same = "".join(before[block.old : block.old_end])
        old, new = block.old_end, block.new_end
        if same.isspace() and (removed or added) and (old < len(before) or new < len(after)):
            removed, added = removed + same, added + same
        else:
            yield Segment(Change.REMOVED, removed)
            yield Segment(Change.ADDED, added)
            yield Segment(Change.EQUAL, same)
            removed = added = ""
    yield Segment(Change.REMOVED, removed + "".join(before[old:]))
    yield Segment(Change.ADDED, added + "".join(after[new:]))


def _joined(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """The blocks, those that follow one another without a gap made one."""
    last: _Block | None = None
    for block in blocks:
        if last and (last.old_end, last.new_end) == (block.old, block.new):
            last = _Block(last.old, block.old_end, last.new, block.new_end)
            continue
        if last:
            yield last
        last = block
    if last:
        yield last


def _common(before: Sequence[str], after: Sequence[str]) -> Iterator[_Block]:
    """Blocks of equal tokens, in order, not empty."""
    waiting = [_Block(0, len(before), 0, len(after))]
    while waiting:
        block = waiting.pop()
        head, middle, tail = _trimmed(before, after, block)
        if head.pairs:
            yield head
        if tail.pairs:
            waiting.append(tail)
        if middle.pairs > _MOST_PAIRS:
            waiting += reversed(_split(before, after, middle))
        elif middle.pairs:
            yield from _compared(before, after, middle)


def _trimmed(before: Sequence[str], after: Sequence[str], block: _Block) -> tuple[_Block, _Block, _Block]:
    """The block in three: the equal tokens at its head, the rest, the equal tokens at its tail."""
    old, old_end, new, new_end = block.old, block.old_end, block.new, block.new_end
    while old < old_end and new < new_end and before[old] == after[new]:
        old, new = old + 1, new + 1
    while old < old_end and new < new_end and before[old_end - 1] == after[new_end - 1]:
        old_end, new_end = old_end - 1, new_end - 1
    return (
        _Block(block.old, old, block.new, new),
        _Block(old, old_end, new, new_end),
        _Block(old_end, block.old_end, new_end, block.new_end),
    )


def _compared(before: Sequence[str], after: Sequence[str], block: _Block) -> Iterator[_Block]:
    """The equal blocks in a block, token by token: a longest common subsequence."""
    removed, added = before[block.old : block.old_end], after[block.new : block.new_end]
    for code in LCSseq.opcodes(removed, added):
        if code.tag == "equal":
            yield _Block(
                block.old + code.src_start,
                block.old + code.src_end,
                block.new + code.dest_start,
                block.new + code.dest_end,
            )


def _split(before: Sequence[str], after: Sequence[str], block: _Block) -> list[_Block]:
    """The block cut before each token with which a sequence begins that occurs once on both sides, in one order.

    First with sequences of three words, then with single tokens; nothing where neither occurs.
    """
    for length in (_THREE_WORDS, 1):
        places = _once(after, block.new, block.new_end, length)
        once = _once(before, block.old, block.old_end, length)
        anchors = _ascending([(old, places[tokens]) for tokens, old in once.items() if tokens in places])
        if anchors:
            jumps = [here for last, here in pairwise([(-1, -1), *anchors]) if here != (last[0] + 1, last[1] + 1)]
            cuts = [(block.old, block.new), *jumps, (block.old_end, block.new_end)]
            return [_Block(old, old_end, new, new_end) for (old, new), (old_end, new_end) in pairwise(cuts)]
    return []


def _once(tokens: Sequence[str], begin: int, end: int, length: int) -> dict[tuple[str, ...], int]:
    """The sequences of so many tokens that occur once in [begin, end), in order, with their places."""
    places: dict[tuple[str, ...], int] = {}
    sequences = zip(*(tokens[begin + shift : end] for shift in range(length)), strict=False)
    for place, sequence in enumerate(sequences, begin):
        places[sequence] = _TWICE if sequence in places else place
    return {sequence: place for sequence, place in places.items() if place != _TWICE}


def _ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """A longest subsequence of the pairs in which the second numbers ascend, as the first ones do already."""
    lowest: list[int] = []  # the least last number of a subsequence, by its length
    last: list[int] = []  # which pair that is
    previous: list[int] = []
    for number, (_, new) in enumerate(pairs):
        length = bisect_left(lowest, new)
        previous.append(last[length - 1] if length else -1)
        lowest[length : length + 1] = [new]
        last[length : length + 1] = [number]
    result: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number != -1:
        result.append(pairs[number])
        number = previous[number]
    return result[::-1]
