"""Rows of the claims table on their way into the tables: what becomes of them, and that nothing is left half done."""

import os
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from csv import DictReader
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from claims.interchange.importing import TableFile
from claims.interchange.tables.claim_cells import claims_as_rows
from claims.interchange.tables.map_files import read_map
from claims.interchange.tables.rows import Row
from claims.interchange.understanding import entry_of
from claims.models import (
    RECORDS,
    Agent,
    Attribution,
    Claim,
    ClaimState,
    Import,
    Option,
    Passage,
    Position,
    Question,
    QuestionState,
    Relay,
    Source,
)
from claims.permissions import NotAllowed, Role
from claims.services import inserting
from claims.services.importing import Orders, Report, run, running
from claims.services.texts import attach_pasted
from claims.services.transaction import change
from tests import factories as make
from tests.real_data import real_data
from tests.services.written import nothing_written, rows, savepoints

FLIGHTS = Path(__file__).resolve().parents[2] / "fixtures" / "maps" / "flights.toml"
WHERE = {"speaker": "Governor", "source": "A report", "source_url": "https://example.org/1"}
NUMBER = {"question": "How many?", "answer_kind": "quantity", **WHERE}


def imported(cells: Iterable[Mapping[str, str]], *, told: list[Any] | None = None, **orders: Any) -> Report:
    """Import rows with these cells; `told` collects (line, column, sentence) of what is refused."""

    def refuse(entry: Any, faults: Any) -> None:
        if told is not None:
            told.extend((entry.line, fault.column, fault.sentence) for fault in faults)

    entries = (entry_of(Row(number + 1, row, number)) for number, row in enumerate(cells, 1))
    return run(entries, Orders(**{"by": None, "reason": "r", "command": "t", "refuse": refuse, **orders}))


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.refused


@pytest.mark.django_db
class TestRows:
    """What becomes of rows."""

    def test_rows_of_the_same_words_are_one_attribution_and_importing_twice_adds_nothing(self) -> None:
        cells = [
            {**NUMBER, "answer": "300", "via": "Sham Network > Al Jazeera", "statement@ar": "ثلاثمئة"},
            {**WHERE, "question": "Where to?", "answer": "Syria > Idlib | =x", "via": "Sham Network > Al Jazeera"},
            {**NUMBER, "answer": "1500"},
        ]
        cells[1]["answer"] = "Syria > Idlib | Jarablus"
        assert counts(imported(cells)) == (3, 0, 0, 0)
        assert Attribution.objects.count() == 2
        chain = Relay.objects.order_by("position").values_list("agent__name", flat=True)
        assert list(chain) == ["Sham Network", "Al Jazeera"]
        assert set(Option.objects.values_list("label", flat=True)) == {"Syria", "Idlib", "Jarablus"}
        assert Source.objects.count() == 1
        assert sorted(Claim.objects.values_list("line", flat=True)) == [0, 0, 1]
        assert Claim.objects.get(answer="300").wordings.get().language == "ar"
        with nothing_written():
            assert counts(imported(cells)) == (0, 0, 3, 0)
        assert Import.objects.count() == 1

    def test_line_ends_make_no_other_claim(self) -> None:
        """A spreadsheet saves LF for CRLF; what is stored stays as it came first."""
        row = {**NUMBER, "answer": "300", "question": "How many\r\nleave?", "statement": "One.\r\nTwo.\rThree."}
        other = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in row.items()}
        assert counts(imported([row, other])) == (1, 0, 1, 0)
        with nothing_written():
            assert counts(imported([other])) == (0, 0, 1, 0)
        assert Claim.objects.get().wordings.get().text == row["statement"]
        assert counts(imported([{**row, "statement": "One. Two.\rThree."}])) == (1, 0, 0, 0)

    def test_the_identifier_of_contents_stays_what_it_is(self) -> None:
        """Or a file that was imported once is imported as other claims the next time."""
        row = {**NUMBER, "answer": "300", "via": r"a \> b > c", "quote": "eins\nzwei", "statement@ar": "ثلاثمئة \\r"}
        draft = entry_of(Row(2, row, 1)).draft
        assert draft is not None
        assert str(draft.made_uid()) == "17caa85e-be96-5613-b3bf-facdf183e895"

    def test_an_identifier_is_kept_and_its_claim_is_put_right(self) -> None:
        row = {**NUMBER, "id": "their-7", "answer": "300", "said_on": "2015-12-01"}
        imported([row])
        claim = Claim.objects.get(external_id="their-7")
        changed = {**row, "answer": "~300", "said_on": "2015-12-02", "statement": "About 300.", "via": "Al Jazeera"}
        assert counts(imported([changed])) == (0, 1, 0, 0)
        claim.refresh_from_db()
        assert (claim.answer, claim.about, claim.version) == ("~300", True, 2)
        assert (claim.attribution.said_on, claim.attribution.version) == ("2015-12-02", 2)
        assert claim.wordings.get().text == "About 300."
        with nothing_written():
            assert counts(imported([changed, {"id": str(claim.uid), "answer": "~300"}])) == (0, 0, 2, 0)

    def test_by_default_nothing_is_written_and_all_that_is_wrong_is_told(self) -> None:
        cells = [{**NUMBER, "answer": each} for each in ("300", "many", "200", "lots")]
        told: list[Any] = []
        with nothing_written():
            report = imported(cells, told=told)
        assert (counts(report), report.written) == ((2, 0, 0, 2), False)
        assert [(line, column) for line, column, _ in told] == [(3, "answer"), (5, "answer")]

    def test_skipping_bad_rows_leaves_no_trace_of_them(self) -> None:
        cells = [
            {**NUMBER, "answer": "many", "topic": "Of a bad row alone", "speaker": "Nobody else"},
            {**NUMBER, "answer": "300"},
        ]
        report = imported(cells, skip_bad=True)
        assert (counts(report), report.written) == ((1, 0, 0, 1), True)
        assert not Question.objects.filter(topic__name="Of a bad row alone").exists()
        assert not Agent.objects.filter(name="Nobody else").exists()

    def test_a_dry_run_writes_nothing_and_names_what_would_become_contested(self) -> None:
        imported([{**NUMBER, "answer": "300"}])
        with nothing_written():
            report = imported([{**NUMBER, "speaker": "Mayor", "answer": "1500"}], dry_run=True)
        assert (counts(report), report.written, report.contested_total) == ((1, 0, 0, 0), False, 1)
        (turned,) = report.contested
        assert (turned.question, turned.before) == ("How many?", "single_origin")

    def test_what_became_contested_is_told_by_the_state_before_the_whole_import(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "BATCH", 1)
        contested = {**NUMBER, "question": "Contested already"}
        imported([{**NUMBER, "answer": "1"}, {**contested, "answer": "1"}, {**contested, "answer": "2"}])
        told = [
            {**NUMBER, "speaker": "Mayor", "answer": "1"},  # several origins, and only then contested
            {**NUMBER, "speaker": "Guard", "answer": "2"},
            {**contested, "speaker": "Mayor", "answer": "1"},
            {**NUMBER, "question": "New", "answer": "1"},
            {**NUMBER, "question": "New", "speaker": "Mayor", "answer": "1"},
            {**NUMBER, "question": "New", "speaker": "Guard", "answer": "2"},
            {**NUMBER, "question": "New and agreed", "answer": "1"},
        ]
        report = imported(told)
        assert (report.new, report.contested_total) == (len(told), 2)
        assert [(each.question, each.before) for each in report.contested] == [
            ("How many?", "single_origin"),
            ("New", ""),
        ]

    def test_an_unnamed_speaker_is_one_in_each_source(self) -> None:
        someone = {**NUMBER, "speaker": "negotiator", "speaker_kind": "unnamed", "side": "opposition", "answer": "1"}
        imported([someone, {**someone, "answer": "2"}, {**someone, "source_url": "https://example.org/2"}])
        found = Agent.objects.filter(kind="unnamed").values_list("source__url", "side__name")
        assert sorted(found) == [("https://example.org/1", "opposition"), ("https://example.org/2", "opposition")]
        assert {state.side.name for state in ClaimState.objects.select_related("side")} == {"opposition"}

    def test_a_quote_stands_in_the_newest_text_that_is_there(self) -> None:
        source = make.make_source(url=WHERE["source_url"])
        there = attach_pasted(source=source, text="He said: we leave", captured_on="", by=None, reason="r", command="t")
        make.make_snapshot(source)
        first, second = f"{7:064x}", {**NUMBER, "answer": "2", "quote": "we leave"}
        imported([{**NUMBER, "answer": "1", "quote": "said", "text_sha256": first}, second])
        passages = {row.exact: (row.snapshot.sha256, row.start) for row in Passage.objects.select_related("snapshot")}
        assert passages == {"said": (first, None), "we leave": (there.snapshot.sha256, 9)}

    def test_only_who_may_record_imports_and_only_who_reviews_brings_reviews(self) -> None:
        row = {**NUMBER, "answer": "300", "review": "checked"}
        with pytest.raises(NotAllowed):
            imported([row], by=make.make_user(Role.RESEARCHER), command="")
        told: list[Any] = []
        imported([row], by=make.make_user(Role.EDITOR), command="", told=told)
        assert [column for _, column, _ in told] == ["review"]

    def test_more_rows_cost_no_more_statements(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def statements(first: int, number: int) -> int:
            cells = [
                {**NUMBER, "question": f"Question {n}", "answer": str(n), "speaker": f"Speaker {n}", "id": str(n)}
                for n in range(first, first + number)
            ]
            for row in cells[::2]:
                row |= {
                    "answer_kind": "choice",
                    "answer": "West > Idlib",
                    "source_url": f"https://example.org/{row['id']}",
                }
            with CaptureQueriesContext(connection) as queries:
                assert imported(cells).new == number
            return len(queries)

        statements(0, 10)  # options and the like are read once
        monkeypatch.setattr(inserting, "MOST_PARAMETERS", 30_000)  # or some thousand values more are a statement more
        assert statements(1_000, 60) == statements(2_000, 110)

    def test_a_batch_has_two_savepoints_whatever_is_in_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # PostgreSQL's server keeps memory for each until the transaction ends.
        monkeypatch.setattr(running, "BATCH", 10)
        cells = [{**NUMBER, "answer": str(n), "id": str(n), "cue": "said"} for n in range(30)]
        with CaptureQueriesContext(connection) as queries:
            assert counts(imported(cells)) == (30, 0, 0, 0)
        assert savepoints(queries) == 1 + 3 * 2  # one of the test's own transaction
        changed = [row | {"certainty": "probable", "statement": "So they say."} for row in cells]
        with CaptureQueriesContext(connection) as queries:
            assert counts(imported(changed)) == (0, 30, 0, 0)
        assert savepoints(queries) == 1 + 3 * 2

    def test_what_refers_to_what_is_checked_after_each_batch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite counts what is to be checked when the transaction ends, and keeps no list of it")
        monkeypatch.setattr(running, "BATCH", 10)
        with CaptureQueriesContext(connection) as queries:
            imported([{**NUMBER, "answer": str(n)} for n in range(30)])
        assert sum(query["sql"] == "SET CONSTRAINTS ALL IMMEDIATE" for query in queries) == 3

    def test_answers_that_no_reader_can_tell_apart_are_one_option(self) -> None:
        written = ["Café", "Cafe\u0301", "\u200fCafé", "Caf\u200bé", "Café\ufeff"]
        cells = [
            {**NUMBER, "answer_kind": "choice", "answer": answer, "id": f"c{n}"} for n, answer in enumerate(written)
        ]
        imported(cells[:2])
        report = imported(cells[2:])
        assert report.contested_total == 0
        assert [each.label for each in Option.objects.all()] == ["Café"]
        assert list(Claim.objects.order_by("pk").values_list("answer", flat=True)) == written

    def test_a_row_that_only_the_database_refuses_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("claims.interchange.understanding.READ", {**_unread(), "source_url": lambda text: text})
        monkeypatch.setattr(Source._meta.get_field("url"), "validators", [])
        cells = [{**NUMBER, "answer": str(n), "source_url": "" if n != 7 else "javascript:1"} for n in range(30)]
        told: list[Any] = []
        report = imported([{k: v for k, v in row.items() if v} for row in cells], told=told, skip_bad=True)
        assert counts(report) == (29, 0, 0, 1)
        assert [(line, column) for line, column, _ in told] == [(9, "source_url")]

    def test_of_what_is_written_in_parts_no_good_row_is_blamed_for_a_bad_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = [{**NUMBER, "id": name, "question": f"How many {name}?", "answer": "300"} for name in "ab"]
        imported(asked)
        assert Attribution.objects.count() == 1
        bad, good = ({"id": name, "answer": answer, "cue": "said"} for name, answer in (("a", "many"), ("b", "250")))
        monkeypatch.setattr("claims.services.importing.writing.change", in_parts)
        told: list[Any] = []
        report = imported([bad, good], told=told, skip_bad=True)
        assert counts(report) == (0, 1, 0, 1)
        assert [(line, column) for line, column, _ in told] == [(2, "answer")]
        assert Claim.objects.get(external_id="b").answer == "250"


def in_parts(*, in_one_piece: bool, **given: Any) -> Any:
    """As a batch is written of which the database refuses something."""
    return change(**given)


def _unread() -> dict[str, Any]:
    from claims.interchange.understanding import READ  # noqa: PLC0415 - as it was before the test

    return dict(READ)


# --- real data --------------------------------------------------------------------------------------------------------


def brute_force(file: Path) -> dict[str, Counter[str]]:
    """The answers to each question with the number of claims, from the file alone."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with file.open(encoding="utf-8", newline="") as stream:
        for record in DictReader(stream):
            for column in ("sched_dep_time", "act_dep_time", "sched_arr_time", "act_arr_time"):
                if cell := record[column].strip():
                    found[f"{record['flight']}: {column}"][cell] += 1
    return found


@pytest.mark.django_db
@pytest.mark.any_database
def test_flights_are_what_a_brute_force_count_says() -> None:
    file = real_data("data/truth-flights/dirty.csv")
    mapping = read_map(FLIGHTS.read_bytes(), FLIGHTS.name)
    table = TableFile.opened("dirty.csv", BytesIO(file.read_bytes()), mapping=mapping)
    report = run(table.entries(), Orders(by=None, reason="r", command="t", files=[table.told()]))
    assert counts(report) == (7192, 0, 0, 0)
    assert (Question.objects.count(), Source.objects.count()) == (400, 38)
    positions: dict[str, Counter[str]] = defaultdict(Counter)
    for question, answer, claims in Position.objects.values_list("question__text", "answer", "claims"):
        positions[question][answer.replace("\\", "")] = claims
    expected = brute_force(file)
    assert positions == expected
    contested = set(QuestionState.objects.contested().values_list("question__text", flat=True))
    assert contested == {question for question, answers in expected.items() if len(answers) > 1}
    assert len(contested) == report.contested_total == 355


# --- interrupted ------------------------------------------------------------------------------------------------------


def many() -> Iterator[dict[str, str]]:
    """Rows of which some bear on what earlier ones made."""
    for number in range(360):
        yield {
            **NUMBER,
            "id": f"row {number}" if number % 3 else "",
            "question": f"How many on day {number % 40}?",
            "answer": str(100 + number % 4),
            "speaker": f"Speaker {number % 11}",
            "source_url": f"https://example.org/{number % 17}",
        }


def contents() -> Any:
    """What is on record, but for keys, identifiers and moments; and the number of records and versions."""
    cells = [dict(row.values) for row in claims_as_rows()]
    for row in cells:
        del row["speaker_id"]
        row["id"] = row["id"] if row["id"].startswith("row") else ""
    states = QuestionState.objects.order_by("question__text").values_list("question__text", "state", "claims")
    sizes = {model.__name__: (model.objects.count(), model.history.count()) for model in RECORDS}  # type: ignore[attr-defined]
    return sorted(cells, key=repr), list(states), sizes


def killed(delay: float, *, skip_bad: bool) -> None:
    """Import in a process of its own, and kill that after so many seconds."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            imported(many(), skip_bad=skip_bad)
        finally:
            os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_leaves_nothing_or_whole_batches_and_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "BATCH", 40)
    began = time.perf_counter()
    with transaction.atomic():
        imported(many(), skip_bad=True)
        expected = contents()
        transaction.set_rollback(True)
    took = time.perf_counter() - began
    draw = random.Random(1)  # noqa: S311
    left = []
    for turn in range(int(os.environ.get("KILLS", "10"))):
        before = Claim.objects.count()
        killed(draw.uniform(0, 1.2) * took / (1 if turn < 5 else 3), skip_bad=turn >= 5)
        after = Claim.objects.count()
        if turn < 5:
            assert after in (before, 360)
        else:
            assert (after - before) % 40 == 0 or after == 360
        left.append(after)
    imported(many(), skip_bad=True)
    assert contents() == expected, left
    call_command("rebuild_state", "--check")


# --- the command ------------------------------------------------------------------------------------------------------

CSV = "id,question,answer_kind,answer,speaker,source\n1,How many?,quantity,300,Governor,A report\n"


@pytest.mark.django_db
def test_the_command_tells_what_became_of_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, rejects = tmp_path / "claims.csv", tmp_path / "rejects.csv"
    file.write_text(CSV + "2,How many?,quantity,many,Mayor,A report\n", encoding="utf-8")
    before = rows()
    with pytest.raises(SystemExit) as ended:
        call_command("import_claims", str(file), rejects=rejects)
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 refused." in told.out
    assert "made of" not in told.out
    assert "claims.csv:3: answer: “many” is no figure." in told.err
    assert rows() == before
    rejected = rejects.read_text(encoding="utf-8").splitlines()
    assert rejected[0].endswith("refused because")
    assert len(rejected) == 2
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("many,", "250,"), encoding="utf-8")
    call_command("import_claims", str(rejects))
    assert list(Claim.objects.values_list("answer", flat=True)) == ["250"]


SEVERAL = """
[columns]
who = "speaker"
where = "source"
[templates]
question = "{column}?"
answer = "{value}"
cue = "{cue}"
[claims]
columns = ["a", "b"]
"""
RECORDS_OF_SEVERAL = "who,where,cue,a,b\nX,Y,c,1,2\n,Y,c,1,2\nX,Y,c,,3\nX,Y,,1,2\nX,Y,c,1,2,3\nX,Y,c,,\n,Y,c,1,2\n"


@pytest.mark.django_db
def test_what_is_wrong_with_a_record_of_several_claims_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 3)  # of which one ends between the two rows of a record
    file, table_map, rejects = tmp_path / "theirs.csv", tmp_path / "map.toml", tmp_path / "rejects.csv"
    file.write_text(RECORDS_OF_SEVERAL, encoding="utf-8")
    table_map.write_text(SEVERAL, encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("import_claims", str(file), map=str(table_map), skip_bad=True, rejects=rejects)
    told = capsys.readouterr()
    refused = [line.split(":", 2)[1:] for line in told.err.splitlines() if line.startswith("theirs.csv:")]
    assert [(line, sentence.split()[0]) for line, sentence in refused] == [
        *(("3", "speaker:"), ("5", "cue:"), ("6", "The"), ("8", "speaker:"))
    ]
    assert "10 rows: 3 new, 0 changed, 0 unchanged, 7 refused." in told.out
    assert "made of 6 records of the file; refused of these, in whole or in part: 4." in told.out
    assert len(rejects.read_text(encoding="utf-8").splitlines()) == 5


@pytest.mark.django_db
def test_a_record_of_which_one_claim_is_refused_gives_the_others(tmp_path: Path) -> None:
    words = '[values]\nanswer = { one = "1" }\n'
    content = BytesIO(b"who,where,cue,a,b\nX,Y,c,one,two\nX,Y,c,two,two\nX,Y,c,two,one\n")
    table = TableFile.opened("t.csv", content, mapping=read_map((SEVERAL + words).encode(), "map.toml"))
    report = run(table.entries(), Orders(by=None, reason="r", command="t", skip_bad=True, refuse=table.refuse))
    assert (counts(report), report.records, report.refused_records) == ((2, 0, 0, 4), 3, 3)


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_ends_with_2(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("colour,taste\nred,sweet\n", encoding="utf-8")
    for name in (str(file), str(tmp_path / "absent.csv")):
        with pytest.raises(CommandError) as refused:
            call_command("import_claims", name)
        assert refused.value.returncode == 2


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["speaker", "publisher", "via", "speaks_for"])
def test_a_name_whose_bearer_was_renamed_is_somebody_new(column: str) -> None:
    """The identifier that is made for a name is taken by the one who had the name before."""
    row = {**NUMBER, "answer": "300", column: "The old name"}
    assert imported([row]).new == 1
    first = Agent.objects.get(name="The old name")
    first.name = "The new name"
    make.record(first)
    told: list[Any] = []
    assert imported([{**row, "answer": "400", "said_on": "2016"}], told=told).new == 1, told
    second = Agent.objects.get(name="The old name")
    assert (second.kind, second.pk != first.pk, second.uid != first.uid) == (first.kind, True, True)
