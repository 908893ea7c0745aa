"""Times the import: 100,000 rows of the claims table into a base of as many claims, and what bare tables would take.

Run as `python -m bench importing`. The reference is a plain `executemany` of the very rows that the import wrote, into
the same tables with their indexes and without the journal's triggers: records, history, derived state, words and the
journal's own. Beside it what others write of as many claims (`bench.importing_others`). Then the peak of memory with
the first 10,000 and 100,000 rows of a table of a million. `python -m bench importing 10000 20000` imports so many into
so many.
"""

import os
import pickle
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

import django

if __name__ == "__main__" and "--memory" in sys.argv:
    os.environ["DJANGO_SETTINGS_MODULE"] = "provenance.settings"
    django.setup()

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from bench.__main__ import database
from bench.importing_others import others, unguarded
from bench.sized import make_sized
from claims.interchange.tables.rows import Row
from claims.interchange.understanding import entry_of
from claims.ledger.install import uninstall
from claims.services.importing import Orders, Report, run

ROWS = BASE = 100_000
OF_A_QUESTION, OF_A_SOURCE, SPEAKERS, OUTLETS = 20, 10, 2_000, 50
PIECE = 20_000
# The first rows of one table: a batch names as many different sources, however many batches there are.
LARGEST = 1_000_000
MEMORY = (10_000, 100_000)


class Seconds(NamedTuple):
    """What something took by the clock, and of this process's processor."""

    clock: float = 0
    processor: float = 0

    def and_of(self, other: "Seconds") -> "Seconds":
        """What both took together."""
        return Seconds(self.clock + other.clock, self.processor + other.processor)


def now() -> Seconds:
    """The time of both."""
    return Seconds(time.perf_counter(), time.process_time())


def since(begun: Seconds) -> Seconds:
    """What has passed since."""
    ended = now()
    return Seconds(ended.clock - begun.clock, ended.processor - begun.processor)


def timed(work: Callable[[], object]) -> Seconds:
    """Do it, and say what it took."""
    begun = now()
    work()
    return since(begun)


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


def tables() -> list[type[Model]]:
    """Every table of ours that a change writes, with its history; the journal's included."""
    models = [*apps.get_app_config("claims").get_models(), *apps.get_app_config("ledger").get_models()]
    return [model for model in models if model._meta.model_name not in {"context", "sweep"}]


def _key(model: type[Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.pk_fields)


def _last_key(model: type[Model]) -> tuple[Any, ...] | None:
    key = _key(model)
    last = ", ".join(f"{column} DESC" for column in key.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {key} FROM "{model._meta.db_table}" ORDER BY {last} LIMIT 1')  # noqa: S608 - our own names
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def _columns(model: type[Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def kept(last: Mapping[type[Model], tuple[Any, ...] | None], file: IO[bytes]) -> int:
    """Put the rows that came in since into the file, table by table, in pieces; how many there are."""
    number = 0
    for model, after in last.items():
        for rows in _pieces(model, after):
            pickle.dump((model._meta.label, rows), file)
            number += len(rows)
    return number


def _pieces(model: type[Model], after: tuple[Any, ...] | None) -> Iterator[list[Any]]:
    """The rows with a higher key, as the database has them."""
    table, key, parts = model._meta.db_table, _key(model), len(model._meta.pk_fields)
    while True:
        above = f"WHERE ({key}) > ({', '.join(['%s'] * parts)})" if after is not None else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT {_columns(model)}, {key} FROM "{table}" {above} ORDER BY {key} LIMIT {PIECE}',  # noqa: S608
                after or (),
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row[:-parts]) for row in rows]
        after = rows[-1][-parts:]


def bare(file: IO[bytes]) -> Seconds:
    """What a plain `executemany` of the kept rows takes, into the tables that they are from."""
    took = Seconds()
    while True:
        try:
            name, rows = pickle.load(file)  # noqa: S301 - written a moment ago
        except EOFError:
            return took
        model = apps.get_model(name)
        places = ", ".join(["%s"] * len(model._meta.concrete_fields))
        statement = f'INSERT INTO "{model._meta.db_table}" ({_columns(model)}) VALUES ({places})'  # noqa: S608
        with connection.cursor() as cursor:
            took = took.and_of(timed(partial(cursor.executemany, statement, rows)))


def speed(rows: int) -> None:
    """Print what the import takes, and the references; each in a transaction of its own, that is rolled back.

    A machine is faster in one minute than in the next. So the import is timed before `executemany` and after it, and
    others write one half before the first of these and one after the last.
    """
    last = {model: _last_key(model) for model in tables()}
    of_others = others(rows)
    before = {
        name: _rolled_back(partial(timed, partial(write, some // 2))) for name, (write, some) in of_others.items()
    }
    with TemporaryFile() as file:
        first, number = _imported(rows, partial(kept, last, file))
        file.seek(0)
        plain = _rolled_back(partial(bare, file))
        second, _number = _imported(rows, lambda: number)
    taken = first.and_of(second)
    print(f"{connection.vendor}: {number:,} rows of {number / rows:.0f} to a claim")
    tell("import, twice", taken, 2 * rows)
    tell("executemany", plain, rows)
    print(f"of the speed of executemany: {2 * plain.clock / taken.clock:.2f} (goal: 0.4)", flush=True)
    for name, (write, some) in of_others.items():
        after = _rolled_back(partial(timed, partial(write, some - some // 2)))
        took = before[name].and_of(after)
        tell(name, took, some)
        print(f"import, of {name}: {2 * rows / taken.clock * took.clock / some:.2f}", flush=True)


def _imported(rows: int, at_end: Callable[[], int]) -> tuple[Seconds, int]:
    """What the import takes until all rows are written, and what is found then, before they are rolled back."""
    found: list[tuple[Seconds, int]] = []

    def progress(report: Report) -> None:
        if report.rows == rows:
            took = since(begun)
            found.append((took, at_end()))

    begun = now()
    imported(rows, dry_run=True, progress=progress)
    return found[-1]


def _rolled_back(work: Callable[[], Seconds]) -> Seconds:
    """What is timed past our guard and without the journal."""
    with transaction.atomic(), unguarded():
        uninstall()
        took = work()
        transaction.set_rollback(True)
    return took


def tell(name: str, seconds: Seconds, rows: int) -> None:
    """Print what writing so many claims took."""
    print(f"{name:26} {seconds.clock:8.1f} s {seconds.processor:8.1f} s of the processor", end="")
    print(f"{rows / seconds.clock:10,.0f} claims a second, of {rows:,}", flush=True)


def memory(rows: int) -> str:
    """The peak of memory of a process that imports so many rows into an empty database."""
    command = [sys.executable, "-m", "bench.importing", "--memory", str(rows)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]


def held() -> str:
    """The most memory that this process has held, and how much of what it holds is files; as Linux tells it.

    Files are programs and libraries, and the index that SQLite keeps of its log while a transaction lasts.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    most, files = (int(status.partition(name)[2].split()[0]) / 1024 for name in ("VmHWM:", "RssFile:"))
    return f"{most:,.0f} MB at the most, {most - files:,.0f} MB of its own and {files:,.0f} MB of files"


def main() -> None:
    """Print both; or, as a process of its own, the peak of memory alone."""
    if sys.argv[1:2] == ["--memory"]:
        with database():
            imported(int(sys.argv[2]), of=LARGEST)
            print(held())
        return
    rows, base = (int(number) for number in sys.argv[1:3]) if sys.argv[2:] else (ROWS, BASE)
    make_sized(base)
    speed(rows)
    for number in MEMORY:
        print(f"{number:,} rows: {memory(number)}")


if __name__ == "__main__":
    main()
