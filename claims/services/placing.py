"""Placing a passage that is to be recorded: its words must stand in the text, where the text is there."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import Snapshot
from claims.queries.texts import finder_in, has_text, text_of
from claims.text.characters import WORD
from claims.text.outcome import Outcome
from claims.text.passages import Match, Quote, quote_of
from claims.text.refusals import TextRefusal
from claims.wording import isolated, shortened, word_refusal

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage as it is to be recorded: the words as the text has them, those around them, and where they stand.

    Where the text is not there yet it is as given, and unchecked. `start` and `end` (not included) are code points;
    they are unknown where the words stand in several places that nothing tells apart (`ambiguous`).
    """

    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None
    outcome: Outcome
    ambiguous: bool = False


def place(
    *,
    snapshot: Snapshot,
    exact: str,
    prefix: str = "",
    suffix: str = "",
    start: int | None = None,
    with_text: bool | None = None,
) -> Placed:
    """Find the words of a passage in the text of its snapshot, and say how the passage is to be recorded.

    Whether there is a text (`with_text`) is asked where the caller does not say.

    Raises:
        ValidationError: on `quote`, where the words are not in the text, or there are none.
    """
    quote = Quote(exact, prefix, suffix, start)
    try:
        if not (has_text(snapshot) if with_text is None else with_text):
            return _unchecked(quote)
        match = finder_in(snapshot).find(quote)
    except TextRefusal as refusal:
        raise ValidationError({"quote": word_refusal(refusal)}) from None
    if match.outcome in {Outcome.ALTERED, Outcome.LOST}:
        raise ValidationError({"quote": _not_in_the_text(match)})
    return _placed(text_of(snapshot), quote, match)


def _unchecked(quote: Quote) -> Placed:
    if not WORD.search(quote.exact):
        raise TextRefusal("passage_empty")
    end = None if quote.start is None else quote.start + len(quote.exact)
    return Placed(quote.exact, quote.prefix, quote.suffix, quote.start, end, Outcome.UNCHECKED)


def _placed(text: str, quote: Quote, match: Match) -> Placed:
    """As found; words around it that were given and do not stand there give way to those that do."""
    if match.ambiguous or match.start is None or match.end is None:
        return Placed(match.found, quote.prefix, quote.suffix, None, None, match.outcome, ambiguous=True)
    around = quote_of(text, match.start, match.end)
    prefix = quote.prefix if text.endswith(quote.prefix, 0, match.start) else ""
    suffix = quote.suffix if text.startswith(quote.suffix, match.end) else ""
    return Placed(match.found, prefix or around.prefix, suffix or around.suffix, match.start, match.end, match.outcome)


def _not_in_the_text(match: Match) -> str:
    sentence = _("These words do not stand in the text of this snapshot. Copy them from the text as it is.")
    if not match.found:
        return sentence
    nearest = _("The words most like them are “%(found)s”.") % {"found": isolated(shortened(match.found, MOST_SHOWN))}
    return f"{sentence} {nearest}"
