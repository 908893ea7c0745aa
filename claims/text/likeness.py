"""Where in a text the words stand that are most like a quote's: an index of its words, and an alignment.

The index proposes places in which words of the quote, or of what stood around it, occur in their order. At
each, an alignment with the fewest edits says where the quote's words begin and end now (Sellers, "The theory and
computation of evolutionary distances: pattern recognition", 1980), on words, an edit costing its characters.
"""

import math
import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from claims.text.characters import WORD_CHARACTERS
from claims.text.normalising import light_stem, search_form

_WORD = re.compile(f"[{WORD_CHARACTERS}]{{1,64}}")
"""One word; what is longer is no word of any language, and is compared in pieces."""
_MOST_SEEDS = 2000
"""Occurrences that vote on where to look, those of the rarest words first."""
_MOST_PLACES = 4
"""Places that are looked at."""
_SLACK = 12
"""Words that may have been put in before the place shifts into another bucket."""
_ALIGNED_WORDS = 60
"""Longer quotes are aligned by this many words at either end; between, no edge can be lost."""


@dataclass(frozen=True, slots=True)
class SoughtWords:
    """The words of a quote, and the nearest ones before and after it, as they once stood."""

    before: Sequence[str]
    words: Sequence[str]
    after: Sequence[str]


class WordIndex:
    """The words of one folded text, with their places."""

    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        self.begins, self.ends = array("q"), array("q")
        self._places: defaultdict[str, array[int]] = defaultdict(_no_places)
        for number, match in enumerate(_WORD.finditer(text)):
            word = match.group()
            self.words.append(word)
            self.begins.append(match.start())
            self.ends.append(match.end())
            self._places[_seed(word)].append(number)

    def likest(self, sought: SoughtWords, near: int) -> tuple[int, int] | None:
        """The words [first, last) most like the sought ones in most like surroundings; None where none are.

        Among equals, those nearest to word number `near`.
        """
        stretches = (self._aligned(sought, place) for place in self._proposed(sought, near))
        found = [stretch for stretch in stretches if stretch[1] < stretch[2]]
        if not found:
            return None
        _, first, last = min(found, key=lambda stretch: (stretch[0], abs(stretch[1] - near)))
        return first, last

    def _proposed(self, sought: SoughtWords, near: int) -> Iterator[int]:
        """Word numbers at which the quote may begin: those that most of its rarest words speak for, and `near`."""
        words = [*sought.before, *sought.words, *sought.after]
        seeds = [(self._places.get(_seed(word), ()), number - len(sought.before)) for number, word in enumerate(words)]
        votes: defaultdict[int, float] = defaultdict(float)
        width = max(_SLACK, len(sought.words) // 8)
        left = _MOST_SEEDS
        for places, offset in sorted(seeds, key=lambda seed: len(seed[0])):
            if len(places) > left:
                break
            left -= len(places)
            weight = math.log1p(len(self.words) / max(len(places), 1))
            for bucket in {(place - offset) // width for place in places}:
                votes[bucket] += weight
        yield from self._elected(votes, width, near)
        yield near

    @staticmethod
    def _elected(votes: Mapping[int, float], width: int, near: int) -> Iterator[int]:
        """The middles of the pairs of neighbouring buckets with the most votes, no bucket twice."""
        pairs = {bucket: votes[bucket] + votes.get(bucket + 1, 0.0) for bucket in votes}
        least = max(pairs.values(), default=0.0) / 2
        taken: set[int] = set()
        for bucket in sorted(pairs, key=lambda bucket: (-pairs[bucket], abs(bucket * width - near))):
            if pairs[bucket] < least or len(taken) == 2 * _MOST_PLACES:
                return
            if taken.isdisjoint((bucket, bucket + 1)):
                taken.update((bucket, bucket + 1))
                yield (bucket + 1) * width

    def _aligned(self, sought: SoughtWords, place: int) -> tuple[float, int, int]:
        """Near `place`: the cost of the best alignment, and the first and last of the words that the quote's became."""
        words = sought.words
        slack = 2 * max(_SLACK, len(words) // 8)
        if len(words) <= 2 * _ALIGNED_WORDS:
            return self._align_within(sought, place - slack, place + len(words) + slack)
        head = SoughtWords(sought.before, words[:_ALIGNED_WORDS], ())
        cost, first, _ = self._align_within(head, place - slack, place + _ALIGNED_WORDS + slack)
        tail = SoughtWords((), words[-_ALIGNED_WORDS:], sought.after)
        after = first + len(words) - _ALIGNED_WORDS
        rest, _, last = self._align_within(tail, max(first, after - slack), after + _ALIGNED_WORDS + 2 * slack)
        return cost + rest, first, last

    def _align_within(self, sought: SoughtWords, low: int, high: int) -> tuple[float, int, int]:
        low = max(low - len(sought.before), 0)
        cost, first, last = align(sought, self.words[low : max(high + len(sought.after), low)])
        return cost, low + first, low + last


def words_of(text: str) -> list[str]:
    """The words of a folded text, in the pieces in which they are compared."""
    return _WORD.findall(text)


def align(sought: SoughtWords, window: Sequence[str]) -> tuple[int, int, int]:
    """The fewest edits (characters) that make the sought words, with those around them, some stretch of `window`.

    Also the stretch [first, last) of `window` that the sought words themselves became. Words that were put in
    at their edges belong to the surroundings. Takes time len(window) * number of sought words.
    """
    width = len(window) + 1
    lengths = [len(word) for word in window]
    opening, closing = len(sought.before), len(sought.before) + len(sought.words)
    costs, firsts, lasts = [0] * width, list(range(width)), list(range(width))
    for row, word in enumerate([*sought.before, *sought.words, *sought.after], start=1):
        above, firsts_above, lasts_above = costs, firsts, lasts
        costs, firsts, lasts = [above[0] + len(word)], [firsts_above[0]], [lasts_above[0]]
        for column in range(1, width):
            other = window[column - 1]
            replaced = above[column - 1] + (0 if word == other else Levenshtein.distance(word, other))
            dropped = above[column] + len(word)
            added = costs[-1] + lengths[column - 1]
            if added < replaced and added < dropped:
                costs.append(added)
                firsts.append(firsts[-1])
                lasts.append(lasts[-1])
                continue
            source = column - 1 if replaced <= dropped else column
            costs.append(min(replaced, dropped))
            firsts.append(firsts_above[source])
            lasts.append(column if row == closing else lasts_above[source])
        if row == opening:
            firsts = list(range(width))
    best = min(range(width), key=costs.__getitem__)
    return costs[best], firsts[best], lasts[best]


def _no_places() -> "array[int]":
    return array("q")


@lru_cache(maxsize=1 << 16)
def _seed(word: str) -> str:
    """What words are looked up by: spelling variants and inflections of one word meet."""
    return light_stem(search_form(word))
