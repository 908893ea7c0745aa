"""At a hundred thousand claims no page reads a whole table: every query of every list is explained."""

import re
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.sized import CLAIMS, PUBLISHERS, Sized, make_sized
from claims.models import Agent, Claim, Question, Side, Source, Topic

# Tables that grow with the claims. Topics and sides stay few, and a filter counts them no further than a hundred.
LARGE = ("claim", "claimstate", "claimtoken", "claimwording", "attribution", "passage", "relay", "historicalclaim")
LARGE += ("question", "questionstate", "position", "source", "agent")
TABLES = "|".join(f"claims_{name}" for name in LARGE)
# A table that is walked along an index is read only as far as the page needs. "SCAN" alone is from end to end.
SQLITE = re.compile(rf"SCAN ({TABLES})\b(?! USING)")
# The newest versions whatever they are, a few of them: SQLite takes them off the end of the table, and calls it a scan.
NEWEST = re.compile(r'^SELECT [^()]+ FROM "\w+" ORDER BY "\w+"\."history_id" DESC LIMIT \d\d?$')
# PostgreSQL may read a table as it lies where it stops soon: what counts is how many rows it has read.
POSTGRESQL = re.compile(rf"Seq Scan on ({TABLES})\b.*\(actual rows=(\d+) loops=(\d+)\)((?:\n +(?!->).*)*)")
REMOVED = re.compile(r"Rows Removed by Filter: (\d+)")
MOST_ROWS = 20_000
# A thousand steps of SQLite's machine: reading all claims takes four hundred of them at the least.
MOST_STEPS = 300


def addresses(plan: Sized) -> Iterator[str]:
    """Every list, its later pages, each filter, each order, and the pages of records."""
    claim = Claim.objects.get(pk=plan.claim + CLAIMS // 2)
    large, other = (Question.objects.get(pk=plan.question + number) for number in (0, 10))
    source, topic, side = (
        model.objects.get(pk=key) for model, key in ((Source, plan.source), (Topic, plan.topic), (Side, plan.side))
    )
    speaker, publisher = (Agent.objects.get(pk=plan.agent + number) for number in (PUBLISHERS, 1))
    yield from ("/", "/questions/", "/questions/?state=contested", f"/questions/?after={other.uid}", "/sources/")
    yield from (f"/sources/?after={source.uid}", "/agents/", f"/agents/?before={speaker.uid}")
    yield from (f"/questions/{large.uid}/", f"/questions/{other.uid}/", f"/questions/{other.uid}/?known_on=2017")
    yield from (f"/claims/{claim.uid}/", f"/sources/{source.uid}/", f"/topics/{topic.uid}/")
    yield from (f"/agents/{speaker.uid}/", f"/agents/{publisher.uid}/")
    filters = [
        "", f"topic={topic.uid}", f"question={large.uid}", f"question={large.uid}&position=B", f"speaker={speaker.uid}",
        f"side={side.uid}", f"source={source.uid}", f"publisher={publisher.uid}", "state=contested", "contested=yes",
        "has_passage=no", "state=contested&state=single_origin", "state=tentative", "stance=affirms", "stance=doubts",
        "review=pending", "review=discarded", "language=ar", "language=fr", "has_passage=yes", "text=common",
        "text=word7", "text=common+word7", "text=nothing", "said_from=2019", "said_from=2030", "said_until=2016",
        "said_from=2019-01&said_until=2019-02", "published_from=2022", "published_until=2014",
        "review=checked", "review=stale",
    ]  # fmt: skip
    yield from (f"/claims/?{asked}" for asked in filters)
    yield from (f"/claims/?{asked}&{place}={claim.uid}" for asked in filters[:8] for place in ("after", "before"))
    orders = ("recorded", "said", "said_first", "published", "published_first")
    yield from (f"/claims/?sort={order}{place}" for order in orders for place in ("", f"&after={claim.uid}"))
    yield from (f"/claims/?sort=said&speaker={speaker.uid}", "/claims/?sort=said&text=word7")


class Steps:
    """How many thousand steps SQLite's machine has taken; always none on PostgreSQL."""

    def __init__(self) -> None:
        self.taken = 0
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(self.count, 1_000)

    def count(self) -> int:
        self.taken += 1
        return 0


def reads_a_table(sql: str) -> str:
    """The database's plan for a query if it reads a large table from end to end, else nothing."""
    postgresql = connection.vendor == "postgresql"
    how = "EXPLAIN (ANALYZE, TIMING OFF)" if postgresql else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}".replace("%", "%%"))
        plan = "\n".join(row[0 if postgresql else 3] for row in cursor.fetchall())
    if postgresql:
        return plan if reads_many(plan) else ""
    from_the_end = NEWEST.search(sql) and "TEMP B-TREE" not in plan
    return plan if SQLITE.search(plan) and not from_the_end else ""


def reads_many(plan: str) -> bool:
    """Whether any scan of PostgreSQL has read more than `MOST_ROWS` rows, those that it put aside among them."""
    return any(
        (int(scan[2]) + sum(map(int, REMOVED.findall(scan[4])))) * int(scan[3]) > MOST_ROWS
        for scan in POSTGRESQL.finditer(plan)
    )


def test_no_page_reads_a_whole_table(sized: Sized, reader: Client) -> None:
    wrong: dict[str, str] = {}
    known: set[str] = set()
    for address in list(addresses(sized)):
        steps = Steps()
        with CaptureQueriesContext(connection) as queries:
            response = reader.get(address)
        assert response.status_code == 200, address
        if steps.taken > MOST_STEPS and str(Question.objects.get(pk=sized.question).uid) not in address:
            wrong[address] = f"{steps.taken} thousand steps"
        for query in queries:
            shape = re.sub(r"'[^']*'|\d+", "?", query["sql"])
            if query["sql"].startswith("SELECT") and shape not in known:
                known.add(shape)
                if plan_read := reads_a_table(query["sql"]):
                    wrong[address] = f"{query['sql'][:400]}\n{plan_read}"
    assert not wrong, "\n\n".join(f"{address}\n{why}" for address, why in wrong.items())


def test_a_question_with_thousands_of_claims_shows_some_of_each_position(reader: Client) -> None:
    plan = make_sized(6_000)
    question = Question.objects.get(pk=plan.question)
    page = reader.get(f"/questions/{question.uid}/").content.decode()
    shown = page.count('<article class="claim')
    assert 0 < shown <= 60
    assert f"/claims/?question={question.uid}&amp;position=B" in page
