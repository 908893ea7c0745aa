"""What the triggers on PostgreSQL do: a function for each, in PL/pgSQL.

Every function names its search path and time zone, so that no session can have it write elsewhere, or a moment in
another form.
"""

from __future__ import annotations

from collections.abc import Iterator

from claims.ledger.sentences import (
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
SET search_path = "{schema}", pg_temp SET timezone = 'UTC' {settings} AS $function${body}$function$
"""
# A plan is kept for the session: made while a table is small, it must not read all of it when it has grown.
ALONG_INDEXES = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"

# Arguments: the column of the key, the columns that no payload holds, those of them that are secrets.
JOURNAL = """
DECLARE
    hidden text[] := TG_ARGV[1]::text[];
    before jsonb := to_jsonb(OLD);
    after jsonb;
    secrets jsonb := '[]';
    row_key text := before ->> TG_ARGV[0];
    entry bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        after := to_jsonb(NEW);
        IF after ->> TG_ARGV[0] <> row_key THEN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {key_fixed};
        END IF;
        IF TG_ARGV[2] <> '{{}}' THEN
            SELECT coalesce(jsonb_agg(name), '[]') INTO secrets FROM unnest(TG_ARGV[2]::text[]) name
            WHERE before -> name IS DISTINCT FROM after -> name;
        END IF;
    END IF;
    INSERT INTO ledger_entry (at, table_name, row_key, operation, change, user_id)
    VALUES (clock_timestamp(), TG_TABLE_NAME, row_key, left(TG_OP, 1), {change}, {user}) RETURNING id INTO entry;
    INSERT INTO ledger_payload (entry_id, salt, body)
    VALUES (entry, {salt}, jsonb_build_object('before', before - hidden, 'after', after - hidden, 'secrets', secrets));
    RETURN NULL;
END
"""

# The same for all new rows of one statement: a row at a time takes twice as long. A new row changes no secret.
JOURNAL_NEW = """
DECLARE
    sequence regclass := pg_get_serial_sequence('ledger_entry', 'id');
    change uuid := {change};
    by_user bigint := {user};
BEGIN
    WITH entered AS MATERIALIZED (
        SELECT nextval(sequence) AS id, n."{key}"::text AS row_key, row_to_json(n)::text AS after
        FROM (SELECT {columns} FROM written w) n
    ), entries AS (
        INSERT INTO ledger_entry (id, at, table_name, row_key, operation, change, user_id)
        SELECT e.id, clock_timestamp(), TG_TABLE_NAME, e.row_key, 'I', change, by_user FROM entered e
    )
    INSERT INTO ledger_payload (entry_id, salt, body)
    SELECT e.id, {salt}, '{{"before": null, "after": ' || e.after || ', "secrets": []}}' FROM entered e;
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


# Who writes and in which change, as the transaction has it; and a new salt.
_GIVEN = {
    "change": "nullif(current_setting('provenance.change', true), '')::uuid",
    "user": "nullif(current_setting('provenance.user_id', true), '')::bigint",
    "salt": "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())",
}


def functions(tables: set[str], schema: str) -> Iterator[tuple[str, str]]:
    """The name of every function that has to be there, and the statement that makes it."""
    bodies = {
        "journal": JOURNAL.format(key_fixed=_replaced(KEY_FIXED), **_GIVEN),
        "refuse": REFUSED.format(),
        "payload": PAYLOAD.format(sentence=quoted_text(PAYLOAD_FIXED)),
    }
    for tracked in TRACKED:
        if tracked.table in tables:
            columns = ", ".join(f'w."{name}"' for name in tracked.columns)
            bodies[short_name(tracked.table, "new")] = JOURNAL_NEW.format(key=tracked.key, columns=columns, **_GIVEN)
        if tracked.history in tables:
            bodies |= _version_bodies(tracked)
    for short, body in bodies.items():
        name = f"ledger_function_{short}"
        yield name, FUNCTION.format(name=name, schema=schema, settings=ALONG_INDEXES, body=body)


def _version_bodies(tracked: Tracked) -> dict[str, str]:
    same = " AND ".join(f'l."{name}" IS NOT DISTINCT FROM n."{name}"' for name in tracked.columns)
    kept = " AND ".join([*map(_same, KEPT_OF_VERSION), *map(_same_or_blank, tracked.blankable)])
    named = {"table": tracked.history}
    return {
        short_name(tracked.history, "added"): VERSIONS.format(
            live=f'"{tracked.table}"',
            history=f'"{tracked.history}"',
            same=same,
            unfounded=quoted_text(VERSION_UNFOUNDED.format(**named)),
            one_version=quoted_text(ONE_VERSION.format(**named)),
            dated=quoted_text(VERSION_DATED.format(**named)),
        ),
        short_name(tracked.history, "kept"): VERSION_KEPT.format(
            kept=kept, live=quoted_text(tracked.table), sentence=quoted_text(VERSION_FIXED.format(**named))
        ),
    }


def _same(name: str) -> str:
    return f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"'


def _same_or_blank(name: str) -> str:
    """That an update puts nothing else into a column than nothing."""
    return (
        f"""({_same(name)} OR NEW."{name}" IS NULL OR NEW."{name}"::text IN ({", ".join(map(quoted_text, BLANKS))}))"""
    )


def short_name(table: str, name: str) -> str:
    """A name for the function of one table: PostgreSQL cuts names at 63 characters."""
    return f"{table.removeprefix('claims_')}_{name}"


def quoted_text(sentence: str) -> str:
    """The text as a statement has it."""
    return "'" + sentence.replace("'", "''") + "'"


def _replaced(sentence: str) -> str:
    """The sentence as an expression that names the trigger's table."""
    return f"replace({quoted_text(sentence)}, '{{table}}', TG_TABLE_NAME)"
