"""Every way in which a row can be written that we know of; each is in the journal, or refused with a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core import serializers
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.state import ProjectState
from django.db.models import F, QuerySet
from django.test import Client
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from claims.models import Claim, Side, Snapshot, SnapshotContent, Source, User
from claims.permissions import Role
from claims.services.editing import keep
from claims.services.transaction import change, save
from tests.admin.forms import fields_of, post, signed_in
from tests.factories import make_claim, make_side, make_snapshot, make_user

ATTRIBUTED, UNATTRIBUTED, REFUSED, SIGN_IN = "attributed", "unattributed", "refused", "an event"


@dataclass(frozen=True)
class World:
    """What is on record before each write."""

    side: Side
    other: Side
    claim: Claim
    snapshot: Snapshot
    editor: User
    reviewer: User
    group: Group
    program: Client


@dataclass(frozen=True)
class WritePath:
    """A way of writing: in words, what comes of it, and the writing itself; `only` names the database it exists on."""

    name: str
    outcome: str
    write: Callable[[World], Any]
    only: str = ""


PATHS: list[WritePath] = []


def make_world() -> World:
    """The records that the paths write to."""
    claim = make_claim()
    snapshot = make_snapshot()
    with change(by=None, reason="A text", command="test"):
        QuerySet(SnapshotContent).bulk_create([SnapshotContent(snapshot=snapshot, content=b"a text")])
    side, other = make_side(), make_side()
    side.note = "a second version"
    with change(by=None, reason="A second version", command="test") as this:
        save(this, [side])
    editor = make_user(Role.EDITOR)
    group = Group.objects.get(name=Role.EDITOR)
    return World(side, other, claim, snapshot, editor, make_user(Role.REVIEWER), group, signed_in(editor))


def path(name: str, outcome: str, *, only: str = "") -> Callable[[Callable[[World], Any]], Callable[[World], Any]]:
    """Adds a way of writing to the list."""

    def add(write: Callable[[World], Any]) -> Callable[[World], Any]:
        PATHS.append(WritePath(name, outcome, write, only))
        return write

    return add


def past_the_guard(record: Any) -> QuerySet[Any]:
    """The row, as a careless script reaches it: by a plain query set instead of the model's own manager."""
    return QuerySet(type(record)).filter(pk=record.pk)


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def from_outside(statement: str) -> None:
    """Run the statement in another program: one that knows nothing of this software."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        command = [sys.executable, "-I", "-c", program, name, statement]
    else:
        settings = connection.settings_dict
        command = ["psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", name, "-c", statement]
        for option, setting in (("-h", "HOST"), ("-p", "PORT"), ("-U", "USER")):
            command += [option, str(settings[setting])] if settings[setting] else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)


# --- services, screens, commands --------------------------------------------------------------------------------------


@path("A service records", ATTRIBUTED)
def _(world: World) -> None:
    with change(by=world.editor, reason="New", command="") as this:
        save(this, [Side(name="Recorded")])


@path("A service changes", ATTRIBUTED)
def _(world: World) -> None:
    world.side.note = "changed"
    keep(records=[world.side], by=world.editor, reason="Because")


@path("A form of the admin", ATTRIBUTED)
def _(world: World) -> None:
    post(signed_in(world.editor), f"/admin/claims/side/{world.side.pk}/change/", note="typed", change_reason="Why not")


@path("An action of an admin list", ATTRIBUTED)
def _(world: World) -> None:
    client = signed_in(world.reviewer)
    address = "/admin/claims/claim/"
    chosen = {"action": "check_chosen", "_selected_action": [world.claim.pk], "index": "0"}
    page: Any = client.post(address, fields_of(client.get(address)) | chosen)  # type: ignore[arg-type]
    client.post(address, fields_of(page) | {"_selected_action": [world.claim.pk], "change_reason": "Seen"})


@path("The API: what is recorded", ATTRIBUTED)
def _(world: World) -> None:
    asked(world, "post", "sides/", {"name": "Recorded by a program", "reason": "New"})


@path("The API: what is changed", ATTRIBUTED)
def _(world: World) -> None:
    asked(world, "patch", f"sides/{world.side.uid}/", {"note": "by a program", "reason": "New"}, '"2"')


@path("The API: a claim put by its identifier", ATTRIBUTED)
def _(world: World) -> None:
    attribution = str(world.claim.attribution.uid)
    asked(world, "put", "claims/of-a-program/", {"attribution": attribution, "answer": "x", "reason": "New"})


@path("The API: a change without the version, or of an old one", REFUSED)
def _(world: World) -> None:
    asked(world, "patch", f"sides/{world.side.uid}/", {"note": "by a program", "reason": "New"}, '"1"')


def asked(world: World, method: str, path: str, body: dict[str, str], version: str = "") -> None:
    """One request of a program in a session of the editor; what is refused is raised in its sentence."""
    headers = {"if-match": version} if version else {}
    answer: Any = getattr(world.program, method)(
        f"/api/v1/{path}", body, content_type="application/json", headers=headers
    )
    if answer.status_code not in {200, 201}:
        raise RuntimeError(answer.json()["detail"])


@path("`loaddata`", ATTRIBUTED)
def _(world: World) -> None:
    call_command("loaddata", "demonstration", verbosity=0)


@path("A part of a service that fails inside a larger one", ATTRIBUTED)
def _(world: World) -> None:
    with change(by=world.editor, reason="Two parts", command="") as this:
        save(this, [Side(name="Stays")])
        try:
            with change(by=world.editor, reason="Two parts", command="") as inner:
                save(inner, [Side(name="Goes")])
                raise LookupError
        except LookupError:
            pass
        save(this, [Side(name="Stays, too")])


# --- Django's own ways ------------------------------------------------------------------------------------------------


@path("`record.save()`", REFUSED)
def _(world: World) -> None:
    world.side.save()


@path("`record.save(update_fields=[…])`", REFUSED)
def _(world: World) -> None:
    world.side.save(update_fields=["note"])


@path("`record.delete()`", REFUSED)
def _(world: World) -> None:
    world.side.delete()


@path("`Model.objects.create()`", REFUSED)
def _(world: World) -> None:
    Side.objects.create(name="Created")


@path("`Model.objects.update_or_create()`", REFUSED)
def _(world: World) -> None:
    Side.objects.update_or_create(name=world.side.name, defaults={"note": "x"})


@path("`queryset.update()`", REFUSED)
def _(world: World) -> None:
    Side.objects.update(note="x")


@path("`queryset.update(F(…))`", REFUSED)
def _(world: World) -> None:
    Side.objects.update(version=F("version") + 1)


@path("`queryset.aupdate()`", REFUSED)
def _(world: World) -> None:
    async def update() -> None:
        await Side.objects.aupdate(note="x")

    async_to_sync(update)()


@path("`queryset.delete()`", REFUSED)
def _(world: World) -> None:
    Side.objects.all().delete()


@path("`bulk_create()`", REFUSED)
def _(world: World) -> None:
    Side.objects.bulk_create([Side(name="Bulk")])


@path("`bulk_create(update_conflicts=True)`", REFUSED)
def _(world: World) -> None:
    Side.objects.bulk_create([world.side], update_conflicts=True, update_fields=["note"], unique_fields=["id"])


@path("`bulk_update()`", REFUSED)
def _(world: World) -> None:
    Side.objects.bulk_update([world.side], ["note"])


@path("A related manager: `source.snapshots.add(…)`", REFUSED)
def _(world: World) -> None:
    Source.objects.get(pk=world.snapshot.source_id).snapshots.add(world.snapshot)


@path("A plain query set: `QuerySet(Model).update()`", UNATTRIBUTED)
def _(world: World) -> None:
    past_the_guard(world.side).update(note="x")


@path("A plain query set with `F(…)`", UNATTRIBUTED)
def _(world: World) -> None:
    past_the_guard(world.side).update(version=F("version") + 1)


@path("A plain query set: `bulk_create()`", UNATTRIBUTED)
def _(world: World) -> None:
    QuerySet(Side).bulk_create([Side(name="One"), Side(name="Two")])


@path("A plain query set: `bulk_update()`", UNATTRIBUTED)
def _(world: World) -> None:
    world.side.note, world.other.note = "x", "y"
    QuerySet(Side).bulk_update([world.side, world.other], ["note"])


@path("A plain query set: `_raw_delete()`", UNATTRIBUTED)
def _(world: World) -> None:
    past_the_guard(world.other)._raw_delete("default")


@path("`save_base(raw=True)`, as a deserialised object saves", UNATTRIBUTED)
def _(world: World) -> None:
    world.side.note = "from elsewhere"
    text = serializers.serialize("json", [world.side])
    for each in serializers.deserialize("json", text):
        each.save()


@path("Models in a data migration", UNATTRIBUTED)
def _(world: World) -> None:
    def forwards(registry: Any, _editor: Any) -> None:
        registry.get_model("claims", "Side").objects.filter(pk=world.side.pk).update(note="migrated")

    state = ProjectState.from_apps(apps)
    with connection.schema_editor() as editor:
        migrations.RunPython(forwards).database_forwards("claims", editor, state, state)


@path("CASCADE: a group is deleted, and with it what it may do and who is in it", UNATTRIBUTED)
def _(world: World) -> None:
    world.group.delete()


@path("CASCADE: a permission is deleted", UNATTRIBUTED)
def _(world: World) -> None:
    held = Permission.objects.filter(group=world.group).first()
    assert held is not None
    held.delete()


@path("SET NULL: a reference is taken away by raw SQL", UNATTRIBUTED)
def _(world: World) -> None:
    execute("UPDATE claims_claim SET question_id = NULL WHERE id = %s", world.claim.pk)


@path("A through table: `user.groups.add()`", UNATTRIBUTED)
def _(world: World) -> None:
    world.editor.groups.add(Group.objects.get(name=Role.AUDITOR))


@path("A through table: `user.groups.clear()`", UNATTRIBUTED)
def _(world: World) -> None:
    world.editor.groups.clear()


@path("A through table: `group.permissions.set([])`", UNATTRIBUTED)
def _(world: World) -> None:
    world.group.permissions.set([])


@path("A user saved with a new password: that it changed, not to what", UNATTRIBUTED)
def _(world: World) -> None:
    world.editor.set_password("another one for tests")
    QuerySet(User).filter(pk=world.editor.pk).update(password=world.editor.password)


@path("A sign-in, which notes its moment on the user", SIGN_IN)
def _(world: World) -> None:
    Client().post("/admin/login/", {"username": world.editor.username, "password": "a password for tests"})


# --- histories --------------------------------------------------------------------------------------------------------


@path("django-simple-history: `bulk_create_with_history()`", REFUSED)
def _(world: World) -> None:
    bulk_create_with_history([Side(name="Bulk")], Side)


@path("django-simple-history: `bulk_update_with_history()`", REFUSED)
def _(world: World) -> None:
    bulk_update_with_history([world.side], Side, ["note"])


@path("django-simple-history: `clean_old_history`", REFUSED)
def _(world: World) -> None:
    call_command("clean_old_history", "--days=-1", "--auto", verbosity=0)


@path("django-simple-history: `clean_duplicate_history`", REFUSED)
def _(world: World) -> None:
    past = Side.history.model.objects.filter(id=world.side.pk)
    call_command("clean_duplicate_history", "--auto", "--excluded_fields", "note", "version", verbosity=0)
    assert past.count() == 2
    QuerySet(Side.history.model).filter(id=world.side.pk).first().delete()


@path("A version changed by raw SQL", REFUSED)
def _(world: World) -> None:
    execute("UPDATE claims_historicalside SET note = 'x'")


@path("A version deleted by raw SQL", REFUSED)
def _(world: World) -> None:
    execute("DELETE FROM claims_historicalside")


@path("A version dated back", REFUSED)
def _(world: World) -> None:
    _add_version(world, before=timedelta(days=30))


@path("A first version, dated back to before", REFUSED)
def _(world: World) -> None:
    columns = ", ".join(field.column for field in Side._meta.concrete_fields)
    added = "history_date, history_type, history_change_reason, history_user_id"
    values = f"{columns}, '1990-01-01 00:00:00', '+', 'New', {world.editor.pk}"
    with change(by=world.editor, reason="New", command=""):
        (side,) = QuerySet(Side).bulk_create([Side(name="Never there")])
        into = f"INSERT INTO claims_historicalside ({columns}, {added}) "
        execute(f"{into} SELECT {values} FROM claims_side WHERE id = {side.pk}")  # noqa: S608


@path("A version that the record never had", REFUSED)
def _(world: World) -> None:
    _add_version(world, note="never")


@path("A version replaced: `INSERT OR REPLACE`", REFUSED, only="sqlite")
def _(world: World) -> None:
    execute("INSERT OR REPLACE INTO claims_historicalside SELECT * FROM claims_historicalside")


@path("Versions emptied: `TRUNCATE`", REFUSED, only="postgresql")
def _(world: World) -> None:
    execute("TRUNCATE claims_historicalside")


def _add_version(world: World, *, before: timedelta = timedelta(), **values: Any) -> None:
    versions: Any = Side.history.model
    newest = versions.objects.filter(id=world.side.pk).latest("history_id")
    newest.history_id, newest.history_date = None, newest.history_date - before
    for name, value in values.items():
        setattr(newest, name, value)
    QuerySet(versions).bulk_create([newest])


# --- SQL --------------------------------------------------------------------------------------------------------------


@path("Raw SQL: `UPDATE`", UNATTRIBUTED)
def _(world: World) -> None:
    execute("UPDATE claims_side SET note = note || '!'")


@path("Raw SQL: `executemany`", UNATTRIBUTED)
def _(world: World) -> None:
    with connection.cursor() as cursor:
        rows = [("x", world.side.pk), ("y", world.other.pk)]
        cursor.executemany("UPDATE claims_side SET note = %s WHERE id = %s", rows)


@path("Another program: `UPDATE`", UNATTRIBUTED)
def _(world: World) -> None:
    from_outside(f"UPDATE claims_claim SET answer = 'forged' WHERE id = {world.claim.pk}")  # noqa: S608


@path("Another program: `INSERT … SELECT`", UNATTRIBUTED)
def _(world: World) -> None:
    columns = "version, withdrawn, recorded_at, translations, party, note"
    uid = "'00000000000000000000000000000001'"
    from_outside(
        f"INSERT INTO claims_side (uid, name, {columns}) SELECT {uid}, 'Forged', {columns} "  # noqa: S608
        f"FROM claims_side WHERE id = {world.side.pk}"
    )


@path("Another program: `DELETE`", UNATTRIBUTED)
def _(world: World) -> None:
    from_outside(f"DELETE FROM claims_side WHERE id = {world.other.pk}")  # noqa: S608


@path("`INSERT OR REPLACE` over a row by its key", REFUSED, only="sqlite")
def _(world: World) -> None:
    from_outside("INSERT OR REPLACE INTO claims_side SELECT * FROM claims_side")


@path("`INSERT OR REPLACE` over a row by a unique name", REFUSED, only="sqlite")
def _(world: World) -> None:
    columns = "version, withdrawn, recorded_at, name, translations, party, note"
    from_outside(f"INSERT OR REPLACE INTO claims_side (uid, {columns}) SELECT '1', {columns} FROM claims_side")  # noqa: S608


@path("`UPDATE OR REPLACE` over another row", REFUSED, only="sqlite")
def _(world: World) -> None:
    from_outside(f"UPDATE OR REPLACE claims_side SET name = '{world.other.name}' WHERE id = {world.side.pk}")  # noqa: S608


@path("`INSERT … ON CONFLICT DO UPDATE`", REFUSED, only="sqlite")
def _(world: World) -> None:
    _upsert()


@path("`INSERT … ON CONFLICT DO UPDATE`", UNATTRIBUTED, only="postgresql")
def _(world: World) -> None:
    _upsert()


def _upsert() -> None:
    execute("INSERT INTO claims_side SELECT * FROM claims_side WHERE true ON CONFLICT (id) DO UPDATE SET note = 'up'")


@path("`INSERT … ON CONFLICT DO UPDATE`, some rows new", UNATTRIBUTED, only="postgresql")
def _(world: World) -> None:
    names = f"('one'), ('{world.group.name}'), ('two')"
    execute(f"INSERT INTO auth_group (name) VALUES {names} ON CONFLICT (name) DO UPDATE SET name = 'renamed'")  # noqa: S608


@path("`WITH … INSERT`, rows of two tables", UNATTRIBUTED, only="postgresql")
def _(world: World) -> None:
    execute(
        "WITH made AS (INSERT INTO auth_group (name) VALUES ('one'), ('two') RETURNING id) "  # noqa: S608
        f"INSERT INTO claims_user_groups (user_id, group_id) SELECT {world.editor.pk}, id FROM made"
    )


@path("`MERGE`", UNATTRIBUTED, only="postgresql")
def _(world: World) -> None:
    execute(
        "MERGE INTO claims_side s USING (SELECT id FROM claims_side) o ON o.id = s.id "
        "WHEN MATCHED THEN UPDATE SET note = 'merged'"
    )


@path("`COPY … FROM`", UNATTRIBUTED, only="postgresql")
def _(world: World) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY auth_group (name) FROM STDIN") as rows:
        rows.write("copied\nand copied\n")


@path("`TRUNCATE` of records", REFUSED, only="postgresql")
def _(world: World) -> None:
    execute("TRUNCATE claims_side CASCADE")


@path("Raw SQL: the key of a row", REFUSED)
def _(world: World) -> None:
    execute("UPDATE claims_side SET id = id + 1000")


@path("Raw SQL: the key of a row by another of its names, `rowid`", REFUSED, only="sqlite")
def _(world: World) -> None:
    execute("UPDATE claims_claim SET rowid = rowid + 1000")


@path("Raw SQL: a key that would stop all others", REFUSED, only="sqlite")
def _(world: World) -> None:
    execute("INSERT INTO auth_group (id, name) VALUES (-1, 'blocks')")


@path("Raw SQL: the bytes of a snapshot", REFUSED)
def _(world: World) -> None:
    execute("UPDATE claims_snapshotcontent SET content = content")


# --- the journal itself -----------------------------------------------------------------------------------------------


@path("The journal: `UPDATE`", REFUSED)
def _(world: World) -> None:
    execute("UPDATE ledger_entry SET user_id = 1")


@path("The journal: `DELETE`", REFUSED)
def _(world: World) -> None:
    execute("DELETE FROM ledger_entry")


@path("The journal: contents changed", REFUSED)
def _(world: World) -> None:
    execute("UPDATE ledger_payload SET body = 'x'")


@path("The journal: contents removed without a redaction on record", REFUSED)
def _(world: World) -> None:
    execute("UPDATE ledger_payload SET body = NULL, salt = NULL")


@path("The journal: `INSERT OR REPLACE`", REFUSED, only="sqlite")
def _(world: World) -> None:
    execute("INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry")


@path("The journal: `TRUNCATE`", REFUSED, only="postgresql")
def _(world: World) -> None:
    execute("TRUNCATE ledger_entry, ledger_payload")


@path("What a change was and why", REFUSED)
def _(world: World) -> None:
    execute("UPDATE ledger_change SET reason = 'x'")


@path("A key of the journal that would stop all others", REFUSED, only="sqlite")
def _(world: World) -> None:
    columns = "at, table_name, row_key, operation, change, user_id"
    execute(f"INSERT INTO ledger_entry (id, {columns}) SELECT -1, {columns} FROM ledger_entry LIMIT 1")  # noqa: S608


@path("`flush`", REFUSED)
def _(world: World) -> None:
    call_command("flush", interactive=False, verbosity=0)


# --- what is read besides ---------------------------------------------------------------------------------------------


def parsed(body: str) -> Any:
    """A payload."""
    return json.loads(body)
