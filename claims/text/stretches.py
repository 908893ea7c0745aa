"""Stretches of a text in which a passage may stand now, each with what speaks for it."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from rapidfuzz.distance import Levenshtein

from claims.text.characters import WORD, WORD_CHARACTERS
from claims.text.folding import Folded, fold, folded
from claims.text.likeness import SoughtWords, WordIndex, words_of
from claims.text.quotes import Quote

MANY_WORDS = 4
"""As many words hardly stand in two places by chance; fewer need their surroundings to be known again."""

LONGEST = 20_000
"""Code points of the longest passage that is looked for by likeness; a longer one is found word for word only."""

_LEAST_EVIDENCE = 4
"""Folded characters of prefix and suffix together; fewer tell nothing about a place."""
_FULL_EVIDENCE = 16
"""As many tell where other words have taken the place of the sought ones."""
_MOST_OCCURRENCES = 500
"""Occurrences of the same words that are looked at, those nearest to the old position."""
_CONTEXT_WORDS = 6
_POSITION_SUPPORTS = 0.5

# Conjunction, preposition or particle of the future, article: one word with what follows.
_PROCLITICS = re.compile("[وف]?[بلكس]?(?:ال|ل)?")
_LONGEST_PROCLITIC = 4
_AFTER_PROCLITIC = 0.9
_LAST_WORD = re.compile(f"[{WORD_CHARACTERS}]+$")


@dataclass(frozen=True, slots=True)
class Sought:
    """A quote as it is looked for: folded, and `start`, the original offset of the first folded character."""

    exact: str
    prefix: str
    suffix: str
    start: int | None

    @classmethod
    def of(cls, quote: Quote) -> "Sought":
        """White space at the quote's edges is not looked for."""
        words = fold(quote.exact)
        exact = words.text.strip(" ")
        lead = words.text.index(exact)
        start = None if quote.start is None else quote.start + words.span(lead, lead + 1)[0]
        return cls(exact, folded(quote.prefix), folded(quote.suffix), start)

    @property
    def has_surroundings(self) -> bool:
        """Whether enough of them was recorded to know them again."""
        return self.evidence >= _LEAST_EVIDENCE

    @property
    def evidence(self) -> int:
        return len(self.prefix.strip()) + len(self.suffix.strip())

    @property
    def has_many_words(self) -> bool:
        return len(words_of(self.exact)) >= MANY_WORDS

    @property
    def words(self) -> SoughtWords:
        """Its words and the nearest ones around them."""
        before, after = words_of(self.prefix)[-_CONTEXT_WORDS:], words_of(self.suffix)[:_CONTEXT_WORDS]
        return SoughtWords(before, words_of(self.exact), after)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch [start, end) of the text, the number of its words, how alike they are, and how sure the place is.

    `similarity` and `support` are 0..1; `support` is the likeness of the surroundings. Where none were recorded,
    the same words have full support in their old place and wherever they are whole words; others have some in
    the old place, if half of the words are the same. `distance` is from the old position, in code points.
    """

    start: int
    end: int
    words: int
    similarity: float
    support: float
    distance: int


class Stretches:
    """Proposes stretches of one text; what it works out about the text is kept for the next passage."""

    def __init__(self, text: str) -> None:
        self._text = text

    def verbatim(self, sought: Sought) -> list[Stretch]:
        """Where the same words stand."""
        text, near = self._folded.text, self._near(sought)
        begins = set(_nearest(text, sought.exact, near))
        framed = _nearest(text, sought.prefix + sought.exact + sought.suffix, near - len(sought.prefix))
        begins.update(begin + len(sought.prefix) for begin in framed)
        length = len(sought.exact)
        return [
            self._stretch(sought, begin, begin + length, 1.0)
            for begin in begins
            if self._folded.is_whole(begin, begin + length)
        ]

    def likest(self, sought: Sought) -> Stretch | None:
        """Where the words stand that are most like the sought ones in most like surroundings."""
        if len(sought.exact) > LONGEST:
            return None
        near = bisect_left(self._index.begins, self._near(sought))
        words = self._index.likest(sought.words, near)
        if words is None:
            return None
        begin, end = self._with_punctuation(sought, self._index.begins[words[0]], self._index.ends[words[1] - 1])
        similarity = Levenshtein.normalized_similarity(sought.exact, self._folded.text[begin:end])
        return self._stretch(sought, begin, end, similarity)

    @cached_property
    def _folded(self) -> Folded:
        return fold(self._text)

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex(self._folded.text)

    def _near(self, sought: Sought) -> int:
        return 0 if sought.start is None else self._folded.place(sought.start)

    def _stretch(self, sought: Sought, begin: int, end: int, similarity: float) -> Stretch:
        start, stop = self._folded.span(begin, end)
        words = words_of(self._folded.text[begin:end])
        if sought.has_surroundings:
            weight = 1.0 if similarity == 1.0 else min(1.0, sought.evidence / _FULL_EVIDENCE)
            support = weight * self._support(sought, begin, end)
        elif similarity == 1.0:
            support = 1.0 if start == sought.start else self._wholeness(begin, end)
        else:
            support = _POSITION_SUPPORTS if _stands_there(sought, words, start, stop) else 0.0
        return Stretch(start, stop, len(words), similarity, support, abs(start - (sought.start or 0)))

    def _support(self, sought: Sought, begin: int, end: int) -> float:
        """How alike the surroundings of a stretch of the folded text are to those recorded, 0..1."""
        text, prefix, suffix = self._folded.text, sought.prefix, sought.suffix
        edits = Levenshtein.distance(prefix, text[max(begin - len(prefix), 0) : begin])
        edits += Levenshtein.distance(suffix, text[end : end + len(suffix)])
        return 1 - edits / (len(prefix) + len(suffix))

    def _wholeness(self, begin: int, end: int) -> float:
        """How far a stretch of the folded text is whole words, 0..1; in Arabic what is written before may hang on."""
        text = self._folded.text
        if end < len(text) and WORD.match(text[end]) and WORD.match(text[end - 1]):
            return 0.0
        before = _LAST_WORD.search(text, max(begin - _LONGEST_PROCLITIC - 1, 0), begin)
        if not before or not WORD.match(text[begin]):
            return 1.0
        return _AFTER_PROCLITIC if _PROCLITICS.fullmatch(before.group()) else 0.0

    def _with_punctuation(self, sought: Sought, begin: int, end: int) -> tuple[int, int]:
        """The stretch from word to word, and the punctuation at its edges that the sought words have there too."""
        words = [match.span() for match in WORD.finditer(sought.exact)]
        opening, closing = sought.exact[: words[0][0]], sought.exact[words[-1][1] :]
        if self._folded.text.endswith(opening, 0, begin):
            begin -= len(opening)
        if self._folded.text.startswith(closing, end):
            end += len(closing)
        return begin, end


def _stands_there(sought: Sought, words: Sequence[str], start: int, end: int) -> bool:
    """Whether the stretch covers half of the old position, and half of the words are still the same."""
    if sought.start is None:
        return False
    covered = min(end, sought.start + len(sought.exact)) - max(start, sought.start)
    same = (Counter(words) & Counter(sought.words.words)).total()
    return 2 * covered >= len(sought.exact) and 2 * same >= len(sought.words.words)


def _nearest(text: str, words: str, near: int) -> list[int]:
    """Where `words` occur in `text`: the occurrences nearest to `near`, at most `_MOST_OCCURRENCES`."""
    return nsmallest(_MOST_OCCURRENCES, _occurrences(text, words), key=lambda place: abs(place - near))


def _occurrences(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place != -1:
        yield place
        place = text.find(words, place + 1)
