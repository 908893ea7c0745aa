"""An export, and proofs, as an outsider verifies them: with the verifier alone, in a bare interpreter."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claims.ledger import exporting, redaction, verifier
from claims.ledger.checkpoints import Kept, Refused, Shelf, checkpoint
from claims.ledger.entries import sealed, size
from claims.ledger.exporting import export
from claims.ledger.models import Entry, Event, Leaf
from claims.ledger.proofs import consistency, inclusion, number_of, places
from claims.models import Topic
from claims.services.transaction import change, save
from tests.factories import make_claim, make_topic
from tests.ledger.conftest import Execute, past_triggers

pytestmark = pytest.mark.django_db(transaction=True)


def outsider(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The verifier alone: no Django, none of our modules."""
    program = folder / "verifier.py"
    shutil.copy(verifier.__file__, program)
    command = [sys.executable, "-I", program, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_an_export_verifies_elsewhere(place: Shelf, tmp_path: Path) -> None:
    first = checkpoint(place)
    make_topic(name="حمص “Homs”\\ \n")
    kept = export(tmp_path / "out" / "here", place)
    folder = tmp_path / "out" / "here"
    assert len((folder / "journal.jsonl").read_bytes().splitlines()) == kept.size == size()
    assert sorted(path.name for path in (folder / "checkpoints").iterdir()) == sorted([first.path.name, kept.path.name])
    done = outsider(tmp_path, "log", folder, "--key", place.public_key(), "--checkpoint", first.path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{kept.size} entries, 0 redacted, agree with 3 checkpoints." in done.stdout


def test_a_folder_that_is_not_empty_is_refused(place: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path, tmp_path / "file"):
        with pytest.raises(Refused, match="not empty"):
            export(folder, place)
    (tmp_path / "new").mkdir()
    assert export(tmp_path / "new", place).size == size()


def test_what_was_taken_out_is_not_exported_around(place: Shelf, tmp_path: Path, execute: Execute) -> None:
    checkpoint(place)
    entry = Leaf.objects.get(number=5).entry_id
    with past_triggers():
        execute("DELETE FROM ledger_entry WHERE id = %s", entry)
    with pytest.raises(Refused, match="Number 5 is not in the database any more"):
        export(tmp_path / "out", place)


def test_a_redaction_that_is_not_signed_yet_is_signed_first(
    place: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = make_topic()
    with change(by=None, reason="Better", command="test") as this:
        topic.name = "Better"
        save(this, [topic])
    sign, calls = exporting.checkpoint, []

    def signed_too_early(shelf: Shelf) -> Kept:
        kept = sign(shelf)
        if not calls:
            redaction.redact([redaction.of_versions(str(topic.uid), [1])], reason="A court")
        calls.append(kept)
        return kept

    monkeypatch.setattr(exporting, "checkpoint", signed_too_early)
    export(tmp_path / "out", place)
    assert len(calls) == 2
    done = outsider(tmp_path, "log", tmp_path / "out", "--key", place.public_key(), "--trust-folder-key")
    assert done.returncode == 0, done.stderr
    assert "2 redacted" in done.stdout


def test_every_entry_can_be_proved(place: Shelf, tmp_path: Path) -> None:
    make_claim()
    first = checkpoint(place)
    topic = make_topic()
    second = checkpoint(place)
    for number in (0, 1, 255, 256, first.size - 1, first.size, second.size - 1):
        (tmp_path / "proof").write_bytes(inclusion(number, place))
        assert verifier.main(["inclusion", str(tmp_path / "proof"), "--key", place.public_key()]) == 0
        covering = first if number < first.size else second
        assert inclusion(number, place).endswith(covering.path.read_bytes())
    entry = Entry.objects.get(table_name=Topic._meta.db_table, row_key=str(topic.pk))
    place_of = places([entry.pk, 10**6], place)
    assert list(place_of) == [entry.pk]
    assert (place_of[entry.pk].number, place_of[entry.pk].checkpoint) == (number_of(entry.pk), second)
    done = outsider(tmp_path, "inclusion", tmp_path / "proof", "--key", place.public_key())
    assert done.returncode == 0, done.stderr


def test_what_cannot_be_proved_is_refused(place: Shelf, execute: Execute) -> None:
    kept = checkpoint(place)
    make_topic()
    with pytest.raises(Refused, match="is not sealed"):
        number_of(Entry.objects.latest("id").pk)
    for number in (-1, kept.size):
        with pytest.raises(Refused, match="No checkpoint covers"):
            inclusion(number, place)
    entry = next(sealed(3, 4)).entry_id
    with past_triggers():
        execute("UPDATE ledger_entry SET row_key = '77' WHERE id = %s", entry)
    with pytest.raises(Refused, match="changed after it was sealed"):
        inclusion(3, place)


def test_two_checkpoints_are_proved_consistent(place: Shelf, tmp_path: Path) -> None:
    old = checkpoint(place)
    make_topic()
    new = checkpoint(place)
    for one, other in ((old, new), (old, old)):
        (tmp_path / "proof").write_text(consistency(one, other, place))
        done = outsider(tmp_path, "consistency", one.path, other.path, tmp_path / "proof", "--key", place.public_key())
        assert done.returncode == 0, done.stderr
    with pytest.raises(Refused, match="Name the older checkpoint first"):
        consistency(new, old, place)
    told: list[Any] = []
    written = export(tmp_path / "out", place, progress=told.append)
    exported = Event.objects.get(kind="export")
    assert (exported.detail, written.size > new.size) == ({"folder": "out"}, True)
