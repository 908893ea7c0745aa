"""A passage as it is recorded from a text, and as it is shown in its surroundings."""

from dataclasses import dataclass, replace

from claims.text.characters import WORD, has_word
from claims.text.refusals import TextRefusal

CONTEXT = 32
"""Code points kept before and after a passage."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as recorded: its words, those around them, and its position [start, end) if known.

    `exact`, `prefix` and `suffix` are a TextQuoteSelector, `start` and `end` a TextPositionSelector (Web
    Annotation Data Model 4.2.4 and 4.2.5); all count code points.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A passage between the text before and after it, and whether either was cut from a longer text."""

    before: str
    passage: str
    after: str
    cut_before: bool
    cut_after: bool


def quote_of(text: str, start: int, end: int, context: int = CONTEXT) -> Quote:
    """The passage [start, end) of `text`, with up to `context` code points before and after it.

    Raises TextRefusal where the stretch is not in the text, or has no word.
    """
    _refuse_outside(text, start, end)
    exact = text[start:end]
    if not has_word(exact):
        raise TextRefusal("passage_empty")
    return Quote(exact, text[max(start - context, 0) : start], text[end : end + context], start, end)


def framed(quote: Quote, text: str, context: int = CONTEXT) -> Quote:
    """`quote` with the words around it in `text`, from which it was recorded, where it has none of its own.

    As it is, where it does not stand in `text` at its position, character for character.
    """
    start = quote.start
    if quote.prefix or quote.suffix or start is None or not text.startswith(quote.exact, start):
        return quote
    end = start + len(quote.exact)
    return replace(quote, prefix=text[max(start - context, 0) : start], suffix=text[end : end + context], end=end)


def surroundings(text: str, start: int, end: int, around: int) -> Surroundings:
    """The passage [start, end) of `text` with up to `around` code points on either side, cut between words.

    A word longer than `around` is left out whole. Raises TextRefusal where the stretch is not in the text.
    """
    _refuse_outside(text, start, end)
    low, high = max(start - around, 0), min(end + around, len(text))
    while 0 < low < start and _inside_word(text, low):
        low += 1
    while end < high < len(text) and _inside_word(text, high):
        high -= 1
    return Surroundings(text[low:start], text[start:end], text[end:high], low > 0, high < len(text))


def _inside_word(text: str, offset: int) -> bool:
    return bool(WORD.match(text[offset - 1]) and WORD.match(text[offset]))


def _refuse_outside(text: str, start: int, end: int) -> None:
    if not 0 <= start <= end <= len(text):
        raise TextRefusal("passage_outside", start=start, end=end, length=len(text))
