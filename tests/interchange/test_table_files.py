"""Table files as people have them, and as attackers do: what is read, what each mistake is told, and how soon."""

import errno
import gc
import gzip
import io
import json
import lzma
import tempfile
import time
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from claims.interchange.tables.reading import read_rows, write_rejects
from claims.interchange.tables.recognising import recognise
from claims.interchange.tables.rows import Problem, Row, TableRefused
from claims.interchange.tables.workbook_files import ALWAYS_TAKEN
from claims.interchange.tables.writing import write_workbook
from claims.wording import plain

HEADER = "question,answer,quote\n"


def read(content: bytes | str) -> list[Row | Problem]:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return list(read_rows(stream, format=recognise(stream)))


def refused(content: bytes | str) -> str:
    with pytest.raises(TableRefused) as caught:
        read(content)
    return plain(str(caught.value))


def problem(content: bytes | str) -> tuple[int, str, str]:
    """The one problem of a file."""
    (found,) = [each for each in read(content) if isinstance(each, Problem)]
    return found.line, found.column, plain(found.sentence)


def book(*rows: list[object]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)  # type: ignore[union-attr]
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def packed(*names: str) -> bytes:
    """A ZIP archive with files of these names."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in names:
            archive.writestr(name, HEADER)
    return output.getvalue()


def lines(content: bytes | str) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.values)) for row in read(content) if isinstance(row, Row)]


# --- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_as_programs_write_it(delimiter: str, encoding: str, end: str) -> None:
    header = end.join([delimiter.join(["question", "answer", "statement@ar", "", ""]), ""])
    record = delimiter.join(["a", f'"b{end}{delimiter}""c"', "وَعْر", "", ""])
    blank = [end, delimiter * 4 + end]
    content = header + blank[0] + record + end + blank[1] + record
    values = {"question": "a", "answer": f'b{end}{delimiter}"c', "statement@ar": "وَعْر"}
    assert lines(content.encode(encoding)) == [(3, values), (6, values)]


def test_a_line_that_names_the_delimiter_is_passed_over() -> None:
    assert lines("sep=|\nquestion|answer\na|b,c\n") == [(3, {"question": "a", "answer": "b,c"})]


def test_arabic_csv_of_windows_is_recognised() -> None:
    text = "question,answer\nما الذي تم التوصل إليه في الوعر,اتفاق نهائي بين الطرفين\n"
    assert lines(text.encode("windows-1256"))[0][1]["answer"] == "اتفاق نهائي بين الطرفين"


def test_values_of_json_are_in_the_notation_of_the_table() -> None:
    record = '{"answer": 1200.50, "rounding": 1e3, "start": 0, "several": true, "inferred": false, "quote": null}'
    assert lines(f"\n{record}\n\n") == [
        (2, {"answer": "1200.5", "rounding": "1000", "start": "0", "several": "yes", "inferred": "no"})
    ]


def test_values_of_a_sheet_are_in_the_notation_of_the_table() -> None:
    moments = [date(2015, 12, 1), datetime.fromisoformat("2015-12-01T14:30"), clock(9, 5), timedelta(hours=30)]
    rows = lines(book(["answer", "inferred"], *([each, True] for each in [300, 2.5, 1e15, 0.1, *moments, "_x0041_"])))
    found = [values["answer"] for _line, values in rows]
    assert found == [
        *("300", "2.5", "1000000000000000", "0.1"),
        *("2015-12-01", "2015-12-01T14:30", "09:05", "30:00", "A"),
    ]
    assert [line for line, _values in rows] == list(range(2, 11))
    assert {values["inferred"] for _line, values in rows} == {"yes"}


# --- mistakes ---------------------------------------------------------------------------------------------------------

WHOLE = [
    ("", "The file is empty."),
    ("\n\n", "The file is empty."),
    ("[{}]", "This is a JSON list."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel before 2007"),
    (gzip.compress(HEADER.encode(), mtime=0), "This is a compressed file. Unpack it"),
    (lzma.compress(HEADER.encode()), "This is a compressed file. Unpack it"),
    (b"%PDF-1.4\n\xe2\xe3\xcf\xd3\n", "This is a PDF file, and no table."),
    (packed("claims.csv"), "This is a ZIP archive, and no workbook. Unpack it"),
    (packed(), "This is a ZIP archive, and no workbook."),
    (packed("[Content_Types].xml", "word/document.xml"), "a document of another kind, and no workbook."),
    (packed("mimetype", "META-INF/manifest.xml"), "a document of another kind, and no workbook."),
    ("what,who\na,b\n", "names no column of the claims table; it begins with “what”"),
    ("question,anwser\na,b\n", "no column “anwser”. Do you mean “answer”?"),
    ("question,question\na,b\n", "Two columns are called “question”."),
    ("question,r\xe9sum\xe9\n".encode("latin-1"), "The file is not in UTF-8."),
    ('question,answer\n"a' + "b" * 2_000_001, "The record that begins in line 2 does not end within 2,000,000"),
    ("x" * 2_000_001, "does not end within"),
    ('{"answer": "' + "b" * 2_000_001, "Line 1 is longer than 2,000,000 bytes"),
    (",".join(f"c{n}" for n in range(1001)), "1,001 columns; a table may have 1,000"),
    (b"PK\x03\x04 no workbook", "The workbook cannot be read"),
    (book(), "The sheet is empty."),
    (book(["question", "sorce"]), "no column “sorce”. Do you mean “source”?"),
    (book(["question"], [*[None] * 2000, 1]), "Row 2 has a cell beyond column 1,000"),
]
ONE = [
    (HEADER + "a,b\n", (2, "quote", "The record has 2 cells, the header 3.")),
    (HEADER + "a,b,c,d\n", (2, "", "The record has 4 cells, the header 3.")),
    (HEADER + 'a,"b"c,d\n', (2, "", "A quotation mark stands inside a cell.")),
    (HEADER + 'a,"b\n,c\n', (2, "", "A quotation mark that opens a cell is not closed")),
    (HEADER + "a,b\0,c\n", (2, "answer", "Character 2 of this text is a NUL")),
    ((HEADER + "é,é,").encode() + b"caf\xe9\n", (2, "quote", "Character 4 is the byte 0xE9")),
    (HEADER + "a,b," + "c" * 500_001, (2, "quote", "The cell has 500,001 characters; a cell may have 500,000.")),
    ("question,answer,\na,b,c\n", (2, "", "The record has 3 cells, the header 2.")),
    ("question,,answer\na,x,b\n", (2, "", "Cell 2 holds “x”, but its column has no name.")),
    ('{"question": ["a"]}', (1, "question", "The value is nested.")),
    ('{"question": {"a": 1}}', (1, "question", "The value is nested.")),
    ('{"a": ' + "[" * 100_000, (1, "", "The line is nested too deeply.")),
    ('{"answer": 1, "answer": 2}', (1, "answer", "“answer” stands in this line more than once.")),
    ('{"anwser": 1}', (1, "anwser", "Do you mean “answer”?")),
    ('{"answer": NaN}', (1, "answer", "NaN is not a number that can be kept.")),
    ('{"answer": 1e999999999}', (1, "answer", "is not a number that can be kept.")),
    ('{"answer": ' + "1" * 5000 + "}", (1, "answer", "is not a number that can be kept.")),
    ('{"answer": "\\ud800"}', (1, "answer", "half of a surrogate pair")),
    ('{"answer": "\\u0000"}', (1, "answer", "is a NUL")),
    ('{"answer": }', (1, "", "The line is no JSON: Expecting value at character 12.")),
    ('{"answer": 1}\n"x"', (2, "", "The line is no object.")),
    (b'{"answer": "\xe9"}', (1, "", "Byte 13 of the line, 0xE9, is not UTF-8.")),
    (book(["answer"], ["=1+1"]), (2, "answer", "Cell A2 holds a formula.")),
    (book(["answer"], ["#N/A"]), (2, "answer", "Cell A2 holds the error #N/A.")),
    (book(["answer"], ["_x0000_"]), (2, "answer", "Character 1 of this text is a NUL")),
    (book(["answer"], ["a", "b"]), (2, "", "Cell B2 holds “b”, but its column has no name.")),
]


@pytest.mark.parametrize(("content", "sentence"), WHOLE)
def test_a_file_that_cannot_be_read_is_refused(content: bytes | str, sentence: str) -> None:
    assert sentence in refused(content)


@pytest.mark.parametrize(("content", "expected"), ONE)
def test_a_mistake_is_named_with_line_and_column(content: bytes | str, expected: tuple[int, str, str]) -> None:
    line, column, sentence = problem(content)
    assert (line, column) == expected[:2]
    assert expected[2] in sentence


def test_after_a_mistake_reading_goes_on() -> None:
    found = read(HEADER + 'a,"b"c,d\ne,f,g\n\n"h\ni",j,k\n')
    assert [(each.line, each.source, type(each)) for each in found] == [(2, 1, Problem), (3, 2, Row), (5, 3, Row)]


# --- rejects ----------------------------------------------------------------------------------------------------------


def test_rejects_have_the_form_of_their_file() -> None:
    content = 'sep=;\nquestion;answer\na;"b;\nc"\nd;"e"f\ng;h\n'.encode("utf-16")
    output = io.BytesIO()
    write_rejects(io.BytesIO(content), output, {1: ["No."], 2: ["Neither."]}, format="csv")
    assert output.getvalue().decode("utf-16").removeprefix("\ufeff") == (
        'question;answer;refused because\r\na;"b;\nc";No.\r\nd;"e"f;Neither.\r\n'
    )
    output = io.BytesIO()
    source = b'{"answer":  1}\n{ }\nno object\n'
    write_rejects(io.BytesIO(source), output, {1: ["No."], 2: ["No."], 3: ["No."]}, format="jsonl")
    assert output.getvalue().splitlines() == [
        b'{"answer":  1, "refused because": "No."}',
        b'{ "refused because": "No."}',
        b"no object",
    ]


def test_rejects_of_a_sheet_keep_the_types_of_cells() -> None:
    source = book(["answer", "said_on"], [3, date(2015, 12, 1)], ["=1", None], ["x\ry", 1])
    output = io.BytesIO()
    write_rejects(io.BytesIO(source), output, {1: ["No."], 2: ["No."]}, format="xlsx")
    again = read(output.getvalue())
    assert [dict(row.values) for row in again if isinstance(row, Row)] == [{"answer": "3", "said_on": "2015-12-01"}]
    assert ["Cell A3 holds a formula" in plain(row.sentence) for row in again if isinstance(row, Problem)] == [True]


@pytest.mark.parametrize("content", [content for content, _expected in ONE])
def test_rejects_that_nobody_mended_are_refused_again(content: bytes | str) -> None:
    """However often, and for the same: the record stands there as it stood, with all its cells."""
    source = content.encode() if isinstance(content, str) else content
    form = recognise(io.BytesIO(source))
    wrong = [each for each in read(source) if isinstance(each, Problem)]
    again: list[list[Row | Problem]] = []
    for _turn in range(3):
        output = io.BytesIO()
        write_rejects(io.BytesIO(source), output, {each.source: ["No; not so."] for each in wrong}, format=form)
        source = output.getvalue()
        again.append(list(read_rows(output, format=form)))
        wrong = [each for each in again[-1] if isinstance(each, Problem)]
        assert len(wrong) == len(again[-1]) == 1
    assert again[1] == again[2]


def test_rejects_keep_cells_that_are_in_no_column() -> None:
    for content in (book(["question", "answer"], ["a", "b", None, "extra"]), HEADER + "a,b,c,extra\n"):
        source = content.encode() if isinstance(content, str) else content
        for _turn in range(2):
            output = io.BytesIO()
            write_rejects(io.BytesIO(source), output, {1: ["No."]}, format=recognise(io.BytesIO(source)))
            source = output.getvalue()
        if isinstance(content, str):
            assert b"extra" in source
        else:
            assert "holds “extra”" in problem(source)[2]


def test_rejects_with_empty_cells_at_the_end_can_be_mended() -> None:
    output = io.BytesIO()
    write_rejects(io.BytesIO(b"question,answer,,\na,b,,\n"), output, {1: ["No."]}, format="csv")
    assert lines(output.getvalue()) == [(2, {"question": "a", "answer": "b"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rejects_name_a_delimiter_that_nobody_would_look_for(encoding: str) -> None:
    output = io.BytesIO()
    write_rejects(io.BytesIO("sep=|\nquestion|answer\na|b\n".encode(encoding)), output, {1: ["No."]}, format="csv")
    assert lines(output.getvalue()) == [(3, {"question": "a", "answer": "b"})]


def test_a_formula_moves_along_with_its_row() -> None:
    source = book(["question", "answer"], ["a", "1"], ["b", '=A3&"x"'])
    output = io.BytesIO()
    write_rejects(io.BytesIO(source), output, {2: ["No."]}, format="xlsx")
    assert load_workbook(output).active["B2"].value == '=A2&"x"'  # type: ignore[index]


def test_a_workbook_for_a_stream_that_takes_no_more_leaves_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    class Full(io.RawIOBase):
        def write(self, _piece: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    stuck: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", stuck.append)
    with pytest.raises(OSError, match="No space left"):
        write_workbook([{"answer": "a"}], ["answer"], {"claims": 1}, Full())  # type: ignore[arg-type]
    rejects = io.BytesIO(book(["answer"], ["a"]))
    with pytest.raises(OSError, match="No space left"):
        write_rejects(rejects, Full(), {1: ["No."]}, format="xlsx")  # type: ignore[arg-type]
    gc.collect()
    assert (list(tmp_path.iterdir()), stuck) == ([], [])


# --- attacks ----------------------------------------------------------------------------------------------------------


def with_part(name: str, content: bytes) -> bytes:
    """A small workbook in which one part is replaced, or added."""
    source = zipfile.ZipFile(io.BytesIO(book(["answer"], ["a"])))
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in dict.fromkeys([*source.namelist(), name]):
            archive.writestr(part, content if part == name else source.read(part))
    return output.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet {NAMESPACE}>&b;</worksheet>'
ATTACKS = [
    (with_part(SHEET, b"<worksheet>" + b"<row/>" * 5_000_000), "unpacks to 30,000,011 bytes"),
    (with_part(STRINGS, b"<sst>" + b"<si><t>a</t></si>" * 1_000_000), "more than is taken for its size"),
    (with_part("xl/styles.xml", b" " * (ALWAYS_TAKEN + 1)), "more than is taken for its size"),
    (with_part(SHEET, LAUGHS.encode()), "declares XML entities"),
    (with_part("xl/workbook.xml", LAUGHS.encode()), "declares XML entities"),
    (with_part("[Content_Types].xml", LAUGHS.encode()), "declares XML entities"),
    (
        with_part(SHEET, f'<worksheet {NAMESPACE}><sheetData><row r="4000000000"/></sheetData></worksheet>'.encode()),
        "more rows",
    ),
    (with_part(SHEET, f"<worksheet {NAMESPACE}><sheetData><row>".encode()), "The workbook cannot be read"),
    (with_part(SHEET, b"no XML"), "The workbook cannot be read"),
    (with_part("xl/workbook.xml", b"<workbook/>"), "has no sheet with cells"),
]


@pytest.mark.parametrize(("content", "sentence"), ATTACKS)
def test_an_attack_is_refused_within_a_second(content: bytes, sentence: str) -> None:
    begun = time.process_time()
    assert sentence in refused(content)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("content", [content for content, _sentence in ATTACKS[:4]])
def test_an_attack_is_refused_in_little_memory(content: bytes) -> None:
    tracemalloc.start()
    refused(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_memory_does_not_grow_with_the_file(form: str) -> None:
    """As much for 20,000 records as for 1,000."""
    peaks = []
    for number in (1_000, 20_000):
        one = json.dumps({"question": "q", "answer": "a" * 100})
        content = (HEADER + f"q,{'a' * 100},\n" * number) if form == "csv" else f"{one}\n" * number
        stream = io.BytesIO(content.encode())
        tracemalloc.start()
        assert sum(1 for _row in read_rows(stream, format=form)) == number  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
