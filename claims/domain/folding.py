"""What dates and numbers look past before they are read: the script of the digits, and marks without a form.

Arabic-Indic (U+0660..) and Eastern Arabic-Indic digits (U+06F0..) become ASCII ones. Direction marks and
zero-width characters are dropped: they come along with text copied from right-to-left pages, and nobody
could see what to correct.
"""

_DIGITS = {first + digit: str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
_WITHOUT_FORM = "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_FOLDED = _DIGITS | dict.fromkeys(map(ord, _WITHOUT_FORM))


def fold(text: str) -> str:
    """`text` with ASCII digits, without marks that have no form, without white space at its ends."""
    return text.translate(_FOLDED).strip()
