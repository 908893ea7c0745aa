"""Writing the claims table: CSV and JSON Lines in pieces, XLSX into a file; all of it is read back as written."""

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from claims.interchange.tables.cells import FORMULA, neutralised
from claims.interchange.tables.rows import COLUMNS, NEUTRALISED, TableRefused
from claims.interchange.tables.sheets import append, save, workbook
from claims.interchange.tables.xlsx_files import MOST_ROWS

Cells = Mapping[str, str]
TOGETHER = 200
"""Rows that make one piece."""


def columns_of(languages: Iterable[str]) -> list[str]:
    """The columns of a table with wordings in these languages: `statement@ar` and so on in place of `statement`."""
    before, after = COLUMNS[: COLUMNS.index("statement")], COLUMNS[COLUMNS.index("statement") + 1 :]
    return [*before, *(f"statement@{language}" for language in languages), *after]


def csv_pieces(rows: Iterable[Cells], columns: Sequence[str]) -> Iterator[bytes]:
    """CSV by RFC 4180, in UTF-8 with its mark, by which spreadsheets know it.

    A cell that a spreadsheet would run as a formula has an apostrophe before it, and is named in the last column.
    """
    yield codecs.BOM_UTF8 + _csv([[*columns, NEUTRALISED]])
    remaining = iter(rows)
    while batch := list(islice(remaining, TOGETHER)):
        yield _csv(_csv_cells(cells, columns) for cells in batch)


def jsonl_pieces(rows: Iterable[Cells]) -> Iterator[bytes]:
    """JSON Lines, one flat object a claim, nothing changed in it."""
    remaining = iter(rows)
    while batch := list(islice(remaining, TOGETHER)):
        yield "".join(f"{json.dumps(cells, ensure_ascii=False)}\n" for cells in batch).encode()


def write_workbook(rows: Iterable[Cells], columns: Sequence[str], about: Mapping[str, Any], output: BinaryIO) -> None:
    """A workbook with the sheets `claims` and `about`; every cell is a text, also where it looks like a formula.

    Raises `TableRefused` where a text, or the number of rows, is beyond what a sheet holds.
    """
    with workbook() as book:
        sheet = book.create_sheet("claims")
        sheet.freeze_panes = "A2"
        append(sheet, list(columns))
        for number, cells in enumerate(rows, 2):
            if number > MOST_ROWS:
                sentence = _("A sheet holds %(most)s rows, and these claims are more. Take CSV, or filter them.")
                raise TableRefused(sentence % {"most": f"{MOST_ROWS:,}"})
            append(sheet, [cells.get(column) for column in columns])
        told = book.create_sheet("about")
        for name, value in about.items():
            append(told, [name, value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)])
        save(book, output)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _csv_cells(cells: Cells, columns: Sequence[str]) -> list[str]:
    changed = [name for name, text in cells.items() if text.startswith(FORMULA)]
    return [*(neutralised(cells.get(column, "")) for column in columns), " ".join(changed)]
