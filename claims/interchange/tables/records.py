"""What a reader of one format gives and what it is told: records with their cells, settings of the file, rejects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from claims.text.decoding import Encoding


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What is known of a file before it is read: its encoding, delimiter, sheet, and the columns expected in it."""

    encoding: Encoding | None = None
    delimiter: str = ""
    sheet: str = ""
    expected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in the file.

    `cells` are those that are not empty, by the file's own column names; `problems` are sentences by column. `raw` is
    the record as the rejects of its format write it.
    """

    line: int
    number: int
    cells: Mapping[str, str]
    problems: Sequence[tuple[str, str]] = ()
    raw: Any = field(default=None, compare=False)


class Rejects(Protocol):
    """A file of refused records in the form of the file that they are from."""

    def write(self, record: Record, because: str) -> None:
        """Add a record, with what it is refused for."""

    def close(self) -> None:
        """Finish the file; the stream that it is written to stays open."""


class Table(Protocol):
    """A file of records in one format; reading it raises `TableRefused` where the whole cannot be read."""

    @property
    def header(self) -> tuple[str, ...] | None:
        """The names of the columns; None in a format that has no header."""

    def records(self) -> Iterator[Record]:
        """The records, from the first on."""

    def rejects(self, output: BinaryIO) -> Rejects:
        """A file for refused records in the same form."""
