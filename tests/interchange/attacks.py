"""Files that attack whoever reads them, with a piece of the sentence that each gets; what refusing one costs."""

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from tests.interchange.test_table_files import ATTACKS, LAUGHS, NAMESPACE

MEGABYTE = 1024 * 1024
TABLES: dict[str, tuple[bytes, str]] = {
    **{f"workbook {number}": attack for number, attack in enumerate(ATTACKS) if attack[1] != "more rows"},
    "deep": (b'{"answer":' + b"[" * 900_000, "nested too deeply"),
    "deep and closed": (b'{"answer":' + b"[" * 500 + b"]" * 500 + b"}", "nested"),
    "many lists": (b'{"answer":[' + b"[]," * 100_000 + b"[]]}", "The value is nested"),
    "many names": (b"{%s}" % b",".join(b'"%d":1' % number for number in range(40_000)), "more than 1000 names"),
    "NUL in JSON": (b'{"answer":"a\\u0000b"}', "Character 2 of this text is a NUL"),
    "half a pair in JSON": (b'{"answer":"a\\ud800b"}', "half of a surrogate pair"),
    "bytes of half a pair": (b'{"answer":"a\xed\xa0\x80b"}', "is not UTF-8"),
    "NUL in CSV": (b"answer\na\0b\n", "is a NUL"),
    "many columns": (b",".join(b"c%d" % number for number in range(40_000)) + b"\n", "columns"),
    "a quote without an end": (b'answer\n"' + b"a\n" * 200_000, "quotation mark"),
    "no table": (b"\x89PNG\r\n\x1a\n" + b"\0" * 1000, "This is an image"),
    "markup": (LAUGHS.encode(), "A quotation mark stands inside a cell"),
}
MAPS: dict[str, tuple[bytes, str]] = {
    "a long key": (b"a." * 60_000 + b"a = 1", "more than 40 dots"),
    "a long name of a section": (b"[" + b"a." * 60_000 + b"a]", "more than 40 dots"),
    "deep": (b"a = " + b"[" * 100_000, "cannot be read as TOML"),
    "deep tables": (b"a = " + b"{a=" * 30_000, "cannot be read as TOML"),
    "large": (b"#" * MEGABYTE, "more than 128 kilobytes"),
    "NUL": (b'[columns]\na = "\0"', "cannot be read as TOML"),
    "half a pair": (b'[columns]\na = "\\ud800"', "cannot be read as TOML"),
}
ARCHIVE = b'{"archive":"provenance","version":1,"time_zone":"UTC"}\n'
ARCHIVES: dict[str, tuple[bytes, str]] = {
    "deep": (ARCHIVE + b'{"type":' * 30_000 + b"\n", "nested too deeply"),
    "deeper": (ARCHIVE + b"[" * 4_000_000 + b"\n", "more values than any record has"),
    "many lists": (ARCHIVE + b'{"type":"side","x":[' + b"[]," * 1_000_000 + b"[]]}\n", "more values than any record"),
    "many texts": (ARCHIVE + b'{"type":"side","x":[' + b'"",' * 1_000_000 + b'""]}\n', "more values than any record"),
    "NUL": (ARCHIVE + b'{"type":"a\\u0000b"}\n', "There is no type"),
    "half a pair": (ARCHIVE + b'{"type":"a\\ud800b"}\n', "half of a surrogate pair"),
    "markup": (LAUGHS.encode(), "breaks off"),
}
# What JSON of others may not be, whoever reads it.
DOCUMENTS: dict[str, tuple[bytes, str]] = {
    "deep": (b"[" * 1_000_000, "nested more than 100 levels"),
    "deep and closed": (b"[" * 150 + b"]" * 150, "nested more than 100 levels"),
    "many lists": (b"[" + b"[]," * 2_000_000 + b"[]]", "more objects and lists"),
    "many names, one twice": (b"{%s}" % b",".join(b'"%d":1' % (n % 99_999) for n in range(100_000)), "given twice"),
    "NUL": (b'["a\\u0000b"]', "is a NUL"),
    "half a pair": (b'["a\\ud800b"]', "half of a surrogate pair"),
    "markup": (f"<!DOCTYPE x><x {NAMESPACE}/>".encode(), "not JSON"),
}


def hundred_megabytes(path: Path, begins: bytes) -> Path:
    """A file of that size which begins so; what follows is nothing, and takes no place on the disk."""
    with path.open("wb") as file:
        file.write(begins)
        file.truncate(100 * MEGABYTE)
    return path


def costs(act: Callable[[], object]) -> tuple[float, int]:
    """(seconds of work, bytes of memory at most) that it takes."""
    begun = time.process_time()
    act()
    taken = time.process_time() - begun
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    try:
        act()
        return taken, tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
