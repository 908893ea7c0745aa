"""Files on their way in: opened, recognised, and read as the entries of one import; the refused to be mended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import BinaryIO, Literal, get_args

from django.utils.translation import gettext as _

from claims.interchange.schema_org import rows as reviews
from claims.interchange.schema_org.reading import is_begun
from claims.interchange.tables import reading as tables
from claims.interchange.tables.mapping import TableMap
from claims.interchange.tables.recognising import recognise, seekable
from claims.interchange.tables.rows import Problem, Row, TableFormat, TableRefused
from claims.interchange.understanding import entry_of
from claims.services.importing import Entry, Fault, FileTold
from claims.wording import plain

PIECE = 1024 * 1024
# What is looked at to tell the reviews of fact-checkers from a table.
HEAD = 64 * 1024
ClaimReviews = Literal["claimreview"]
ImportFormat = TableFormat | ClaimReviews
IMPORTED: tuple[ImportFormat, ...] = (*get_args(TableFormat), *get_args(ClaimReviews))
"""The formats that are imported: claims tables, and the `ClaimReview`s of fact-checkers."""


@dataclass
class TableFile:
    """A file to be imported: what it is called, its bytes, its format, and the map that names its columns.

    Reviews are read as rows of the claims table, and have no map.
    """

    name: str
    stream: BinaryIO
    format: ImportFormat
    mapping: TableMap | None = None
    refused: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def opened(
        cls, name: str, stream: BinaryIO, *, named: ImportFormat | None = None, mapping: TableMap | None = None
    ) -> TableFile:
        """A file as its bytes show it, unless its format is named. Raises `TableRefused`."""
        whole = seekable(stream)
        found = named or _recognised(whole, mapping)
        if found == "claimreview" and mapping is not None:
            raise TableRefused(_("A map is for tables; what a review says has its place. Leave the map out."))
        return cls(name, whole, found, mapping)

    def refuse_header(self) -> None:
        """Raise `TableRefused` for a table whose columns cannot be read, or are not as expected."""
        if self.format != "claimreview":
            tables.refuse_header(self.stream, format=self.format, mapping=self.mapping)

    def told(self) -> FileTold:
        """What is kept of the file: its name, format and SHA-256."""
        self.stream.seek(0)
        digest = hashlib.sha256()
        while piece := self.stream.read(PIECE):
            digest.update(piece)
        self.stream.seek(0)
        return FileTold(self.name, self.format, digest.hexdigest())

    def entries(self) -> Iterator[Entry]:
        """The rows as understood, a record at a time. Raises `TableRefused` where the file cannot be read (further)."""
        rows = (
            _reviews(self.stream)
            if self.format == "claimreview"
            else tables.read_rows(self.stream, format=self.format, mapping=self.mapping)
        )
        for _one, found in groupby(rows, key=_whole):
            yield from _entries(list(found), self.name)

    def refuse(self, entry: Entry, faults: Sequence[Fault]) -> None:
        """Keep what is wrong with a record, for the file of refused records."""
        said = [f"{fault.column}: {fault.sentence}" if fault.column else fault.sentence for fault in faults]
        self.refused.setdefault(entry.record, []).extend(map(plain, said))

    def write_rejects(self, output: BinaryIO) -> None:
        """Write the refused records in the file's own form."""
        if self.format == "claimreview":
            reviews.write_rejects(self.stream, output, self.refused)
        else:
            tables.write_rejects(self.stream, output, self.refused, format=self.format, mapping=self.mapping)


def _reviews(stream: BinaryIO) -> Iterator[Row | Problem]:
    """The rows of reviews, and what is wrong with single ones. Raises `TableRefused` where none can be read."""
    for found in reviews.read_rows(stream):
        if isinstance(found, Problem) and not found.source:
            raise TableRefused(found.sentence)
        yield found


def _recognised(stream: BinaryIO, mapping: TableMap | None) -> ImportFormat:
    """The format that the first bytes show; with a map it is a table. Raises `TableRefused`."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    return "claimreview" if mapping is None and is_begun(head) else recognise(stream)


def _whole(row: Row | Problem) -> tuple[int, int, str | None]:
    """What rows of a record have in common, and what is wrong with it, or with one row that a map makes of it."""
    return row.line, row.source, row.claim if isinstance(row, Problem) else None


def _entries(found: Sequence[Row | Problem], file: str) -> Iterator[Entry]:
    """The rows of a record, each an entry; what is wrong with a record, or one row of it, is one."""
    first = found[0]
    if isinstance(first, Problem):
        faults = tuple(Fault(each.column, each.sentence) for each in found if isinstance(each, Problem))
        yield Entry(first.line, first.source, None, faults, file)
        return
    yield from (entry_of(row, file) for row in found if isinstance(row, Row))
