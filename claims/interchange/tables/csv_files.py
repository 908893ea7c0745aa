"""CSV: its encoding and delimiter recognised, read a record at a time with the physical line on which each begins."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from claims.interchange.tables.cells import MOST_COLUMNS, MOST_IN_A_RECORD, fault, shown
from claims.interchange.tables.records import FileSettings, Record
from claims.interchange.tables.rows import REFUSED_BECAUSE, TableRefused
from claims.text.decoding import Encoding, decode
from claims.text.refusals import TextRefusal
from claims.wording import word_refusal

HEAD = 64 * 1024
DELIMITERS = (",", ";", "\t")
# What spreadsheets in some countries write on a line of its own before the header.
_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)

# Of the whole process, and 131,072 where nobody sets it; what a cell may have is asked of each cell.
csv.field_size_limit(max(csv.field_size_limit(), MOST_IN_A_RECORD + 1))


class CsvTable:
    """A CSV file. The stream is read from its beginning, again for each call of `records`, and is never closed."""

    def __init__(self, stream: BinaryIO, settings: FileSettings) -> None:
        self._stream = stream
        self._encoding = _encoding(stream, settings.encoding)
        self._skipped = 0
        separator = _SEPARATOR.fullmatch(_Lines(self._text()).peek())
        self._skipped = 1 if separator else 0
        self._delimiter = settings.delimiter or (separator[1] if separator else self._likely(settings.expected))
        self._nameless: list[int] = []
        self.header = self._named(self._first(self._delimiter))

    def records(self) -> Iterator[Record]:
        """The records after the header."""
        lines, reader = self._reader(self._delimiter)
        number, past_header = 0, False
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells, broken = [], _broken(error)
            except UnicodeDecodeError as error:
                raise TableRefused(_not_decoded(error)) from None
            else:
                broken = ""
            if not broken and not any(cells):
                continue
            if not past_header:
                past_header = True
                continue
            number += 1
            if broken:
                yield Record(lines.began, number, {}, [("", broken)], raw="".join(lines.taken))
            else:
                yield self._record(lines.began, number, cells)

    def rejects(self, output: BinaryIO) -> "CsvRejects":
        """Refused records with the same header, delimiter and encoding; a line names a delimiter as it did here."""
        if self._skipped and self._delimiter not in DELIMITERS:
            output.write(f"sep={self._delimiter}\r\n".encode(self._encoding))
        return CsvRejects(output, self._encoding, self._delimiter, self.header)

    def _record(self, line: int, number: int, cells: list[str]) -> Record:
        problems = list(self._miscounted(cells))
        named = {name: cell for name, cell in zip(self.header, cells, strict=False) if cell and name}
        if fault("".join(cells)):  # of all cells at once, for nearly always there is none
            problems += [(name, sentence) for name, cell in named.items() if (sentence := fault(cell))]
        nameless = [number for number in self._nameless if number < len(cells) and cells[number]]
        if nameless:
            sentence = _("Cell %(number)d holds “%(text)s”, but its column has no name. Name it in the first line.")
            problems.append(("", sentence % {"number": nameless[0] + 1, "text": shown(cells[nameless[0]])}))
        return Record(line, number, named, problems, raw=cells)

    def _miscounted(self, cells: list[str]) -> Iterator[tuple[str, str]]:
        """A record with more or fewer cells than the header has names; empty ones at the end are looked past."""
        expected, found = len(self.header), len(cells)
        if found > expected and not any(cells[expected:]):
            return
        if found == expected:
            return
        sentence = _(
            "The record has %(found)d cells, the header %(expected)d. "
            "A cell with a delimiter or a line end inside stands in quotation marks."
        )
        yield "" if found > expected else self.header[found], sentence % {"found": found, "expected": expected}

    def _likely(self, expected: frozenset[str]) -> str:
        """The delimiter by which the first line has the most names that are expected, or else the most names."""

        def fits(delimiter: str) -> tuple[int, int]:
            names = {name.strip() for name in self._first(delimiter)}
            return len(names & expected), len(names)

        return max(DELIMITERS, key=fits)

    def _first(self, delimiter: str) -> list[str]:
        """The cells of the first record that is not empty."""
        _lines, reader = self._reader(delimiter)
        try:
            return next((cells for cells in reader if any(cells)), [])
        except csv.Error as error:
            raise TableRefused(_("The first line: %(why)s") % {"why": _broken(error)}) from None
        except UnicodeDecodeError as error:
            raise TableRefused(_not_decoded(error)) from None

    def _named(self, cells: list[str]) -> tuple[str, ...]:
        """The names of the columns; raises `TableRefused` where there are none, or one names two columns."""
        names = [cell.strip() for cell in cells]
        while names and not names[-1]:
            names.pop()
        if not names:
            raise TableRefused(_("The file is empty. Its first line names the columns."))
        if len(names) > MOST_COLUMNS:
            sentence = _("The first line names %(count)s columns; a table may have %(most)s. Leave some out.")
            raise TableRefused(sentence % {"count": f"{len(names):,}", "most": f"{MOST_COLUMNS:,}"})
        refuse_repeated(names)
        self._nameless = [number for number, name in enumerate(names) if not name]
        return tuple(names)

    def _reader(self, delimiter: str) -> "tuple[_Lines, Any]":
        lines = _Lines(self._text(), skip=self._skipped)
        return lines, csv.reader(lines, delimiter=delimiter, strict=True)

    def _text(self) -> io.TextIOWrapper:
        self._stream.seek(0)
        errors = "surrogatepass" if self._encoding.startswith("utf-16") else "surrogateescape"
        return _Text(self._stream, encoding=self._encoding, errors=errors, newline="")


class CsvRejects:
    """Refused records as CSV."""

    def __init__(self, output: BinaryIO, encoding: str, delimiter: str, header: Sequence[str]) -> None:
        errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
        self._text = _Text(output, encoding=encoding, errors=errors, newline="")
        self._delimiter = delimiter
        self._writer = csv.writer(self._text, delimiter=delimiter, lineterminator="\r\n")
        self._width = len(header)
        # Refused once before: the new sentence takes the place of the old one.
        self._before = REFUSED_BECAUSE in header
        self._former = header.index(REFUSED_BECAUSE) if self._before else self._width
        self._writer.writerow([*self._kept(header), REFUSED_BECAUSE])

    def write(self, record: Record, because: str) -> None:
        """Add a record; one that cannot be taken apart stands as it stood.

        So does one of too few cells that was refused before: the new sentence beside the old one could make their
        number right. Cells that are in no column go on being in none.
        """
        because = because.encode(self._text.encoding, "replace").decode(self._text.encoding, "replace")
        if isinstance(record.raw, str):
            self._text.write(record.raw.rstrip("\r\n") + self._delimiter)
            self._writer.writerow([because])
            return
        cells, width = record.raw, self._width
        if len(cells) < width and self._before:
            self._writer.writerow(cells)
            return
        beyond = cells[width:] if any(cells[width:]) else []
        self._writer.writerow([*self._kept(cells[:width]), because, *beyond])

    def _kept(self, cells: Sequence[str]) -> list[str]:
        return [cell for at, cell in enumerate(cells) if at != self._former]

    def close(self) -> None:
        """Hand everything on to the stream."""
        self._text.flush()


def refuse_repeated(names: list[str]) -> None:
    """Raise `TableRefused` where one name stands over two columns."""
    repeated = next((name for number, name in enumerate(names) if name and name in names[:number]), None)
    if repeated is not None:
        sentence = _("Two columns are called “%(name)s”. Rename one of them, or leave it out.")
        raise TableRefused(sentence % {"name": shown(repeated)})


class _Text(io.TextIOWrapper):
    """Text over a stream that others go on using: it is not closed with the text."""

    def close(self) -> None:
        """Leave the stream open."""


class _Lines:
    """The lines of a text, line ends as they are, counted; those of the record that is being read are kept."""

    def __init__(self, text: io.TextIOWrapper, *, skip: int = 0) -> None:
        self._text = text
        self._number = 0
        self._size = 0
        self.began = 1
        self.taken: list[str] = []
        for _skipped in range(skip):
            next(self, None)

    def begin(self) -> None:
        """From here on lines belong to another record."""
        self.began, self.taken, self._size = self._number + 1, [], 0

    def peek(self) -> str:
        """The first line; empty where there is none."""
        try:
            return next(self, "")
        except UnicodeDecodeError as error:
            raise TableRefused(_not_decoded(error)) from None

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(MOST_IN_A_RECORD)
        if not line:
            raise StopIteration
        self._number += 1
        self._size += len(line)
        if self._size >= MOST_IN_A_RECORD:
            sentence = _(
                "The record that begins in line %(line)d does not end within %(most)s characters. "
                "Probably a quotation mark in it is not closed."
            )
            raise TableRefused(sentence % {"line": self.began, "most": f"{MOST_IN_A_RECORD:,}"})
        self.taken.append(line)
        return line


def _broken(error: csv.Error) -> str:
    """Why a record cannot be taken apart."""
    if "end of data" in str(error):
        return _("A quotation mark that opens a cell is not closed: all that follows was taken for this cell.")
    return _(
        "A quotation mark stands inside a cell. Write it twice, and put the whole cell into quotation marks. (%(why)s)"
    ) % {"why": error}


def _encoding(stream: BinaryIO, named: Encoding | None) -> str:
    """The encoding of the file by Python's name, `utf-8-sig` where it begins with the mark.

    Raises `TableRefused` where it cannot be told.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if named is not None and named is not Encoding.UTF_8:
        return str(named)
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(head)
    unknown = sum("\udc80" <= each <= "\udcff" for each in text)
    if named is not None or unknown <= sum(each > "\x7f" for each in text) - unknown:
        return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    whole_lines = head[: head.rfind(b"\n") + 1] or head
    try:
        return str(decode(whole_lines).encoding)
    except TextRefusal as refusal:
        if refusal.code == "text_not_plain":
            found = refusal.values["format"]
            sentence = _("This is %(format)s, and no table. Give the table itself, as CSV, JSON Lines or XLSX.")
            raise TableRefused(sentence % {"format": _(found)}) from None
        sentence = _(
            "The file is not in UTF-8. %(why)s Save it again as UTF-8, or name its encoding in a map: %(example)s."
        )
        example = shown('[file] encoding = "windows-1256"')
        raise TableRefused(sentence % {"why": word_refusal(refusal), "example": example}) from None


def _not_decoded(error: UnicodeDecodeError) -> str:
    sentence = _("The file is not in %(encoding)s all through. Save it again as UTF-8.")
    return sentence % {"encoding": error.encoding}
