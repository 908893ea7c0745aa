"""The triggers on PostgreSQL, with their functions, by name; what they refuse, they refuse with a sentence.

`ENABLE ALWAYS`: they run in replica mode, too. What they do is told in `postgresql_functions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from claims.ledger.models import APPENDED, Payload
from claims.ledger.postgresql_functions import functions, quoted_text, short_name
from claims.ledger.sentences import ADDED_ONLY, EMPTIED, PAYLOAD_FIXED, VERSION_FIXED
from claims.ledger.tracked import TRACKED, Tracked


def triggers(connection: Any) -> dict[str, str]:
    """Every trigger and function that has to be there: its name and the statements that make it."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        ((schema,),) = cursor.fetchall()
    found = dict(functions(tables, schema))
    for name, table, when, function in _triggers(tables):
        found[name] = f'CREATE TRIGGER "{name}" {when}; ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"'.replace(
            "@", function
        )
    return found


def stored(connection: Any) -> dict[str, str]:
    """The triggers and functions of ours that are there and as they were made, with the statements that made them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name, told FROM ({_PRESENT}) present WHERE told LIKE seen || ' %%'")
        return {name: told.partition(" ")[2] for name, told in cursor.fetchall()}


def drop(connection: Any) -> None:
    """Take all of ours away, to put them back as they should be."""
    connection.check_constraints()  # no table is altered on which checks of foreign keys are still due
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name, kind, of_table FROM ({_PRESENT}) present ORDER BY kind DESC")
        for name, kind, table in cursor.fetchall():
            cursor.execute(f'DROP FUNCTION "{name}"()' if kind == "function" else f'DROP TRIGGER "{name}" ON {table}')


def create(connection: Any, statements: Mapping[str, str]) -> None:
    """Make functions and triggers; each bears, as a comment, what it was made from and how the database shows it."""
    with connection.cursor() as cursor:
        for statement in statements.values():
            cursor.execute(statement)
        cursor.execute(f"SELECT name, kind, of_table, seen FROM ({_PRESENT}) present")
        for name, kind, table, seen in cursor.fetchall():
            place = f'FUNCTION "{name}"()' if kind == "function" else f'TRIGGER "{name}" ON {table}'
            cursor.execute(f"COMMENT ON {place} IS %s", [f"{seen} {statements[name]}"])


def row_json(tracked: Tracked, row: str) -> str:
    """The expression for all journaled columns of a row as JSON, as the journal has them."""
    return f"(to_jsonb({row}) - '{_array(tracked.hidden)}'::text[])"


_PRESENT = """
SELECT tgname::text AS name, 'trigger' AS kind, tgrelid::regclass::text AS of_table,
    md5(pg_get_triggerdef(t.oid) || tgenabled::text) AS seen, coalesce(obj_description(t.oid, 'pg_trigger'), '') AS told
FROM pg_trigger t WHERE tgname LIKE 'ledger\\_%%' AND NOT tgisinternal AND pg_table_is_visible(tgrelid)
UNION ALL
SELECT proname::text, 'function', '', md5(pg_get_functiondef(p.oid)), coalesce(obj_description(p.oid, 'pg_proc'), '')
FROM pg_proc p WHERE proname LIKE 'ledger\\_function\\_%%' AND pg_function_is_visible(p.oid)
"""

_WRITTEN = "REFERENCING NEW TABLE AS written FOR EACH STATEMENT"
Trigger = tuple[str, str, str, str]


def _triggers(tables: set[str]) -> Iterator[Trigger]:
    for tracked in TRACKED:
        if tracked.table in tables:
            yield from _journal(tracked)
            yield from _added_only(tracked.table) if tracked.appended else ()
        if tracked.history in tables:
            yield from _versions(tracked.history)
    names = {each.table for each in TRACKED}
    for model in APPENDED:
        table = model._meta.db_table
        if table in tables and table not in names:
            yield from _added_only(table)
    payload = Payload._meta.db_table
    when = f'BEFORE UPDATE OR DELETE ON "{payload}" FOR EACH ROW EXECUTE FUNCTION "@"()'
    yield f"ledger_{payload}_fixed", payload, when, "ledger_function_payload"
    yield _no_truncate(payload, PAYLOAD_FIXED)


def _journal(tracked: Tracked) -> Iterator[Trigger]:
    table = tracked.table
    given = f"'{tracked.key}', '{_array(tracked.hidden)}', '{_array(tracked.secrets)}'"
    columns = ", ".join(f'"{name}"' for name in tracked.watched)
    when = f'AFTER DELETE OR UPDATE OF {columns} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "@"({given})'
    yield f"ledger_{table}_journal", table, when, "ledger_function_journal"
    when = f'AFTER INSERT ON "{table}" {_WRITTEN} EXECUTE FUNCTION "@"()'
    yield f"ledger_{table}_journal_new", table, when, f"ledger_function_{short_name(table, 'new')}"
    yield _no_truncate(table, EMPTIED)


def _added_only(table: str) -> Iterator[Trigger]:
    told = quoted_text(ADDED_ONLY)
    when = f'BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION "@"({told})'
    yield f"ledger_{table}_fixed", table, when, "ledger_function_refuse"
    if table not in {each.table for each in TRACKED}:
        yield _no_truncate(table, ADDED_ONLY)


def _versions(history: str) -> Iterator[Trigger]:
    added, kept = (f"ledger_function_{short_name(history, name)}" for name in ("added", "kept"))
    when = f'AFTER INSERT ON "{history}" {_WRITTEN} EXECUTE FUNCTION "@"()'
    yield f"ledger_{history}_added", history, when, added
    when = f'BEFORE UPDATE OR DELETE ON "{history}" FOR EACH ROW EXECUTE FUNCTION "@"()'
    yield f"ledger_{history}_fixed", history, when, kept
    yield _no_truncate(history, VERSION_FIXED)


def _no_truncate(table: str, sentence: str) -> Trigger:
    when = f'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION "@"({quoted_text(sentence)})'
    return f"ledger_{table}_truncate", table, when, "ledger_function_refuse"


def _array(names: Iterable[str]) -> str:
    return "{" + ",".join(names) + "}"
