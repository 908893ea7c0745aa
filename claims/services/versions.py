"""Writing the versions of records: history rows, copied inside the database from the rows that they are about."""

from collections.abc import Sequence
from functools import cache
from itertools import islice

from django.db import connection

from claims.models import Change, Record
from claims.queries.keys import stretch
from claims.services.inserting import TRACKED_AT_ONCE

# Well below the number of parameters that SQLite allows in one statement.
MOST_ON_SQLITE = 4_000


def write_history(change: Change, model: type[Record], keys: Sequence[int], *, new: bool) -> None:
    """Keep the rows of these records, as the database has them now, as versions made by the change.

    Copying in the database rather than from memory, history cannot hold a value that the database never had. A
    version is never dated before the one that it follows, though a change that waited for another one may have
    begun earlier: the order of versions is (history_date, history_id).
    """
    remaining = iter(keys)
    at_once = TRACKED_AT_ONCE if connection.vendor == "postgresql" else MOST_ON_SQLITE
    while batch := list(islice(remaining, at_once)):
        _copy_rows(change, model, batch, "+" if new else "~")
    for key in keys:
        change.written.setdefault((model, key), new)


def write_first_versions(change: Change, model: type[Record]) -> None:
    """Keep every row of the table as the first version of its record here, in one statement; no version may be there.

    The rows do not count as `written`: whoever fills a whole table derives by itself.
    """
    _copy_rows(change, model, None, "+")


def _copy_rows(change: Change, model: type[Record], keys: list[int] | None, history_type: str) -> None:
    """Copy the rows of these keys, or all of them."""
    table, history = _quoted(model._meta.db_table), _quoted(model.history.model._meta.db_table)
    columns = _columns(model)
    chosen, asked = _chosen(keys)
    # Only the names of tables and columns are put into the statement itself.
    newest = f"COALESCE((SELECT MAX(history_date) FROM {history} WHERE id = {table}.id AND history_date > %s), %s)"  # noqa: S608
    dated = "%s" if history_type == "+" else newest  # a new record has no version yet
    statement = f"""
        INSERT INTO {history}
            ({columns}, history_date, history_type, history_change_reason, history_user_id)
        SELECT {columns}, {dated}, %s, %s, %s
        FROM {table} {chosen} ORDER BY id
    """  # noqa: S608
    moment = connection.ops.adapt_datetimefield_value(change.moment)
    user = change.by.pk if change.by is not None else None
    with connection.cursor() as cursor:
        moments = [moment] * dated.count("%s")
        cursor.execute(statement, [*moments, history_type, change.reason, user, *asked])


def _chosen(keys: list[int] | None) -> tuple[str, Sequence[int]]:
    """The condition for the rows of these keys, with its parameters; of neighbours, by the first and the last."""
    if keys is None:
        return "", ()
    ends = stretch(keys)
    if ends is not None:
        return "WHERE id BETWEEN %s AND %s", ends
    return f"WHERE id IN ({', '.join(['%s'] * len(keys))})", keys


@cache
def _columns(model: type[Record]) -> str:
    return ", ".join(_quoted(str(field.column)) for field in model._meta.concrete_fields)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
