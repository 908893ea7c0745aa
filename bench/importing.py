"""Times the import: 100,000 rows of the claims table into a base of as many claims, and what bare tables would take.

Run as `python -m bench importing`. The reference is a plain `executemany` of the very rows that the import wrote, into
the same tables with their indexes and without the journal's triggers: records, history, derived state, words and the
journal's own. Beside it what others write of that (`bench.importing_others`). Then the peak of memory with
the first 10,000 and 100,000 rows of a table of a million: of the import's process, and of the one that serves it where
that is PostgreSQL on this machine. `python -m bench importing 10000 20000` imports so many into so many, and
`python -m bench.importing --memory 1000000` tells the memory alone.
"""

import importlib.util
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import django

if __name__ == "__main__" and "--memory" in sys.argv:
    os.environ["DJANGO_SETTINGS_MODULE"] = "provenance.settings"
    django.setup()

from django.db import connection, transaction

from bench.__main__ import database
from bench.importing_others import MOST_ONE_BY_ONE, unguarded, with_history, with_import_export
from bench.kept import Kept, columns, keep, last_keys, pieces
from bench.sized import make_sized
from bench.stopwatch import Seconds, now, since, timed
from claims.interchange.tables.rows import Row
from claims.interchange.understanding import entry_of
from claims.ledger.install import uninstall
from claims.services.importing import Orders, Report, run
from claims.services.references import check_references

ROWS = BASE = 100_000
OF_A_QUESTION, OF_A_SOURCE, SPEAKERS, OUTLETS = 20, 10, 2_000, 50
# The first rows of one table: a batch names as many different sources, however many batches there are.
LARGEST = 1_000_000
MEMORY = (10_000, 100_000)


def table(number: int, *, seed: int = 1, of: int = 0) -> Iterator[Row]:
    """So many rows (of `of`): figures of many speakers in many sources, a third of the questions of one kind each."""
    draw = random.Random(seed)
    kinds = ("quantity", "choice", "yes_no")
    for line in range(number):
        question = line // OF_A_QUESTION
        kind = kinds[question % len(kinds)]
        answer = {"quantity": str(100 + draw.randrange(3)), "choice": f"Place {draw.randrange(3)}", "yes_no": "yes"}
        source = draw.randrange(max(1, (of or number) // OF_A_SOURCE))
        yield Row(
            line + 2,
            {
                "id": f"row-{seed}-{line}",
                "topic": f"Story {question // 100}",
                "question": f"What is told of {seed}/{question}?",
                "answer_kind": kind,
                "answer": answer[kind],
                "speaker": f"Speaker {draw.randrange(SPEAKERS)}",
                "speaker_kind": "person",
                "said_on": f"2015-{1 + line % 12:02}-{1 + line % 28:02}",
                "source": f"Report {source}",
                "source_url": f"https://example.org/{seed}/{source}",
                "publisher": f"Outlet {source % OUTLETS}",
                "published_on": "2015-12-05",
                "statement": f"They told the paper that it was so, for the {line}th time.",
            },
            line + 1,
        )


def imported(rows: int, *, seed: int = 1, of: int = 0, **orders: Any) -> Report:
    """Import so many rows (of a table of `of`); what became of them."""
    given = Orders(by=None, reason="Timed", command="bench", **orders)
    return run((entry_of(row) for row in table(rows, seed=seed, of=of)), given)


def bare(kept: Kept) -> Seconds:
    """What a plain `executemany` of the kept rows takes, into the tables that they are from."""
    took = Seconds()
    for model, rows in pieces(kept.rows):
        places = ", ".join(["%s"] * len(model._meta.concrete_fields))
        statement = f'INSERT INTO "{model._meta.db_table}" ({columns(model)}) VALUES ({places})'  # noqa: S608
        with connection.cursor() as cursor:
            took = took.and_of(timed(partial(cursor.executemany, statement, rows)))
    return took


def speed(rows: int) -> None:
    """Print what the import takes, and the references; each in a transaction of its own, that is rolled back.

    A machine is faster in one minute than in the next: the import is timed before the others and after them.
    """
    last = last_keys()
    _swept()
    with TemporaryFile() as of_rows, TemporaryFile() as of_records:
        kept = Kept(of_rows, of_records)
        first, number = _imported(rows, partial(keep, last, kept))
        plain = _rolled_back(partial(bare, kept))
        with_versions = _rolled_back(partial(with_history, kept))
    row_by_row = _one_by_one(min(rows, MOST_ONE_BY_ONE))
    second, _number = _imported(rows, lambda: number)
    taken = first.and_of(second)
    print(f"{connection.vendor}: {number:,} rows of {number / rows:.0f} to a claim")
    tell("import, twice", taken, 2 * rows)
    for name, took, some in (
        ("executemany", plain, rows),
        ("bulk_create_with_history", with_versions, rows),
        *row_by_row,
    ):
        tell(name, took, some)
        print(f"    import, of its speed: {2 * rows / taken.clock * took.clock / some:.2f}", flush=True)


def _one_by_one(rows: int) -> list[tuple[str, Seconds, int]]:
    """What django-import-export takes, where it is installed."""
    if not importlib.util.find_spec("import_export"):
        print("django-import-export is not installed, and is not measured: pip install django-import-export")
        return []
    return [("django-import-export", _rolled_back(partial(timed, partial(with_import_export, rows))), rows)]


def _imported(rows: int, at_end: Callable[[], int]) -> tuple[Seconds, int]:
    """What the import takes until all rows are written, and what is found then, before they are rolled back."""
    found: list[tuple[Seconds, int]] = []

    def progress(report: Report) -> None:
        if report.rows == rows:
            took = since(begun)
            found.append((took, at_end()))

    begun = now()
    imported(rows, dry_run=True, progress=progress)
    _swept()
    return found[-1]


def _rolled_back(work: Callable[[], Seconds]) -> Seconds:
    """What is timed past our guard and without the journal; what PostgreSQL checks at a commit is part of it."""
    with transaction.atomic(), unguarded():
        uninstall()
        took = work().and_of(timed(check_references))
        transaction.set_rollback(True)
    _swept()
    return took


def _swept() -> None:
    """On PostgreSQL rows that were rolled back lie in everybody's way until they are swept."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def tell(name: str, seconds: Seconds, rows: int) -> None:
    """Print what writing so many claims took."""
    print(f"{name:26} {seconds.clock:8.1f} s {seconds.processor:8.1f} s of the processor", end="")
    print(f"{rows / seconds.clock:10,.0f} claims a second, of {rows:,}", flush=True)


def memory(rows: int) -> str:
    """The peak of memory with so many rows into an empty database, told by a process of its own."""
    command = [sys.executable, "-m", "bench.importing", "--memory", str(rows)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]


def memory_of_import(rows: int) -> str:
    """Import so many rows in one transaction; the most memory that this process and its server have held."""
    of_server = [0.0]
    process = _server()

    def progress(_report: Report) -> None:
        if process is not None:
            of_server.append(_megabytes(process, "RssAnon:"))

    imported(rows, of=LARGEST, progress=progress)
    told = f"; its server {max(of_server):,.0f} MB of its own" if process is not None else ""
    return f"{held()}{told}"


def _server() -> Path | None:
    """The process that serves this connection, where the system tells of it: PostgreSQL on this machine."""
    if connection.vendor != "postgresql" or not str(connection.settings_dict["HOST"]).startswith(("/", "localhost")):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = Path("/proc", str(cursor.fetchone()[0]), "status")
    return process if process.exists() else None


def _megabytes(status: Path, name: str) -> float:
    return int(status.read_text(encoding="ascii").partition(name)[2].split()[0]) / 1024


def held() -> str:
    """The most memory that this process has held, and how much of what it holds is files; as Linux tells it.

    Files are programs and libraries, and the index that SQLite keeps of its log while a transaction lasts.
    """
    most, files = (_megabytes(Path("/proc/self/status"), name) for name in ("VmHWM:", "RssFile:"))
    return f"{most:,.0f} MB at the most, {most - files:,.0f} MB of its own and {files:,.0f} MB of files"


def main() -> None:
    """Print both; or, as a process of its own, the peak of memory alone."""
    if sys.argv[1:2] == ["--memory"]:
        with database():
            print(memory_of_import(int(sys.argv[2])))
        return
    rows, base = (int(number) for number in sys.argv[1:3]) if sys.argv[2:] else (ROWS, BASE)
    make_sized(base)
    speed(rows)
    for number in MEMORY:
        print(f"{number:,} rows: {memory(number)}")


if __name__ == "__main__":
    main()
