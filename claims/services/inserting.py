"""Rows in large numbers, new or changed: prepared a column at a time, handed to the database in one statement."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, ForeignKey, JSONField, Model, QuerySet, UUIDField

# Of so few rows one statement that returns their keys costs less than asking for the keys first.
FEW = 20
# With so many parameters a statement is well-nigh as quick as it gets; a SQLite that takes fewer is given fewer.
MOST_PARAMETERS = 4_000
# Values that are alike in the database where they are equal here: each is prepared once a column.
_ALIKE = frozenset({str, int, bool, datetime, Decimal, type(None)})
_KEYS = frozenset({int, type(None)})
_PLAIN = frozenset({str, int, bool, type(None)})
_WRITTEN = {None: "NULL", False: "0", True: "1"}
KEYS_AT_ONCE = 25
# What triggers are given of a statement's rows PostgreSQL's server holds for them, and with a savepoint around it keeps
# the room until the transaction ends: so few take a tenth of a megabyte, and are written as quickly as thousands.
TRACKED_AT_ONCE = 250
# What `COPY` would read as something else.
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_TO_ESCAPE = re.compile(r"[\\\t\n\r]")


def insert_records(model: type[Model], records: Sequence[Model]) -> None:
    """Insert new records and give them their keys; a transaction that may write must be open.

    What `bulk_create` does, field checks included, without building an expression for every value of every row.

    Raises:
        ValidationError: by field, for a value that its field refuses.
        django.db.DatabaseError: a constraint forbids a row; which one, the database does not say.
    """
    if len(records) < FEW or any(record.pk is not None for record in records):
        past_the_guard: QuerySet[Any] = QuerySet(model)
        past_the_guard.bulk_create(records)
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    for field in fields:
        if isinstance(field, ForeignKey):
            _refer(field, records)
    keys = list(_new_keys(model, len(records)))
    rows = [vars(record) for record in records]
    columns = [_prepared(field, [row[field.attname] for row in rows]) for field in fields]
    _insert_columns(model, [model._meta.pk, *fields], [keys, *columns], at_once=TRACKED_AT_ONCE)
    alias, name = connection.alias, str(model._meta.pk.attname)
    for record, row, key in zip(records, rows, keys, strict=True):
        row[name] = key
        record._state.adding, record._state.db = False, alias


def _refer(field: ForeignKey[Any, Any], records: Iterable[Model]) -> None:
    """Have the records hold the keys of what they refer to, which may have got them since."""
    name, column = field.name, field.attname
    for record in records:
        row = vars(record)
        if row[column] is None and (related := record._state.fields_cache.get(name)) is not None:
            row[column] = key = related.pk
            if key is None:  # raises ValueError
                record._prepare_related_fields_for_save(operation_name="bulk_create")  # type: ignore[attr-defined]


def insert_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows that were worked out, of which these attributes are given; keys not among them nobody asks for.

    Texts and numbers go as they are; other values as their fields prepare them. Raises as `insert_records` does.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = [_as_worked_out(fields[name], each) for name, each in zip(names, zip(*rows, strict=True), strict=False)]
    if columns:
        _insert_columns(model, [fields[name] for name in names], columns)


def update_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Update these attributes of rows: each gives the values, and last the key. Raises as `insert_records` does."""
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    chosen = [*(fields[name] for name in names), model._meta.pk]
    columns = [_prepared(field, values) for field, values in zip(chosen, zip(*rows, strict=True), strict=False)]
    quoted = [connection.ops.quote_name(field.column) for field in chosen]
    changes = ", ".join(f"{name} = %s" for name in quoted[:-1])
    statement = f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {changes} WHERE {quoted[-1]} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*columns, strict=True)))


def update_versions(model: type[Model], changed: Sequence[tuple[Any, Mapping[str, Any]]]) -> int:
    """Give records these values, by attribute, and the next version, where a row still has the record's version.

    Returns how many rows had it. Raises as `insert_records` does.
    """
    alike: dict[tuple[str, ...], list[tuple[Any, Mapping[str, Any]]]] = defaultdict(list)
    for record, values in changed:
        alike[tuple(values)].append((record, values))
    return sum(_update_alike(model, names, some) for names, some in alike.items())


def _update_alike(model: type[Model], names: Sequence[str], changed: Sequence[tuple[Any, Mapping[str, Any]]]) -> int:
    """The same, of records of which the same attributes change."""
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    columns = [_prepared(fields[name], [values[name] for _record, values in changed]) for name in names]
    columns += [[record.pk for record, _values in changed], [record.version for record, _values in changed]]
    update = _update_by_table if connection.vendor == "postgresql" else _update_by_row
    chosen = [fields[name] for name in (*names, model._meta.pk.attname, "version")]
    return update(connection.ops.quote_name(model._meta.db_table), chosen, zip(*columns, strict=True))


def _update_by_row(table: str, fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> int:
    """The last two of the fields are the key and the version."""
    *names, key, version = map(_quoted, fields)
    changes = ", ".join(f"{name} = %s" for name in names)
    statement = f"UPDATE {table} SET {changes}, {version} = {version} + 1 WHERE {key} = %s AND {version} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
        return int(cursor.rowcount)


def _update_by_table(table: str, fields: Sequence[Any], rows: Iterator[Sequence[Any]]) -> int:
    """The same, with the values as a table: a trigger that is for whole statements runs once for many rows."""
    quoted = [*map(_quoted, fields)]
    *names, key, version = quoted
    # What is empty in all rows has no type; and a length would cut a value off instead of refusing it.
    types = [re.sub(r"\(.*\)", "", str(field.cast_db_type(connection))) for field in fields]
    first, another = (f"({', '.join(places)})" for places in ([f"%s::{each}" for each in types], ["%s"] * len(types)))
    changes = ", ".join(f"{name} = given.{name}" for name in names)
    before = f"UPDATE {table} SET {changes}, {version} = given.{version} + 1 FROM (VALUES {first}"  # noqa: S608
    after = f") given ({', '.join(quoted)}) WHERE {table}.{key} = given.{key} AND {table}.{version} = given.{version}"
    hit = 0
    with connection.cursor() as cursor:
        while part := list(islice(rows, TRACKED_AT_ONCE)):
            statement = before + f", {another}" * (len(part) - 1) + after
            cursor.execute(statement, list(chain.from_iterable(part)))
            hit += int(cursor.rowcount)
    return hit


def _quoted(field: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(field.column))


def _new_keys(model: type[Model], number: int) -> Iterator[int]:
    """Keys that no row has, taken as the table itself would give them."""
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = connection.ops.quote_name(table)
            asked = "SELECT nextval(name) FROM pg_get_serial_sequence(%s, %s) name, generate_series(1, %s)"
            cursor.execute(asked, [sequence, column, number])
            yield from (key for (key,) in cursor.fetchall())
            return
        # One writes at a time: until this transaction ends, nobody else takes a key.
        cursor.execute(
            f"SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0), "  # noqa: S608 - our own names
            f"COALESCE((SELECT MAX({connection.ops.quote_name(column)}) FROM {connection.ops.quote_name(table)}), 0))",
            [table],
        )
        ((last,),) = cursor.fetchall()
        yield from range(last + 1, last + 1 + number)


def _as_worked_out(field: Field[Any, Any], values: Sequence[Any]) -> Sequence[Any]:
    """Values that no one typed: those that every database takes as they are need not be looked at."""
    if not isinstance(field, JSONField) and set(map(type, values)) <= _PLAIN:
        return values
    return _prepared(field, values)


def _prepared(field: Field[Any, Any], values: Sequence[Any]) -> Sequence[Any]:
    """The values of one column as the database takes them, each checked by its field."""
    prepare = partial(field.get_db_prep_save, connection=connection)
    kinds = set(map(type, values))
    if isinstance(field, ForeignKey) and kinds <= _KEYS:
        return values
    if isinstance(field, UUIDField) and kinds == {UUID}:
        return values if connection.features.has_native_uuid_field else [value.hex for value in values]
    if kinds <= _ALIKE and not kinds >= {bool, int}:  # True is no 1
        known = {value: prepare(value) for value in set(values)}
        return list(map(known.__getitem__, values))
    return [prepare(value) for value in values]


def insert_prepared(model: type[Model], fields: Sequence[Any], rows: Iterable[Any]) -> None:
    """Insert rows whose values are as the database takes them for these fields. Raises `django.db.DatabaseError`."""
    if connection.vendor != "postgresql":
        _insert_together(model, fields, list(zip(*rows, strict=True)))
        return
    with _copying(model, fields) as copy:
        for row in rows:
            copy.write_row(row)


def insert_words(model: type[Model], fields: Sequence[Any], rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Insert a row for each word that comes with a key, as `insert_prepared` does: a claim has twenty."""
    if connection.vendor != "postgresql":
        insert_prepared(model, fields, ((key, word) for key, words in rows for word in words))
        return
    lines = filter(None, map(_lines, rows))
    with _copying(model, fields) as copy:
        while some := "".join(islice(lines, KEYS_AT_ONCE)):
            copy.write(some)


def _lines(row: tuple[int, Sequence[str]]) -> str:
    """The words of one key as lines for `COPY`, or nothing."""
    key, words = row
    if _TO_ESCAPE.search("".join(words)):
        words = [word.translate(_ESCAPED) for word in words]
    return "".join([f"{key}\t", f"\n{key}\t".join(words), "\n"]) if words else ""


@contextmanager
def _copying(model: type[Model], fields: Sequence[Any]) -> Iterator[Any]:
    """PostgreSQL's `COPY`: Django's cursor hands it through as it is, errors of the driver included."""
    copied = f"COPY {_named(model, fields)} FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(copied) as copy:
        yield copy


def _insert_columns(
    model: type[Model], fields: Sequence[Any], columns: Sequence[Sequence[Any]], *, at_once: int | None = None
) -> None:
    """The same, by columns; on PostgreSQL at most so many rows by one statement."""
    if connection.vendor == "postgresql":
        rows = zip(*columns, strict=True)
        while part := list(islice(rows, at_once)):
            insert_prepared(model, fields, part)
    else:
        _insert_together(model, fields, columns)


def _named(model: type[Model], fields: Sequence[Any]) -> str:
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    return f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"


def _insert_together(model: type[Model], fields: Sequence[Any], columns: Sequence[Sequence[Any]]) -> None:
    """Insert the rows by statements of as many rows as their parameters allow.

    Where triggers may refuse a row, SQLite keeps a copy of each page that a statement touches, to undo that statement
    alone: a row at a time, copying takes longer than inserting. And it takes longer to be given what all rows have
    alike than to have it written in the statement.
    """
    if not columns:
        return
    places = list(map(_place, columns))
    varying = [column for column, place in zip(columns, places, strict=True) if place == "%s"]
    row, width = f"({', '.join(places)})", len(varying)
    values = list(chain.from_iterable(zip(*varying, strict=True)))
    taken = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    size = max(1, min(MOST_PARAMETERS, taken) // width) * width
    whole = len(values) - len(values) % size
    statement = f"INSERT INTO {_named(model, fields)} VALUES"
    with connection.cursor() as cursor:
        if whole:
            parts: Any = (values[start : start + size] for start in range(0, whole, size))
            cursor.executemany(f"{statement} {', '.join([row] * (size // width))}", parts)
        if rest := values[whole:]:
            cursor.execute(f"{statement} {', '.join([row] * (len(rest) // width))}", rest)


def _place(column: Sequence[Any]) -> str:
    """How the value of a column stands in a statement: written, where all rows have the same of few, or given."""
    first = column[0]
    is_written = first is None or first is True or first is False
    return _WRITTEN[first] if is_written and column.count(first) == len(column) else "%s"
