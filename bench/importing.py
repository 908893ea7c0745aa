"""Times the import: 100,000 rows of the claims table into a base of as many claims, and what bare tables would take.

Run as `python -m bench importing`. The reference is a plain `executemany` of the very rows that the import wrote, into
the same tables with their indexes and without the journal's triggers: records, history, derived state, words and the
journal's own. Beside it `bulk_create_with_history` of django-simple-history writes as many claims with
their attributions, which is history and nothing else. Then the peak of memory with 10,000 and with 100,000 rows.
"""

import importlib.util
import os
import pickle
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any

import django

if __name__ == "__main__" and "--memory" in sys.argv:
    os.environ["DJANGO_SETTINGS_MODULE"] = "provenance.settings"
    django.setup()

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from simple_history.utils import bulk_create_with_history

from bench.__main__ import database
from bench.sized import make_sized
from claims.interchange.tables.rows import Row
from claims.interchange.understanding import entry_of
from claims.ledger.install import uninstall
from claims.models import Agent, Attribution, Claim, ClaimWording, Question, Source
from claims.models.guarded import GuardedQuerySet
from claims.services.importing import Orders, Report, run

ROWS = BASE = 100_000
OF_A_QUESTION, OF_A_SOURCE, SPEAKERS, OUTLETS = 20, 10, 2_000, 50
PIECE = 20_000
MEMORY = (10_000, 100_000)
OTHERS = ("import_export",)


def table(number: int, *, seed: int = 1) -> Iterator[Row]:
    """So many rows: figures of many speakers in many sources, a third of the questions of one kind each."""
    draw = random.Random(seed)
    kinds = ("quantity", "choice", "yes_no")
    for line in range(number):
        question = line // OF_A_QUESTION
        kind = kinds[question % len(kinds)]
        answer = {"quantity": str(100 + draw.randrange(3)), "choice": f"Place {draw.randrange(3)}", "yes_no": "yes"}
        source = draw.randrange(max(1, number // OF_A_SOURCE))
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


def imported(rows: int, *, seed: int = 1) -> tuple[Report, float]:
    """Import so many rows; what became of them, and the seconds it took."""
    began = time.perf_counter()
    report = run((entry_of(row) for row in table(rows, seed=seed)), Orders(by=None, reason="Timed", command="bench"))
    return report, time.perf_counter() - began


def tables() -> list[type[Model]]:
    """Every table of ours that a change writes, with its history; the journal's included."""
    models = [*apps.get_app_config("claims").get_models(), *apps.get_app_config("ledger").get_models()]
    return [model for model in models if model._meta.model_name not in {"context", "sweep"}]


def _last_key(model: type[Model]) -> Any:
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT MAX("{key}") FROM "{model._meta.db_table}"')  # noqa: S608 - our own names
        return cursor.fetchone()[0]


def _columns(model: type[Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def kept(last: Mapping[type[Model], Any], file: IO[bytes]) -> int:
    """Put the rows that came in since into the file, table by table, in pieces; how many there are."""
    number = 0
    for model, after in last.items():
        for rows in _pieces(model, after):
            pickle.dump((model._meta.label, rows), file)
            number += len(rows)
    return number


def _pieces(model: type[Model], after: Any) -> Iterator[list[Any]]:
    """The rows with a higher key, as the database has them."""
    table, key = model._meta.db_table, model._meta.pk.column
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT {_columns(model)}, "{key}" FROM "{table}" WHERE "{key}" > %s ORDER BY "{key}" LIMIT {PIECE}',  # noqa: S608
                [-1 if after is None else after],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row[:-1]) for row in rows]
        after = rows[-1][-1]


def bare(file: IO[bytes]) -> float:
    """Seconds that a plain `executemany` of the kept rows takes, into the tables that they are from."""
    took = 0.0
    while True:
        try:
            name, rows = pickle.load(file)  # noqa: S301 - written a moment ago
        except EOFError:
            return took
        model = apps.get_model(name)
        places = ", ".join(["%s"] * len(model._meta.concrete_fields))
        statement = f'INSERT INTO "{model._meta.db_table}" ({_columns(model)}) VALUES ({places})'  # noqa: S608
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
        took += time.perf_counter() - began


def with_history(rows: int) -> float:
    """Seconds that `bulk_create_with_history` takes for as many claims: no journal, no derived state, no look-ups."""
    keep = partial(bulk_create_with_history, default_change_reason="Timed")
    began = time.perf_counter()
    speaker, question = Agent.objects.first(), Question.objects.first()
    for first in range(0, rows, 1_000):
        numbers = range(first, min(rows, first + 1_000))
        sources = keep([Source(title=f"History {number}") for number in numbers if number % OF_A_SOURCE == 0], Source)
        said = [Attribution(source=sources[number % len(sources)], speaker=speaker) for number in numbers]
        attributions = keep(said, Attribution)
        claims = keep([Claim(attribution=each, question=question, answer="100") for each in attributions], Claim)
        keep([ClaimWording(claim=each, language="en", text="It was so.") for each in claims], ClaimWording)
    return time.perf_counter() - began


@contextmanager
def unguarded() -> Iterator[None]:
    """As if our tables could be written past the services, so that the reference can write them."""
    guard = GuardedQuerySet.bulk_create
    GuardedQuerySet.bulk_create = QuerySet.bulk_create  # type: ignore[method-assign]
    try:
        yield
    finally:
        GuardedQuerySet.bulk_create = guard  # type: ignore[method-assign]


def speed(rows: int) -> None:
    """Print what the import takes, and the references."""
    last = {model: _last_key(model) for model in tables()}
    with TemporaryFile() as file:
        with transaction.atomic():
            report, took = imported(rows)
            number = kept(last, file)
            transaction.set_rollback(True)
        file.seek(0)
        with transaction.atomic():
            uninstall()
            plain = bare(file)
            transaction.set_rollback(True)
    with transaction.atomic(), unguarded():
        uninstall()
        history = with_history(rows)
        transaction.set_rollback(True)
    print(f"{connection.vendor}: {report.new:,} claims, {number:,} rows of {number / rows:.0f} to a claim")
    for name, seconds in (("import", took), ("executemany", plain), ("bulk_create_with_history", history)):
        print(f"{name:26} {seconds:8.1f} s {rows / seconds:10,.0f} claims a second")
    print(f"of the speed of executemany: {plain / took:.2f} (goal: 0.4)")
    for name in OTHERS:
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed, and is not measured")


def memory(rows: int) -> float:
    """The peak of memory of a process that imports so many rows into an empty database, in megabytes."""
    command = [sys.executable, "-m", "bench.importing", "--memory", str(rows)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(told.split()[-1])


def main() -> None:
    """Print both; or, as a process of its own, the peak of memory alone."""
    if sys.argv[1:2] == ["--memory"]:
        with database():
            imported(int(sys.argv[2]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    rows = int(sys.argv[1]) if sys.argv[1:] else ROWS
    make_sized(int(sys.argv[2]) if sys.argv[2:] else BASE)
    speed(rows)
    for number in MEMORY:
        print(f"{number:,} rows: {memory(number):,.0f} MB at the most")


if __name__ == "__main__":
    main()
