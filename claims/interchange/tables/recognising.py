"""Which format a file has, told by its content, and streams that can be read twice."""

import shutil
import tempfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from claims.interchange.tables.rows import TableFormat, TableRefused

HEAD = 4096
IN_MEMORY = 1024 * 1024

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
"""How files of gzip, bzip2, xz, Zstandard, 7-Zip and RAR begin."""
_UTF_8_MARK = b"\xef\xbb\xbf"


def recognise(stream: BinaryIO) -> TableFormat:
    """The format of a file, by its first bytes; the stream is left at its beginning.

    Raises `TableRefused` for an empty file, a packed one, an old workbook, and JSON that is no JSON Lines.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    if head.startswith(_ZIP):
        return "xlsx"
    if head.startswith(_OLD_EXCEL):
        raise TableRefused(_("This is a workbook of Excel before 2007 (.xls). Save it as .xlsx, or as CSV in UTF-8."))
    if head.startswith(_PACKED):
        raise TableRefused(_("This is a compressed file. Unpack it, and give the table that is in it."))
    text = head.removeprefix(_UTF_8_MARK).lstrip()
    if not text:
        raise TableRefused(_("The file is empty."))
    if text.startswith(b"["):
        sentence = _("This is a JSON list. Write JSON Lines: each record as an object on a line of its own.")
        raise TableRefused(sentence)
    return "jsonl" if text.startswith(b"{") else "csv"


def seekable(stream: BinaryIO) -> BinaryIO:
    """The stream, or where it can be read only once (standard input, say) a copy in a temporary file."""
    if stream.seekable():
        return stream
    copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it goes with whoever reads it
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return copy  # type: ignore[return-value]
