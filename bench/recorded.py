"""Times pages as recorded on a moment, in a history of 1,000 rows and of 200,000, and the same pages as they are now.

Run as `python -m bench recorded`. The pages are the same in both: a question, one of its claims and that claim's
speaker. The other rows are of other records, each with several versions, made up in bulk past triggers and services.
At the end the pages' own records get so many versions too, which the moment lies in the midst of.
"""

import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from statistics import median

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.utils import timezone

from bench.sized import make_sized
from claims.ledger.install import uninstall
from claims.models import RECORDS, Agent, Attribution, Claim, Question, Record, Source, User
from claims.services.transaction import change, save

CLAIMS, QUESTIONS = 40, 7
OTHER_CLAIMS, VERSIONS = 15_000, 4
OWN_VERSIONS = 100
ROUNDS = 15


def desk() -> dict[str, Record]:
    """Some contested questions of `CLAIMS` claims each, recorded by the service; returns the records of the pages."""
    for _ in range(QUESTIONS):
        with change(by=None, reason="Timed", command="bench") as this:
            question = Question(text=f"Question of {timezone.now()}", kind="quantity")
            source = Source(title="The source of them all")
            speakers = [Agent(name=f"Speaker {number}", kind="person") for number in range(CLAIMS)]
            attributions = [Attribution(source=source, speaker=speaker) for speaker in speakers]
            claims = [
                Claim(
                    question=question, attribution=each, answer=str(answer), quantity_low=answer, quantity_high=answer
                )
                for each, answer in zip(attributions, (300 + number % 2 for number in range(CLAIMS)), strict=True)
            ]
            save(this, [question, source, *speakers, *attributions, *claims])
    return {"questions": question, "claims": claims[0], "agents": speakers[0]}


def rows() -> int:
    """How many versions there are."""
    return sum(model.history.count() for model in RECORDS)


def add_versions(model: type[Record], condition: str, first: datetime, versions: int) -> None:
    """So many versions of the records that meet the condition, a day after one another, all as the records are now."""
    table, history = model._meta.db_table, model.history.model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    statement = f"""
        INSERT INTO "{history}" ({columns}, history_date, history_type, history_change_reason)
        SELECT {columns}, %s, '~', 'Bench' FROM "{table}" WHERE {condition}
    """  # noqa: S608 - names of our own tables, and keys
    with connection.cursor() as cursor:
        for number in range(versions):
            cursor.execute(statement, [connection.ops.adapt_datetimefield_value(first + timedelta(days=number))])


def timed(client: Client, pages: dict[str, Record], moment: str) -> dict[str, tuple[float, int]]:
    """For each page the seconds, in the middle of some rounds, and the number of queries."""
    took = {}
    for kind, record in pages.items():
        address = f"/{kind}/{record.uid}/" + (f"?recorded_on={moment}" if moment else "")
        with CaptureQueriesContext(connection) as queries:
            if client.get(address).status_code != 200:  # noqa: PLR2004
                raise AssertionError(address)
            asked = len(queries)
        seconds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            client.get(address)
            seconds.append(time.perf_counter() - began)
        took[kind] = median(seconds), asked
    return took


def analysed() -> None:
    """What PostgreSQL knows of its tables after a while; SQLite knows nothing unless it is told to find out."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def told(client: Client, pages: dict[str, Record], moment: str, smallest: dict[str, float]) -> None:
    """Print a line a page; `smallest` has the seconds of the smallest history, once they are known."""
    present, past = timed(client, pages, ""), timed(client, pages, moment)
    print(f"{rows():,} rows of history", flush=True)
    for kind, (seconds, queries) in past.items():
        now, of_now = present[kind]
        ratio = seconds / smallest.setdefault(kind, seconds)
        plain = f"now {now * 1000:7.1f} ms {of_now:3} queries"
        print(f"  {kind:10} {plain}   then {seconds * 1000:7.1f} ms {queries:3} queries {ratio:6.2f} x")


def main() -> None:
    """Print milliseconds and queries of each page, now and then, and how often the smallest history's time that is."""
    setup_test_environment()
    client = Client()
    client.force_login(
        User.objects.create_user("bench", is_superuser=True), "django.contrib.auth.backends.ModelBackend"
    )
    pages = desk()
    moment = timezone.now()
    written = moment.isoformat().replace("+00:00", "Z")
    last = {model: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in RECORDS}
    smallest: dict[str, float] = {}
    analysed()
    told(client, pages, written, smallest)
    # One transaction makes SQLite quick; PostgreSQL does not put triggers back in the one that wrote the rows.
    with transaction.atomic() if connection.vendor == "sqlite" else nullcontext():
        make_sized(OTHER_CLAIMS)
    uninstall()
    with transaction.atomic():
        for model, key in last.items():
            add_versions(model, f"id > {key}", datetime(2016, 1, 1, tzinfo=UTC), VERSIONS)
    analysed()
    told(client, pages, written, smallest)
    with transaction.atomic():
        for model, key in last.items():
            for first in (moment - timedelta(days=OWN_VERSIONS), moment + timedelta(days=1)):
                add_versions(model, f"id <= {key}", first, OWN_VERSIONS // 2)
    analysed()
    told(client, pages, written, smallest)


if __name__ == "__main__":
    main()
