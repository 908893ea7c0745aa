"""`manage.py audit`: what it says, how it exits, and that the watcher survives any kill and ends when asked to."""

from __future__ import annotations

import io
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from claims.ledger.checkpoints import Shelf, checkpoint
from claims.ledger.entries import size
from claims.ledger.models import Entry
from claims.ledger.verifying import verify
from claims.permissions import Role
from claims.services.transaction import change, save
from tests.factories import make_side, make_topic, make_user
from tests.ledger.conftest import Execute, past_triggers
from tests.ledger.test_exports import outsider
from tests.ledger.test_soak import address

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]
Audit = Callable[..., str]


@pytest.fixture
def audit(place: Shelf) -> Audit:
    """Call the command; returns what it printed."""

    def called(*arguments: str | Path) -> str:
        out = io.StringIO()
        call_command("audit", *map(str, arguments), stdout=out, stderr=io.StringIO())
        return out.getvalue()

    return called


def refused(audit: Audit, code: int, *arguments: str | Path) -> str:
    with pytest.raises(CommandError) as caught:
        audit(*arguments)
    assert caught.value.returncode == code
    return str(caught.value)


def test_from_checkpoint_to_proof(audit: Audit, place: Shelf, tmp_path: Path) -> None:
    said = audit("checkpoint")
    (first,) = place.kept()
    assert said == f"{first.path} covers {size()} entries.\n"
    make_topic()
    audit("checkpoint")
    assert audit("verify") == f"{size()} sealed entries agree with 2 checkpoints on file.\n"
    assert audit("reconcile").endswith("Rows, versions, journal and checkpoints agree.\n")
    said = audit("export", tmp_path / "out")
    assert f"--key '{place.public_key()}'" in said
    assert outsider(tmp_path, "log", tmp_path / "out", "--key", place.public_key()).returncode == 0
    entry = Entry.objects.latest("id").pk
    audit("prove", str(entry), "-o", tmp_path / "proof")
    assert outsider(tmp_path, "inclusion", tmp_path / "proof", "--key", place.public_key()).returncode == 0
    (tmp_path / "same").write_text(audit("prove", str(size() - 1), "--number"))
    assert (tmp_path / "same").read_bytes() == (tmp_path / "proof").read_bytes()
    second = place.kept()[-1]
    (tmp_path / "grown").write_text(audit("consistency", first.path.name, second.path))
    files = [first.path, second.path, tmp_path / "grown"]
    assert outsider(tmp_path, "consistency", *files, "--key", place.public_key()).returncode == 0


def test_what_is_wrong_is_said_and_exits_with_1(audit: Audit, place: Shelf, tmp_path: Path, execute: Execute) -> None:
    topic = make_topic(name="True")
    audit("checkpoint")
    assert "no reason for a new origin" in refused(audit, 1, "new-origin")
    assert "not empty" in refused(audit, 1, "export", place.folder)
    assert "is not sealed" in refused(audit, 1, "prove", "999999")
    with past_triggers():
        execute("UPDATE claims_topic SET name = 'False' WHERE id = %s", topic.pk)
    assert refused(audit, 1, "reconcile") == "1 difference."
    with past_triggers():
        execute("UPDATE ledger_payload SET body = replace(body, 'True', 'Fals')")
    assert re.fullmatch(r"\d+ differences?\.", refused(audit, 1, "verify"))
    audit("export", tmp_path / "out")
    assert outsider(tmp_path, "log", tmp_path / "out", "--key", place.public_key()).returncode == 1
    with past_triggers():
        execute("DELETE FROM ledger_leaf WHERE number > 10")
    assert "Nothing more can be sealed" in refused(audit, 1, "checkpoint")


def test_wrong_calls_exit_with_2(audit: Audit, settings: pytest_django.Settings) -> None:
    audit("checkpoint")
    assert "There is no checkpoint 1-7.txt" in refused(audit, 2, "consistency", "1-7", "1-8.txt")
    assert "Name a record and its versions" in refused(audit, 2, "redact", "--reason", "R")
    assert "There is no active user" in refused(audit, 2, "redact", "x", "1", "--reason", "R", "--user", "nobody")
    editor = make_user(Role.EDITOR).username
    refused(audit, 2, "redact", "x", "1", "--reason", "R", "--user", editor)
    settings.AUDIT_CHECKPOINTS = ""
    for kind in ("checkpoint", "verify", "reconcile", "new-origin", "watch"):
        assert "AUDIT_CHECKPOINTS is not set" in refused(audit, 2, kind)


def test_redacting(audit: Audit, place: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = make_topic(name="Secret")
    with change(by=None, reason="Not for us", command="test") as this:
        topic.name = "Open"
        save(this, [topic])
    administrator = make_user(Role.ADMINISTRATOR)
    call = ["redact", str(topic.uid), "1", "--reason", "A court", "--user", administrator.username]
    monkeypatch.setattr("builtins.input", lambda _question: "no")
    assert refused(audit, 1, *call) == "Nothing was removed."
    assert audit(*call, "--yes").startswith("2 entries lost their content")
    assert place.kept()[-1].size == size() == Entry.objects.count()
    assert "agree" in audit("reconcile")


def test_adopting(audit: Audit, execute: Execute) -> None:
    audit("checkpoint")
    with past_triggers():
        execute("INSERT INTO auth_group (name) VALUES ('Unknown')")
    assert refused(audit, 1, "reconcile") == "1 difference."
    assert audit("reconcile", "--adopt").startswith("1 rows and versions were put on record as they are.")
    assert Entry.objects.filter(table_name="auth_group", operation="A").count() == 1


@pytest.fixture
def watcher(place: Shelf) -> Callable[[], subprocess.Popen[str]]:
    """Start the watcher as a process of its own."""
    checkpoint(place)
    environment = {**os.environ, "DATABASE_URL": address(), "AUDIT_CHECKPOINTS": str(place.folder)}

    def started(*arguments: str) -> Any:
        command = [sys.executable, "manage.py", "audit", "watch", "--every", "0.05", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    return started


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"Waited too long: {what}"
        time.sleep(0.05)


@pytest.mark.any_django
def test_the_watcher_survives_kills_and_ends_when_asked(
    place: Shelf, watcher: Callable[[], subprocess.Popen[str]]
) -> None:
    chance = random.Random(7)  # noqa: S311 - a test that can be repeated
    for _round in range(4):
        process, before = watcher(), place.kept()[-1].size
        make_side()
        until(lambda: place.kept()[-1].size > before, "a checkpoint")  # noqa: B023 - used within the round
        for _number in range(chance.randrange(1, 15)):
            make_side()
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    make_side()
    process = watcher()
    until(lambda: place.kept()[-1].size == Entry.objects.count(), "the last checkpoint")
    process.send_signal(signal.SIGTERM)
    out, _error = process.communicate(timeout=30)
    assert process.returncode == 0
    assert f"{place.kept()[-1].path.name} covers {size()} entries." in out
    assert list(verify(place)) == []
    connection.close()


def test_the_watcher_says_why_it_does_not_sign(
    place: Shelf, watcher: Callable[[], subprocess.Popen[str]], execute: Execute
) -> None:
    with past_triggers():
        execute("UPDATE ledger_leaf SET hash = %s", b"\0" * 32)
        execute("DELETE FROM ledger_node")
    process = watcher()
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Nothing was signed: ")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    process.stdout.close()


def test_the_watcher_ends_with_its_parent(place: Shelf) -> None:
    checkpoint(place)
    program = (
        "import os, subprocess, sys\n"
        "call = [sys.executable, 'manage.py', 'audit', 'watch', '--parent', str(os.getpid())]\n"
        "child = subprocess.Popen(call)\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    environment = {**os.environ, "DATABASE_URL": address(), "AUDIT_CHECKPOINTS": str(place.folder)}
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    before = place.kept()[-1].size
    make_side()
    until(lambda: place.kept()[-1].size > before, "the watcher at work")
    parent.kill()
    parent.communicate()

    def gone() -> bool:
        state = Path(f"/proc/{child}/stat")
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"

    until(gone, "the end of the watcher")
