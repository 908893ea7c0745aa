"""Times the log of changes: its pages with a thousand changes on record and with two hundred thousand.

Run as `python -m bench log`. The rows are written past the services straight into the tables of the journal: consistent
with each other, but nobody made these changes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from itertools import islice
from json import dumps
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import override_settings

from claims.ledger.install import install, uninstall
from claims.ledger.models import ChangePart, Entry, Leaf, LoggedChange, Payload
from claims.models import ChangeTopic, Claim, Topic, User
from claims.services.inserting import insert_rows

SMALL, LARGE = 1_000, 200_000
ROUNDS = 9
MOST_TIMES = 2.0
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
USERS, TOPICS, UNSEALED, UNATTRIBUTED = 20, 50, 10, 100
"""How many users and topics there are; how many of the last entries have no leaf; one entry in so many is nobody's."""
BATCH = 5_000
TABLE = Claim._meta.db_table


@dataclass(frozen=True)
class Log:
    """What was made: keys of the first change and entry, of a user and a topic, and how many changes."""

    changes: int
    first: int
    entry: int
    user: int
    topic: int

    def uid(self, number: int) -> UUID:
        """The identifier of the change of that number, from 0."""
        return UUID(int=(self.first << 64) + number)


def make_log(changes: int) -> Log:
    """Write so many further changes of one claim each, with their entries, contents, parts, topics and leaves."""
    known = User.objects.filter(username="logged0").first()
    user, topic = (known.pk, Topic.objects.get(name="Logged topic 0").pk) if known else (_next(User), _next(Topic))
    log = Log(changes, _next(LoggedChange), _next(Entry), user, topic)
    with transaction.atomic():
        _settle()
        uninstall()
        if not known:
            _write(User, (_filled(User(id=user + n, username=f"logged{n}")) for n in range(USERS)))
            _write(Topic, (_filled(Topic(id=topic + n, name=f"Logged topic {n}")) for n in range(TOPICS)))
        _write(LoggedChange, (_change(log, n) for n in range(changes)))
        _write(ChangePart, (_part(log, n) for n in range(changes)))
        _write(ChangeTopic, ({"topic_id": topic + n % TOPICS, "change_id": log.first + n} for n in range(changes)))
        _write(Entry, (_entry(log, n) for n in range(2 * changes)))
        _write(Payload, (_payload(log, n) for n in range(2 * changes)))
        leaf = _next(Leaf, first=0)
        _write(Leaf, (_leaf(log, leaf, n) for n in range(2 * changes - UNSEALED)))
        _settle()
        install()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return log


def main() -> bool:
    """Print the time of each page at both sizes; whether none took more than twice as long at the larger one."""
    took: dict[str, list[float]] = {}
    made = 0
    client = Client()
    auditor = User.objects.create_superuser("the auditor of the bench", password=None)
    client.force_login(auditor)
    for size in (SMALL, LARGE):
        log = make_log(size - made)
        made = size
        for name, address in addresses(log).items():
            took.setdefault(name, []).append(_timed(client, address))
    for name, (small, large) in took.items():
        print(f"{name:<24} {small * 1000:7.1f} ms {large * 1000:7.1f} ms  {large / small:4.2f} times")
    return all(large <= MOST_TIMES * small for small, large in took.values())


def addresses(log: Log) -> dict[str, str]:
    """The pages of the log that are timed, and whose plans are looked at."""
    user = User.objects.get(pk=log.user)
    topic = Topic.objects.get(pk=log.topic)
    middle, key = log.uid(log.changes // 2 + 1), _key(log, log.changes // 2)
    narrowed = {
        "all": "",
        "a person": f"person={user.username}",
        "a command": "command=import",
        "a record": f"record={TABLE}:{key}",
        "a kind": f"kind={TABLE}",
        "a rare kind": "kind=claims_finding",
        "a topic": f"topic={topic.uid}",
        "a day": "changed_from=2026-01-01&changed_until=2026-01-01",
        "a person and a topic": f"person={user.username}&topic={topic.uid}",
        "not attributed": "attributed=no",
        "not attributed, a day": "attributed=no&changed_from=2026-01-01&changed_until=2026-01-01",
    }
    found = {name: f"/changes/?{query}" for name, query in narrowed.items()}
    found |= {f"{name}, later": f"/changes/?{narrowed[name]}&after={middle}" for name in ("all", "a kind", "a topic")}
    return {**found, "before": f"/changes/?before={middle}", "a change": f"/changes/{middle}/"}


def _timed(client: Client, address: str) -> float:
    took = []
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            response = client.get(address)
            took.append(time.perf_counter() - begun)
            assert response.status_code == HTTPStatus.OK, address  # noqa: S101 - a page that failed is not timed
    return median(took)


# --- the rows ---------------------------------------------------------------------------------------------------------


def _key(log: Log, number: int) -> str:
    """The claim that a change wrote: each is changed ten times."""
    return str(10**9 + log.first + number // 10)


def _change(log: Log, number: int) -> dict[str, Any]:
    by_command = number % 10 == 0
    return {
        "id": log.first + number,
        "uid": log.uid(number),
        "at": BEGINNING + timedelta(minutes=number),
        "user_id": None if by_command else log.user + number % USERS,
        "user_name": "" if by_command else f"logged{number % USERS}",
        "command": "import" if by_command else "",
        "request": "",
        "reason": f"Reason {number}",
    }


def _part(log: Log, number: int) -> dict[str, Any]:
    table = "claims_finding" if number % 5_000 == 0 else TABLE
    return {"change_id": log.first + number, "table_name": table, "operation": "U", "number": 1}


def _entry(log: Log, number: int) -> dict[str, Any]:
    """Two of each change: of the claim, and that the change is on record."""
    change, own = divmod(number, 2)
    loose = number % UNATTRIBUTED == 0
    return {
        "id": log.entry + number,
        "at": BEGINNING + timedelta(minutes=change),
        "table_name": LoggedChange._meta.db_table if own else TABLE,
        "row_key": str(log.first + change) if own else _key(log, change),
        "operation": "I" if own else "U",
        "change": None if loose else log.uid(change),
        "user_id": None,
    }


def _payload(log: Log, number: int) -> dict[str, Any]:
    rows = ({"answer": str(answer), "version": answer} for answer in (number, number + 1))
    body = dumps(dict(zip(("before", "after"), rows, strict=True)) | {"secrets": []})
    return {"entry_id": log.entry + number, "salt": bytes(32), "body": body}


def _leaf(log: Log, first: int, number: int) -> dict[str, Any]:
    hashed = sha256(str(number).encode()).digest()
    return {"number": first + number, "entry_id": log.entry + number, "commitment": hashed, "hash": hashed}


# --- writing ----------------------------------------------------------------------------------------------------------


def _settle() -> None:
    """Have PostgreSQL ask all triggers that are still to be asked: no table is altered before."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _next(model: type[Model], *, first: int = 1) -> int:
    last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    return first if last is None else last + 1


def _filled(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _write(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows given as columns and values."""
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        insert_rows(model, list(batch[0]), [list(row.values()) for row in batch])


if __name__ == "__main__":
    sys.exit(0 if main() else "A page of the log takes more than twice as long at the larger size.")
