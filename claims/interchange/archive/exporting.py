"""Writing the archive: every record, in the order of the tables and within each in that of recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from django.conf import settings

from claims.interchange.archive.lines import Summary, Writer
from claims.interchange.archive.schema import TYPES
from claims.ledger import events
from claims.ledger.entries import snapshot
from claims.models import User
from claims.permissions import Capability, require

AT_ONCE = 500

# Told how many records have been written.
Progress = Callable[[int], None]


def export_archive(
    file: BinaryIO, *, by: User | None, name: str = "", progress: Progress = lambda _records: None
) -> Summary:
    """Write everything that editors recorded, as of one moment and in flat memory; returns what was written.

    The same records give the same bytes, on every database. That it was exported is put on record, with the user, or
    the `name` of whoever runs the command.

    Raises:
        NotAllowed: the user may not export.
        OSError: the file cannot be written.
    """
    require(by, Capability.EXPORT)
    known = {"user_id": by.pk, "name": by.get_username()} if by is not None else {"name": name}
    events.record(kind="export", detail={"format": "archive"}, **known)
    with snapshot():
        writer = Writer(file, time_zone=settings.TIME_ZONE)
        written = 0
        for kind in TYPES.values():
            paths = [column.path for column in kind.columns]
            for row in kind.model.objects.order_by("pk").values_list(*paths).iterator(chunk_size=AT_ONCE):
                writer.write(kind.to_json(row))
                written += 1
                progress(written)
        return writer.end()
