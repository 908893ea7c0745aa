"""XLSX: the first sheet of a workbook, a row at a time, its numbers, dates and truths in the table's notation."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, BinaryIO
from zipfile import BadZipFile

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from claims.interchange.tables.cells import (
    MOST_COLUMNS,
    fault,
    shown,
    written_moment,
    written_number,
    written_yes_no,
)
from claims.interchange.tables.csv_files import refuse_repeated
from claims.interchange.tables.records import FileSettings, Record
from claims.interchange.tables.rows import REFUSED_BECAUSE, TableRefused
from claims.interchange.tables.sheets import append, save, unescaped, valueless
from claims.interchange.tables.workbook_files import refuse_bombs, refuse_others

MOST_ROWS = 1_048_576
"""Rows of a sheet (Excel's own limit)."""
MOST_IN_A_FORMULA = 8_192
"""Characters of a formula (Excel's own limit)."""
# Whatever openpyxl and what it stands on raise for a file that is damaged; it promises no error of its own.
DAMAGED = (
    *(BadZipFile, InvalidFileException, DefusedXmlException, SyntaxError, zlib.error, struct.error, OSError, EOFError),
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, NotImplementedError, RuntimeError),
)


class XlsxTable:
    """One sheet of a workbook. The stream is read again for each call of `records`, and is never closed."""

    def __init__(self, stream: BinaryIO, settings: FileSettings) -> None:
        self._stream = stream
        with _damage_named():
            refuse_others(stream)
            refuse_bombs(stream)
            stream.seek(0)
            self._book = load_workbook(stream, read_only=True, keep_links=False)
        self._sheet = self._chosen(settings.sheet)
        # The size that a workbook states of itself is often wrong, and cuts rows off.
        self._sheet.reset_dimensions()
        self._first, self.header = self._header()

    def records(self) -> Iterator[Record]:
        """The records below the header; empty rows are passed over."""
        number = 0
        for line, cells in self._rows():
            if line > self._first and any(cell.value is not None for cell in cells):
                number += 1
                yield self._record(line, number, cells)

    def rejects(self, output: BinaryIO) -> "XlsxRejects":
        """Refused records as a workbook of one sheet, their cells typed as they were."""
        return XlsxRejects(output, self._sheet.title, [name for name in self.header if name != REFUSED_BECAUSE])

    def _chosen(self, name: str) -> Any:
        sheets = {sheet.title: sheet for sheet in self._book.worksheets}
        if not sheets:
            raise TableRefused(_("The workbook has no sheet with cells."))
        if name and name not in sheets:
            sentence = _("The workbook has no sheet “%(name)s”. It has: %(sheets)s.")
            raise TableRefused(sentence % {"name": shown(name), "sheets": ", ".join(map(shown, sheets))})
        return sheets[name] if name else next(iter(sheets.values()))

    def _rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """(row, its cells); rows without cells are left out."""
        with _damage_named():
            for line, row in enumerate(self._sheet.iter_rows(), 1):
                if line > MOST_ROWS:
                    raise TableRefused(_("The sheet has more rows than %(most)s.") % {"most": f"{MOST_ROWS:,}"})
                if len(row) > MOST_COLUMNS and any(cell.value is not None for cell in row[MOST_COLUMNS:]):
                    sentence = _("Row %(row)d has a cell beyond column %(most)s, which is more than a table has.")
                    raise TableRefused(sentence % {"row": line, "most": f"{MOST_COLUMNS:,}"})
                if row:
                    yield line, row[:MOST_COLUMNS]

    def _header(self) -> tuple[int, tuple[str, ...]]:
        """The row of the header and the names in it."""
        for line, cells in self._rows():
            names = [_text(cell)[0].strip() for cell in cells]
            while names and not names[-1]:
                names.pop()
            if names:
                refuse_repeated(names)
                return line, tuple(names)
        raise TableRefused(_("The sheet is empty. Its first row names the columns."))

    def _record(self, line: int, number: int, cells: Sequence[Any]) -> Record:
        named: dict[str, str] = {}
        problems: list[tuple[str, str]] = []
        for name, cell in zip_longest(self.header, cells):
            if cell is None or cell.value is None or name == REFUSED_BECAUSE:
                continue
            text, sentence = _text(cell)
            if not name:
                sentence = _("Cell %(cell)s holds “%(text)s”, but its column has no name. Name it in the first row.")
                problems.append(("", sentence % {"cell": cell.coordinate, "text": shown(text)}))
            elif sentence := sentence or fault(text):
                problems.append((name, sentence))
            elif text:
                named[name] = text
        raw = [_raw(cell) for name, cell in zip_longest(self.header, cells) if name != REFUSED_BECAUSE]
        return Record(line, number, named, problems, raw=raw)


class XlsxRejects:
    """Refused records as a workbook."""

    def __init__(self, output: BinaryIO, title: str, header: list[str]) -> None:
        self._output = output
        self._width = len(header)
        self._rows = 1
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(title)
        append(self._sheet, [*header, REFUSED_BECAUSE])

    def write(self, record: Record, because: str) -> None:
        """Add a record; cells that are in no column go on being in none."""
        self._rows += 1
        values = [*record.raw, *[None] * (self._width - len(record.raw))]
        values.insert(self._width, because)
        append(self._sheet, [self._again(each, at) for at, each in enumerate(values, 1)])

    def _again(self, raw: Any, column: int) -> Any:
        """What is to be written into a column: a formula as a spreadsheet moves it along with its row."""
        if not isinstance(raw, _NoValue):
            return raw
        text = raw.text
        if raw.kind == "f" and len(text) <= MOST_IN_A_FORMULA:
            with suppress(*DAMAGED, TokenizerError, TranslatorError):
                text = Translator(text, raw.origin).translate_formula(f"{get_column_letter(column)}{self._rows}")
        return valueless(self._sheet, raw.kind, text)

    def close(self) -> None:
        """Write the workbook."""
        save(self._book, self._output)


def _text(cell: Any) -> tuple[str, str]:
    """What a cell reads as in the table, and what is wrong with it."""
    if cell.data_type == "f":
        sentence = _("Cell %(cell)s holds a formula. Copy the column and paste its values.")
        return "", sentence % {"cell": cell.coordinate}
    if cell.data_type == "e":
        sentence = _("Cell %(cell)s holds the error %(error)s. Mend it, or empty the cell.")
        return "", sentence % {"cell": cell.coordinate, "error": shown(str(cell.value))}
    if (written := _written(cell.value)) is None:
        return "", _("%(number)s is not a number that can be kept. Round it.") % {"number": shown(repr(cell.value))}
    return written, ""


def _written(value: Any) -> str | None:
    """A value in the table's notation; None for a number that it has no digits for."""
    match value:
        case None:
            return ""
        case bool():
            return written_yes_no(value)
        case int() | float():
            return written_number(repr(value))
        case datetime() | date() | time() | timedelta():
            return written_moment(value)
        case _:
            return unescaped(str(value))


@dataclass(frozen=True, slots=True)
class _NoValue:
    """A formula or an error, with the cell that it is in."""

    kind: str
    text: str
    origin: str


def _raw(cell: Any) -> Any:
    """A cell to be written again."""
    if cell is None:
        return None
    value = cell.value
    if cell.data_type in ("f", "e"):
        text = getattr(value, "text", value)  # of an array formula, which is an object
        return _NoValue(cell.data_type, text if isinstance(text, str) else "=NA()", cell.coordinate)
    return (
        value if isinstance(value, bool | int | float | datetime | date | time | timedelta | None) else _written(value)
    )


@contextmanager
def _damage_named() -> Iterator[None]:
    """Make one sentence of all that a damaged workbook can raise."""
    try:
        yield
    except TableRefused:
        raise
    except DefusedXmlException:
        raise TableRefused(_entities()) from None
    except DAMAGED as error:
        sentence = _(
            "The workbook cannot be read (%(why)s). Open it in a spreadsheet program and save it again as XLSX."
        )
        raise TableRefused(sentence % {"why": shown(f"{type(error).__name__}: {error}")}) from error


def _entities() -> str:
    return _("The workbook declares XML entities, which no spreadsheet program does. It is not read.")
