"""Claims that leave the house: what the table says of each, the command, and the downloads of a filtered list."""

import csv
import gc
import io
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from bench.sized import make_sized
from claims.interchange import formats
from claims.interchange.formats import FORMATS, LIST, RECORDS, Format, formats_of
from claims.interchange.scope import Scope
from claims.interchange.tables.claim_cells import claims_as_rows
from claims.interchange.tables.reading import read_rows
from claims.interchange.tables.rows import Problem, TableRefused
from claims.ledger.checkpoints import Shelf, checkpoint
from claims.ledger.models import Event
from claims.models import Claim, ClaimState, ClaimWording
from claims.permissions import Role
from claims.queries.claim_table import claims_in_batches
from tests import factories as make
from tests.interchange.demonstration import ROWS
from tests.interchange.streams import moved

pytestmark = pytest.mark.django_db
TABLES = ("csv", "xlsx", "jsonl")
DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "interchange.md"
Cells = dict[str, str]


def exported(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("export_claims", *arguments, stdout=out, **options)
    return out.getvalue()


def read(path: Path, form: str) -> list[Cells]:
    with path.open("rb") as stream:
        rows = list(read_rows(stream, format=form))  # type: ignore[arg-type]
    assert not [row for row in rows if isinstance(row, Problem)]
    return [dict(row.values) for row in rows]  # type: ignore[union-attr]


def on_record() -> list[Cells]:
    return [dict(row.values) for row in claims_as_rows()]


# --- what the table says of a claim -----------------------------------------------------------------------------------


def test_the_demonstration_comes_out_as_it_went_in() -> None:
    call_command("loaddata", "demonstration", verbosity=0)
    found = {row["id"]: row for row in on_record()}
    # An answer stands with the broader options that some other row puts it under; that is looked at below.
    for row in ROWS:
        cells = found.pop(row["id"])
        defaults = {"answer_kind": "choice", "stance": "affirms", "certainty": "plain", "over_time": "fixed"}
        expected = {**defaults, "review": "pending", **row, "statement@en": row["statement"]}
        del expected["statement"]
        assert {name: cells.get(name) for name in expected if name != "answer"} == {
            name: text for name, text in expected.items() if name != "answer"
        }
        assert cells["answer"].endswith(row["answer"]) or " | " in row["answer"]
        assert cells.keys() - expected.keys() <= {"speaker_id", "speaks_for"}
    assert found == {}


def test_an_answer_names_all_broader_options_as_they_are_called_now() -> None:
    question = make.make_question()
    top, other = make.make_option(question, "=Top"), make.make_option(question, "Other > one")
    middle = make.make_option(question, "Middle", broader=[top, other])
    low = make.make_option(question, "Low | er", broader=[middle])
    make.make_claim(question, options=[low], answer="Low | er", only=True)
    make.make_claim(question, options=[low, top], answer="Was | called so")
    make.make_claim(question, options=[top], answer=r" \=Top ")
    make.make_claim(answer="no question > yet")
    ways = r"\=Top > Middle > Low \| er | Other \> one > Middle > Low \| er"
    assert [row["answer"] for row in on_record()] == [
        f"={ways}",
        ways + r" | \=Top",
        r" \=Top ",
        "no question > yet",
    ]


def test_what_belongs_to_the_attribution_is_in_each_row() -> None:
    party, press = make.make_side(name="Party"), make.make_side(name="Press")
    office = make.make_agent(name="Office", kind="organisation")
    source = make.make_source(title="Report", url="https://example.org/a?b=1", publisher=office, language="ar")
    speaker = make.make_agent(name="Aide", kind="unnamed", source=source, side=party, speaks_for=office)
    relays = [make.make_agent(name="A > B"), make.make_agent(name="C")]
    said = make.make_attribution(
        source=source, speaker=speaker, relays=relays, said_on="2015-12~", role="aide", cue="denied"
    )
    make.make_passage(said, exact="the words", prefix=" ", start=0, end=9)
    question = make.make_quantity_question(unit="people", tolerance="0", rounding="10")
    make.make_claim(
        question,
        attribution=said,
        answer="~200..300",
        quantity_low=200,
        quantity_high=300,
        about=True,
        as_of="2015-12-01T10:00",
        statement="Some.",
    )
    (row,) = on_record()
    expected = {
        "unit": "people",
        "tolerance": "0",
        "rounding": "10",
        "answer": "~200..300",
        "as_of": "2015-12-01T10:00",
        "speaker": "Aide",
        "speaker_id": str(speaker.uid),
        "speaker_kind": "unnamed",
        "speaker_role": "aide",
        "side": "Party",
        "speaks_for": "Office",
        "via": r"A \> B > C",
        "cue": "denied",
        "said_on": "2015-12~",
        "source_url": "https://example.org/a?b=1",
        "publisher": "Office",
        "language": "ar",
        "statement@en": "Some.",
        "quote": "the words",
        "prefix": " ",
        "start": "0",
    }
    assert {name: row.get(name) for name in expected} == expected
    said.side, said.on_behalf_of = press, relays[1]
    make.record(said)
    (row,) = on_record()
    assert (row["side"], row["speaks_for"]) == ("Press", "C")


@pytest.mark.parametrize("name", TABLES)
def test_every_format_holds_the_same_claims(name: str, tmp_path: Path) -> None:
    call_command("loaddata", "demonstration", verbosity=0)
    claim = Claim.objects.order_by("pk")[0]
    make.record(ClaimWording(claim=claim, language="fr", text="=1+1\r\n\u202e"))
    path = tmp_path / f"claims.{FORMATS[name].extension}"
    exported("-o", str(path))
    assert read(path, name) == on_record()


def test_batches_are_read_by_key_in_a_fixed_number_of_queries() -> None:
    make_sized(120)
    rows = ClaimState.objects.filter(stance="affirms")
    with CaptureQueriesContext(connection) as queries:
        batches = [[each.fields["pk"] for each in batch] for batch in claims_in_batches(rows, size=20)]
    keys = [key for batch in batches for key in batch]
    assert keys == sorted(rows.values_list("claim_id", flat=True))
    assert {len(batch) for batch in batches[:-1]} == {20}
    # Of each batch: keys / claims with question, attribution, source, speaker, sides / wordings / options / relays /
    # passages; and broader options, where a question has any. Last, that there are no more keys.
    assert len(queries) == 6 * len(batches) + 1


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def two() -> Mapping[str, Claim]:
    """Two claims that contest each other and one that nothing is known of."""
    question = make.make_quantity_question(text="How many?", topic=make.make_topic(name="=Topic «ع»"))
    return {
        "low": make.make_quantity(question, 300, review="checked"),
        "high": make.make_quantity(question, 1500),
        "other": make.make_claim(answer="later", stance="doubts"),
    }


def test_filters_are_those_of_the_page(two: Mapping[str, Claim], tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    told = exported("--topic", "=Topic «ع»", "--state", "contested", "--state", "tentative", "-o", str(path))
    assert told.strip() == f"2 claims are in {path}. What they are is in {path}.about.json."
    assert [row["id"] for row in read(path, "jsonl")] == [str(two["low"].uid), str(two["high"].uid)]
    exported("--review", "checked", "-o", str(path))
    assert [row["id"] for row in read(path, "jsonl")] == [str(two["low"].uid)]
    (first, second) = Event.objects.filter(kind="export").order_by("pk")
    assert first.detail["query"] == "state=contested&state=tentative&topic=%3DTopic+%C2%AB%D8%B9%C2%BB"
    assert (second.detail, bool(second.name)) == ({"format": "jsonl", "query": "review=checked", "command": True}, True)


def test_beside_the_claims_stands_what_they_are(
    two: Mapping[str, Claim], tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AUDIT_CHECKPOINTS, settings.AUDIT_KEY = str(tmp_path / "checkpoints"), ""
    exported("-o", str(tmp_path / "a.csv"))
    about = json.loads((tmp_path / "a.csv.about.json").read_text())
    assert about["checkpoint"] is None
    assert (about["claims"], about["filter_in_words"], about["query"]) == (3, "All claims", "")
    kept = checkpoint(Shelf(tmp_path / "checkpoints"))
    exported("--topic", "=Topic «ع»", "--stance", "affirms", "-o", str(tmp_path / "a.xlsx"))
    assert not (tmp_path / "a.xlsx.about.json").exists()
    sheet = load_workbook(tmp_path / "a.xlsx")["about"]
    about = {str(row[0].value): row[1].value for row in sheet.iter_rows()}
    assert about["claims"] == 2
    assert about["filter_in_words"] == "Topic: =Topic «ع»; Stance: affirms"
    assert json.loads(about["checkpoint"]) == {
        "name": kept.path.name,
        "entries": kept.size,
        "note": kept.path.read_text(),
    }


def test_what_is_not_understood_exports_nothing(two: Mapping[str, Claim], tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    for arguments, sentence in (
        (["--topic", "Nowhere"], "--topic: Nothing here is called Nowhere."),
        (["--stance", "likes"], "--stance: “likes” is none of the words that can stand here. Write one of: affirms, "),
        (["--said-from", "soon"], "--said-from: "),
        (["--topic", "a", "--topic", "b"], "--topic is given twice."),
        (["--position", "A"], "--position: Letters name the positions of a question."),
        (["-o", str(tmp_path / "none" / "x.csv")], f"{tmp_path / 'none' / 'x.csv'}: No such file or directory."),
        (["--about", str(tmp_path / "none" / "x.json")], f"{tmp_path / 'none' / 'x.json'}: No such file or directory."),
        (["--about", str(tmp_path)], f"{tmp_path}: Is a directory."),
        (["--about", str(path)], f"{path} is the file of the claims, and --about would overwrite it."),
        (["--about", str(tmp_path / ".." / tmp_path.name / path.name)], "is the file of the claims"),
    ):
        with pytest.raises(CommandError) as caught:
            exported("-o", str(path), *arguments)
        assert sentence in str(caught.value)
        assert caught.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in TABLES])
def test_a_list_is_had_in_the_formats_of_others(
    name: str, two: Mapping[str, Claim], researcher: Client, tmp_path: Path
) -> None:
    for claim in two.values():
        make.make_passage(claim.attribution)
    path = tmp_path / f"claims.{FORMATS[name].extension}"
    exported("--state", "contested", "-o", str(path))
    written = path.read_text(encoding="utf-8")
    assert [uid for uid, claim in two.items() if str(claim.uid) in written] == ["low", "high"]
    assert json.loads((tmp_path / f"{path.name}.about.json").read_text())["claims"] == 2
    response = researcher.get(f"/claims/download/{name}/?state=contested")
    assert (content(response).decode(), response["Content-Type"]) == (written, FORMATS[name].media_type)
    assert [event.detail["format"] for event in Event.objects.filter(kind="export")] == [name, name]


def test_what_is_more_than_a_format_takes_is_a_sentence(
    two: Mapping[str, Claim], researcher: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.interchange.prov.writing.MOST_CLAIMS", 1)
    with pytest.raises(CommandError, match="More than 1 claims do not fit"):
        exported("-o", str(tmp_path / "claims.provn"))
    assert list(tmp_path.iterdir()) == []
    response = researcher.get("/claims/download/prov-n/")
    assert (response.status_code, "More than 1 claims" in response.content.decode()) == (400, True)


def test_the_formats_are_documented_as_they_are() -> None:
    def line(each: Format) -> str:
        of = "a list" if not each.fits(RECORDS[0]) else "a list; a topic, question or claim; everything"
        return f"| `{each.name}` | {each.label} | `.{each.extension}` | `{each.media_type}` | {of} |"

    assert "\n".join(map(line, FORMATS.values())) in DOCUMENTED.read_text(encoding="utf-8")
    assert list(formats_of(LIST)) == list(FORMATS)


def test_a_file_is_there_whole_or_not_at_all(
    two: Mapping[str, Claim], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("before")

    def failing(scope: Scope) -> Any:
        yield b"half"
        raise TableRefused("No.")

    failing_format = formats.streamed("csv", "CSV", "text/csv", "csv", failing)
    monkeypatch.setitem(FORMATS, "csv", failing_format)  # type: ignore[arg-type]
    with pytest.raises(CommandError, match=r"No\."):
        exported("--format", "csv", "-o", str(path))
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("claims.csv", "before")]


def test_a_text_too_long_for_a_sheet_is_refused(tmp_path: Path) -> None:
    make.make_claim(statement="a" * 40_000)
    with pytest.raises(CommandError, match="A text of 40,000 characters does not fit into a sheet"):
        exported("-o", str(tmp_path / "claims.xlsx"))
    assert list(tmp_path.iterdir()) == []


def test_what_the_claims_are_does_not_take_the_place_of_the_claims(two: Mapping[str, Claim], tmp_path: Path) -> None:
    path, link = tmp_path / "claims.csv", tmp_path / "claims.csv.about.json"
    exported("-o", str(path), "--about", str(tmp_path / "about.json"))
    link.symlink_to(path)
    before = path.read_bytes()
    with pytest.raises(CommandError, match="is the file of the claims"):
        exported("-o", str(path))
    with path.open("rb") as file, moved(1, file), pytest.raises(CommandError, match="is the file of the claims"):
        call_command("export_claims", "--about", str(path))
    assert path.read_bytes() == before


COMMANDS = [
    *(["export_claims", "--format", name] for name in ("csv", "xlsx", "prov-json")),
    ["export_archive"],
    ["export_provenance"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_standard_output_that_takes_no_more_is_a_sentence_and_that_nobody_reads_none(
    command: list[str], two: Mapping[str, Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", stuck.append)
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr("sys.stdout", full)
        with pytest.raises(CommandError, match=r"standard output.*No space left on device\.") as caught:
            call_command(*command)
        assert caught.value.returncode == 2
    reads, writes = os.pipe()
    os.close(reads)
    with open(writes, "w") as broken:  # noqa: PTH123 - an open file has no path
        monkeypatch.setattr("sys.stdout", broken)
        with pytest.raises(SystemExit) as ended:
            call_command(*command)
        assert ended.value.code == 1
    gc.collect()
    assert stuck == []


def test_a_device_is_written_to_and_stays_one(two: Mapping[str, Claim], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reads = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    exported("--format", "jsonl", "-o", str(pipe), "--about", "-", stderr=io.StringIO())
    assert pipe.is_fifo()
    assert [json.loads(line) for line in os.read(reads, 64 * 1024).splitlines()] == on_record()
    os.close(reads)


def test_standard_output_is_the_file(two: Mapping[str, Claim], capsysbinary: Any) -> None:
    call_command("export_claims", "--format", "jsonl", "--about", "-")
    printed = capsysbinary.readouterr()
    assert [json.loads(line) for line in printed.out.splitlines()] == on_record()
    assert json.loads(printed.err)["claims"] == 3


# --- downloads --------------------------------------------------------------------------------------------------------


@pytest.fixture
def researcher(client: Client) -> Client:
    client.force_login(make.make_user(Role.RESEARCHER, username="reader", is_staff=True))
    return client


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_list_is_downloaded_as_it_is_filtered(two: Mapping[str, Claim], researcher: Client) -> None:
    response = researcher.get("/claims/download/csv/?state=contested&sort=recorded")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="claims-\d{8}-\d{6}\.csv"', response["Content-Disposition"])
    rows = list(csv.DictReader(io.StringIO(content(response).decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == [str(two["low"].uid), str(two["high"].uid)]
    assert (rows[0]["topic"], rows[0]["neutralised"]) == ("'=Topic «ع»", "topic")
    event = Event.objects.get(kind="export")
    assert (event.name, event.detail) == ("reader", {"format": "csv", "query": "state=contested"})
    about = researcher.get(re.findall("<(.*)>", response["Link"])[0]).json()
    assert (about["claims"], about["filter_in_words"]) == (2, "State of the question: Contested")


@pytest.mark.parametrize("name", TABLES)
def test_every_format_is_downloaded(name: str, two: Mapping[str, Claim], researcher: Client, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content(researcher.get(f"/claims/download/{name}/")))
    assert read(path, name) == on_record()
    assert researcher.head(f"/claims/download/{name}/").status_code == 200
    assert Event.objects.filter(kind="export").count() == 1


def test_a_download_that_is_not_understood_is_refused(researcher: Client) -> None:
    for address in ("csv/?stance=likes", "csv/?colour=red", "about/?topic=Nowhere", "csv/?question=a&question=b"):
        assert researcher.get(f"/claims/download/{address}").status_code == 400, address
    assert researcher.get("/claims/download/pdf/").status_code == 404
    make.make_claim(statement="a" * 40_000)
    response = researcher.get("/claims/download/xlsx/")
    assert response.status_code == 400
    assert "does not fit into a sheet" in response.content.decode()


def test_the_links_are_shown_to_those_who_may(two: Mapping[str, Claim], researcher: Client, settings: Any) -> None:
    address = "/claims/download/jsonl/?state=contested"
    for path in ("/claims/", "/admin/claims/claim/"):
        page = researcher.get(f"{path}?state=contested&sort=recorded&text=").content.decode()
        assert f'href="{address}"' in page, path
        assert 'href="/claims/download/about/?state=contested"' in page
    settings.PUBLIC_READ = True
    assert "/claims/download/" not in Client().get("/claims/").content.decode()
    assert Client().get(address).status_code == 302
