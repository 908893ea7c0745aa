"""What is written as CSV, JSON Lines and XLSX is read back cell for cell, whatever people write into a cell."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from claims.interchange.tables.reading import read_rows, write_rejects
from claims.interchange.tables.rows import NEUTRALISED, Problem, Row
from claims.interchange.tables.writing import columns_of, csv_pieces, jsonl_pieces, write_workbook

FORMATS = ("csv", "jsonl", "xlsx")
LANGUAGES = ("ar", "en-GB")
# Each has been lost by some program on the way through a table.
HOSTILE = (
    *("=1+1", "+49 30", "-5", "@x", "\tx", "\rx", "'=x", "''", "＝x", "'", '"', '""', 'a"b', "a,b", "a;b", "a\tb"),
    *("a\nb", "a\r\nb", "a\rb", "\n", " ", " x ", "\u2028", "\u200f\u202eا\u2069", "وَعْر", "e\u0301", "é", "👩🏽‍🚒"),
    *("_x000D_", "_x005F_x000D_", "\x01", "\x0b", "\x1f", "\x7f", "\ufeffx", "\ufffe", "#N/A", "TRUE", "1e5", "007"),
    *("12:30", "2015-12-01", "refused because", NEUTRALISED, "\\", r"a \> b", "]]>", "<!--", "&amp;", "null", "{", "["),
)
# Every character that PostgreSQL keeps; halves of pairs and NUL are refused before they come here.
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40),
    st.builds("".join, st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=4)),
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(columns_of(LANGUAGES)), TEXTS, min_size=1, max_size=6), min_size=1, max_size=5
)


def written(rows: list[dict[str, str]], form: str) -> bytes:
    """The rows as a file."""
    columns = columns_of(LANGUAGES)
    if form == "xlsx":
        book = io.BytesIO()
        write_workbook(rows, columns, {"claims": len(rows), "filters": []}, book)
        return book.getvalue()
    return b"".join(csv_pieces(rows, columns) if form == "csv" else jsonl_pieces(rows))


def read(content: bytes, form: str) -> list[Row | Problem]:
    return list(read_rows(io.BytesIO(content), format=form))  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMATS)
@given(rows=ROWS)
@example(rows=[dict(zip(columns_of(LANGUAGES), HOSTILE, strict=False))])
@example(rows=[{"quote": text, "statement@ar": text} for text in HOSTILE])
@settings(max_examples=60)
def test_every_cell_comes_back(form: str, rows: list[dict[str, str]]) -> None:
    found = read(written(rows, form), form)
    assert [dict(row.values) if isinstance(row, Row) else row for row in found] == rows
    assert [row.source for row in found] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("form", FORMATS)
@given(rows=ROWS)
@settings(max_examples=25)
def test_refused_records_come_back_to_be_mended(form: str, rows: list[dict[str, str]]) -> None:
    """Written as rejects, and as rejects of these, a record still reads as it did, with its sentences beside it."""
    content = written(rows, form)
    for sentence in ("=x “no”\nsuch", "once more"):
        output = io.BytesIO()
        write_rejects(io.BytesIO(content), output, {1: [sentence, sentence], len(rows): [sentence]}, format=form)  # type: ignore[arg-type]
        content = output.getvalue()
        found = read(content, form)
        assert [dict(row.values) for row in found if isinstance(row, Row)] == [*rows[:1], *rows[1:][-1:]]
        rows = [*rows[:1], *rows[1:][-1:]]


def test_no_cell_is_run_as_a_formula() -> None:
    rows = [{"quote": text, "cue": f"{text}1"} for text in ("=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", "1")]
    lines = list(csv.reader(io.StringIO(written(rows, "csv").decode("utf-8-sig"), newline="")))
    cells = [cell for line in lines[1:] for cell in line]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝"))] == []
    assert {line[-1] for line in lines[1:]} == {"quote cue", ""}
    sheet = load_workbook(io.BytesIO(written(rows, "xlsx")))["claims"]
    filled = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in filled} == {"s"}
    assert all(cell.quotePrefix for cell in filled if str(cell.value)[0] in "=+-@")
