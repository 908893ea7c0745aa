"""The triggers on PostgreSQL, with their functions, by name; what they refuse, they refuse with a sentence.

`ENABLE ALWAYS`: they run in replica mode, too. Every function names its search path and time zone, so that no session
can have it write elsewhere, or a moment in another form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from claims.ledger.models import APPENDED, Payload
from claims.ledger.sentences import (
    ADDED_ONLY,
    EMPTIED,
    KEY_FIXED,
    ONE_VERSION,
    PAYLOAD_FIXED,
    VERSION_DATED,
    VERSION_FIXED,
    VERSION_UNFOUNDED,
)
from claims.ledger.tracked import BLANKS, KEPT_OF_VERSION, TRACKED, Tracked

FUNCTION = """
CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql
SET search_path = "{schema}", pg_temp SET timezone = 'UTC' AS $function${body}$function$
"""

# Arguments: the column of the key, the columns that no payload holds, those of them that are secrets.
JOURNAL = """
DECLARE
    hidden text[] := TG_ARGV[1]::text[];
    before jsonb;
    after jsonb;
    secrets jsonb := '[]';
    row_key text;
    entry bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := to_jsonb(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := to_jsonb(NEW);
    END IF;
    row_key := coalesce(after, before) ->> TG_ARGV[0];
    IF TG_OP = 'UPDATE' THEN
        IF before ->> TG_ARGV[0] <> row_key THEN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {key_fixed};
        END IF;
        IF TG_ARGV[2] <> '{{}}' THEN
            SELECT coalesce(jsonb_agg(name), '[]') INTO secrets FROM unnest(TG_ARGV[2]::text[]) name
            WHERE before -> name IS DISTINCT FROM after -> name;
        END IF;
    END IF;
    INSERT INTO ledger_entry (at, table_name, row_key, operation, change, user_id)
    VALUES (
        clock_timestamp(), TG_TABLE_NAME, row_key, left(TG_OP, 1),
        nullif(current_setting('provenance.change', true), '')::uuid,
        nullif(current_setting('provenance.user_id', true), '')::bigint
    ) RETURNING id INTO entry;
    INSERT INTO ledger_payload (entry_id, salt, body)
    VALUES (
        entry,
        decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
        jsonb_build_object('before', before - hidden, 'after', after - hidden, 'secrets', secrets)
    );
    RETURN NULL;
END
"""

REFUSED = """
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
        MESSAGE = replace(TG_ARGV[0], '{{table}}', TG_TABLE_NAME);
END
"""

PAYLOAD = """
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.body IS NULL AND NEW.salt IS NULL AND NEW.entry_id = OLD.entry_id
        AND EXISTS (SELECT 1 FROM ledger_redaction r WHERE r.entry_id = OLD.entry_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {sentence};
END
"""

# One statement checks all versions that a statement wrote: it is asked once, and every look-up is along an index.
VERSIONS = """
BEGIN
    IF EXISTS (
        SELECT 1 FROM written n LEFT JOIN {live} l ON l.id = n.id AND ({same}) WHERE l.id IS NULL
    ) OR EXISTS (
        SELECT 1 FROM written n
        WHERE nullif(current_setting('provenance.change', true), '') IS NULL
        OR nullif(current_setting('provenance.user_id', true), '')::bigint IS DISTINCT FROM n.history_user_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {unfounded};
    END IF;
    IF EXISTS (
        SELECT 1 FROM written n, LATERAL (
            SELECT h.version, h.history_date FROM {history} h WHERE h.id = n.id AND h.history_id <> n.history_id
            ORDER BY h.history_date DESC, h.history_id DESC LIMIT 1
        ) h WHERE n.version <= h.version OR n.history_date < h.history_date
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {one_version};
    END IF;
    IF EXISTS (
        SELECT 1 FROM written n WHERE n.history_date
        NOT BETWEEN clock_timestamp() - interval '1 day' AND clock_timestamp() + interval '1 minute'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {dated};
    END IF;
    RETURN NULL;
END
"""

VERSION_KEPT = """
BEGIN
    IF TG_OP = 'UPDATE' AND ({kept}) AND EXISTS (
        SELECT 1 FROM ledger_redaction r
        JOIN ledger_entry e ON e.id = r.entry_id
        WHERE r.table_name = {live} AND r.row_key = OLD.id::text AND r.version = OLD.version
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {sentence};
END
"""


def triggers(connection: Any) -> dict[str, str]:
    """Every trigger and function that has to be there: its name and the statements that make it."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        ((schema,),) = cursor.fetchall()
    found = {name: FUNCTION.format(name=name, schema=schema, body=body) for name, body in _functions(tables)}
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

Trigger = tuple[str, str, str, str]


def _functions(tables: set[str]) -> Iterator[tuple[str, str]]:
    bodies = {
        "journal": JOURNAL.format(key_fixed=_replaced(KEY_FIXED)),
        "refuse": REFUSED.format(),
        "payload": PAYLOAD.format(sentence=_text(PAYLOAD_FIXED)),
    }
    for tracked in TRACKED:
        if tracked.history in tables:
            bodies |= _version_bodies(tracked)
    for name, body in bodies.items():
        yield f"ledger_function_{name}", body


def _version_bodies(tracked: Tracked) -> dict[str, str]:
    same = " AND ".join(f'l."{name}" IS NOT DISTINCT FROM n."{name}"' for name in tracked.columns)
    kept = " AND ".join([*map(_same, KEPT_OF_VERSION), *map(_same_or_blank, tracked.blankable)])
    named = {"table": tracked.history}
    return {
        _short(tracked.history, "added"): VERSIONS.format(
            live=f'"{tracked.table}"',
            history=f'"{tracked.history}"',
            same=same,
            unfounded=_text(VERSION_UNFOUNDED.format(**named)),
            one_version=_text(ONE_VERSION.format(**named)),
            dated=_text(VERSION_DATED.format(**named)),
        ),
        _short(tracked.history, "kept"): VERSION_KEPT.format(
            kept=kept, live=_text(tracked.table), sentence=_text(VERSION_FIXED.format(**named))
        ),
    }


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
    when = f'AFTER INSERT OR DELETE OR UPDATE OF {columns} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "@"({given})'
    yield f"ledger_{table}_journal", table, when, "ledger_function_journal"
    yield _no_truncate(table, EMPTIED)


def _added_only(table: str) -> Iterator[Trigger]:
    told = _text(ADDED_ONLY)
    when = f'BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION "@"({told})'
    yield f"ledger_{table}_fixed", table, when, "ledger_function_refuse"
    if table not in {each.table for each in TRACKED}:
        yield _no_truncate(table, ADDED_ONLY)


def _versions(history: str) -> Iterator[Trigger]:
    added, kept = (f"ledger_function_{_short(history, name)}" for name in ("added", "kept"))
    when = f'AFTER INSERT ON "{history}" REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION "@"()'
    yield f"ledger_{history}_added", history, when, added
    when = f'BEFORE UPDATE OR DELETE ON "{history}" FOR EACH ROW EXECUTE FUNCTION "@"()'
    yield f"ledger_{history}_fixed", history, when, kept
    yield _no_truncate(history, VERSION_FIXED)


def _no_truncate(table: str, sentence: str) -> Trigger:
    when = f'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION "@"({_text(sentence)})'
    return f"ledger_{table}_truncate", table, when, "ledger_function_refuse"


def _same(name: str) -> str:
    return f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"'


def _same_or_blank(name: str) -> str:
    """That an update puts nothing else into a column than nothing."""
    return f"""({_same(name)} OR NEW."{name}" IS NULL OR NEW."{name}"::text IN ({", ".join(map(_text, BLANKS))}))"""


def _short(history: str, name: str) -> str:
    """A name for the function of one table: PostgreSQL cuts names at 63 characters."""
    return f"{history.removeprefix('claims_')}_{name}"


def _array(names: Iterable[str]) -> str:
    return "{" + ",".join(names) + "}"


def _text(sentence: str) -> str:
    return "'" + sentence.replace("'", "''") + "'"


def _replaced(sentence: str) -> str:
    """The sentence as an expression that names the trigger's table."""
    return f"replace({_text(sentence)}, '{{table}}', TG_TABLE_NAME)"
