"""Cells of a sheet as they are written: always as what they are, a text never as a formula, every character kept."""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES

from claims.interchange.tables.cells import FORMULA
from claims.interchange.tables.rows import TableRefused

MOST_IN_A_CELL = 32_767
"""Characters of a cell (Excel's own limit); openpyxl cuts what is longer without a word."""

# ECMA-376 Part 1, 22.9.2.19 (ST_Xstring): what XML cannot hold stands as _xHHHH_, and what looks like it as _x005F_.
_UNHELD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_HELD = re.compile("_x([0-9A-Fa-f]{4})_")


def append(sheet: Any, values: Sequence[Any]) -> None:
    """Append a row; texts are written as texts, whatever they begin with.

    Raises `TableRefused` for a text that is too long for a cell of a sheet.
    """
    sheet.append([_cell(sheet, value) if isinstance(value, str) else value for value in values])


def valueless(sheet: Any, kind: str, text: str) -> Any:
    """A formula (`f`) or an error (`e`) as a cell to be appended: for the refused rows of a sheet, where it stood."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = kind
    return cell


@contextmanager
def workbook() -> Iterator[Workbook]:
    """A workbook to append rows to and save inside; where that fails, what openpyxl put aside on disk is removed."""
    book = Workbook(write_only=True)
    try:
        yield book
    except BaseException:
        for sheet in book.worksheets:
            if not sheet.closed:
                sheet.close()
            with suppress(FileNotFoundError):  # it was saved already
                sheet._writer.cleanup()  # only saving does so; else the files are there until the program ends
        raise


def save(book: Workbook, output: BinaryIO) -> None:
    """Save the workbook into a stream, which gets it when it is whole: zipfile writes on to one that takes no more.

    Raises OSError where the stream takes no more.
    """
    with TemporaryFile() as whole:
        book.save(whole)
        whole.seek(0)
        shutil.copyfileobj(whole, output)


def escaped(text: str) -> str:
    """The text with what XML cannot hold written as the format has it; carriage returns too, which XML makes LF."""
    return _UNHELD.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    """The text of a cell as it is meant."""
    return _HELD.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _cell(sheet: Any, text: str) -> Any:
    """A text for a cell: as it is where openpyxl takes it for one, else as a cell that says so."""
    held = escaped(text)
    if len(held) > MOST_IN_A_CELL:
        sentence = _("A text of %(count)s characters does not fit into a sheet, whose cells hold %(most)s. Take CSV.")
        raise TableRefused(sentence % {"count": f"{len(held):,}", "most": f"{MOST_IN_A_CELL:,}"})
    if not held.startswith(FORMULA) and held not in ERROR_CODES:
        return held or None
    cell = WriteOnlyCell(sheet, value=held)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
