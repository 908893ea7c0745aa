"""Maps: real data of others as rows without a script, and the sentence that each mistake in a map gets."""

import io
from collections import defaultdict
from pathlib import Path

import pytest

from claims.interchange.tables.map_files import MapRefused, read_map
from claims.interchange.tables.reading import read_rows, write_rejects
from claims.interchange.tables.rows import Problem, Row, TableRefused
from claims.wording import plain
from tests.real_data import real_data

MAPS = Path(__file__).resolve().parents[2] / "fixtures" / "maps"


def mapped(content: str, table_map: str) -> list[Row | Problem]:
    stream = io.BytesIO(content.encode())
    return list(read_rows(stream, format="csv", mapping=read_map(table_map.encode(), "map.toml")))


def flights(name: str) -> list[Row | Problem]:
    with real_data("data/truth-flights/dirty.csv").open("rb") as stream:
        return list(read_rows(stream, format="csv", mapping=read_map((MAPS / name).read_bytes(), name)))


def contested(rows: list[Row]) -> int:
    answers = defaultdict(set)
    for row in rows:
        answers[row.values["question"]].add(row.values["answer"])
    return sum(len(different) > 1 for different in answers.values())


def test_the_flights_are_rows_without_a_script() -> None:
    rows = [row for row in flights("flights.toml") if isinstance(row, Row)]
    assert len(rows) == len({row.values["id"] for row in rows}) == 7_192
    assert len({row.values["source"] for row in rows}) == len({row.values["speaker"] for row in rows}) == 38
    assert len({row.values["question"] for row in rows}) == 400
    assert contested(rows) == 355
    assert (rows[0].line, rows[0].source, rows[-1].line, rows[-1].source) == (2, 1, 2377, 2376)


def test_read_as_times_fewer_flights_are_contested() -> None:
    found = flights("flights-times.toml")
    rows = [row for row in found if isinstance(row, Row)]
    assert (len(rows), len({row.values["question"] for row in rows}), contested(rows)) == (7_094, 400, 288)
    # Departures in China and Scotland, with an offset that no pattern of the map reads.
    unread = {plain(each.sentence).split("”")[0] for each in found if isinstance(each, Problem)}
    assert unread == {"“1:50 p.m. (+8:00)", "“9:05 a.m. (-00:00)"}


MAP = """
[columns]
who = "speaker"
where = "source"
[constants]
answer_kind = "choice"
several = true
[templates]
question = "{{what}} {column}?"
answer = "={value:label}"
speaker_role = "{role?}"
[claims.columns]
a = "Alpha"
b = "Beta"
[values]
source = { aj = "Al Jazeera" }
[file]
empty = ["n/a"]
"""


def test_one_record_gives_a_claim_for_each_column_that_says_something() -> None:
    found = mapped("who,where,role,a,b\nX,aj,,x > y,n/a\nX,aj,chief,,=z\nX,nyt,,1,\nX,,,1,\n", MAP)
    shared = {"answer_kind": "choice", "several": "yes", "speaker": "X"}
    assert [dict(row.values) for row in found if isinstance(row, Row)] == [
        {**shared, "source": "Al Jazeera", "question": "{what} Alpha?", "answer": r"=x \> y"},
        {**shared, "source": "Al Jazeera", "question": "{what} Beta?", "answer": r"=\=z", "speaker_role": "chief"},
        {**shared, "question": "{what} Alpha?", "answer": "=1"},
    ]
    (wrong,) = [each for each in found if isinstance(each, Problem)]
    assert (wrong.line, wrong.source, wrong.column) == (4, 3, "a")
    assert "“nyt” is not among the words for “source” under [values]" in plain(wrong.sentence)


def test_a_template_needs_its_columns() -> None:
    table_map = '[templates]\nquestion = "{a}: {b}"\n'
    row, wrong = mapped("a,b\n1,2\n,2\n", table_map)
    assert isinstance(row, Row)
    assert row.values == {"question": "1: 2"}
    assert isinstance(wrong, Problem)
    assert (wrong.line, wrong.column) == (3, "a")


def test_rejects_of_a_mapped_file_are_in_its_own_columns() -> None:
    table_map = read_map(b'[file]\ndelimiter = "|"\n[columns]\na = ["source", "speaker"]\n', "map.toml")
    content, output = io.BytesIO(b"a|b\n1|x\n2|y\n"), io.BytesIO()
    write_rejects(content, output, {2: ["No."]}, format="csv", mapping=table_map)
    assert output.getvalue() == b"a|b|refused because\r\n2|y|No.\r\n"
    assert [row.values for row in read_rows(output, format="csv", mapping=table_map) if isinstance(row, Row)] == [
        {"source": "2", "speaker": "2"}
    ]


OWN_COLUMNS = """
[file]
delimiter = "|"
empty = ["n/a"]
[values]
stance = { ja = "affirms" }
"""


def test_a_map_that_gives_no_columns_leaves_those_of_the_table() -> None:
    found = mapped(
        "question|answer|stance|neutralised|refused because\na|'=b|ja|answer|No.\na|n/a|nein||\n", OWN_COLUMNS
    )
    assert found[0] == Row(2, {"question": "a", "answer": "=b", "stance": "affirms"}, 1)
    (wrong,) = [each for each in found[1:] if isinstance(each, Problem)]
    assert (wrong.line, wrong.column) == (3, "stance")
    assert "“nein” is not among the words for “stance” under [values]" in plain(wrong.sentence)
    with pytest.raises(TableRefused, match=r"no column “.*anwser.*”. Do you mean “.*answer"):
        mapped("question|anwser\na|b\n", OWN_COLUMNS)


def test_an_encoding_alone_is_a_map_as_the_refusal_of_the_file_says() -> None:
    content = io.BytesIO("question;answer\nÄrger;ja\n".encode("windows-1252"))
    with pytest.raises(TableRefused, match=r"name its encoding in a map: .*encoding ="):
        list(read_rows(content, format="csv"))
    found = list(read_rows(content, format="csv", mapping=read_map(b'[file]\nencoding = "windows-1252"\n', "map.toml")))
    assert found == [Row(2, {"question": "Ärger", "answer": "ja"}, 1)]


def test_lines_of_json_keep_their_own_names_too() -> None:
    table_map = read_map(b'[file]\nempty = ["n/a"]\n', "map.toml")
    content = io.BytesIO(b'{"question": "a", "answer": "n/a"}\n{"anwser": "b"}\n')
    row, wrong = read_rows(content, format="jsonl", mapping=table_map)
    assert row == Row(1, {"question": "a"}, 1)
    assert isinstance(wrong, Problem)
    assert wrong.column == "anwser"


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("%d.%m.%Y", "1.3.2024", "2024-03-01"),
        ("%d.%m.%Y %H:%M", "1.3.2024 00:00", "2024-03-01T00:00"),
        ("%c", "Fri Mar  1 06:55:07 2024", "2024-03-01T06:55:07"),
        ("%x", "03/01/24", "2024-03-01"),
        ("%Y-%j", "2024-061", "2024-03-01"),
        ("%G-W%V-%u", "2024-W09-5", "2024-03-01"),
        ("%m/%Y", "3/2024", "2024-03"),
        ("%B %Y", "March 2024", "2024-03"),
        ("%%Y%%d %Y", "%Y%d 0987", "0987"),
        ("%d.%m.", "1.3.", "2011-03-01"),
        ("%B", "March", "2011-03"),
        ("%A", "Friday", "2011-12-02"),
        ("%a %H:%M", "Wed 6:55", "2011-11-30T06:55"),
    ],
)
def test_a_time_says_no_more_than_its_pattern_states(pattern: str, text: str, expected: str) -> None:
    table_map = f'[templates]\nsaid_on = "{{a:time}}"\n[times]\npatterns = ["%H:%M", "{pattern}"]\nday = 2011-12-01\n'
    (row,) = mapped(f'a\n"{text}"\n', table_map)
    assert isinstance(row, Row)
    assert row.values == {"said_on": expected}


def test_a_day_is_asked_for_only_where_a_pattern_needs_it() -> None:
    table_map = '[templates]\nsaid_on = "{a:time}"\n[times]\npatterns = ["%d.%m.%Y", "%m.%Y", "%Y", "%Y-%m-%d %H:%M"]\n'
    rows = mapped("a\n1.3.2024\n3.2024\n2024\n2024-03-01 9:05\n", table_map)
    assert [row.values["said_on"] for row in rows if isinstance(row, Row)] == [
        *("2024-03-01", "2024-03", "2024", "2024-03-01T09:05")
    ]


GOOD = '[columns]\na = "question"\n'
MISTAKES = [
    ("=", "map.toml cannot be read as TOML: Invalid statement"),
    ("", "map.toml, [columns]: The map gives no column of the claims table."),
    ("[file]", "map.toml, [columns]: The map gives no column of the claims table."),
    ('[claims]\ncolumns = ["a"]\n[file]\ndelimiter = "|"', "map.toml, [claims] columns: No template takes {value}."),
    ('[colums]\na = "question"', "map.toml, colums: A map does not have this. Do you mean “columns”?"),
    ('columns = "a"', "map.toml, [columns]: This is a section: write [columns] on a line."),
    (
        '[columns]\na = "qestion"',
        "map.toml, [columns] a: The claims table has no column “qestion”. Do you mean “question”?",
    ),
    ('[constants]\nstatment = "x"', "map.toml, [constants] statment: The claims table has no column"),
    ("[columns]\na = 3", 'map.toml, [columns] a: Write a list of texts: ["one", "two"].'),
    ("[constants]\nquestion = []", "map.toml, [constants] question: Write one text in quotation marks."),
    ('[constants]\nquestion = "\\u0000"', "map.toml, [constants] question: Character 1 of this text is a NUL"),
    (GOOD + '[constants]\nquestion = "x"', "“question” is given twice, under [columns] and [constants]."),
    ('[templates]\nquestion = "{a"', "map.toml, [templates] question: { is no column in braces."),
    ('[templates]\nquestion = "{}"', "map.toml, [templates] question: {} is no column in braces."),
    ('[templates]\nquestion = "{value}"', "{column} and {value} are of the columns under [claims]"),
    ('[templates]\nanswer = "{a:time}"', "map.toml, [templates] answer: {...:time} needs a section [times]"),
    (GOOD + "[claims]", 'map.toml, [claims] columns: Write a list of texts: ["one", "two"].'),
    (GOOD + "[claims]\ncolumns = []", "map.toml, [claims] columns: Name the columns that give a claim each"),
    (GOOD + '[claims]\ncolumns = ["b"]', "map.toml, [claims] columns: No template takes {value}."),
    (GOOD + '[claims]\ncolumn = ["b"]', "map.toml, [claims] column: A map does not have this. Do you mean “columns”?"),
    (GOOD + '[file]\nencoding = "klingon"', "map.toml, [file] encoding: “klingon” is no encoding that is read here."),
    (GOOD + '[file]\ndelimiter = "ab"', "map.toml, [file] delimiter: A delimiter is one character"),
    (GOOD + '[values]\nstance = "x"', "map.toml, [values] stance: Write a table of words"),
    (
        GOOD + '[times]\npatterns = ["%H:%M"]\nday = "2011-12-01"',
        "map.toml, [times] day: State the day of times that name none",
    ),
    (GOOD + '[times]\npatterns = ["%Y", "%d.%m."]', "map.toml, [times] day: State the day of times that name none"),
    (
        GOOD + '[times]\npatterns = ["%d.%m.%Y %H:%M"]\nwritten = "minutes"',
        "map.toml, [times] day: State the day of times that name none",
    ),
    (
        GOOD + '[times]\nday = 2011-12-01\npatterns = ["%H:%M", "%d.%m.%Y"]\nwritten = "minutes"',
        "map.toml, [times] patterns: “%d.%m.%Y” reads no time of day, and minutes need one.",
    ),
    *(
        (
            GOOD + f'[times]\nday = 2011-12-01\npatterns = ["{each}"]',
            f"map.toml, [times] patterns: “{each}” is no pattern.",
        )
        for each in ("noon", "%%", "%d", "%Y %d", "%B %H:%M", "%m/%Y %I %p")
    ),
    (GOOD + '[times]\nday = 2011-12-01\npatterns = ["%Q"]', "map.toml, [times] patterns: “%Q” is no pattern."),
    (
        GOOD + '[times]\nday = 2011-12-01\npatterns = ["%H"]\nwritten = "x"',
        "[times] written: Write one of: edtf, minutes.",
    ),
]


@pytest.mark.parametrize(("content", "sentence"), MISTAKES)
def test_a_mistake_in_a_map_is_named(content: str, sentence: str) -> None:
    with pytest.raises(MapRefused) as caught:
        read_map(content.encode(), "map.toml")
    assert sentence in plain(str(caught.value))


@pytest.mark.parametrize(
    ("table_map", "sentence"),
    [
        ('[columns]\nhwo = "speaker"', "map.toml, [columns]: the file has no column “hwo”. Do you mean “who”?"),
        ('[templates]\nquestion = "{what}"', "map.toml, [templates] question: the file has no column “what”."),
        (
            '[claims]\ncolumns = ["c"]\n[templates]\nanswer = "{value}"',
            "map.toml, [claims]: the file has no column “c”.",
        ),
    ],
)
def test_a_column_that_the_file_has_not_is_named(table_map: str, sentence: str) -> None:
    with pytest.raises(TableRefused) as caught:
        mapped("who,a,b\n", table_map)
    assert sentence in plain(str(caught.value))
