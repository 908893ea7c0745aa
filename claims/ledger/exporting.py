"""The export: a folder with the journal as far as it is sealed and signed, all checkpoints, and the public key."""

from __future__ import annotations

from getpass import getuser
from pathlib import Path

from django.db import connection

from claims.ledger import events
from claims.ledger.checkpoints import Kept, Shelf, checkpoint
from claims.ledger.entries import sealed, snapshot
from claims.ledger.leaves import Malformed, leaf_bytes, line_bytes
from claims.ledger.notes import Refused
from claims.ledger.sealing import Progress

JOURNAL = "journal.jsonl"
TOLD_EVERY = 1000
# A redaction that is committed between signing and reading asks for one checkpoint more.
TRIES = 5


def export(folder: Path, shelf: Shelf, *, progress: Progress | None = None) -> Kept:
    """Seal, sign, and write everything that is covered into a new or empty folder; returns the checkpoint.

    The folder can be read without this software: `verifier.py log FOLDER` checks it. Raises `Refused`.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is there already and not empty. Name a folder that is new or empty.")
    events.record(kind="export", name=system_user(), detail={"folder": folder.name})
    for _try in range(TRIES):
        newest = checkpoint(shelf)
        with snapshot():
            if _redactions_are_covered(newest.size):
                _write(folder, newest, progress)
                _write_notes(folder, shelf, newest)
                return newest
    raise Refused(
        "A redaction is on record that the journal does not know. Run “manage.py audit reconcile”, which says which."
    )


def system_user() -> str:
    """Who runs the command, as the machine knows them; empty where it does not."""
    try:
        return getuser()
    except (KeyError, OSError):
        return ""


def _write(folder: Path, newest: Kept, progress: Progress | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / JOURNAL).open("xb") as file:
        for expected, found in enumerate(sealed(0, newest.size)):
            if found.number != expected or found.row is None:
                raise Refused(f"Number {expected} is not in the database any more. Run “manage.py audit verify”.")
            try:
                leaf = leaf_bytes(found.number, found.row, found.commitment)
            except Malformed as sentence:
                raise Refused(f"Number {expected}: {sentence}") from None
            file.write(line_bytes(leaf, found.row))
            if progress is not None and (expected + 1) % TOLD_EVERY == 0:
                progress(expected + 1)


def _write_notes(folder: Path, shelf: Shelf, newest: Kept) -> None:
    """All checkpoints that were signed before this one: of what is newer, the journal shows nothing yet."""
    notes = folder / "checkpoints"
    notes.mkdir()
    for kept in shelf.kept():
        if (kept.number, kept.size) <= (newest.number, newest.size):
            (notes / kept.path.name).write_bytes(kept.path.read_bytes())
    (folder / "key.vkey").write_text(f"{shelf.public_key()}\n", encoding="utf-8")


def _redactions_are_covered(size: int) -> bool:
    """Whether each redaction on record is itself among the first `size` entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 1 FROM ledger_redaction r WHERE NOT EXISTS (
                SELECT 1 FROM ledger_entry e JOIN ledger_leaf l ON l.entry_id = e.id
                WHERE e.table_name = 'ledger_redaction' AND e.row_key = CAST(r.id AS varchar(64)) AND l.number < %s
            ) LIMIT 1
            """,
            [size],
        )
        return cursor.fetchone() is None
