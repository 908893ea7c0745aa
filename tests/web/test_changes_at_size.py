"""The log asks a fixed number of queries, and at a hundred thousand changes none of them reads a whole table."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.log import addresses, make_log
from claims.permissions import Role
from tests import factories as make
from tests.web.test_pages_at_size import MOST_ROWS, MOST_STEPS, REMOVED, Steps

pytestmark = pytest.mark.django_db

FEW, MANY, LARGE = 10, 200, 100_000
TABLES = "ledger_entry|ledger_payload|ledger_change|ledger_change_part|ledger_leaf|claims_changetopic"
SQLITE = re.compile(rf"SCAN ({TABLES})\b(?! USING)")
POSTGRESQL = re.compile(rf"Scan.* on ({TABLES})\b.*\(actual rows=([\d.]+) loops=(\d+)\)((?:\n +(?!->).*)*)")


@pytest.fixture
def auditor(client: Client) -> Client:
    client.force_login(make.make_user(Role.AUDITOR))
    return client


def asked(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return [query["sql"] for query in queries]


def test_every_page_asks_a_fixed_number_of_queries(auditor: Client) -> None:
    few = {name: len(asked(auditor, address)) for name, address in addresses(make_log(FEW)).items()}
    many = {name: asked(auditor, address) for name, address in addresses(make_log(MANY)).items()}
    for name, queries in many.items():
        # Where there is nothing on a page, less is asked.
        assert len(queries) == few[name] or (len(queries) > few[name] and "rare" in name), (name, queries)
    assert max(map(len, many.values())) <= 24


def plan_of(sql: str) -> str:
    """The database's plan, on PostgreSQL with the rows that it read."""
    postgresql = connection.vendor == "postgresql"
    how = "EXPLAIN (ANALYZE, TIMING OFF)" if postgresql else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}".replace("%", "%%"))
        return "\n".join(row[0 if postgresql else 3] for row in cursor.fetchall())


def reads_a_table(sql: str) -> str:
    """The plan of a query that reads a table of the journal from end to end, else nothing."""
    plan = plan_of(sql)
    if connection.vendor == "sqlite":
        return plan if SQLITE.search(plan) else ""
    many = any(
        (float(scan[2]) + sum(map(int, REMOVED.findall(scan[4])))) * int(scan[3]) > MOST_ROWS
        for scan in POSTGRESQL.finditer(plan)
    )
    return plan if many else ""


def test_no_page_reads_a_whole_table(auditor: Client) -> None:
    log = make_log(LARGE)
    wrong: dict[str, str] = {}
    for name, address in addresses(log).items():
        steps = Steps()
        for sql in asked(auditor, address):
            if sql.startswith("SELECT") and (plan := reads_a_table(sql)):
                wrong[name] = f"{sql[:400]}\n{plan}"
        if steps.taken > MOST_STEPS:
            wrong[name] = f"{steps.taken} thousand steps"
    assert not wrong, "\n\n".join(f"{name}\n{why}" for name, why in wrong.items())
