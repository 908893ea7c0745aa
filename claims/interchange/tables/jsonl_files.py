"""Flat JSON Lines: one object a line, its values in the table's notation; whatever is nested is refused."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from claims.interchange.tables.cells import MOST_COLUMNS, MOST_IN_A_RECORD, fault, shown, written_number, written_yes_no
from claims.interchange.tables.records import FileSettings, Record
from claims.interchange.tables.rows import REFUSED_BECAUSE, TableRefused

# What our own rejects put at the end of a line, to be taken away again when they are refused once more.
_BECAUSE = re.compile(rb', "' + REFUSED_BECAUSE.encode() + rb'": "(?:[^"\\]|\\.)*"}\s*\Z')


class JsonLinesTable:
    """A file of JSON Lines. The stream is read from its beginning, again for each call of `records`."""

    header = None

    def __init__(self, stream: BinaryIO, _settings: FileSettings) -> None:
        self._stream = stream

    def records(self) -> Iterator[Record]:
        """The records; empty lines are passed over."""
        self._stream.seek(0)
        line, number = 0, 0
        while content := self._stream.readline(MOST_IN_A_RECORD + 1):
            line += 1
            if len(content) > MOST_IN_A_RECORD:
                sentence = _("Line %(line)d is longer than %(most)s bytes. Each record stands on a line of its own.")
                raise TableRefused(sentence % {"line": line, "most": f"{MOST_IN_A_RECORD:,}"})
            if line == 1:
                content = content.removeprefix(codecs.BOM_UTF8)
            if content.strip():
                number += 1
                yield _record(line, number, content)

    def rejects(self, output: BinaryIO) -> "JsonLinesRejects":
        """Refused records, each line as it was with one value more at its end."""
        return JsonLinesRejects(output)


class JsonLinesRejects:
    """Refused records as JSON Lines."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output

    def write(self, record: Record, because: str) -> None:
        """Add a record; a line that is no object stands as it stood."""
        line: bytes = _BECAUSE.sub(b"}", record.raw.strip())
        if line.startswith(b"{") and line.endswith(b"}"):
            comma = b"" if line[1:-1].strip() == b"" else b", "
            reason = json.dumps({REFUSED_BECAUSE: because}, ensure_ascii=False).encode(errors="replace")
            line = line[:-1] + comma + reason[1:]
        self._output.write(line + b"\n")

    def close(self) -> None:
        """Nothing is kept back."""


class _Refused(ValueError):  # noqa: N818 - it answers a person
    """A line is no flat object; the sentence says why."""


class _Number(str):
    """A number with the digits as they are written."""

    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """An object as its names and values, a name as often as it is written."""


def _record(line: int, number: int, content: bytes) -> Record:
    """One line as a record, or as what is wrong with it."""
    problems: list[tuple[str, str]] = []
    cells: dict[str, str] = {}
    try:
        pairs = _pairs(content)
    except _Refused as refused:
        return Record(line, number, {}, [("", str(refused))], raw=content)
    if len(pairs) > MOST_COLUMNS:
        sentence = _("The line has more than %(most)d names. A claim has no more than the columns of the table.")
        return Record(line, number, {}, [("", sentence % {"most": MOST_COLUMNS})], raw=content)
    for name, value in pairs:
        if name in cells or any(name == column for column, _sentence in problems):
            sentence = _("“%(name)s” stands in this line more than once. State it once.")
            problems.append((name, sentence % {"name": shown(name)}))
            continue
        text, sentence = _cell(value)
        sentence = sentence or fault(text) or fault(name)
        if sentence:
            problems.append((name, sentence))
        elif text and name != REFUSED_BECAUSE:
            cells[name] = text
    return Record(line, number, cells, problems, raw=content)


def _pairs(content: bytes) -> _Pairs:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        sentence = _("Byte %(at)d of the line, %(byte)s, is not UTF-8. Save the file again as UTF-8.")
        raise _Refused(sentence % {"at": error.start + 1, "byte": f"0x{content[error.start]:02X}"}) from None
    try:
        found = _DECODER.decode(text.strip())
    except RecursionError:
        raise _Refused(
            _("The line is nested too deeply. Each value is a text, a number, true, false or null.")
        ) from None
    except json.JSONDecodeError as error:
        sentence = _("The line is no JSON: %(why)s at character %(at)d.")
        raise _Refused(sentence % {"why": error.msg, "at": error.pos + 1}) from None
    if not isinstance(found, _Pairs):
        example = shown('{"question": "...", "answer": "..."}')
        raise _Refused(_("The line is no object. Write each record as in %(example)s.") % {"example": example})
    return found


def _cell(value: Any) -> tuple[str, str]:
    """A value as the text of a cell, and what is wrong with it."""
    match value:
        case None:
            return "", ""
        case bool():
            return written_yes_no(value), ""
        case _Number():
            written = written_number(value)
            return written or "", "" if written else _("%(number)s is not a number that can be kept. Round it.") % {
                "number": shown(value)
            }
        case str():
            return value, ""
        case _:
            return "", _(
                "The value is nested. Write a text, a number, true, false or null; lists as the table has them."
            )


def _constant(name: str) -> _Number:
    return _Number(name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number, parse_constant=_constant, strict=True
)
