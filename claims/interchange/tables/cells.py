"""Single cells: what none may hold, how typed values read in the table's notation, and formulas made harmless."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from claims.domain.numbers import write_number
from claims.wording import isolated, shortened

MOST_CHARACTERS = 500_000
"""Characters of one cell: a long speech. More is a mistake or an attack."""
MOST_IN_A_RECORD = 2_000_000
"""Characters (of JSON Lines: bytes) of one record; so much of a file is in memory at a time, and a batch of records."""
MOST_COLUMNS = 1_000

APOSTROPHE = "'"
# What spreadsheets take for the beginning of a formula, in the forms that they fold as well.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")

_SURROGATE = re.compile("[\ud800-\udfff]")
_SMUGGLED = range(0xDC80, 0xDD00)  # a byte that the encoding does not know, as `surrogateescape` decodes it
_DIGITS = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100})?([eE][+-]?[0-9]{1,2})?")
_MOST_SHOWN = 80


def shown(text: str) -> str:
    """A piece of the file as a sentence carries it."""
    return isolated(shortened(text, _MOST_SHOWN))


def fault(text: str) -> str:
    """Why a cell with this text cannot be taken, in a sentence; empty where it can."""
    if len(text) > MOST_CHARACTERS:
        sentence = _("The cell has %(count)s characters; a cell may have %(most)s. Shorten it.")
        return sentence % {"count": f"{len(text):,}", "most": f"{MOST_CHARACTERS:,}"}
    if (at := text.find("\0")) >= 0:
        return _("Character %(position)d of this text is a NUL, which cannot be kept. Remove it.") % {
            "position": at + 1
        }
    if half := _SURROGATE.search(text):
        code = ord(half[0])
        if code in _SMUGGLED:
            sentence = _(
                "Character %(position)d is the byte %(byte)s, which does not belong to a text in this encoding. "
                "Save the file again as UTF-8."
            )
            return sentence % {"position": half.start() + 1, "byte": f"0x{code - 0xDC00:02X}"}
        sentence = _(
            "Character %(position)d of this text is half of a surrogate pair, which cannot be kept. "
            "Copy the text again from where it stands."
        )
        return sentence % {"position": half.start() + 1}
    return ""


def written_number(digits: str) -> str | None:
    """A number as JSON or a sheet has it, in the table's notation; None where it is too long to be one."""
    return write_number(Decimal(digits)) if _DIGITS.fullmatch(digits) else None


def written_yes_no(yes: bool) -> str:
    """True and false in the table's notation."""
    return "yes" if yes else "no"


def written_moment(value: datetime | date | time | timedelta) -> str:
    """A sheet's date, date with time, time or duration: EDTF without a zone, `14:30`, and hours beyond 24 as such."""
    match value:
        case datetime():
            at_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
            return value.date().isoformat() if at_midnight else f"{value.date().isoformat()}T{_clock(value.time())}"
        case date():
            return value.isoformat()
        case time():
            return _clock(value)
        case timedelta():
            minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
            sign = "-" if value < timedelta(0) else ""
            clock = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
            return f"{clock}:{seconds:02}" if seconds else clock


def _clock(moment: time) -> str:
    return moment.isoformat("seconds" if moment.second else "minutes")


def neutralised(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula (OWASP, CSV Injection)."""
    return APOSTROPHE + text if text.startswith(FORMULA) else text
