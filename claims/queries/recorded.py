"""The tables as they were at a moment: within `as_recorded_on` every query finds the records as recorded by then.

The reading itself stays the same, whatever it reads. In front of each query stands, for every table that it names, a
table expression of the same name, and in SQL the nearer name holds: for records the newest version of each by
(history_date, history_id) before the moment, taken from the history; for derived tables, which have no history, the
rows that `claims.queries.recorded_states` worked out from those records. Nothing can be written meanwhile, and a
derived table of which nothing was worked out is refused rather than read as it is now.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model

from claims.models import RECORDS, ClaimState, ClaimToken, PassageLocation, Position, QuestionState, Record
from claims.models.guarded import DerivedModel

_RECORDS: dict[str, type[Record]] = {model._meta.db_table: model for model in RECORDS}
_DERIVED: dict[str, type[DerivedModel]] = {
    model._meta.db_table: model for model in (ClaimState, ClaimToken, PassageLocation, Position, QuestionState)
}
_NAMED = re.compile('"([a-z_]+)"')

Expression = tuple[str, list[Any]]
Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class NotInThePast(RuntimeError):  # noqa: N818 - it names what happened
    """Something was asked of the past that only the present has: a write, or derived rows that nobody worked out."""


class Past:
    """What was recorded before `until`; `written` is the moment as it was asked for.

    Used as a wrapper around the execution of queries (Django's `execute_wrapper`).
    """

    def __init__(self, until: datetime, written: str) -> None:
        self.until = until
        self.written = written
        self._derived: dict[str, Expression] = {}

    def set_derived(self, model: type[DerivedModel], rows: list[Any]) -> None:
        """From now on the derived table has these rows, instances of the model."""
        self._derived[model._meta.db_table] = _given(model, rows)

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        tables = [name for name in dict.fromkeys(_NAMED.findall(sql)) if name in _RECORDS or name in _DERIVED]
        if not tables:
            return execute(sql, params, many, context)
        if many or not sql.startswith("SELECT"):
            raise NotInThePast(f"What was recorded by {self.until} can only be read: {sql[:80]}")
        expressions = [self._expression(table) for table in tables]
        prefix = ", ".join(
            f"{_quoted(table)} AS NOT MATERIALIZED ({text})"
            for table, (text, _own) in zip(tables, expressions, strict=True)
        )
        own = [value for _text, values in expressions for value in values]
        return execute(f"WITH {prefix} {sql}", (*own, *(params or ())), many, context)

    def _expression(self, table: str) -> Expression:
        if table in _RECORDS:
            until = connection.ops.adapt_datetimefield_value(self.until)
            return _newest_versions(table), [until, until]
        if table not in self._derived:
            raise NotInThePast(f"Nothing was worked out of {table} as of {self.until}.")
        return self._derived[table]


_past: ContextVar[Past | None] = ContextVar("past", default=None)


def past() -> Past | None:
    """The moment that is being read, None where it is the present."""
    return _past.get()


@contextmanager
def as_recorded_on(until: datetime, *, written: str = "") -> Iterator[Past]:
    """Read the tables as they were just before `until`; what is read must be used up inside."""
    opened = Past(until, written)
    token = _past.set(opened)
    try:
        with connection.execute_wrapper(opened):
            yield opened
    finally:
        _past.reset(token)


@cache
def _newest_versions(table: str) -> str:
    """The newest version of each record before a moment, which is asked for twice.

    A subquery for each version, not a join: both databases answer it by one step down the index on (id, history_date,
    history_id), and leave the conditions of the query around it free to choose the versions by an index of theirs.
    """
    model = _RECORDS[table]
    history = _quoted(model.history.model._meta.db_table)
    columns = ", ".join(f"version.{_quoted(str(field.column))}" for field in model._meta.concrete_fields)
    # Only the names of tables and columns are put into the statement itself.
    return f"""
        SELECT {columns} FROM {history} version
        WHERE version.history_date < %s AND version.history_id = (
            SELECT newest.history_id FROM {history} newest
            WHERE newest.id = version.id AND newest.history_date < %s
            ORDER BY newest.history_date DESC, newest.history_id DESC LIMIT 1
        )
    """  # noqa: S608


def _given(model: type[Model], rows: list[Any]) -> Expression:
    """A table that has these rows: they go to the database as one text of JSON, a list for each row."""
    fields = model._meta.concrete_fields
    texts = json.dumps([[_plain(field, getattr(row, field.attname)) for field in fields] for row in rows])
    if connection.vendor == "postgresql":
        values = (f"(value ->> {place})::{field.db_type(connection)}" for place, field in enumerate(fields))
        origin = "json_array_elements(%s::json) AS given(value)"
    else:
        values = (f"json_extract(value, '$[{place}]')" for place in range(len(fields)))
        origin = "json_each(%s)"
    columns = ", ".join(f"{value} AS {_quoted(str(field.column))}" for value, field in zip(values, fields, strict=True))
    return f"SELECT {columns} FROM {origin}", [texts]  # noqa: S608


def _plain(field: Field[Any, Any], value: Any) -> Any:
    """The value as JSON can hold it and the database reads it."""
    if isinstance(field, JSONField):
        return json.dumps(value)
    prepared = field.get_db_prep_value(value, connection)
    return prepared if prepared is None or isinstance(prepared, bool | int | float) else str(prepared)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
