"""Reading the archive: every line is checked before anything is written, then the records go to the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any, BinaryIO

from django.conf import settings

from claims.interchange.archive.lines import Reader, Summary
from claims.interchange.archive.refusals import ArchiveRefused, shown
from claims.interchange.archive.schema import CONTENT, TYPES, Type, Unreadable
from claims.models import User
from claims.services.archived import Incoming, NotTaken, take_in

# Told which time the archive is gone through (1 reads and checks, 2 writes, 3 looks for what is refused), and how many
# records are done.
Progress = Callable[[int, int], None]
COMMAND = "import_archive"


def import_archive(
    file: BinaryIO,
    *,
    reason: str,
    make_users: bool = False,
    progress: Progress = lambda _time, _records: None,
) -> Summary:
    """Put everything in the archive on record, in a database without records: all of it or nothing.

    `file` can be read again from its beginning. It is gone through twice, in flat memory: to check it and note which
    identifiers there are, and to write; once more to tell the line that the database refuses. `make_users` makes the
    users that its records name and this installation does not have, deactivated; else their names are told and the
    archive is refused.

    Raises:
        ArchiveRefused: the archive is damaged or malformed, breaks a rule, or there are records already.
        OSError: the file cannot be read.
    """
    summaries: list[Summary] = []
    times = count(1)

    def records() -> Iterator[Incoming]:
        yield from _records(file, summaries, partial(progress, next(times)))

    def told() -> dict[str, Any]:
        if len({summary.sha256 for summary in summaries}) != 1:
            raise ArchiveRefused("The file was changed while it was read. Import it again.")
        return {"format": "archive", "sha256": summaries[-1].sha256, "records": summaries[-1].total}

    try:
        take_in(records, told=told, reason=reason, command=COMMAND, make_users=make_users)
    except NotTaken as refused:
        raise ArchiveRefused(str(refused), line=refused.line) from refused
    return summaries[-1]


def _records(file: BinaryIO, summaries: list[Summary], progress: Callable[[int], None]) -> Iterator[Incoming]:
    """The records of one reading; what the reading found goes to `summaries` at its end."""
    file.seek(0)
    reader = Reader(file)
    order = {name: place for place, name in enumerate(TYPES)}
    before = ""
    _refuse_other_zone(reader.begin())
    for number, (line, record) in enumerate(reader.records(), 1):
        kind = TYPES.get(record["type"])
        if kind is None:
            raise ArchiveRefused(f"There is no type “{shown(record['type'])}” in an archive.", line=line)
        if before and order[kind.name] < order[before]:
            sentence = f"The type “{kind.name}” stands before “{before}” in an archive. Its lines were reordered."
            raise ArchiveRefused(sentence, line=line)
        before = kind.name
        yield _incoming(line, kind, record)
        progress(number)
    if reader.summary is not None:
        summaries.append(reader.summary)


def _incoming(line: int, kind: Type, record: dict[str, object]) -> Incoming:
    try:
        values = kind.from_json(record)
    except Unreadable as wrong:
        raise ArchiveRefused(str(wrong), line=line) from None
    content = values.pop(CONTENT, None)
    references = {column.name: column.refers_to for column in kind.columns if column.refers_to is not None}
    return Incoming(
        line=line,
        model=kind.model,
        values={name: value for name, value in values.items() if name not in references},
        references={name: values[name] for name, target in references.items() if target is not User},
        users={name: values[name] for name, target in references.items() if target is User},
        content=content,
    )


def _refuse_other_zone(zone: str) -> None:
    """Dates without a zone keep their bounds; read in another zone, what is added later would not agree with them."""
    if zone != settings.TIME_ZONE:
        raise ArchiveRefused(
            f"The archive's dates were read in the time zone {shown(zone)}, and this installation reads them in "
            f"{settings.TIME_ZONE}. Set TIME_ZONE={shown(zone)} for this installation, then import.",
            line=1,
        )
