"""What an import wrote, kept in files before it is rolled back, so that others can write the very same."""

import pickle
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Model

from claims.models import Record

PIECE = 20_000
Last = Mapping[type[Model], tuple[Any, ...] | None]


class Kept(NamedTuple):
    """The files: rows as the database has them, and records as Django reads them, without their versions."""

    rows: IO[bytes]
    records: IO[bytes]


def tables() -> list[type[Model]]:
    """Every table of ours that a change writes, with its history; the journal's included."""
    models = [*apps.get_app_config("claims").get_models(), *apps.get_app_config("ledger").get_models()]
    return [model for model in models if model._meta.model_name not in {"context", "sweep"}]


def last_keys() -> Last:
    """The last key of every table."""
    return {model: _last_key(model) for model in tables()}


def keep(last: Last, kept: Kept) -> int:
    """Put what came in since into the files, table by table, in pieces; returns how many rows there are."""
    number = 0
    for model, after in last.items():
        for rows in _pieces(model, after):
            pickle.dump((model._meta.label, rows), kept.rows)
            number += len(rows)
        if issubclass(model, Record):
            for records in _records(model, after):
                pickle.dump((model._meta.label, records), kept.records)
    return number


def pieces(file: IO[bytes]) -> Iterator[tuple[type[Model], list[Any]]]:
    """What is in a file, from its beginning: a table and values of all its columns, row by row."""
    file.seek(0)
    while True:
        try:
            name, rows = pickle.load(file)  # noqa: S301 - written a moment ago
        except EOFError:
            return
        yield apps.get_model(name), rows


def columns(model: type[Model]) -> str:
    """The columns of a table, as a statement names them."""
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def _key(model: type[Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.pk_fields)


def _last_key(model: type[Model]) -> tuple[Any, ...] | None:
    key = _key(model)
    last = ", ".join(f"{column} DESC" for column in key.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {key} FROM "{model._meta.db_table}" ORDER BY {last} LIMIT 1')  # noqa: S608 - our own names
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def _pieces(model: type[Model], after: tuple[Any, ...] | None) -> Iterator[list[Any]]:
    """The rows with a higher key, as the database has them."""
    table, key, parts = model._meta.db_table, _key(model), len(model._meta.pk_fields)
    while True:
        above = f"WHERE ({key}) > ({', '.join(['%s'] * parts)})" if after is not None else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT {columns(model)}, {key} FROM "{table}" {above} ORDER BY {key} LIMIT {PIECE}',  # noqa: S608
                after or (),
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row[:-parts]) for row in rows]
        after = rows[-1][-parts:]


def _records(model: type[Record], after: tuple[Any, ...] | None) -> Iterator[list[Any]]:
    """The values of the records with a higher key, as Django reads them."""
    ((key,),) = (after or (0,),)
    names = [field.attname for field in model._meta.concrete_fields]
    while True:
        rows = list(model.objects.filter(pk__gt=key).order_by("pk").values_list("pk", *names)[:PIECE])
        if not rows:
            return
        yield [row[1:] for row in rows]
        key = rows[-1][0]
