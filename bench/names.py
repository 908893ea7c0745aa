"""Many records that are looked up by name, with their words, made inside the database, past the services.

For plans and timings only, as `bench.sized` is, whose claims they are made beside: nobody refers to them.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Model

from bench.sized import first_free, write_words
from claims.models import Agent, MatchKey, Question, Record, Side, Snapshot, Source, SuspectedPair, Topic

NAMES = 100_000
FIRST_NUMBER = 1_000_000
"""Their names are numbered from here on, so that they differ from those of `bench.sized`."""

IDENTIFIER = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def make_named(number: int = NAMES) -> None:
    """Write `number` records of each kind that is looked up by name."""
    source = first_free(Source)
    agent = first_free(Agent)
    columns: dict[type[Record], Mapping[str, str]] = {
        Side: {"name": _numbered("Side")},
        Topic: {"name": _numbered("Topic")},
        Agent: {"name": _numbered("Agent")},
        Source: {"title": _numbered("Source")},
        Snapshot: {"source_id": f"{source} + n", "sha256": f"CAST({FIRST_NUMBER} + n AS varchar(20)) || '{'0' * 57}'"},
        Question: {"text": _numbered("Question")},
    }
    for model, own in columns.items():
        first = first_free(model)
        _insert(model, number, {"id": f"{first} + n", "uid": IDENTIFIER[connection.vendor], **own})
        write_words(model, first, FIRST_NUMBER)
    _make_suspected(number, agent)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _make_suspected(number: int, agent: int) -> None:
    """Each of the agents suspected to be the next one, by a key that the two share; every tenth pair judged."""
    of_agents = {"id": "n + 1", "table": "'agent'"}
    keys = {"key": "n / 2", "record": f"{agent} + n"}
    _insert(MatchKey, number, {**of_agents, **keys})
    pairs = {"first": f"{agent} + n", "second": f"{agent} + n + 1", "strength": "70 + n %% 31"}
    judged = {"kind": "'agents'", "judged": "CASE WHEN n %% 10 = 0 THEN 'different' ELSE '' END"}
    _insert(SuspectedPair, number - 1, {**of_agents, **pairs, **judged})


def _numbered(word: str) -> str:
    return f"'{word} ' || CAST({FIRST_NUMBER} + n AS varchar(20))"


def _insert(model: type[Model], number: int, columns: Mapping[str, str]) -> None:
    """Insert rows numbered from 0, `columns` as expressions of the number `n`, the others with the model's default."""
    quoted = connection.ops.quote_name
    blank = model()
    names: list[str] = []
    values: list[str] = []
    parameters: list[Any] = []
    for field in model._meta.concrete_fields:
        names.append(quoted(field.column))
        if field.attname in columns:
            values.append(columns[field.attname])
        else:
            values.append("%s")
            parameters.append(field.get_db_prep_value(getattr(blank, field.attname), connection))
    statement = f"""
        WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
        INSERT INTO {quoted(model._meta.db_table)} ({", ".join(names)}) SELECT {", ".join(values)} FROM numbers
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [number - 1, *parameters])
