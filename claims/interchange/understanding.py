"""Cells of the claims table as understood: a row becomes a draft, or a sentence for each of its cells that cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.domain.notation import read_path
from claims.domain.numbers import read_quantity, read_yes_no
from claims.domain.refusals import Refusal
from claims.domain.vocabulary import AgentKind, AnswerKind, Certainty, Manner, OverTime, Review, Stance
from claims.interchange.tables.rows import Row
from claims.models.fields import MOST_BYTES, refuse_inexact, refuse_no_address, refuse_unstorable
from claims.queries.dates import date_of
from claims.services.importing import Draft, Entry, Fault, missing
from claims.services.names import refuse_unseen
from claims.text.characters import has_word
from claims.wording import isolated, shortened, word_refusal

STATEMENT = "statement"
AROUND = frozenset({"prefix", "suffix"})
"""Around a quote white space says something, too."""
# Cells that many rows have alike are read once: the last ones of each column, unless they are long.
SAID_ONCE = frozenset({"id", "quote", "prefix", "suffix"})
LONGEST_AGAIN, MOST_AGAIN = 100, 1_000
MOST_SHOWN = 80
LONGEST_NAME, LONGEST_URL, LONGEST_UNIT, LONGEST_DATE = 500, 2000, 100, 100
# The databases keep a position in 31 bits.
LAST_POSITION = 2**31 - 1
MOST_HOURS = 10**8
_SHA256 = re.compile("[0-9a-f]{64}")
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LONGEST_TAG = 35


class Unreadable(ValueError):  # noqa: N818 - it answers a person
    """A cell cannot be read; str() says what is wrong with it and what to write instead."""


def entry_of(row: Row, file: str = "") -> Entry:
    """The row as an entry of an import: with its draft, or with what is wrong with it."""
    values: dict[str, Any] = {"statements": {}}
    faults = []
    for column, text in row.values.items():
        try:
            _read(values, column, text)
        except Unreadable as unreadable:
            faults.append(Fault(column, str(unreadable)))
    stated = {column for column, text in row.values.items() if text.strip()}
    faults += _misplaced(stated)
    if faults:
        faults += _missing(stated)
    draft = None if faults else Draft(line=row.line, **values)
    return Entry(row.line, row.source, draft, tuple(faults), file)


def _read(values: dict[str, Any], column: str, text: str) -> None:
    """Read one cell into the values of the draft."""
    if _is_statement(column):
        if language := column[len(STATEMENT) + 1 :]:
            _tag(language)
        if _storable(text).strip():
            values["statements"][language] = text
    elif text.strip() or column in AROUND:
        again = _AGAIN.get(column) if len(text) <= LONGEST_AGAIN else None
        values[column] = again(text) if again else _cell(column, text)


# Columns that say something only where one of others does, and what to do where none does.
_ALONE = (
    (
        ("prefix", "suffix", "start"),
        ("quote",),
        gettext_lazy("This belongs to a quote, and the row has none. Write the quote."),
    ),
    (
        ("unit", "several", "over_time", "window_hours", "tolerance", "rounding", "answer_kind"),
        ("question",),
        gettext_lazy("This belongs to a question, and the row has none. Write the question, or leave this out."),
    ),
    (
        ("publisher", "published_on"),
        ("source", "source_url"),
        gettext_lazy("This belongs to a source. Write its title or its address."),
    ),
)


def _misplaced(stated: set[str]) -> list[Fault]:
    """Cells that say something only beside another one that is empty."""
    return [
        Fault(column, str(sentence))
        for columns, needed, sentence in _ALONE
        if stated.isdisjoint(needed)
        for column in columns
        if column in stated
    ]


def _missing(stated: set[str]) -> Iterable[Fault]:
    """What a new claim has to state, to be told with what is wrong; without a source its publisher is told already.

    A row with an identifier may be of a claim on record, and leave it out: that is seen when its cells can be read.
    """
    if "id" in stated:
        return ()
    found = {STATEMENT if _is_statement(column) else column for column in stated}
    return missing(found | {"source"} if found & {"publisher", "published_on"} else found)


def _is_statement(column: str) -> bool:
    return column == STATEMENT or column.startswith(f"{STATEMENT}@")


def _cell(column: str, text: str) -> Any:
    """What a cell says that is no statement."""
    return READ[column](_storable(text))


def _storable(text: str) -> str:
    """The text as it is."""
    try:
        refuse_unstorable(text)
    except ValidationError as error:
        raise Unreadable(" ".join(error.messages)) from None
    return text


# --- cells ------------------------------------------------------------------------------------------------------------


def _name(text: str) -> str:
    """What a record is called, of which something has to be seen."""
    name = _line(text)
    try:
        refuse_unseen(name)
    except ValidationError as error:
        raise Unreadable(" ".join(error.messages)) from None
    return name


def _line(text: str, most: int = LONGEST_NAME) -> str:
    """A line of text, without the white space around it."""
    name = text.strip()
    if len(name) > most:
        sentence = _("This has %(number)d characters, and at most %(most)d can be kept. Shorten it.")
        raise Unreadable(sentence % {"number": len(name), "most": most})
    if len(name.encode()) > MOST_BYTES:
        raise Unreadable(_("This text is longer than %(most)d bytes. Shorten it.") % {"most": MOST_BYTES})
    return name


def _word(words: type[StrEnum], text: str) -> StrEnum:
    """One of the fixed words, in whichever case."""
    try:
        return words(text.strip().casefold().replace(" ", "_").replace("-", "_"))
    except ValueError:
        sentence = _("“%(written)s” is none of the words that can stand here. Write one of: %(words)s.")
        raise Unreadable(sentence % {"written": _shown(text), "words": ", ".join(words)}) from None


def _yes(text: str) -> bool:
    try:
        return read_yes_no(text).yes
    except Refusal as refusal:
        raise Unreadable(word_refusal(refusal)) from None


def _number(text: str) -> Decimal:
    """One exact number, not below 0."""
    try:
        read = read_quantity(text)
    except Refusal as refusal:
        raise Unreadable(word_refusal(refusal)) from None
    if read.low is None or read.low != read.high or read.about or read.low < 0:
        sentence = _("“%(written)s” is no single number from 0 upwards. Write one such as 10 or 2.5.")
        raise Unreadable(sentence % {"written": _shown(text)})
    try:
        refuse_inexact(read.low)
    except ValidationError as error:
        raise Unreadable(" ".join(error.messages)) from None
    return read.low


def _hours(text: str) -> Decimal:
    """A window: above 0, with the places that are kept."""
    hours = _number(text)
    if not hours or hours >= MOST_HOURS or hours != round(hours, 4):
        sentence = _(
            "“%(written)s” is no window. Write hours above 0 and below 100,000,000, with at most four decimals."
        )
        raise Unreadable(sentence % {"written": _shown(text)})
    return hours


def _date(text: str) -> str:
    try:
        date_of(text)
    except Refusal as refusal:
        raise Unreadable(word_refusal(refusal)) from None
    return _line(text, LONGEST_DATE)


def _path(text: str) -> tuple[str, ...]:
    try:
        return tuple(_name(name) for name in read_path(text))
    except Refusal as refusal:
        raise Unreadable(word_refusal(refusal)) from None


def _address(text: str) -> str:
    address = _line(text, LONGEST_URL)
    try:
        refuse_no_address(address)
    except ValidationError as error:
        raise Unreadable(" ".join(error.messages)) from None
    return address


def _tag(text: str) -> str:
    tag = text.strip()
    if len(tag) > _LONGEST_TAG or not _TAG.fullmatch(tag):
        raise Unreadable(_("Write the language as a tag, such as ar, en or en-GB."))
    return tag


def _hash(text: str) -> str:
    digest = text.strip().casefold()
    if not _SHA256.fullmatch(digest):
        raise Unreadable(_("A SHA-256 is written as 64 digits from 0 to 9 and a to f."))
    return digest


def _position(text: str) -> int:
    number = _number(text)
    if number != number.to_integral_value() or number > LAST_POSITION:
        sentence = _("“%(written)s” is no place in a text. Count its characters from 0 to where the quote begins.")
        raise Unreadable(sentence % {"written": _shown(text)})
    return int(number)


def _quote(text: str) -> str:
    if not has_word(text):
        raise Unreadable(_("The passage has no words. Mark at least one."))
    return text


def _shown(text: str) -> str:
    return isolated(shortened(text, MOST_SHOWN))


READ: Mapping[str, Callable[[str], Any]] = {
    "id": _line,
    "topic": _name,
    "question": _name,
    "answer_kind": partial(_word, AnswerKind),
    "unit": partial(_line, most=LONGEST_UNIT),
    "several": _yes,
    "over_time": partial(_word, OverTime),
    "window_hours": _hours,
    "tolerance": _number,
    "rounding": _number,
    "stance": partial(_word, Stance),
    "certainty": partial(_word, Certainty),
    "inferred": _yes,
    "answer": str,
    "as_of": _date,
    "speaker": _name,
    "speaker_id": _line,
    "speaker_kind": partial(_word, AgentKind),
    "speaker_role": _line,
    "side": _name,
    "speaks_for": _name,
    "via": _path,
    "cue": _line,
    "manner": partial(_word, Manner),
    "said_on": _date,
    "source": _name,
    "source_url": _address,
    "publisher": _name,
    "published_on": _date,
    "language": _tag,
    "quote": _quote,
    "prefix": str,
    "suffix": str,
    "start": _position,
    "text_sha256": _hash,
    "review": partial(_word, Review),
}
"""How the cell of each column is read; statements are as they are."""

_AGAIN = {column: lru_cache(MOST_AGAIN)(partial(_cell, column)) for column in READ.keys() - SAID_ONCE}
