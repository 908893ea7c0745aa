"""Times the claims table on its way out and back: rows a second, and the most memory, for a tenth and for all of it.

Run as `python -m bench tables`. The reference is `csv.reader` and `json.loads` over the same file, and nothing besides.
Memory is what Python holds at most in a pass of its own, beyond what was there; the passes that are timed do not look.
"""

import csv
import io
import json
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.sized import make_sized
from bench.stopwatch import timed
from claims.interchange.formats import FORMATS
from claims.interchange.scope import Scope
from claims.interchange.tables.reading import TABLES, read_rows
from claims.interchange.tables.rows import Row, TableFormat
from claims.models import ClaimState

CLAIMS = 20_000
PART = CLAIMS // 10
HEADS = ("", "out: rows/s", "MB, part", "MB, all", "in: rows/s", "MB, part", "MB, all", "of plain")


def megabytes(work: Callable[[], Any]) -> float:
    """What Python holds at most."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def write(name: TableFormat, path: Path, most: int) -> None:
    """Write the first claims to a file."""
    last = ClaimState.objects.order_by("claim_id").values_list("claim_id", flat=True)[most - 1]
    with path.open("wb") as file:
        FORMATS[name].write(Scope(rows=ClaimState.objects.filter(claim_id__lte=last)), file)


def read(name: TableFormat, path: Path) -> int:
    """Read all rows of a file."""
    with path.open("rb") as file:
        return sum(isinstance(row, Row) for row in read_rows(file, format=name))


def read_plainly(name: TableFormat, path: Path) -> int:
    """Read a file with the standard library alone."""
    with path.open("rb") as file:
        if name == "csv":
            return sum(1 for _row in csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline="")))
        return sum(1 for line in file if json.loads(line))


def measured(name: TableFormat, folder: Path) -> list[str]:
    """One line of the table."""
    whole, part = folder / f"all.{name}", folder / f"part.{name}"
    out = timed(partial(write, name, whole, CLAIMS)).clock
    held = [megabytes(partial(write, name, path, most)) for path, most in ((part, PART), (whole, CLAIMS))]
    back = timed(partial(read, name, whole)).clock
    held += [megabytes(partial(read, name, path)) for path in (part, whole)]
    plain = f"{timed(partial(read_plainly, name, whole)).clock / back:.2f}" if name != "xlsx" else "-"
    sizes = [f"{size:.1f}" for size in held]
    return [name, f"{CLAIMS / out:,.0f}", *sizes[:2], f"{CLAIMS / back:,.0f}", *sizes[2:], plain]


def main() -> None:
    """Print a line for each format."""
    make_sized(CLAIMS)
    print("".join(f"{head:>12}" for head in HEADS))
    with TemporaryDirectory() as folder:
        for name in TABLES:
            print("".join(f"{cell:>12}" for cell in measured(name, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
