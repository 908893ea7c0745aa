"""The characters that come and go while the words stay the same, and what counts as a word.

All are strings for the inside of a character class of a regular expression.
"""

import re
import unicodedata
from itertools import groupby

ARABIC_VOWEL_SIGNS = (
    "\u0610-\u061a\u064b-\u0652\u0656-\u065e\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff"
)
"""Vowel signs and recitation marks. Not U+0653..0655: maddah and hamza belong to the letter (NFD of آ أ ؤ ئ إ)."""

SHAPED_VOWEL_SIGNS = "\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe7f"
"""Vowel signs as presentation forms. NFKC makes them a space or a tatweel with the sign, splitting the word."""

HEBREW_POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"

VOWEL_SIGNS = ARABIC_VOWEL_SIGNS + SHAPED_VOWEL_SIGNS + HEBREW_POINTS

TATWEEL = "\u0640"

INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef"
)
"""Direction and zero-width characters, soft hyphen, variation selectors."""

FILLERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and signs by their category that are drawn as nothing: fillers of Hangul, the empty pattern of Braille."""

SILENT = VOWEL_SIGNS + TATWEEL + INVISIBLE
"""All that may be put into a text or taken out of it and its words remain."""

MOST_ASSIGNED = 0x20000
"""Combining marks of living and historic scripts lie below; above are only CJK and variation selectors."""


def _marks() -> str:
    """All combining marks of the running Python's Unicode, as ranges."""
    marks = (code for code in range(0x300, MOST_ASSIGNED) if unicodedata.category(chr(code))[0] == "M")
    runs = groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0])
    ranges = ([code for _, code in run] for _, run in runs)
    return "".join(f"{chr(codes[0])}-{chr(codes[-1])}" for codes in ranges)


MARKS = _marks()
"""Combining marks. Python's \\w leaves them out."""

MOST_MARKS = 30
"""Marks that one letter may carry in any language (Unicode Standard Annex 15, 13 Stream-Safe Text Format). Longer
runs are an attack: bringing them into canonical order takes time quadratic in their length."""

# Joiners stand inside Persian and Indic words.
WORD_CHARACTERS = r"\w\u200c\u200d" + MARKS

WORD = re.compile(f"[{WORD_CHARACTERS}]+")
"""One word: letters, digits, marks, joiners."""

_SILENT = re.compile(f"[{SILENT}]+")
# Separators, controls, format characters, halves of pairs; what is not assigned yet may be seen one day.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})
_DRAWN_AS_NOTHING = re.compile(f"[{INVISIBLE}{FILLERS}]")


def has_word(text: str) -> bool:
    """Whether there is anything in `text` besides white space, punctuation and what is silent."""
    return WORD.search(_SILENT.sub("", text)) is not None


def is_visible(text: str) -> bool:
    """Whether there is anything in `text` that a reader sees: no white space, control or zero-width character."""
    if text[:1].isascii() and text[:1].isalnum():  # as nearly every text begins
        return True
    return any(unicodedata.category(each) not in _UNSEEN and not _DRAWN_AS_NOTHING.match(each) for each in text)
