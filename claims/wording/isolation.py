"""How somebody else's words stand inside a sentence of ours: isolated, on one line, cut where they are too long.

Isolation is that of the Unicode Bidirectional Algorithm (UAX 9, 2.4): between U+2068 and U+2069 a text has the
direction of its first letter, and changes nothing outside.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.translation import npgettext, pgettext, pgettext_lazy

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# They act on what follows until they are popped; one too many would reach beyond the text, or end its isolation.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNSHOWABLE = {"Cc", "Cs"}

_LISTS = {
    "and": pgettext_lazy("end of a list", "%(others)s and %(last)s"),
    "or": pgettext_lazy("end of a list", "%(others)s or %(last)s"),
}


def isolated(text: str) -> str:
    """`text` on one line between direction isolates; empty stays empty.

    White space is collapsed, embedding and isolating marks are dropped, control characters and lone surrogates
    become U+FFFD. Marks that only joins or single characters look at (U+200C to U+200F) stay: words need them.
    """
    line = " ".join(_TURNING.sub("", text).split())
    shown = "".join(REPLACEMENT if unicodedata.category(each) in _UNSHOWABLE else each for each in line)
    return f"{FIRST_STRONG_ISOLATE}{shown}{POP_ISOLATE}" if shown else ""


def plain(sentence: str) -> str:
    """A worded sentence without its isolates, for JSON and other readers that are programs."""
    return sentence.replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "")


def shortened(text: str, most: int) -> str:
    """At most `most` characters of `text`, an ellipsis where something was cut off: between words if possible."""
    if len(text) <= most:
        return text
    # A word in two is no word; but where the last one is long, most of the text would go with it.
    between = text.rfind(" ", most // 2, most)
    return text[: between if between > 0 else most - 1].rstrip() + "…"


def listed(items: Iterable[str]) -> str:
    """Items one after the other, parted as the reader's language parts them: "a, b, c"."""
    return pgettext("between items of a list", ", ").join(items)


def clauses(parts: Iterable[str]) -> str:
    """Parts of a sentence that may have commas inside: "a, b; c"."""
    return pgettext("between clauses of a summary", "; ").join(parts)


def joined(items: Sequence[str], word: str, most: int | None = None, *, total: int = 0) -> str:
    """A list in words: "a, b and c", or "or" for the word `or`; beyond `most` items "a, b and 3 more".

    `total` is how many there are where `items` are only the first of them.
    """
    shown = items[:most]
    rest = max(total, len(items)) - len(shown)
    if rest:
        more = npgettext("end of a list", "%(number)s more", "%(number)s more", rest)
        items = [*shown, more % {"number": rest}]
    *others, last = items
    if not others:
        return last
    return _LISTS[word] % {"others": listed(others), "last": last}
