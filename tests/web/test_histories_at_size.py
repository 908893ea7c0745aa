"""The pages of a history take the same queries and read the same few rows, however much history there is."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.histories import addresses, grown, record_claim
from claims.models import Claim
from claims.permissions import Role
from claims.queries.histories import changes_since
from tests import factories as make
from tests.web.test_pages_at_size import REMOVED, Steps

pytestmark = pytest.mark.django_db

FEW, MANY = 200, 10_000
TABLES = "claims_historicalclaim|claims_historicalclaimwording"
SQLITE = re.compile(rf"SCAN ({TABLES})\b")
POSTGRESQL = re.compile(rf"Scan.* on ({TABLES})\b.*\(actual rows=([\d.]+) loops=(\d+)\)((?:\n +(?!->).*)*)")
# A page shows fifty changes; reading all versions of the one record would be ten thousand.
MOST_ROWS = 1_000
# A thousand steps of SQLite's machine; reading ten thousand rows takes forty of them at the least.
MOST_STEPS = 20


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make.make_user(Role.ADMINISTRATOR))
    return client


def asked(client: Client, address: str) -> list[str]:
    """The queries that the page asks."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return [query["sql"] for query in queries]


def reads_too_much(sql: str) -> str:
    """The plan of a query that reads a table of history, or all versions of a record; else nothing."""
    postgresql = connection.vendor == "postgresql"
    how = "EXPLAIN (ANALYZE, TIMING OFF)" if postgresql else "EXPLAIN QUERY PLAN"
    steps = Steps()
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}".replace("%", "%%"))
        plan = "\n".join(row[0 if postgresql else 3] for row in cursor.fetchall())
        if not postgresql:
            cursor.execute(sql.replace("%", "%%"))
            cursor.fetchall()
            return plan if SQLITE.search(plan) or steps.taken > MOST_STEPS else ""
    read = (
        (float(scan[2]) + sum(map(int, REMOVED.findall(scan[4])))) * int(scan[3]) for scan in POSTGRESQL.finditer(plan)
    )
    return plan if any(rows > MOST_ROWS for rows in read) else ""


@pytest.mark.parametrize("spread", [True, False], ids=["of many records", "of one record"])
def test_no_page_reads_all_of_the_history(reader: Client, spread: bool) -> None:
    kept = grown(record_claim(), versions=FEW)
    few = {name: len(asked(reader, address)) for name, address in addresses(kept).items()}
    kept = grown(kept, others=2 * MANY) if spread else grown(kept, versions=MANY)
    wrong = {}
    for name, address in addresses(kept).items():
        queries = asked(reader, address)
        assert len(queries) == few[name], name
        for sql in queries:
            if "claims_historical" in sql and (plan := reads_too_much(sql)):
                wrong[name] = f"{sql[:400]}\n{plan}"
    assert not wrong, "\n\n".join(f"{name}\n{why}" for name, why in wrong.items())


def test_what_was_changed_since_a_form_was_opened_is_read_from_its_version_on() -> None:
    claim = grown(record_claim(), versions=MANY).claim
    with CaptureQueriesContext(connection) as queries:
        assert [each.number for each in changes_since(Claim, claim.pk, MANY - 2)] == [MANY, MANY - 1]
    assert not [plan for query in queries if (plan := reads_too_much(query["sql"]))]
