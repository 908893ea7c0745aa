"""Reconciling: live rows, versions and journal held against each other, both ways; each difference in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from django.db import connection
from django.db.models import Count, Min

from claims.ledger.checkpoints import Kept, Shelf
from claims.ledger.install import amiss
from claims.ledger.models import Entry, Redaction
from claims.ledger.row_states import Finding, difference, differences, named, note
from claims.ledger.side_by_side import journaled_rows, read, unknown_rows, unknown_versions
from claims.ledger.tracked import MODELS, TRACKED, Tracked
from claims.ledger.verifying import verify
from claims.models import SnapshotContent

NAMED = 20
HOMELESS = """
    SELECT e.change, MIN(e.id) FROM ledger_entry e
    WHERE e.change IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_change c WHERE c.uid = e.change)
    GROUP BY e.change ORDER BY MIN(e.id) LIMIT %s
"""

# Told what is being looked at, how much of it is done, and of how much (0 where that is not known).
Progress = Callable[[str, int, int], None]


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody is told."""


def reconcile(shelf: Shelf, kept: Sequence[Kept] | None = None, progress: Progress = _silent) -> Iterator[Finding]:
    """Everything that does not agree, and notes about what cannot be compared.

    To be run as `verifying.verify` is, which is part of it.
    """
    for name in amiss(connection.alias):
        yield difference(
            f"The trigger {name} is missing or changed: what was written without it is not in the journal. "
            "“manage.py migrate” puts it back, and has that on record."
        )
    for sentence in verify(shelf, kept, progress=lambda done, total: progress("the tree", done, total)):
        yield difference(sentence)
    for tracked in TRACKED:
        yield from _of_table(tracked, progress)
    yield from _contents(progress)
    yield from _of_nobody()


def _of_table(tracked: Tracked, progress: Progress) -> Iterator[Finding]:
    words = str(MODELS[tracked.table]._meta.verbose_name_plural)
    unseen: dict[str, int] = {}
    for row in journaled_rows(tracked, lambda done: progress(words, done, 0)):
        yield from differences(tracked, row, unseen)
    for key, state in unknown_rows(tracked):
        yield difference(
            f"{named(tracked, str(key), state)} is in the table, and the journal knows nothing of it. "
            "“manage.py audit reconcile --adopt” puts it on record as it is."
        )
    for history_id, key, state in unknown_versions(tracked):
        yield difference(
            f"{named(tracked, str(key), state)}: version {state.get('version')} (row {history_id} of the history) "
            "belongs to no record that the journal knows."
        )
    for column, number in unseen.items():
        yield note(f"“{column}” of {words} is newer than what the journal knows of {number} rows: not compared.")


def _contents(progress: Progress) -> Iterator[Finding]:
    """The bytes of texts, which no journal holds: the hash vouches for them."""
    keys = list(SnapshotContent.objects.order_by("pk").values_list("pk", flat=True))
    for done, key in enumerate(keys, 1):
        row = SnapshotContent.objects.select_related("snapshot").get(pk=key)
        found = sha256(bytes(row.content)).hexdigest()
        if found != row.snapshot.sha256:
            yield difference(
                f"The text of snapshot {row.snapshot.uid} is not the one that was put in: its SHA-256 is {found}, and "
                f"{row.snapshot.sha256} is on record."
            )
        progress("texts", done, len(keys))


def _of_nobody() -> Iterator[Finding]:
    for change, entry in read(HOMELESS, [NAMED]):
        yield difference(f"Entry {entry} belongs to a change {change} that is not on record: who and why is missing.")
    told = Entry.objects.filter(change=None).values("table_name").annotate(rows=Count("id"), first=Min("id"))
    for found in told.order_by("table_name"):
        # By a redaction contents may go: one that nobody answers for is no redaction.
        tell = difference if found["table_name"] == Redaction._meta.db_table else note
        yield tell(
            f"Writes of {found['table_name']} that are attributed to nobody: {found['rows']}, the first of them entry "
            f"{found['first']}: they went past the services."
        )
