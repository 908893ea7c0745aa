"""Times the pages of a record's history: with a thousand rows of history and with two hundred thousand.

Run as `python -m bench histories`; once the rows are spread over many records, once all are of the one whose pages are
shown: half of them its versions, half those of its wording. They are written past the services.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from bench.sized import write
from claims.ledger.install import install, uninstall
from claims.models import Agent, Attribution, Claim, ClaimWording, Question, Record, Source, User
from claims.queries.asked_versions import BEFORE, FROM, TO, written_moment
from claims.services.transaction import change, save

SMALL, LARGE = 1_000, 200_000
ROUNDS = 9
MOST_TIMES = 2.0
VERSIONS = 100
"""How many versions the record has where the rows are spread; each of the others has ten."""
OF_A_RECORD = 10
ELSEWHERE = 10**9

_numbers = count(1)


@dataclass(frozen=True)
class Kept:
    """A claim with its wording, how many versions of each there are, and how many rows of other records."""

    claim: Claim
    wording: ClaimWording
    versions: int = 1
    others: int = 0


def record_claim() -> Kept:
    """A claim with one version."""
    number = next(_numbers)
    with change(by=None, reason="Timed", command="bench") as this:
        question = Question(text=f"A question with history {number}", kind="quantity")
        source, speaker = Source(title="A source"), Agent(name=f"A speaker with history {number}", kind="person")
        attribution = Attribution(source=source, speaker=speaker)
        claim = Claim(question=question, attribution=attribution, answer="1", quantity_low=1, quantity_high=1)
        wording = ClaimWording(claim=claim, language="en", text="Words 0")
        save(this, [question, source, speaker, attribution, claim, wording])
    return Kept(claim, wording)


def grown(kept: Kept, *, versions: int = 0, others: int = 0) -> Kept:
    """The same with at least so many versions of the claim and of its wording, and rows of others' history."""
    more = replace(kept, versions=max(kept.versions, versions), others=max(kept.others, others))
    with transaction.atomic():
        _settle()
        uninstall()
        for record in (kept.claim, kept.wording):
            write(record.history.model, _versions(record, kept.versions, more.versions), key="history_id")
            write(record.history.model, _of_others(record, kept.others // 2, more.others // 2), key="history_id")
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(record._meta.db_table)
                cursor.execute(f"UPDATE {table} SET version = %s WHERE id = %s", [more.versions, record.pk])  # noqa: S608
        _settle()
        install()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return more


def addresses(kept: Kept) -> dict[str, str]:
    """The pages that are timed, and whose plans are looked at."""
    claim, newest = kept.claim, kept.versions
    middle = newest // 2
    older = urlencode({BEFORE: written_moment(_moment(claim, middle))})
    pairs = {
        "the last two": (newest - 1, newest),
        "the first and the last": (1, newest),
        "the middle": (middle, middle + 1),
    }
    found = {}
    for name, history, compare in (
        (
            "research",
            reverse("history", args=["claims", claim.uid]),
            reverse("history_compare", args=["claims", claim.uid]),
        ),
        ("admin", *(reverse(f"admin:claims_claim_{view}", args=[claim.pk]) for view in ("history", "compare"))),
    ):
        found |= {f"{name}, history": history, f"{name}, history, later": f"{history}?{older}"}
        for which, (first, second) in pairs.items():
            found[f"{name}, comparing {which}"] = f"{compare}?{urlencode({FROM: first, TO: second})}"
    for which, number in {"the first": 1, "a middle": middle, "the newest": newest}.items():
        found[f"{which} version"] = reverse("claim_version", args=[claim.uid, number])
    return found


def main() -> bool:
    """Print each page's time at both sizes; whether none took more than twice as long, or other queries."""
    client = Client()
    client.force_login(User.objects.create_superuser("the reader of the bench", password=None))
    spread, one = grown(record_claim(), versions=VERSIONS), record_claim()
    good = True
    for title, small, large in (
        ("Rows of many records", lambda: grown(spread, others=SMALL), lambda: grown(spread, others=LARGE)),
        ("Rows of one record", lambda: grown(one, versions=SMALL // 2), lambda: grown(one, versions=LARGE // 2)),
    ):
        print(title)
        few = _looked_at(client, small())
        many = _looked_at(client, large())
        for name, (queries, seconds) in few.items():
            more_queries, more_seconds = many[name]
            times = more_seconds / seconds
            asked = f"{queries:3} and {more_queries:3} queries"
            print(f"  {name:<40} {seconds * 1000:7.1f} ms {more_seconds * 1000:7.1f} ms  {times:4.2f} times, {asked}")
            good = good and times <= MOST_TIMES and queries == more_queries
    return good


def _looked_at(client: Client, kept: Kept) -> dict[str, tuple[int, float]]:
    """For each page the number of queries, and the seconds of the quickest round: other work disturbs the others."""
    found = {}
    for name, address in addresses(kept).items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == HTTPStatus.OK, address  # noqa: S101 - a page that failed is not timed
        asked, took = len(queries), []  # counted before the next request forgets them
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            client.get(address)
            took.append(time.perf_counter() - begun)
        found[name] = asked, min(took)
    return found


def _versions(record: Record, there: int, wanted: int) -> Iterator[dict[str, Any]]:
    """Rows of further versions of the record, each with a note or words of its own."""
    told = "text" if isinstance(record, ClaimWording) else "note"
    values = _values(record)
    for number in range(there + 1, wanted + 1):
        yield {**values, "version": number, told: f"Words {number}", **_history(record, number)}


def _of_others(record: Record, there: int, wanted: int) -> Iterator[dict[str, Any]]:
    """Rows of records that there are not, for history asks for none."""
    values = _values(record)
    for row in range(there, wanted):
        key, number = divmod(row, OF_A_RECORD)
        whole = {"claim_id": ELSEWHERE + key} if isinstance(record, ClaimWording) else {}
        yield {**values, **whole, "id": ELSEWHERE + key, "version": number + 1, **_history(record, number + 1)}


def _values(record: Record) -> dict[str, Any]:
    """What the record's row holds, in columns whose values are plain."""
    values = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    return {name: value for name, value in values.items() if not isinstance(value, dict | list)}


def _history(record: Record, number: int) -> dict[str, Any]:
    return {"history_date": _moment(record, number), "history_type": "~", "history_change_reason": f"Reason {number}"}


def _moment(record: Record, number: int) -> datetime:
    return record.recorded_at + timedelta(seconds=number - 1)


def _settle() -> None:
    """Have PostgreSQL ask all triggers that are still to be asked: no table is altered before."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


if __name__ == "__main__":
    with override_settings(ALLOWED_HOSTS=["testserver"], DEBUG=False):
        sys.exit(0 if main() else "At the larger size a page takes more than twice as long, or other queries.")
