"""What the rows of an import name is looked up along indexes: no statement of it walks a table, however large."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from claims.interchange.tables.rows import Row
from claims.interchange.understanding import entry_of
from claims.queries.imports import attributions_of
from claims.services.importing import Orders, Report, run
from tests import factories as make

pytestmark = pytest.mark.django_db

# A desk has a handful of sides, and all of them are read; the pairs asked for are walked, and what is written down.
MAY_BE_WALKED = {"claims_side", "pair", "sqlite_sequence", "CONSTANT"}
WALKED = re.compile(r"(?:SCAN|Seq Scan on) ([A-Za-z]\w*)")
ROWS = 150


def rows(number: int) -> Iterator[Row]:
    """Rows with and without identifier, topic and address, with relays, quotes and unnamed speakers."""
    for line in range(number):
        cells = {
            "id": f"row-{line}" if line % 5 else "",
            "topic": f"Story {line % 3}" if line % 4 else "",
            "question": f"What is told of {line % 7}?" if line % 6 else "",
            "answer": ("A", "B", "C > D")[line % 3],
            "speaker": f"Speaker {line % 11}",
            "speaker_kind": "unnamed" if line % 9 == 0 else "person",
            "side": "opposition" if line % 2 else "",
            "via": "Agency > Channel" if line % 8 == 0 else "",
            "said_on": f"2015-12-{1 + line % 28:02}",
            "source": f"Report {line}",
            "source_url": f"https://example.org/{line}" if line % 3 else "",
            "publisher": f"Outlet {line % 5}",
            "published_on": "2015-12-05",
            "statement": f"It was so, for the {line}th time.",
        }
        if line % 10 == 0:
            cells |= {"quote": "as it was", "text_sha256": f"{line:064x}"}
        yield Row(line + 2, cells, line + 1)


def imported(number: int) -> Report:
    return run((entry_of(row) for row in rows(number)), Orders(by=None, reason="r", command="t"))


@contextmanager
def walks() -> Iterator[set[str]]:
    """The tables that statements walk from end to end, each with the statement."""
    found: set[str] = set()
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    asking = False

    def look(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        nonlocal asking
        if not (asking or many) and sql.lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            asking = True
            with connection.cursor() as cursor:
                cursor.execute(f"{explain} {sql}", parameters)
                plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            asking = False
            found.update(f"{table}: {sql[:300]}" for table in set(WALKED.findall(plan)) - MAY_BE_WALKED)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(look):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")  # a few rows it would walk in any case
        yield found


def test_an_import_walks_no_table() -> None:
    with walks() as found:
        assert imported(ROWS).new == ROWS
    assert not found
    with walks() as found:
        assert imported(ROWS).unchanged == ROWS
    assert not found


def test_attributions_are_found_by_source_and_speaker_together() -> None:
    here, there = make.make_source(), make.make_source()
    first, second = make.make_agent(), make.make_agent()
    kept = [
        make.make_attribution(source=here, speaker=first, said_on="2015"),
        make.make_attribution(source=here, speaker=first),
    ]
    make.make_attribution(source=there, speaker=first)
    make.make_attribution(source=here, speaker=second)
    found = attributions_of([(here.pk, first.pk), (there.pk, second.pk)])
    assert sorted(found) == [(each.pk, here.pk, first.pk, each.said_on) for each in kept]
    assert attributions_of([]) == []
