"""Answers as the claims table writes them: reading the notation of every kind, and writing it again.

Choice: a label, broader ones first (`West > North-west`); alternatives (`Idlib | Jarablus`); only (`=Idlib`). A
backslash before ``> | = \\`` takes away its meaning. Yes/no, quantities, dates: see `numbers` and `dates`. Text: as is.

================== ==========================================================
refusal            when
================== ==========================================================
`empty_answer`     nothing is written
`empty_name`       a name between `>` or `|` is missing (`answer`)
`dangling_escape`  a backslash at the end escapes nothing (`answer`)
`named_twice`      a path names the same option twice (`answer`, `name`)
`no_letters`       a text without a letter, digit or sign (`answer`)
================== ==========================================================
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from claims.domain.dates import read_date
from claims.domain.numbers import read_quantity, read_yes_no
from claims.domain.refusals import Refusal
from claims.domain.values import Date, Quantity, Text, YesNo
from claims.domain.vocabulary import AnswerKind
from claims.text.normalising import answer_form

ESCAPE, STEP, ALTERNATIVE, ONLY = "\\", ">", "|", "="


@dataclass(frozen=True, slots=True)
class WrittenChoice:
    """A choice before its labels are looked up: alternative paths, each from the broadest label to the one meant."""

    paths: tuple[tuple[str, ...], ...]
    only: bool = False


ReadAnswer = WrittenChoice | YesNo | Quantity | Date | Text


def read_answer(kind: AnswerKind, text: str, zone: ZoneInfo) -> ReadAnswer:
    """Read an answer of the given kind.

    Raises:
        Refusal: the text is no answer of that kind; the code says why.
    """
    if not text.strip():
        raise Refusal("empty_answer", {"kind": kind.value})
    match kind:
        case AnswerKind.CHOICE:
            return read_choice(text)
        case AnswerKind.YES_NO:
            return read_yes_no(text)
        case AnswerKind.QUANTITY:
            return read_quantity(text)
        case AnswerKind.DATE:
            return read_date(text, zone).date
        case AnswerKind.TEXT:
            return read_text(text)


def read_text(text: str) -> Text:
    """A free text in the form by which texts are compared (rule 1)."""
    normalised = answer_form(text)
    if not normalised:
        raise Refusal("no_letters", {"answer": text})
    return Text(normalised)


def read_choice(text: str) -> WrittenChoice:
    """Read labels, paths, alternatives and "only"."""
    stripped = text.strip()
    only = stripped.startswith(ONLY)
    alternatives = _split(stripped[1:] if only else stripped, ALTERNATIVE)
    paths = tuple(dict.fromkeys(_names(alternative, text) for alternative in alternatives))
    for path in paths:
        if repeated := [name for name in path if path.count(name) > 1]:
            raise Refusal("named_twice", {"answer": text, "name": repeated[0]})
    return WrittenChoice(paths, only)


def read_path(text: str) -> tuple[str, ...]:
    """The names of a line such as `Sham Network > Al Jazeera`; empty text has none."""
    return _names(text, text) if text.strip() else ()


def write_choice(choice: WrittenChoice) -> str:
    """The notation of a choice; reading it gives the same again."""
    return (ONLY if choice.only else "") + " | ".join(write_path(path) for path in choice.paths)


def write_path(names: Sequence[str]) -> str:
    """Names with `>` between them, what has a meaning in them escaped."""
    return " > ".join(_escaped(name) for name in names)


def _names(text: str, whole: str) -> tuple[str, ...]:
    """The unescaped names between steps."""
    names = tuple(_unescaped(part.strip(), whole) for part in _split(text, STEP))
    if not all(names):
        raise Refusal("empty_name", {"answer": whole})
    return names


def _split(text: str, separator: str) -> list[str]:
    """The parts between unescaped separators, escapes still in place."""
    parts = [""]
    escaped = False
    for character in text:
        if character == separator and not escaped:
            parts.append("")
        else:
            parts[-1] += character
        escaped = character == ESCAPE and not escaped
    return parts


def _unescaped(part: str, whole: str) -> str:
    """The name with each escape taken away."""
    name = ""
    characters = iter(part)
    for character in characters:
        taken = next(characters, None) if character == ESCAPE else character
        if taken is None:
            raise Refusal("dangling_escape", {"answer": whole})
        name += taken
    return name


def _escaped(name: str) -> str:
    """The name with a backslash before each sign that would mean something."""
    for sign in (ESCAPE, STEP, ALTERNATIVE):
        name = name.replace(sign, ESCAPE + sign)
    return ESCAPE + name if name.startswith(ONLY) else name
