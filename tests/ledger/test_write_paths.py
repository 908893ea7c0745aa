"""Nothing escapes: what each way of writing did to the tables is what the journal says, or nothing was done at all."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from claims.ledger.install import dialect
from claims.ledger.models import Entry, Event, LoggedChange, Payload
from claims.ledger.tracked import TRACKED
from claims.models import RECORDS
from tests.ledger.write_paths import (
    ATTRIBUTED,
    PATHS,
    REFUSED,
    SIGN_IN,
    UNATTRIBUTED,
    WritePath,
    make_world,
    parsed,
)

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENTED = Path(__file__).parent.parent.parent / "docs" / "audit.md"
Rows = dict[tuple[str, str], Any]


def _rows() -> Rows:
    """Every tracked row, as the journal would have it."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for tracked in TRACKED:
            row = dialect(connection).row_json(tracked, "t")
            cursor.execute(f'SELECT CAST(t."{tracked.key}" AS TEXT), CAST({row} AS TEXT) FROM "{tracked.table}" t')  # noqa: S608
            found |= {(tracked.table, key): parsed(body) for key, body in cursor.fetchall()}
    return found


def _versions() -> dict[str, int]:
    return {model._meta.db_table: model.history.model.objects.count() for model in RECORDS}


def _replayed(rows: Rows, entries: list[Entry]) -> Rows:
    """The rows after the writes of these entries; each says truly what was there before."""
    bodies = dict(Payload.objects.values_list("entry_id", "body"))
    rows = dict(rows)
    for entry in entries:
        key, body = (entry.table_name, entry.row_key), parsed(bodies[entry.pk])
        assert rows.get(key) == body["before"]
        if body["after"] is None:
            del rows[key]
        else:
            rows[key] = body["after"]
    return rows


def _skipped(path: WritePath) -> None:
    if path.only not in ("", connection.vendor):
        pytest.skip(f"there is no such statement on {connection.vendor}")


@pytest.mark.parametrize("path", PATHS, ids=[f"{path.name} {path.only}".strip() for path in PATHS])
def test_every_write_is_in_the_journal_or_refused(path: WritePath) -> None:
    _skipped(path)
    world = make_world()
    before, versions, last = _rows(), _versions(), Entry.objects.order_by("-pk").first()
    sentence = ""
    try:
        path.write(world)
    except AssertionError:
        raise
    except Exception as refusal:  # noqa: BLE001 - whatever it is, it has to be a sentence
        sentence = str(refusal)
    entries = list(Entry.objects.filter(pk__gt=last.pk if last else 0).order_by("pk"))
    after = _rows()
    assert _replayed(before, entries) == after
    if path.outcome == REFUSED:
        assert (after, _versions(), entries) == (before, versions, [])
        assert re.search(r"[A-Za-z“][^.]{10,}\.", sentence), sentence
        return
    assert not sentence
    assert entries
    assert all((entry.change is None) == (path.outcome == UNATTRIBUTED) for entry in entries)
    if path.outcome in (ATTRIBUTED, SIGN_IN):
        assert set(LoggedChange.objects.filter(uid__in={e.change for e in entries}).values_list("uid", flat=True)) == {
            entry.change for entry in entries
        }
    if path.outcome == SIGN_IN:
        assert Event.objects.filter(kind="sign_in", user_id=world.editor.pk).exists()


def test_no_payload_holds_a_password() -> None:
    world = make_world()
    world.editor.set_password("a secret of some length")
    world.editor.save()
    held = list(Payload.objects.filter(body__contains="claims_user").values_list("body", flat=True))
    everything = "\n".join(body or "" for body in Payload.objects.values_list("body", flat=True))
    assert world.editor.password not in everything
    assert world.editor.password.rpartition("$")[2] not in everything
    assert not held
    newest = Entry.objects.filter(table_name="claims_user", operation="U").latest("pk")
    assert parsed(Payload.objects.get(pk=newest.pk).body or "")["secrets"] == ["password"]


def table_of_paths() -> str:
    """The table of the documentation."""
    words = {
        ATTRIBUTED: "in the journal, with who and why",
        UNATTRIBUTED: "in the journal, unattributed",
        REFUSED: "refused with a sentence",
        SIGN_IN: "in the journal, as an event",
    }
    databases = {"": "both", "sqlite": "SQLite", "postgresql": "PostgreSQL"}
    lines = [f"| {path.name} | {databases[path.only]} | {words[path.outcome]} |" for path in PATHS]
    return "\n".join(["| way of writing | database | outcome |", "| --- | --- | --- |", *lines])


def test_the_table_of_the_documentation_is_this_one() -> None:
    assert table_of_paths() in DOCUMENTED.read_text()


def test_there_are_enough_ways_of_writing() -> None:
    for vendor in ("sqlite", "postgresql"):
        assert len([path for path in PATHS if path.only in ("", vendor)]) >= 50
