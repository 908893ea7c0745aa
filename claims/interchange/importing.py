"""Table files on their way in: opened, recognised, and read as the entries of one import; the refused to be mended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import BinaryIO

from claims.interchange.tables.mapping import TableMap
from claims.interchange.tables.reading import read_rows, write_rejects
from claims.interchange.tables.recognising import recognise, seekable
from claims.interchange.tables.rows import Problem, Row, TableFormat
from claims.interchange.understanding import entry_of
from claims.services.importing import Entry, Fault, FileTold
from claims.wording import plain

PIECE = 1024 * 1024


@dataclass
class TableFile:
    """A file to be imported: what it is called, its bytes, its format, and the map that names its columns."""

    name: str
    stream: BinaryIO
    format: TableFormat
    mapping: TableMap | None = None
    refused: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def opened(
        cls, name: str, stream: BinaryIO, *, named: TableFormat | None = None, mapping: TableMap | None = None
    ) -> TableFile:
        """A file as its bytes show it, unless its format is named. Raises `TableRefused`."""
        whole = seekable(stream)
        return cls(name, whole, named or recognise(whole), mapping)

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
        rows = read_rows(self.stream, format=self.format, mapping=self.mapping)
        for _record, found in groupby(rows, key=lambda row: (row.line, row.source, isinstance(row, Row))):
            yield from _entries(list(found), self.name)

    def refuse(self, entry: Entry, faults: Sequence[Fault]) -> None:
        """Keep what is wrong with a record, for the file of refused records."""
        said = [f"{fault.column}: {fault.sentence}" if fault.column else fault.sentence for fault in faults]
        self.refused.setdefault(entry.record, []).extend(map(plain, said))

    def write_rejects(self, output: BinaryIO) -> None:
        """Write the refused records in the file's own form."""
        write_rejects(self.stream, output, self.refused, format=self.format, mapping=self.mapping)


def _entries(found: Sequence[Row | Problem], file: str) -> Iterator[Entry]:
    """The rows of a record, each an entry; what is wrong with a record, which may be several things, is one."""
    first = found[0]
    if isinstance(first, Problem):
        faults = tuple(Fault(each.column, each.sentence) for each in found if isinstance(each, Problem))
        yield Entry(first.line, first.source, None, faults, file)
        return
    yield from (entry_of(row, file) for row in found if isinstance(row, Row))
