"""Finding a recorded passage again in a text that may have changed.

What is found is named by its outcome. Words are the same where their fold is (`claims/text/folding.py`).

exact    the same words at the old position (where none was recorded: anywhere);
moved    the same words elsewhere, in their old surroundings, or at least `MANY_WORDS` of them; where no
         surroundings were recorded, the same whole words anywhere;
altered  other words, alike enough: the surer the surroundings, the less alike they need be;
lost     none of these.

A short phrase that turns up in strange surroundings is no trace of the passage; and one that turns up
elsewhere while its old surroundings now hold other words was altered, not moved. Of words that stand both in the
old place and, elsewhere, in the very surroundings that were recorded, the latter are the passage.
"""

from dataclasses import dataclass

from claims.text.characters import has_word
from claims.text.outcome import Outcome
from claims.text.quotes import Quote, Surroundings, framed, quote_of, surroundings
from claims.text.refusals import TextRefusal
from claims.text.stretches import Sought, Stretch, Stretches

__all__ = ["Finder", "Match", "Outcome", "Quote", "Surroundings", "find", "framed", "quote_of", "surroundings"]

# How alike the surroundings must be, 0..1; those of two unrelated places are about a quarter alike.
SUPPORTED = 0.5
CERTAIN = 0.8
IDENTICAL = 1.0
TOLD_APART = 0.1

# How alike altered words must be, 0..1: the less, the surer the place is; where it is not, few words say little.
# In a certain place even that many words as were there are enough, if they are few: "three" became "two".
_ALIKE_IF_CERTAIN = 0.3
_ALIKE_IF_SUPPORTED = 0.5
_ALIKE_IF_STRANGE = 0.8  # the surroundings speak against it; below, none were recorded
_ALIKE_IF_MANY_WORDS = 0.7
_ALIKE_IF_FEW_WORDS = 0.9


@dataclass(frozen=True, slots=True)
class Match:
    """What became of a passage: its outcome, where it is now, its words now, and how alike they are (0..1).

    A lost passage has no position and no words. `ambiguous`: the words stand in several places that neither
    position nor surroundings tell apart, and the one nearest to the old position was taken.
    """

    outcome: Outcome
    start: int | None = None
    end: int | None = None
    found: str = ""
    similarity: float = 0.0
    ambiguous: bool = False


def find(
    text: str, exact: str, prefix: str = "", suffix: str = "", *, start: int | None = None, end: int | None = None
) -> Match:
    """What became in `text` of one passage, given as the fields of a `Quote`. For several, keep a `Finder`.

    Raises TextRefusal where `exact` has no word.
    """
    return Finder(text).find(Quote(exact, prefix, suffix, start, end))


class Finder:
    """Finds passages in one text; what it works out about the text is kept for the next passage."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._stretches = Stretches(text)

    def find(self, quote: Quote) -> Match:
        """What became of `quote` in the text. Raises TextRefusal where its `exact` has no word."""
        if not has_word(quote.exact):
            raise TextRefusal("passage_empty")
        if quote.start is not None and self._is_untouched(quote, quote.start):
            return Match(Outcome.EXACT, quote.start, quote.start + len(quote.exact), quote.exact, 1.0)
        sought = Sought.of(quote)
        verbatim = [stretch for stretch in self._stretches.verbatim(sought) if _is_credible(sought, stretch)]
        best = max((stretch.support for stretch in verbatim), default=0.0)
        in_place = [stretch for stretch in verbatim if stretch.start == sought.start]
        if in_place and _stays(in_place[0].support, best):
            return self._same_words(sought, in_place)
        if best >= CERTAIN:
            return self._same_words(sought, verbatim)
        likest = self._stretches.likest(sought)
        if likest and not _is_alike(sought, likest):
            likest = None
        if verbatim and not (likest and likest.support >= max(CERTAIN, best + TOLD_APART)):
            return self._same_words(sought, verbatim)
        return self._match(Outcome.ALTERED, likest) if likest else Match(Outcome.LOST)

    def _is_untouched(self, quote: Quote, start: int) -> bool:
        """Whether the passage and its surroundings stand where they stood, character for character."""
        before = start - len(quote.prefix)
        return before >= 0 and self._text.startswith(quote.prefix + quote.exact + quote.suffix, before)

    def _same_words(self, sought: Sought, stretches: list[Stretch]) -> Match:
        """The match with the best supported of the stretches, or the nearest of those that support as well."""
        best = max(stretch.support for stretch in stretches)
        least = best if best == IDENTICAL else best - TOLD_APART
        rivals = [stretch for stretch in stretches if stretch.support >= least]
        nearest = min(rivals, key=lambda stretch: (stretch.distance, stretch.start))
        outcome = Outcome.EXACT if sought.start in {None, nearest.start} else Outcome.MOVED
        return self._match(outcome, nearest, ambiguous=len(rivals) > 1)

    def _match(self, outcome: Outcome, stretch: Stretch, *, ambiguous: bool = False) -> Match:
        found = self._text[stretch.start : stretch.end]
        return Match(outcome, stretch.start, stretch.end, found, round(stretch.similarity, 4), ambiguous)


def _is_credible(sought: Sought, verbatim: Stretch) -> bool:
    """Whether a stretch of the same words can be the passage: few words may stand anywhere by chance."""
    return verbatim.support >= SUPPORTED or sought.has_many_words


def _stays(support: float, best: float) -> bool:
    """Whether the same words in the old place are the passage, if elsewhere their surroundings are alike by `best`."""
    return support == best or best < (IDENTICAL if support >= SUPPORTED else CERTAIN)


def _is_alike(sought: Sought, stretch: Stretch) -> bool:
    """Whether other words are alike enough to be what became of the passage's."""
    if stretch.support >= CERTAIN:
        one_for_one = stretch.words == len(sought.words.words) and not sought.has_many_words
        return one_for_one or stretch.similarity >= _ALIKE_IF_CERTAIN
    if stretch.support >= SUPPORTED:
        return stretch.similarity >= _ALIKE_IF_SUPPORTED
    if sought.has_surroundings:
        return sought.has_many_words and stretch.similarity >= _ALIKE_IF_STRANGE
    return stretch.similarity >= (_ALIKE_IF_MANY_WORDS if sought.has_many_words else _ALIKE_IF_FEW_WORDS)
