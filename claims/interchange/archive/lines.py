"""The lines of an archive: canonical JSON, a first line that says what it is, a last one that vouches for the rest.

Canonical is one spelling of everything: the fields in the order of the tables, no white space, letters as they are. A
line that is spelled otherwise is refused, so that whatever is taken in comes out again byte for byte.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, BinaryIO, NoReturn

from claims.interchange.archive.refusals import ArchiveRefused, shown

FORMAT, VERSION = "provenance", 1
END = "end"
LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of a line: far beyond the largest text that is kept, and what a reader has to hold in memory."""
MOST_BESIDE_TEXTS = 256 * 1024
"""Bytes of a line outside its texts, and quotation marks in it: a record is a few texts, however long these are."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an archive holds: how many records of each type, by its name, and the SHA-256 of all but its last line."""

    counts: Mapping[str, int]
    sha256: str

    @property
    def total(self) -> int:
        """How many records there are."""
        return sum(self.counts.values())


class Writer:
    """Writes an archive line by line into a stream of bytes."""

    def __init__(self, file: BinaryIO, *, time_zone: str) -> None:
        self._file = file
        self._digest = sha256()
        self._counts: Counter[str] = Counter()
        self._put(_first(time_zone))

    def write(self, record: Mapping[str, Any]) -> None:
        """Write one record; its first field is its type."""
        self._counts[record["type"]] += 1
        self._put(record)

    def end(self) -> Summary:
        """Write the last line."""
        summary = Summary(dict(self._counts), self._digest.hexdigest())
        self._file.write(spelled(_last(summary)))
        return summary

    def _put(self, value: Mapping[str, Any]) -> None:
        line = spelled(value)
        self._digest.update(line)
        self._file.write(line)


@dataclass
class Reader:
    """Reads an archive from a stream of bytes, once: `begin`, then `records`, after which `summary` is there."""

    file: BinaryIO
    summary: Summary | None = None
    _digest: Any = field(default_factory=sha256)
    _counts: Counter[str] = field(default_factory=Counter)

    def begin(self) -> str:
        """Read the first line; returns the time zone in which the desk read dates that have none."""
        line = self.file.readline(LONGEST_LINE)
        value = _parsed(1, line)
        if value.get("archive") != FORMAT:
            raise ArchiveRefused(f"This is no archive of claims: one begins with “archive”: “{FORMAT}”.", line=1)
        if value.get("version") != VERSION:
            found = shown(str(value.get("version")))
            raise ArchiveRefused(f"The archive is of version {found}; this program reads version {VERSION}.", line=1)
        zone = value.get("time_zone")
        if not isinstance(zone, str) or spelled(_first(zone)) != line:
            raise ArchiveRefused("The first line has archive, version and time_zone, and nothing else.", line=1)
        self._digest.update(line)
        return zone

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each record with its line, counted from 1; raises `ArchiveRefused`, at the end too."""
        number = 1
        while line := self.file.readline(LONGEST_LINE):
            number += 1
            value = _parsed(number, line)
            if value.get("type") == END:
                self._read_last(number, value)
                return
            self._digest.update(line)
            if not isinstance(value.get("type"), str):
                raise ArchiveRefused("The record has no type.", line=number)
            self._counts[value["type"]] += 1
            yield number, value
        raise ArchiveRefused(
            "The archive ends after this line, without its last one: part of it is missing. Get it again from where it "
            "was made.",
            line=number,
        )

    def _read_last(self, number: int, value: dict[str, Any]) -> None:
        if self.file.read(1):
            raise ArchiveRefused("This says that it is the last line, and others follow it.", line=number)
        found = Summary(dict(self._counts), self._digest.hexdigest())
        if value.get("sha256") != found.sha256:
            raise ArchiveRefused(
                f"The archive is not as it was written: what precedes the last line has the SHA-256 {found.sha256}, "
                f"and {shown(str(value.get('sha256')))} stands there. Get it again from where it was made.",
                line=number,
            )
        if spelled(value) != spelled(_last(found)):
            raise ArchiveRefused("The last line does not count the records that precede it.", line=number)
        self.summary = found


def _first(time_zone: str) -> dict[str, Any]:
    return {"archive": FORMAT, "version": VERSION, "time_zone": time_zone}


def _last(summary: Summary) -> dict[str, Any]:
    return {"type": END, "counts": dict(summary.counts), "sha256": summary.sha256}


def spelled(value: Mapping[str, Any]) -> bytes:
    """The one spelling of a line, with its end; raises UnicodeEncodeError for half a surrogate pair."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _parsed(number: int, line: bytes) -> dict[str, Any]:
    """The object that stands in the line; raises `ArchiveRefused`."""
    if not line.endswith(b"\n"):
        if len(line) == LONGEST_LINE:
            raise ArchiveRefused(f"The line is longer than {LONGEST_LINE:,} bytes.", line=number)
        raise ArchiveRefused("The archive breaks off here. Get it again from where it was made.", line=number)
    if len(line) > MOST_BESIDE_TEXTS and not _is_mostly_text(line):
        raise ArchiveRefused("The line holds more values than any record has.", line=number)
    try:
        value = json.loads(line.decode(), parse_constant=_refuse_constant)
        canonical = isinstance(value, dict) and spelled(value) == line
    except UnicodeDecodeError as error:
        raise ArchiveRefused(f"Byte {error.start + 1:,} is not UTF-8.", line=number) from None
    except UnicodeEncodeError:
        raise ArchiveRefused("A text has half of a surrogate pair, which cannot be kept.", line=number) from None
    except RecursionError:
        raise ArchiveRefused("This is nested too deeply.", line=number) from None
    except ValueError as error:
        raise ArchiveRefused(f"This is no JSON that can be read ({error}).", line=number) from None
    if not isinstance(value, dict):
        raise ArchiveRefused("This is no JSON object. A line of an archive is one record in braces.", line=number)
    if not canonical:
        raise ArchiveRefused(
            "This is not spelled as an archive is: each field once, no spaces, letters as they are instead of \\u….",
            line=number,
        )
    return value


def _is_mostly_text(line: bytes) -> bool:
    """Whether little of the line stands outside its texts: each value there is many times its size in memory."""
    bare = line.replace(b"\\\\", b"").replace(b'\\"', b"")
    if bare.count(b'"') > MOST_BESIDE_TEXTS:
        return False
    return sum(map(len, bare.split(b'"')[::2])) <= MOST_BESIDE_TEXTS


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no value")
