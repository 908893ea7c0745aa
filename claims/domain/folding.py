"""What dates and numbers look past before they are read: the script of the digits, and marks without a form.

Such marks come along with text copied from right-to-left pages, and nobody could see what to correct. A soft
hyphen is none of them here: between two figures it may stand for a hyphen that is meant.
"""

import re

from claims.text.characters import INVISIBLE

_WITHOUT_FORM = re.compile(f"(?!\u00ad)[{INVISIBLE}]")
_DIGITS = {first + digit: str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}


def fold(text: str) -> str:
    """`text` with ASCII for Arabic-Indic and Eastern digits, without marks that have no form, trimmed."""
    return _WITHOUT_FORM.sub("", text).translate(_DIGITS).strip()
