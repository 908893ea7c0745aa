"""Kills writers, sweeper and database connections at random moments, and looks whether anything was lost.

    python -m tests.ledger.soak --rounds 500 [--seed N]     in a database of its own
    python -m tests.ledger.soak --rounds 20 --here          in the one of DATABASE_URL

Three writers record and change at the same time, a sweeper seals and signs. Every round one of them is killed
(SIGKILL), on a PostgreSQL of its own now and then the server's process for one of them, upon which the server recovers
as after a crash. A writer notes each commit in a file of its own (fsync): what is in there was acknowledged. At the
end, and every `CHECKED` rounds, all are killed and everything is compared.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import django

WRITERS, QUESTIONS, CHECKED = 3, 5, 25
LONGEST_LIFE = 0.6
KILLS_OF_THE_SERVER = 0.15


class Lost(AssertionError):  # noqa: N818 - it names what happened
    """Something that must not be."""


class Soak:
    """The processes, and the folder where they note what they did."""

    def __init__(self, folder: Path, seed: int, *, server: bool = False) -> None:
        self.folder = folder
        self.server = server  # whether the server is ours alone, to be killed as well
        self.random = random.Random(seed)  # noqa: S311 - kills need not be secret
        self.numbers = count(1)
        self.children: dict[int, str] = {}
        self.killed = {"writer": 0, "sweeper": 0, "server": 0}

    def run(self, rounds: int) -> None:
        """Kill so often; raises `Lost`."""
        prepare()
        for number in range(1, rounds + 1):
            while len(self.children) <= WRITERS:
                self.start("sweeper" if "sweeper" not in self.children.values() else "writer")
            time.sleep(self.random.uniform(0.02, LONGEST_LIFE))
            self.kill(self.random.choice(list(self.children)))
            if number % CHECKED == 0 or number == rounds:
                while self.children:
                    self.kill(next(iter(self.children)))
                say(f"{number} rounds, killed {self.killed}: {check(self.folder)}")

    def start(self, kind: str) -> None:
        """Fork a process that does its work until it is killed."""
        name, seed = f"{kind}-{next(self.numbers)}", self.random.random()
        close_connections()
        child = os.fork()
        if child == 0:
            try:
                work = sweep if kind == "sweeper" else write
                work(self.folder, name, random.Random(seed))  # noqa: S311
            finally:
                os._exit(1)
        self.children[child] = kind

    def kill(self, child: int) -> None:
        """End a process at once, or what serves it."""
        kind = self.children.pop(child)
        unlucky = self.server and kind == "writer" and self.children and self.random.random() < KILLS_OF_THE_SERVER
        if unlucky and kill_the_server():
            self.killed["server"] += 1
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        self.killed[kind] += 1


# --- what the processes do --------------------------------------------------------------------------------------------


def write(folder: Path, name: str, chance: random.Random) -> NoReturn:
    """Record and change, and note what was acknowledged."""
    from django.db import DatabaseError, connection  # noqa: PLC0415

    notes = os.open(folder / f"{name}.acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while True:
        try:
            if connection.vendor == "postgresql":  # the server of the tests need not wait for its own log; this has to
                with connection.cursor() as cursor:
                    cursor.execute("SET synchronous_commit = on")
            while True:
                for table, key, version in chance.choice((recorded, changed))(name, chance):
                    os.write(notes, f"{table} {key} {version}\n".encode())
                os.fsync(notes)
        except (DatabaseError, RuntimeError):  # the server recovers, or another writer was quicker
            connection.close()
            time.sleep(0.05)


def recorded(name: str, chance: random.Random) -> Iterator[tuple[str, int, int]]:
    """Record an attribution with a claim."""
    from claims.models import Agent, Attribution, Claim, Question, Source  # noqa: PLC0415
    from claims.services.recording import NewAttribution, NewClaim, record  # noqa: PLC0415

    question = chance.choice(list(Question.objects.order_by("pk")[:QUESTIONS]))
    attribution = Attribution(source=Source.objects.earliest("pk"), speaker=Agent.objects.earliest("pk"))
    claim = Claim(question=question, answer=str(chance.randrange(4)))
    new = NewAttribution(attribution=attribution, claims=[NewClaim(claim=claim, wordings={"en": f"By {name}"})])
    record(attributions=[new], by=None, reason="Soak", command=name)
    yield "claims_attribution", attribution.pk, attribution.version
    yield "claims_claim", claim.pk, claim.version


def changed(name: str, chance: random.Random) -> Iterator[tuple[str, int, int]]:
    """Change the note of a question and of the source that all share."""
    from claims.models import Question, Source  # noqa: PLC0415
    from claims.services.transaction import change, save  # noqa: PLC0415

    question = chance.choice(list(Question.objects.order_by("pk")[:QUESTIONS]))
    source = Source.objects.earliest("pk")
    question.note, source.note = f"{name} {chance.random()}", f"{name} {chance.random()}"
    with change(by=None, reason="Soak", command=name) as this:
        save(this, [question, source])
    yield "claims_question", question.pk, question.version
    yield "claims_source", source.pk, source.version


def sweep(folder: Path, _name: str, _chance: random.Random) -> NoReturn:
    """Seal and sign without a pause."""
    from django.db import DatabaseError, connection  # noqa: PLC0415

    from claims.ledger.checkpoints import checkpoint  # noqa: PLC0415

    while True:
        try:
            checkpoint(shelf_in(folder))
        except DatabaseError:
            connection.close()
            time.sleep(0.05)


def prepare() -> None:
    """The records that the writers write about."""
    from claims.models import Agent, Question, Source  # noqa: PLC0415
    from claims.services.transaction import change, save  # noqa: PLC0415

    with change(by=None, reason="Soak", command="soak") as this:
        questions = [Question(text=f"Question {number}", kind="quantity") for number in range(QUESTIONS)]
        save(this, [Agent(name="Somebody", kind="person"), Source(title="Somewhere"), *questions])


def kill_the_server() -> bool:
    """End one of the server's processes, whereupon it ends all and recovers; False where that is not to be had."""
    from django.db import DatabaseError, connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1"
            )
            found = cursor.fetchall()
        if not found:
            return False
        os.kill(found[0][0], signal.SIGKILL)
    except (PermissionError, ProcessLookupError, DatabaseError):
        return False
    finally:
        connection.close()
    return True


# --- what must be -----------------------------------------------------------------------------------------------------


def check(folder: Path) -> str:
    """Everything acknowledged is there, with version and journal; tree and checkpoints agree. Raises `Lost`."""
    from claims.ledger.checkpoints import checkpoint  # noqa: PLC0415
    from claims.ledger.reconcile import reconcile  # noqa: PLC0415
    from claims.ledger.verifying import verify  # noqa: PLC0415

    patiently(close_and_ask)
    written = versions_written()
    acknowledged = {line for path in folder.glob("*.acknowledged") for line in whole_lines(path)}
    if missing := acknowledged - written:
        raise Lost(f"acknowledged, but not there with version and journal: {sorted(missing)[:5]}")
    place = shelf_in(folder)
    signed = checkpoint(place, everywhere=True)
    if wrong := [*verify(place), *(each.sentence for each in reconcile(place) if each.differs)]:
        raise Lost("\n".join(wrong[:20]))
    return (
        f"{len(acknowledged)} writes acknowledged, {len(written)} journaled, {signed.size} entries sealed; nothing lost"
    )


def versions_written() -> set[str]:
    """Table, key and version of every row that a version and a journal entry both tell of."""
    import json  # noqa: PLC0415

    from django.db import connection  # noqa: PLC0415

    from claims.models import RECORDS  # noqa: PLC0415

    journaled, kept = set(), set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.table_name, e.row_key, p.body FROM ledger_entry e JOIN ledger_payload p ON p.entry_id = e.id"
        )
        for table, key, body in cursor.fetchall():
            after = json.loads(body)["after"]
            if after is not None and "version" in after:
                journaled.add(f"{table} {key} {after['version']}")
        for model in RECORDS:
            cursor.execute(f"SELECT id, version FROM {model.history.model._meta.db_table}")  # noqa: S608
            kept |= {f"{model._meta.db_table} {key} {version}" for key, version in cursor.fetchall()}
    if journaled != kept:
        raise Lost(f"versions and journal differ: {sorted(journaled ^ kept)[:5]}")
    return kept


def whole_lines(path: Path) -> list[str]:
    """The lines that were written to their end before the kill."""
    return path.read_text().rpartition("\n")[0].splitlines()


def shelf_in(folder: Path) -> Any:
    """The checkpoints of this soak."""
    from claims.ledger.checkpoints import Shelf  # noqa: PLC0415

    return Shelf(folder / "checkpoints")


def say(line: str) -> None:
    """Tell how it goes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def close_connections() -> None:
    """A connection is not shared between processes."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


def close_and_ask() -> None:
    from django.db import connection  # noqa: PLC0415

    connection.close()
    connection.ensure_connection()


def patiently(ask: Callable[[], None]) -> None:
    """A server that recovers is not there for a moment."""
    from django.db import DatabaseError  # noqa: PLC0415

    for _ in range(200):
        try:
            return ask()
        except DatabaseError:
            time.sleep(0.1)
    raise Lost("the server did not come back")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m tests.ledger.soak", description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument(
        "--here", action="store_true", help="in the database of DATABASE_URL, which stays as it is left"
    )
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "provenance.settings"
    django.setup()
    from django.db import connection  # noqa: PLC0415

    from bench.__main__ import database  # noqa: PLC0415

    say(f"{connection.vendor}, seed {asked.seed}")
    with nullcontext() if asked.here else database(), tempfile.TemporaryDirectory() as folder:
        try:
            Soak(Path(folder), asked.seed, server=not asked.here).run(asked.rounds)
        except Lost as lost:
            sys.exit(str(lost))


if __name__ == "__main__":
    main()
