"""Answers for generated claims, each with the way in which an editor would write it in the claims table."""

import calendar
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from tests.domain.reference.records import Answer, Choice, Date, Quantity, Question, Text, YesNo

Written = tuple[Answer, str]

LABELS = ("West", "North-west", "a > b", "either | or", "إدلب", "=B", "back\\", "2015")
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
WORDS_OF = {True: ("yes", "Yes", "YES", "نعم"), False: ("no", "No", "لا")}
# Every text with what is left of it by NFKC, case folding, and without vowel signs, tatweel, direction and
# zero-width characters, superfluous white space and final punctuation.
TEXTS = {
    "a truce": ("a truce", "A  Truce.", "a\u200b truce!", "\u200fa\ttruce", "Ａ truce"),
    "هدنة مؤقتة": ("هدنة مؤقتة", "هُدْنة مؤقّتة", "هـــدنة مؤقتة؟", "هدنة\u00a0مؤقتة."),
    "final strasse": ("final strasse", "ﬁnal Straße", "FINAL STRASSE…", " final strasse ;"),
    "no. 5": ("No. 5", "NO.  5!?", "no. 5"),
}


def choice(random: Random, question: Question, *, alternatives: float) -> Written:
    """One option, sometimes more; sometimes with `=`."""
    options = sorted(question.broader)
    count = random.choice((2, 2, 3)) if random.random() < alternatives else 1
    chosen = random.sample(options, min(count, len(options)))
    only = random.random() < (0.3 if question.several else 0.05)
    written = random.choice((" | ", "|")).join(path(random, question.broader, option) for option in chosen)
    return Choice(frozenset(chosen), only), ("=" if only else "") + written


def path(random: Random, broader: Mapping[str, frozenset[str]], option: str) -> str:
    """The label, with some way up to something broader before it or none."""
    steps = [option]
    while broader[steps[0]] and random.random() < 0.6:
        steps.insert(0, random.choice(sorted(broader[steps[0]])))
    return random.choice((" > ", ">")).join(escaped(label) for label in steps)


def dilemma(random: Random, question: Question, scale: int) -> list[tuple[Answer, str, str]]:
    """An affirmed answer and the denials of its parts, as (answer, written, stance); often irreducible."""
    if question.kind == "choice":
        parts = random.sample(sorted(question.broader), min(len(question.broader), random.choice((2, 3))))
        answers: list[Written] = [(Choice(frozenset(parts)), " | ".join(map(escaped, parts)))]
        answers += [(Choice(frozenset({part})), escaped(part)) for part in parts]
    elif question.kind == "quantity":
        ends = sorted(Fraction(end, 2) * scale for end in random.sample(range(-40, 40), 3))
        answers = [
            (Quantity(low, high), f"{number(random, low)}..{number(random, high)}")
            for low, high in ((ends[0], ends[2]), (ends[0], ends[1]), (ends[1], ends[2]))
        ]
    elif question.kind == "date":
        first, middle, last = sorted(day(random) for _ in range(3))
        answers = [
            (Date(joined([(begin, end)])), f"[{begin}..{end}]")
            for begin, end in ((first, last), (first, middle), (middle, last))
        ]
    else:
        return []
    stances = ["affirms"] + ["denies"] * (len(answers) - 1)
    return [(*each, stance) for each, stance in zip(answers, stances, strict=True)]


def escaped(label: str) -> str:
    """A label in which the signs of the notation are marked as its own."""
    for sign in ("\\", ">", "|"):
        label = label.replace(sign, "\\" + sign)
    return "\\" + label if label.startswith("=") else label


def yes_no(random: Random) -> Written:
    """Yes or no, in English or Arabic."""
    yes = random.random() < 0.5
    return YesNo(yes), random.choice(WORDS_OF[yes])


def quantity(random: Random, scale: int) -> Written:
    """A number, a range, an open end; from -20 to 20 by halves, times the scale."""
    low, high = sorted(Fraction(random.randint(-40, 40), 2) * scale for _ in range(2))
    about = random.random() < 0.3
    sign = "~" if about else ""
    form = random.randint(0, 3)
    if form == 0:
        return Quantity(low, low, about), sign + number(random, low)
    if form == 1:
        return Quantity(low, high, about), f"{sign}{number(random, low)}..{number(random, high)}"
    if form == 2:
        return Quantity(low, None, about), f"{sign}>={number(random, low)}"
    return Quantity(None, high, about), f"{sign}<={number(random, high)}"


def number(random: Random, value: Fraction) -> str:
    """A number in digits of one of three kinds, with or without thousands separators."""
    separated = random.random() < 0.3
    exact = Decimal(value.numerator) / value.denominator
    decimal = f"{exact:,f}" if separated else f"{exact:f}"
    digits = random.choice((None, None, ARABIC_DIGITS, PERSIAN_DIGITS))
    if digits is None:
        return decimal
    return decimal.translate(digits).replace(",", "٬").replace(".", "٫")


def day(random: Random) -> date:
    """A day of November or December 2015."""
    return date.fromordinal(random.randint(date(2015, 11, 1).toordinal(), date(2015, 12, 31).toordinal()))


def days(random: Random) -> Written:
    """An EDTF date: a day, month or year, one day of several or of a stretch, a stretch; qualified or not."""
    first, last = sorted((day(random), day(random)))
    month = random.choice((11, 12))
    whole_month = (date(2015, month, 1), date(2015, month, calendar.monthrange(2015, month)[1]))
    qualifier = random.choice(("", "", "", "~", "?", "%"))
    forms: list[tuple[list[tuple[date, date]], str]] = [
        ([(first, first)], f"{first}{qualifier}"),
        ([whole_month], f"2015-{month}{qualifier}"),
        ([(date(2015, 1, 1), date(2015, 12, 31))], f"2015{qualifier}"),
        ([(first, last)], f"[{first}..{last}{qualifier}]"),
        ([(first, last)], f"{first}{qualifier}/{last}"),
        ([(first, date.max)], f"[{first}{qualifier}..]"),
        ([(date.min, last)], f"[..{last}{qualifier}]"),
        ([(first, first), (last, last)], f"[{first},{last}{qualifier}]"),
    ]
    stretches, written = random.choice((forms[0], forms[0], forms[0], forms[3], forms[3], *forms))
    if random.random() < 0.15:
        written = written.translate(ARABIC_DIGITS)
    return Date(joined(stretches), about=bool(qualifier)), written


def joined(stretches: list[tuple[date, date]]) -> tuple[tuple[int, int], ...]:
    """Ascending stretches of ordinals; those that touch or are the same become one."""
    ordinals = sorted((first.toordinal(), last.toordinal()) for first, last in stretches)
    found = ordinals[:1]
    for first, last in ordinals[1:]:
        if first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def text(random: Random) -> Written:
    """One of a few texts, in one of its spellings."""
    normalised = random.choice(tuple(TEXTS))
    return Text(normalised), random.choice(TEXTS[normalised])
