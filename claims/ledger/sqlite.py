"""The triggers on SQLite, as statements by name; what they refuse, they refuse with a sentence.

SQLite has no functions in triggers but its own, and runs them for whatever program writes to the file: they use
nothing that this software would have to bring along. `INSERT OR REPLACE` and `UPDATE OR REPLACE` delete rows without
a DELETE trigger; so whatever would replace a row is refused beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from claims.ledger.models import APPENDED, Payload
from claims.ledger.sentences import (
    ADDED_ONLY,
    KEY_FIXED,
    KEY_RANGE,
    ONE_VERSION,
    PAYLOAD_FIXED,
    VERSION_DATED,
    VERSION_FIXED,
    VERSION_UNFOUNDED,
    WOULD_REPLACE,
)
from claims.ledger.tracked import BLANKS, KEPT_OF_VERSION, TRACKED, Tracked

NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
NO_LIST = "json_array()"
# Far beyond what is ever counted, far below where SQLite ends.
HIGHEST = 2**62
_WHERE = re.compile(r"\)\s+WHERE\s+(.*)$", re.DOTALL)


def triggers(connection: Any) -> dict[str, str]:
    """Every trigger that has to be there: its name and the statement that makes it."""
    found = {}
    for name, table, when, body in _all(connection):
        found[name] = f'CREATE TRIGGER "{name}" {when.format(table=quoted(table))} BEGIN {body} END'
    return found


def stored(connection: Any) -> dict[str, str]:
    """The triggers of ours that are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger#_%' ESCAPE '#'"
        )
        return dict(cursor.fetchall())


def drop(connection: Any) -> None:
    """Take all of ours away, to put them back as they should be."""
    with connection.cursor() as cursor:
        for name in stored(connection):
            cursor.execute(f"DROP TRIGGER {quoted(name)}")


def create(connection: Any, statements: Mapping[str, str]) -> None:
    """Make triggers."""
    with connection.cursor() as cursor:
        for statement in statements.values():
            cursor.execute(statement)


def row_json(tracked: Tracked, row: str) -> str:
    """The expression for all journaled columns of a row as JSON: exact, a binary fraction in all its digits."""
    pairs = ", ".join(f"'{name}', {_value(tracked, row, name)}" for name in tracked.columns)
    return f"json_object({pairs})"


def quoted(name: str) -> str:
    """The name of a table or column."""
    return '"' + name.replace('"', '""') + '"'


def _value(tracked: Tracked, row: str, name: str) -> str:
    column = f"{row}.{quoted(name)}"
    if name not in tracked.numbers:
        return column
    return f"CASE typeof({column}) WHEN 'real' THEN json(quote({column})) ELSE {column} END"


Trigger = tuple[str, str, str, str]


def _all(connection: Any) -> Iterator[Trigger]:
    tables = set(connection.introspection.table_names())
    for tracked in TRACKED:
        if tracked.table in tables:
            yield from _journal(tracked)
            yield from _not_replaced(connection, tracked.table, tracked.key)
            yield _in_range(tracked.table, tracked.key)
            if tracked.appended:
                yield from _added_only(tracked.table)
        if tracked.history in tables:
            yield from _versions(tracked)
            yield _in_range(tracked.history, "history_id")
    for model in APPENDED:
        table = model._meta.db_table
        if table in tables and table not in {each.table for each in TRACKED}:
            yield from _added_only(table)
            yield from _not_replaced(connection, table, str(model._meta.pk.column))
            yield _in_range(table, str(model._meta.pk.column))
    yield from _payloads(connection)


# --- the journal ------------------------------------------------------------------------------------------------------


def _journal(tracked: Tracked) -> Iterator[Trigger]:
    table, columns = tracked.table, ", ".join(map(quoted, tracked.watched))
    old, new = row_json(tracked, "OLD"), row_json(tracked, "NEW")
    added, changed, deleted = _body("NULL", new), _body(old, new, _secrets(tracked)), _body(old, "NULL")
    yield f"ledger_{table}_insert", table, "AFTER INSERT ON {table}", _entry(tracked, "I", "NEW", added)
    update = f"AFTER UPDATE OF {columns} ON {{table}}"
    yield f"ledger_{table}_update", table, update, _entry(tracked, "U", "NEW", changed)
    yield f"ledger_{table}_delete", table, "AFTER DELETE ON {table}", _entry(tracked, "D", "OLD", deleted)
    key = quoted(tracked.key)
    yield (
        f"ledger_{table}_key",
        table,
        # Of whatever column: the key has other names (rowid), of which a trigger on a column hears nothing.
        f"BEFORE UPDATE ON {{table}} WHEN OLD.{key} IS NOT NEW.{key}",
        _refuse(KEY_FIXED.format(table=table)),
    )


def _body(before: str, after: str, secrets: str = NO_LIST) -> str:
    return f"json_object('before', {before}, 'after', {after}, 'secrets', {secrets})"


def _entry(tracked: Tracked, operation: str, row: str, body: str) -> str:
    context = '(SELECT "{}" FROM "ledger_context")'
    return (
        'INSERT INTO "ledger_entry" ("at", "table_name", "row_key", "operation", "change", "user_id") '
        f"VALUES ({NOW}, '{tracked.table}', {row}.{quoted(tracked.key)}, '{operation}', "
        f"{context.format('change')}, {context.format('user_id')}); "
        'INSERT INTO "ledger_payload" ("entry_id", "salt", "body") '
        f"VALUES (last_insert_rowid(), randomblob(32), {body});"
    )


def _secrets(tracked: Tracked) -> str:
    if not tracked.secrets:
        return NO_LIST
    changed = " UNION ALL ".join(
        f"SELECT '{name}' AS name WHERE OLD.{quoted(name)} IS NOT NEW.{quoted(name)}" for name in tracked.secrets
    )
    return f"(SELECT json_group_array(name) FROM ({changed}))"


# --- what is refused --------------------------------------------------------------------------------------------------


def _refuse(sentence: str) -> str:
    return f"SELECT RAISE(ABORT, {_text(sentence)});"


def _text(sentence: str) -> str:
    escaped = sentence.replace("'", "''")
    return f"'{escaped}'"


def _added_only(table: str) -> Iterator[Trigger]:
    for verb in ("UPDATE", "DELETE"):
        yield (
            f"ledger_{table}_no_{verb.lower()}",
            table,
            f"BEFORE {verb} ON {{table}}",
            _refuse(ADDED_ONLY.format(table=table)),
        )


def _payloads(connection: Any) -> Iterator[Trigger]:
    table = Payload._meta.db_table
    redacted = (
        'NEW."body" IS NULL AND NEW."salt" IS NULL AND NEW."entry_id" IS OLD."entry_id" AND '
        'EXISTS (SELECT 1 FROM "ledger_redaction" r WHERE r."entry_id" = OLD."entry_id")'
    )
    sentence = PAYLOAD_FIXED
    yield f"ledger_{table}_no_update", table, f"BEFORE UPDATE ON {{table}} WHEN NOT ({redacted})", _refuse(sentence)
    yield f"ledger_{table}_no_delete", table, "BEFORE DELETE ON {table}", _refuse(sentence)
    yield from _not_replaced(connection, table, "entry_id")


def _not_replaced(connection: Any, table: str, key: str) -> Iterator[Trigger]:
    """A row that has the key, or what is unique, of another one would delete it by OR REPLACE."""
    uniques = [((key,), ""), *_uniques(connection, table)]
    for verb, others in (("insert", ""), ("update", f" AND t.{quoted(key)} IS NOT OLD.{quoted(key)}")):
        body = " ".join(
            f"SELECT RAISE(ABORT, {_text(_replaced(table, columns))}) WHERE {_taken(table, columns, where, others)};"
            for columns, where in uniques
        )
        yield f"ledger_{table}_unique_{verb}", table, f"BEFORE {verb.upper()} ON {{table}}", body


def _replaced(table: str, columns: tuple[str, ...]) -> str:
    return WOULD_REPLACE.format(columns=", ".join(f"{table}.{name}" for name in columns))


def _in_range(table: str, key: str) -> Trigger:
    """A key stands at -1 before it is given, and cannot be given any more after the highest: neither is taken in."""
    column = f"NEW.{quoted(key)}"
    out = f"{column} < 0 OR {column} > {HIGHEST}"
    return (
        f"ledger_{table}_range",
        table,
        f"AFTER INSERT ON {{table}} WHEN {out}",
        _refuse(KEY_RANGE.format(table=table)),
    )


def _taken(table: str, columns: tuple[str, ...], condition: str, others: str) -> str:
    same = " AND ".join(f"t.{quoted(name)} = NEW.{quoted(name)}" for name in columns)
    of_new, of_old = (f"({condition.format(row=row)}) AND " if condition else "" for row in ("NEW", "t"))
    return f"({of_new}EXISTS (SELECT 1 FROM {quoted(table)} t WHERE {of_old}{same}{others}))"


def _uniques(connection: Any, table: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The columns of each unique index, and its condition, if any, with `{row}` where a row's name belongs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_table_info(%s)", [table])
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            """
            SELECT l.name, m.sql FROM pragma_index_list(%s) l LEFT JOIN sqlite_master m ON m.name = l.name
            WHERE l."unique" = 1 AND l.origin <> 'pk' ORDER BY l.name
            """,
            [table],
        )
        for index, statement in cursor.fetchall():
            cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index])
            columns = tuple(name for (name,) in cursor.fetchall())
            where = _WHERE.search(statement or "")
            yield columns, _of_row(where[1], names) if where else ""


def _of_row(condition: str, names: list[str]) -> str:
    """The condition with `{row}.` before each of its columns, which Django always quotes."""
    escaped = condition.replace("{", "{{").replace("}", "}}")
    for name in names:
        escaped = re.sub(rf"(?<!\.){re.escape(quoted(name))}", f"{{row}}.{quoted(name)}", escaped)
    return escaped


def _versions(tracked: Tracked) -> Iterator[Trigger]:
    """A version is what the record is at that moment, later than all before it, by whoever writes; and it stays."""
    table, history = tracked.history, quoted(tracked.history)
    same = " AND ".join(f"l.{quoted(name)} IS NEW.{quoted(name)}" for name in tracked.columns)
    by_whoever_writes = 'EXISTS (SELECT 1 FROM "ledger_context" c WHERE c."user_id" IS NEW."history_user_id")'
    newest = 'h WHERE h."id" = NEW."id" ORDER BY h."history_date" DESC, h."history_id" DESC LIMIT 1'
    refused = (
        (VERSION_UNFOUNDED, f"NOT EXISTS (SELECT 1 FROM {quoted(tracked.table)} l WHERE {same})"),
        (VERSION_UNFOUNDED, f"NOT {by_whoever_writes}"),
        (ONE_VERSION, f'NEW."version" <= (SELECT h."version" FROM {history} {newest})'),
        (ONE_VERSION, f'NEW."history_date" < (SELECT h."history_date" FROM {history} {newest})'),
        (VERSION_FIXED, f'EXISTS (SELECT 1 FROM {history} h WHERE h."history_id" = NEW."history_id")'),
        (VERSION_DATED, 'julianday(NEW."history_date") IS NULL'),
        (
            VERSION_DATED,
            "julianday(NEW.\"history_date\") NOT BETWEEN julianday('now', '-1 day') AND julianday('now', '+1 minute')",
        ),
    )
    body = " ".join(f"SELECT RAISE(ABORT, {_text(each.format(table=table))}) WHERE {case};" for each, case in refused)
    yield f"ledger_{table}_insert", table, "BEFORE INSERT ON {table}", body
    redacted = (
        'SELECT 1 FROM "ledger_redaction" r JOIN "ledger_entry" e ON e."id" = r."entry_id" '
        f"WHERE r.\"table_name\" = '{tracked.table}' "
        'AND r."row_key" = CAST(OLD."id" AS TEXT) AND r."version" = OLD."version"'
    )
    moved = " OR ".join(f"NEW.{quoted(name)} IS NOT OLD.{quoted(name)}" for name in KEPT_OF_VERSION)
    written = " OR ".join(_written(name) for name in tracked.blankable)
    fixed = _refuse(VERSION_FIXED.format(table=table))
    update = f"BEFORE UPDATE ON {{table}} WHEN NOT EXISTS ({redacted}) OR {moved} OR {written}"
    yield f"ledger_{table}_no_update", table, update, fixed
    yield f"ledger_{table}_no_delete", table, "BEFORE DELETE ON {table}", fixed


def _written(name: str) -> str:
    """That an update puts something else into a column than nothing."""
    blanks = ", ".join(map(_text, BLANKS)).replace("{", "{{").replace("}", "}}")  # put through `str.format` later
    new, old = f"NEW.{quoted(name)}", f"OLD.{quoted(name)}"
    return f"({new} IS NOT {old} AND {new} IS NOT NULL AND {new} NOT IN ({blanks}))"
