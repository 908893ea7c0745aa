"""`manage.py import_claims`: it destroys no file, writes nothing before it knows where to, and says what it did."""

import json
import os
import re
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from claims.interchange.importing import TableFile
from claims.models import Change, Claim, Import
from claims.services.importing import running
from tests import factories as make
from tests.interchange.streams import moved
from tests.services.written import nothing_written, rows

pytestmark = pytest.mark.django_db
HEADER = "id,question,answer_kind,answer,speaker,source\n"
GOOD = "1,How many?,quantity,300,Governor,A report\n"
BAD = "2,How many?,quantity,many,Mayor,A report\n"
MAP = "[columns]\n" + "".join(f'{name} = "{name}"\n' for name in HEADER.strip().split(","))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a table of a good row and a bad one, one of a good row, and a map."""
    (tmp_path / "both.csv").write_text(HEADER + GOOD + BAD)
    (tmp_path / "good.csv").write_text(HEADER + GOOD)
    (tmp_path / "map.toml").write_text(MAP)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(place: Path) -> dict[str, str]:
    return {each.name: each.read_text() for each in place.iterdir() if each.is_file()}


def refused(*arguments: str, **options: Any) -> str:
    """The sentence with which the command ends where it is called wrongly."""
    with pytest.raises(CommandError) as caught:
        call_command("import_claims", *arguments, **options)
    assert caught.value.returncode == 2
    return str(caught.value)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What it prints where rows are refused, or none."""
    with ExitStack() as stack:
        if "both.csv" in arguments:
            ended = stack.enter_context(pytest.raises(SystemExit))
        call_command("import_claims", *arguments)
    if "both.csv" in arguments:
        assert ended.value.code == 1
    return capsys.readouterr().out


# --- where the refused records go -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "rejects"),
    [
        (["both.csv"], "both.csv"),
        (["both.csv"], "./folder/../both.csv"),
        (["both.csv"], "link.csv"),
        (["link.csv"], "both.csv"),
        (["both.csv", "--map", "map.toml"], "map.toml"),
    ],
)
def test_what_is_read_is_not_overwritten(read: list[str], rejects: str, place: Path) -> None:
    (place / "folder").mkdir()
    (place / "link.csv").symlink_to("both.csv")
    before = contents(place)
    with nothing_written():
        sentence = refused(*read, "--skip-bad", "--rejects", rejects)
    assert sentence == f"{Path(rejects)} is read, and --rejects would overwrite it. Name another file: --rejects FILE"
    assert contents(place) == before
    assert (place / "link.csv").is_symlink()


def test_standard_input_is_not_overwritten(place: Path) -> None:
    before = contents(place)
    with (place / "both.csv").open("rb") as file, moved(0, file), nothing_written():
        assert "both.csv is read" in refused("-", "--rejects", "both.csv")
    assert contents(place) == before


def test_where_refused_records_go_is_tried_before_anything_is_imported(place: Path) -> None:
    (place / "folder").mkdir()
    for rejects, why in (("none/x.csv", "No such file or directory"), ("folder", "Is a directory")):
        with nothing_written():
            sentence = refused("both.csv", "--skip-bad", "--rejects", rejects)
        assert sentence == f"The refused records cannot be written to {rejects}: {why}. Nothing was imported."
    assert not [name for name in contents(place) if name.endswith(".draft")]


def test_what_is_on_record_is_told_though_the_refused_records_cannot_be_written(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TableFile, "write_rejects", lambda _table, output: os.write(output.fileno() + 1000, b""))
    sentence = refused("both.csv", "--skip-bad", "--rejects", "rejects.csv")
    out = capsys.readouterr().out
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 refused." in out
    assert f"Import {Import.objects.get().uid}; manage.py undo_import takes it back." in out
    assert sentence.startswith("The refused records cannot be written to rejects.csv: Bad file descriptor.")
    assert "rejects.csv" not in contents(place)


def test_an_older_file_of_refused_records_stays_and_is_called_so(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No row is refused, and new.csv is not written.\n" in told(capsys, "good.csv", "--rejects", "new.csv")
    assert "new.csv" not in contents(place)
    assert "The refused records are in rejects.csv." in told(capsys, "both.csv", "--rejects", "rejects.csv")
    before = contents(place)
    sentence = "No row is refused, and rejects.csv is not written. The file that is there is an older one.\n"
    assert sentence in told(capsys, "good.csv", "--rejects", "rejects.csv")
    assert contents(place) == before


# --- files that cannot be read ----------------------------------------------------------------------------------------


def test_a_header_that_is_refused_is_told_with_its_file_before_anything_is_imported(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    (place / "misspelt.csv").write_text(HEADER.replace("speaker", "Speeker") + GOOD)
    with nothing_written():
        sentence = refused("good.csv", "misspelt.csv", "--skip-bad")
        assert sentence.startswith("misspelt.csv: The claims table has no column “Speeker”.")
        sentence = refused("good.csv", "misspelt.csv", "--skip-bad", "--map", "map.toml")
        assert sentence.startswith("misspelt.csv: map.toml, [columns]: the file has no column “speaker”.")
        assert refused("misspelt.csv").startswith("misspelt.csv: The claims table has no column")
        with (place / "misspelt.csv").open("rb") as file, monkeypatch.context() as patched:
            patched.setattr("sys.stdin", SimpleNamespace(buffer=file))
            assert refused("-").startswith("standard input: The claims table has no column")


@pytest.mark.parametrize("skip_bad", [True, False])
def test_where_a_file_ends_an_import_what_is_on_record_is_told(
    skip_bad: bool, place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    row = {"question": "How many?", "answer_kind": "quantity", "speaker": "Governor", "source": "A report"}
    records = [json.dumps({**row, "id": str(number), "answer": number}) for number in range(3)]
    (place / "long.jsonl").write_text("\n".join([*records, '{"id": "' + "x" * 2_000_001]))
    before = rows()
    assert refused("long.jsonl", skip_bad=skip_bad).startswith("long.jsonl: Line 4 is longer than")
    out = capsys.readouterr().out
    if skip_bad:
        assert out.startswith("The import ended before the end of its files. Up to there:\n2 rows: 2 new,")
        assert f"Import {Import.objects.get().uid};" in out
        assert Claim.objects.count() == 2
    else:
        assert (out, rows()) == ("", before)


def test_where_the_database_ends_an_import_what_is_on_record_is_told(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    (place / "long.csv").write_text(HEADER + GOOD + GOOD.replace("1,", "2,") + GOOD.replace("1,", "3,"))
    usual = running.write
    lost = OperationalError("lost")

    def write(this: Change, drafts: Any, **more: Any) -> Any:
        if drafts[0].id == "3":
            raise lost
        return usual(this, drafts, **more)

    monkeypatch.setattr(running, "write", write)
    with pytest.raises(OperationalError, match="lost"):
        call_command("import_claims", "long.csv", "--skip-bad")
    out = capsys.readouterr().out
    assert out.startswith("The import ended before the end of its files. Up to there:\n2 rows: 2 new,")
    assert Claim.objects.count() == 2


# --- its words --------------------------------------------------------------------------------------------------------


def test_one_row_is_one_row_and_duplicates_would_wait(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make.make_agent(name="The Governor", kind="organisation")
    out = told(capsys, "good.csv", "--dry-run")
    assert re.search(r"^1 row: 1 new,", out)
    assert "Suspected duplicates would wait to be judged: 1 pair (manage.py suspected)." in out
    out = told(capsys, "good.csv")
    assert "Suspected duplicates wait to be judged: 1 pair (manage.py suspected)." in out
