"""Reading a table file: rows of the claims table, and what is wrong with others; the refused ones, to be mended."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from claims.interchange.tables.cells import APOSTROPHE, shown
from claims.interchange.tables.csv_files import CsvTable
from claims.interchange.tables.jsonl_files import JsonLinesTable
from claims.interchange.tables.mapping import TableMap
from claims.interchange.tables.nearest import nearest
from claims.interchange.tables.records import FileSettings, Record, Table
from claims.interchange.tables.rows import (
    COLUMNS,
    NEUTRALISED,
    REFUSED_BECAUSE,
    Problem,
    Row,
    TableFormat,
    TableRefused,
    is_column,
)
from claims.interchange.tables.xlsx_files import XlsxTable

TABLES: Mapping[TableFormat, Callable[[BinaryIO, FileSettings], Table]] = {
    "csv": CsvTable,
    "jsonl": JsonLinesTable,
    "xlsx": XlsxTable,
}
BESIDES = frozenset({NEUTRALISED, REFUSED_BECAUSE})
"""Columns that a claims table may have and that state nothing of a claim."""


def read_rows(
    stream: BinaryIO,
    *,
    format: TableFormat,  # noqa: A002 - the word for it
    mapping: TableMap | None = None,
) -> Iterator[Row | Problem]:
    """The rows of a file, in its order; of a record that cannot be read every problem, and no row.

    The stream can be read more than once (`recognising.seekable`); it is read from its beginning and stays open. In
    memory is one record at a time. Raises `TableRefused`, when the first row is asked for or, where that is how far the
    file can be read, later.
    """
    table = _opened(stream, format, mapping)
    for record in table.records():
        problems = [Problem(record.line, column, sentence, record.number) for column, sentence in record.problems]
        if problems:
            yield from problems
        elif mapping is not None and mapping.gives_columns:
            yield from mapping.rows(record)
        else:
            own = _own(record, table.header is None)
            yield from (mapping.own(each) if mapping and isinstance(each, Row) else each for each in own)


def refuse_header(stream: BinaryIO, *, format: TableFormat, mapping: TableMap | None = None) -> None:  # noqa: A002
    """Raise `TableRefused` for a file whose columns cannot be read, or are not those of the claims table or the map."""
    _opened(stream, format, mapping)


def write_rejects(
    stream: BinaryIO,
    output: BinaryIO,
    refused: Mapping[int, Sequence[str]],
    *,
    format: TableFormat,  # noqa: A002 - the word for it
    mapping: TableMap | None = None,
) -> None:
    """Write the refused records of a file in its own form, with their sentences in a last column more.

    `refused` are the sentences by `Row.source`. What is written is read like the file itself, the column passed over.
    """
    table = _opened(stream, format, mapping)
    rejects = table.rejects(output)
    for record in table.records():
        if sentences := refused.get(record.number):
            rejects.write(record, " ".join(dict.fromkeys(sentences)))
    rejects.close()


def _opened(stream: BinaryIO, format: TableFormat, mapping: TableMap | None) -> Table:  # noqa: A002
    """The file with its header looked at. Raises `TableRefused`."""
    settings = mapping.file if mapping else FileSettings()
    gives_columns = mapping is not None and mapping.gives_columns
    if not gives_columns:
        settings = replace(settings, expected=frozenset((*COLUMNS, *BESIDES)))
    table = TABLES[format](stream, settings)
    if table.header is not None:
        if mapping and gives_columns:
            mapping.refuse_missing(table.header)
        else:
            _refuse_unknown(table.header)
    return table


def _refuse_unknown(header: Sequence[str]) -> None:
    """Raise `TableRefused` for a name that is no column of the claims table."""
    unknown = [name for name in header if name and not is_column(name) and name not in BESIDES]
    if not unknown:
        return
    if len(unknown) == len(header):
        sentence = _(
            "The first line names no column of the claims table; it begins with “%(name)s”. "
            "Name the columns there, or bring a map that says which of yours is which."
        )
        raise TableRefused(sentence % {"name": shown(unknown[0])})
    raise TableRefused(_unknown(unknown[0]))


def _unknown(name: str) -> str:
    sentence = _(
        "The claims table has no column “%(name)s”. %(nearest)s Rename or remove it, or bring a map that names the "
        "columns to be taken."
    )
    return sentence % {"name": shown(name), "nearest": nearest(name, COLUMNS)}


def _own(record: Record, without_header: bool) -> Iterator[Row | Problem]:
    """The row of a record of the claims table itself."""
    unknown = [name for name in record.cells if not is_column(name) and name not in BESIDES] if without_header else []
    if unknown:
        for name in unknown:
            yield Problem(record.line, name, _unknown(name), record.number)
        return
    if BESIDES.isdisjoint(record.cells):
        yield Row(record.line, record.cells, record.number)
        return
    put_before = record.cells.get(NEUTRALISED, "").split()
    values = {
        name: cell.removeprefix(APOSTROPHE) if name in put_before else cell
        for name, cell in record.cells.items()
        if name not in BESIDES
    }
    yield Row(record.line, values, record.number)
