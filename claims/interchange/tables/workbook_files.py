"""The files inside a workbook: what unpacks to too much, or brings XML entities, is refused before it is read."""

from typing import BinaryIO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from django.utils.translation import gettext as _

from claims.interchange.tables.rows import TableRefused

MOST_UNPACKED = 512 * 1024 * 1024
"""Bytes that a workbook may unpack to."""
MOST_BESIDES = 16 * 1024 * 1024
"""Bytes that the parts besides sheets and shared texts may unpack to, each: they are held in memory whole."""
MOST_RATIO = 100
"""How many times its packed size a large part may have; sheets of repeated words come to about 40."""
ALWAYS_TAKEN = 4 * 1024 * 1024
"""Bytes up to which the ratio is not looked at."""

# ECMA-376 Part 2 and OpenDocument 1.3 Part 2: what every file of theirs has.
_CONTENT_TYPES, _OPEN_DOCUMENT = "[Content_Types].xml", "META-INF/manifest.xml"
_OTHER_OFFICE = ("word/", "ppt/")
_STREAMED = ("xl/worksheets/", "xl/sharedStrings")
_CHUNK = 64 * 1024


def refuse_others(stream: BinaryIO) -> None:
    """Raise `TableRefused` for a ZIP archive that is no workbook, by the names of the files in it."""
    stream.seek(0)
    with ZipFile(stream) as archive:
        names = archive.namelist()
    if _OPEN_DOCUMENT in names or any(name.startswith(_OTHER_OFFICE) for name in names):
        raise TableRefused(_("This is a document of another kind, and no workbook. Save its table as XLSX or CSV."))
    if _CONTENT_TYPES not in names:
        sentence = _("This is a ZIP archive, and no workbook. Unpack it, and give the table that is in it.")
        raise TableRefused(sentence)


def refuse_bombs(stream: BinaryIO) -> None:
    """Raise `TableRefused` for a workbook that unpacks to too much, by the sizes in its directory, or has entities.

    The sizes may lie: zipfile reads no part beyond what the directory says of it.
    """
    stream.seek(0)
    with ZipFile(stream) as archive:
        parts = archive.infolist()
        total = sum(part.file_size for part in parts)
        large = next((part for part in parts if _is_bomb(part)), None)
        if large is not None or total > MOST_UNPACKED:
            sentence = _(
                "The workbook unpacks to %(size)s bytes, more than is taken for its size. "
                "Save the sheet alone, as CSV or as a new workbook."
            )
            raise TableRefused(sentence % {"size": f"{large.file_size if large else total:,}"})
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _refuse_entities(archive, part)


def _is_bomb(part: ZipInfo) -> bool:
    if part.file_size > ALWAYS_TAKEN and part.file_size > MOST_RATIO * max(part.compress_size, 1):
        return True
    read_whole = part.filename.endswith((".xml", ".rels")) and not part.filename.startswith(_STREAMED)
    return read_whole and part.file_size > MOST_BESIDES


class _Begun(Exception):  # noqa: N818 - it ends the look at a part, nothing is wrong
    """The root element has begun; a document type can no longer follow."""


def _refuse_entities(archive: ZipFile, part: ZipInfo) -> None:
    """Read as far as the root element; what is no XML is left to the reader."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _begin
    with archive.open(part) as file:
        try:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk)
        except (_Begun, expat.ExpatError):
            return


def _doctype(*_declared: object) -> None:
    raise TableRefused(_("The workbook declares XML entities, which no spreadsheet program does. It is not read."))


def _begin(*_element: object) -> None:
    raise _Begun
