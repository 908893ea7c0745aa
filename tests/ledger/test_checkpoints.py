"""The signer: made on first use, signs only what extends what it signed, and begins anew after an older backup."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import pytest_django
from django.db import connection

from claims.ledger import checkpoints, verifier
from claims.ledger.checkpoints import Kept, Refused, Shelf, Unset, checkpoint, new_origin, shelf
from claims.ledger.entries import size
from claims.ledger.exporting import export
from claims.ledger.models import Event
from claims.ledger.proofs import consistency
from claims.ledger.verifying import verify
from tests.factories import make_side
from tests.ledger.conftest import Execute, past_triggers, run

pytestmark = pytest.mark.django_db(transaction=True)


def cut(to: int) -> None:
    """Have the journal as it was when it had so many sealed entries: what restoring an older backup does to it."""
    with past_triggers():
        run("DELETE FROM ledger_payload WHERE entry_id NOT IN (SELECT entry_id FROM ledger_leaf WHERE number < %s)", to)
        run("DELETE FROM ledger_entry WHERE id NOT IN (SELECT entry_id FROM ledger_leaf WHERE number < %s)", to)
        run("DELETE FROM ledger_leaf WHERE number >= %s", to)
        run('DELETE FROM ledger_node WHERE ("index" + 1) * 256 > %s', to)
        run("UPDATE ledger_sweep SET floor = 0, reached = 0, horizon = 0")


def signed(place: Shelf) -> Kept:
    """A checkpoint after one more record."""
    make_side()
    return checkpoint(place)


def test_the_first_use_makes_what_is_needed(place: Shelf) -> None:
    kept = checkpoint(place)
    assert kept.path.name == f"1-{size()}.txt"
    assert place.key.stat().st_mode & 0o777 == 0o600
    assert (place.folder / "key.vkey").read_text() == f"{place.public_key()}\n"
    name = place.signer().name
    assert (place.folder / "origin").read_text() == f"{name}/1\n"
    assert place.public_key().startswith(f"{name}+")
    # Again: the same, byte for byte; and nothing else in the folder.
    before = kept.path.read_bytes()
    assert checkpoint(place) == kept
    assert kept.path.read_bytes() == before
    names = {"signing.key", "key.vkey", "origin", ".lock", kept.path.name}
    assert {path.name for path in place.folder.iterdir()} == names


def test_the_key_may_lie_elsewhere(tmp_path: Path, settings: pytest_django.Settings) -> None:
    settings.AUDIT_CHECKPOINTS, settings.AUDIT_KEY = str(tmp_path / "there"), str(tmp_path / "vault" / "key")
    place = shelf()
    checkpoint(place)
    assert (tmp_path / "vault" / "key").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "there" / "signing.key").exists()
    settings.AUDIT_CHECKPOINTS = ""
    with pytest.raises(Unset, match="AUDIT_CHECKPOINTS is not set"):
        shelf()


def test_a_lost_key_is_not_replaced(place: Shelf) -> None:
    checkpoint(place)
    place.key.unlink()
    with pytest.raises(Refused, match="the key that signed them is not at"):
        checkpoint(place)
    assert not place.key.exists()


def test_a_damaged_checkpoint_is_named(place: Shelf) -> None:
    kept = checkpoint(place)
    kept.path.write_bytes(kept.path.read_bytes().replace(f"\n{kept.size}\n".encode(), b"\n7\n"))
    with pytest.raises(Refused, match=kept.path.name):
        signed(place)
    shutil.copy(kept.path, place.folder / "1-9999.txt")
    assert any(kept.path.name in sentence for sentence in verify(place))


def test_what_was_signed_under_another_name_is_refused(place: Shelf) -> None:
    kept = checkpoint(place)
    kept.path.rename(place.folder / f"1-{kept.size - 1}.txt")
    with pytest.raises(Refused, match="bears the name of another checkpoint"):
        signed(place)


@pytest.mark.parametrize("what", ["hash", "entry"])
def test_a_tree_that_does_not_extend_the_last_one_is_not_signed(what: str, place: Shelf, execute: Execute) -> None:
    kept = checkpoint(place)
    with past_triggers():
        if what == "hash":
            execute("UPDATE ledger_leaf SET hash = %s WHERE number = %s", b"\0" * 32, kept.size - 1)
        else:
            cut(kept.size - 1)
    for _time in range(2):
        with pytest.raises(Refused, match=r"nothing was signed.*new-origin.*audit verify"):
            checkpoint(place)
    make_side()
    with pytest.raises(Refused, match="nothing was signed"):
        checkpoint(place)
    assert place.kept() == [kept]


def test_a_restored_backup_begins_a_new_origin(
    place: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refused, match="Nothing was signed yet"):
        new_origin(place)
    first = checkpoint(place)
    second, third = signed(place), signed(place)
    with pytest.raises(Refused, match="no reason for a new origin"):
        new_origin(place)
    cut(second.size + 1)
    make_side()
    with pytest.raises(Refused, match="an older backup"):
        checkpoint(place)
    begun = new_origin(place)
    assert begun.number == place.number() == 2
    detail = Event.objects.get(kind="new_origin").detail
    assert detail == {"former": third.path.read_text(), "common": second.size}
    assert list(verify(place)) == []
    later = signed(place)
    assert later.number == 2
    with pytest.raises(Refused, match="different origins"):
        consistency(second, later, place)
    export(tmp_path / "export", place)
    call = ["log", str(tmp_path / "export"), "--key", place.public_key(), "--checkpoint"]
    assert verifier.main([*call, str(first.path)]) == 0
    assert verifier.main([*call, str(second.path)]) == 0
    assert verifier.main([*call, str(third.path)]) == 1
    assert "--accept-restored" in capsys.readouterr().err
    assert verifier.main([*call, str(third.path), "--accept-restored"]) == 0


def test_an_event_alone_ends_no_origin(place: Shelf) -> None:
    """A database administrator can forge the event, but not the folder."""
    kept = signed(place)
    cut(kept.size - 2)
    checkpoints.events.record(kind="new_origin", detail={"former": kept.path.read_text(), "common": 1})
    checkpoints.seal()
    assert any(kept.path.name in sentence for sentence in verify(place))


def test_signers_at_once(place: Shelf) -> None:
    def work(_number: int) -> Kept:
        try:
            return signed(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(work, range(12)))
    assert set(kept) <= set(place.kept())
    assert max(each.size for each in kept) <= size()
    checkpoint(place)
    assert list(verify(place)) == []
    assert len({place.signer().name, *(each.path.read_text().partition("/")[0] for each in place.kept())}) == 1


def test_nothing_half_written_is_left(place: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = checkpoint(place)

    def failing(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    make_side()
    with monkeypatch.context() as broken:
        broken.setattr(checkpoints.os, "replace", failing)
        with pytest.raises(OSError, match="No space"):
            checkpoint(place)
    assert place.kept() == [kept]
    assert not list(place.folder.glob(".draft*"))
    assert checkpoint(place).size == kept.size + 2
