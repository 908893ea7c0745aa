"""The claims table's notation of numbers, quantities and yes/no <-> values.

==================================  =================================================================
notation                            quantity
==================================  =================================================================
``300``  ``-5``  ``2.5``            that number
``200..300``                        from 200 to 300, both included; an ellipsis, en or em dash does as
                                    well, and a hyphen where no number has a sign: ``200-300``
``>=200``  ``<=60``                 at least, at most; also ``≥`` and ``≤``
``~2000``  ``~200..300``            "about": ``~`` or ``≈`` before any of these
==================================  =================================================================

Thousands may be parted by commas (``,`` ``،`` ``٬``) or by spaces, one kind in a number, always in threes; the
decimal mark is ``.`` or ``٫``. What people of different habits read as different numbers is refused: ``1,5`` and
``1.500`` (thousands or decimals?). White space around numbers and marks without a form are looked past.

Refusals (see `claims.domain.refusals`); `text` is the whole, `part` the piece that is wrong:

====================  ===========================================================================================
code                  values
====================  ===========================================================================================
empty_number          -
long_number           text, most: longer than `most` characters
ambiguous_number      text, part, either, or: the two numbers that may be meant
not_a_figure          text, part: a word, unit or currency where only figures are read
exponent              text, part
not_finite            text, part: NaN, Infinity
too_many_digits       text, part, integer_digits, decimals: the most that can be kept
strict_bound          text, sign, number: ``>`` and ``<``, which leave out the number itself
half_open_range       text, instead: ``200..`` for ``>=200``
signed_hyphen_range   text, low, high: a hyphen that may be a range's or a minus
inverted_range        text, low, high: as written, the first above the second
misplaced_about       text, part: ``~`` anywhere but at the beginning
unreadable_number     text, part
not_yes_or_no         text
====================  ===========================================================================================
"""

import re
from decimal import Decimal

from claims.domain.folding import fold
from claims.domain.refusals import Refusal
from claims.domain.values import Quantity, YesNo
from claims.text.normalising import answer_form

MOST_CHARACTERS = 200
MOST_INTEGER_DIGITS = 25
MOST_DECIMALS = 15

_ONE_OF_A_KIND = str.maketrans(
    {"\u2212": "-", "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "،": ",", "٬": ","}
)
_DECIMALS = "(?:[.٫]([0-9]+))?"
_PLAIN = re.compile(f"(-?)([0-9]+){_DECIMALS}")
_GROUPED = re.compile(f"(-?)([1-9][0-9]{{0,2}}(?:(?:,[0-9]{{3}})+|(?: [0-9]{{3}})+)){_DECIMALS}")
_POINT_FOR_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{2}0")
_TWO_WAYS = re.compile("-?[0-9]+[.,][0-9]+")

_ABOUT = re.compile(r"[~≈]\s*")
_BOUND = re.compile(r"([<>≥≤])\s?(=?)\s*(.*)")
_RANGE = re.compile(r"(.*?)\s*(\.\.|[…–—])\s*(.*)")
_HYPHEN_RANGE = re.compile(r"(-?[^-]+?)(\s*)-(\s*)(-?[^-]+)")

_EXPONENT = re.compile("[0-9.,٫]+[eE][+-]?[0-9]+")
_REASONS = (
    ("exponent", _EXPONENT),
    ("not_finite", re.compile(r"\bs?nan\b|\binf(?:inity)?\b|∞", re.IGNORECASE)),
    ("not_a_figure", re.compile(r"[^\s0-9.,٫~≈<>=≥≤…–—+-]+")),
    ("misplaced_about", re.compile("[~≈].*")),
)

_YES_NO = {"yes": True, "y": True, "true": True, "نعم": True, "no": False, "n": False, "false": False, "لا": False}


def read_number(text: str) -> Decimal:
    """One number, exactly as written. Raises `Refusal`, see the module's table."""
    prepared = _prepared(text)
    return _number(prepared, prepared)


def read_quantity(text: str) -> Quantity:
    """A number, range or bound, with or without "about". Raises `Refusal`, see the module's table."""
    prepared = _prepared(text)
    about = _ABOUT.match(prepared)
    low, high = _interval(prepared[about.end() :] if about else prepared, prepared)
    return Quantity(low, high, about=about is not None)


def read_yes_no(text: str) -> YesNo:
    """yes/no, y/n, true/false (as spreadsheets write them) or نعم/لا, in any case, with or without vowel signs."""
    yes = _YES_NO.get(answer_form(text))
    if yes is None:
        raise Refusal("not_yes_or_no", {"text": fold(text)})
    return YesNo(yes)


def write_number(number: Decimal) -> str:
    """Plain digits: no exponent, no separators, no trailing zeros. Raises ValueError unless it is finite."""
    if not number.is_finite():
        raise ValueError(f"{number} cannot be written as a number.")
    integer, _, decimals = format(number, "f").partition(".")
    decimals = decimals.rstrip("0")
    written = f"{integer}.{decimals}" if decimals else integer
    return "0" if written == "-0" else written


def write_quantity(quantity: Quantity) -> str:
    """The canonical notation, which `read_quantity` reads back. Raises ValueError if both ends are open."""
    about = "~" if quantity.about else ""
    match quantity.low, quantity.high:
        case Decimal() as low, Decimal() as high:
            return about + (write_number(low) if low == high else f"{write_number(low)}..{write_number(high)}")
        case Decimal() as low, None:
            return f"{about}>={write_number(low)}"
        case None, Decimal() as high:
            return f"{about}<={write_number(high)}"
        case _:
            raise ValueError("A quantity without any end cannot be written.")


def _prepared(text: str) -> str:
    """Trimmed, with ASCII digits, one kind of hyphen and space, and commas for the marks of thousands."""
    prepared = fold(text).translate(_ONE_OF_A_KIND)
    if not prepared:
        raise Refusal("empty_number")
    if len(prepared) > MOST_CHARACTERS:
        raise Refusal("long_number", {"text": prepared, "most": str(MOST_CHARACTERS)})
    return prepared


def _interval(figures: str, text: str) -> tuple[Decimal | None, Decimal | None]:
    """The ends of a quantity without its "about"; `text` is the whole, for refusals."""
    if bound := _BOUND.fullmatch(figures):
        sign, equals, figure = bound.groups()
        number = _number(figure, text)
        if sign in "<>" and not equals:
            raise Refusal("strict_bound", {"text": text, "sign": sign, "number": figure})
        return (number, None) if sign in ">≥" else (None, number)
    if split := _RANGE.fullmatch(figures):
        low, mark, high = split.groups()
        return _range(low, mark, high, text)
    if (hyphen := _HYPHEN_RANGE.fullmatch(figures)) and not _EXPONENT.search(figures):
        low, before, after, high = hyphen.groups()
        ends = _range(low, "-", high, text)
        if low.startswith("-") or high.startswith("-") or bool(before) != bool(after):
            raise Refusal("signed_hyphen_range", {"text": text, "low": low, "high": high})
        return ends
    number = _number(figures, text)
    return number, number


def _range(low: str, mark: str, high: str, text: str) -> tuple[Decimal, Decimal]:
    if mark in {"..", "…"} and bool(low) != bool(high):
        _number(low or high, text)
        raise Refusal("half_open_range", {"text": text, "instead": f">={low}" if low else f"<={high}"})
    ends = _number(low, text), _number(high, text)
    if ends[0] > ends[1]:
        raise Refusal("inverted_range", {"text": text, "low": low, "high": high})
    return ends


def _number(figure: str, text: str) -> Decimal:
    written = _PLAIN.fullmatch(figure) or _GROUPED.fullmatch(figure)
    if written is None or _POINT_FOR_THOUSANDS.fullmatch(figure):
        raise _refused(figure, text)
    sign, integer, decimals = written.groups("")
    integer = re.sub("[, ]", "", integer).lstrip("0") or "0"
    decimals = decimals.rstrip("0")
    if len(integer) > MOST_INTEGER_DIGITS or len(decimals) > MOST_DECIMALS:
        limits = {"integer_digits": str(MOST_INTEGER_DIGITS), "decimals": str(MOST_DECIMALS)}
        raise Refusal("too_many_digits", {"text": text, "part": figure, **limits})
    return Decimal(f"{sign}{integer}.{decimals}") if decimals else Decimal(int(sign + integer))


def _refused(figure: str, text: str) -> Refusal:
    """Why a piece is no number, as far as it can be told."""
    values = {"text": text, "part": figure or text}
    if _TWO_WAYS.fullmatch(figure):
        with_decimals, without = (Decimal(re.sub("[.,]", mark, figure)) for mark in (".", ""))
        return Refusal(
            "ambiguous_number", values | {"either": write_number(with_decimals), "or": write_number(without)}
        )
    for code, pattern in _REASONS:
        if found := pattern.search(figure):
            return Refusal(code, values | {"part": found[0]})
    return Refusal("unreadable_number", values)
