"""Fingerprints of texts: whether two are the same words, or nearly so, told from a few numbers kept of each.

The words are taken in search form, so that vowel signs, tatweel, presentation forms, punctuation, case, white space and
line ends make no difference. Of every three words in a row a hash is taken; of all hashes a sketch is kept, the least
in each of `BINS` classes (Li, Owen and Zhang, "One Permutation Hashing", 2012; empty classes filled after Shrivastava
and Li, "Densifying One Permutation Hashing", 2014). The share of classes in which two sketches agree estimates the
resemblance of the texts: of the threes that either has, how many both have (Broder, "On the resemblance and
containment of documents", 1997).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from zlib import crc32

from claims.text.characters import WORD
from claims.text.normalising import search_form

BINS, ROWS = 96, 3
"""Numbers in a sketch, and how many make a band: texts that resemble each other by half share a band in 98 of 100
cases, by six tenths in 99.9, by a tenth in 3."""
NEAR = 0.4
"""The least resemblance at which texts are offered: where one word in ten was changed, about 0.57 is left."""
LEAST_WORDS_SAME, LEAST_WORDS_NEAR = 8, 40
"""Of shorter texts the same words, or many of them, are chance."""
_WORD_BITS = (1 << 64) - 1
_BYTES = 4


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a text: how many words it has, a hash of them all, and its sketch.

    `whole` is empty for a text of less than `LEAST_WORDS_SAME` words, `sketch` for one of less than `LEAST_WORDS_NEAR`.
    """

    words: int
    whole: str
    sketch: tuple[int, ...]

    def keys(self) -> Iterator[str]:
        """What is shared by texts that are the same or, with the probability that `ROWS` says, nearly so."""
        if self.whole:
            yield f"whole {self.whole}"
        for start in range(0, len(self.sketch), ROWS):
            yield f"band {start // ROWS} {' '.join(map(str, self.sketch[start : start + ROWS]))}"

    def resemblance(self, other: Fingerprint) -> float:
        """1.0 for the same words, else the estimate from the sketches, below 1; 0.0 where one is too short for it."""
        if self.whole and self.whole == other.whole:
            return 1.0
        if not self.sketch or not other.sketch:
            return 0.0
        same = sum(mine == theirs for mine, theirs in zip(self.sketch, other.sketch, strict=True))
        return min(same, BINS - 1) / BINS

    def packed(self) -> str:
        """The sketch as text, to be kept."""
        return array("I", self.sketch).tobytes().hex() if self.sketch else ""


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text; the same on every machine and in every run."""
    words = [word.encode(errors="surrogatepass") for word in WORD.findall(search_form(text))]
    enough = len(words) >= LEAST_WORDS_SAME
    whole = blake2b(b" ".join(words), digest_size=16).hexdigest() if enough else ""
    return Fingerprint(len(words), whole, _sketch(words) if len(words) >= LEAST_WORDS_NEAR else ())


def unpacked(words: int, whole: str, packed: str) -> Fingerprint:
    """The fingerprint as it was kept."""
    return Fingerprint(words, whole, tuple(array("I", bytes.fromhex(packed))))


def _sketch(words: Sequence[bytes]) -> tuple[int, ...]:
    least: list[int | None] = [None] * BINS
    for (first, second), (_, third) in pairwise(pairwise(words)):
        number = _mixed(crc32(b" ".join((first, second, third))))
        place, value = number % BINS, number >> 32
        known = least[place]
        if known is None or value < known:
            least[place] = value
    return tuple(_filled(least))


def _filled(least: Sequence[int | None]) -> Iterator[int]:
    """An empty class takes the number of the next one that has any, altered by how far that is."""
    for place in range(BINS):
        away = 0
        while (value := least[(place + away) % BINS]) is None:
            away += 1
        yield (value + away * 0x9E3779B1) & 0xFFFFFFFF


def _mixed(number: int) -> int:
    """A check sum spread over 64 bits (the finisher of SplitMix64: Steele, Lea and Flood, 2014)."""
    number = (number * 0x9E3779B97F4A7C15) & _WORD_BITS
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _WORD_BITS
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _WORD_BITS
    return number ^ (number >> 31)
