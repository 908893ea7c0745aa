"""The archive: out, into an empty database and out again the same bytes, with everything that follows from them."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
import pytest_django
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.interchange.archive.exporting import export_archive
from claims.interchange.archive.importing import import_archive
from claims.interchange.archive.refusals import ArchiveRefused
from claims.interchange.archive.schema import TYPES
from claims.ledger.checkpoints import Shelf, checkpoint
from claims.ledger.entries import snapshot
from claims.ledger.models import Event, LoggedChange
from claims.ledger.reconcile import reconcile
from claims.models import RECORDS, Agent, ChangeTopic, Finding, Topic, User
from claims.permissions import NotAllowed, Role
from claims.services import archived
from claims.services.transaction import change
from tests import factories as make
from tests.interchange.archives import (
    derived,
    exported,
    hostile_desk,
    imported,
    number_of_records,
    parts,
    sealed,
    unmade,
)
from tests.services.written import savepoints

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent
DOCUMENTED = HERE.parents[1] / "docs" / "interchange.md"
# An archive of the first version, with hostile words. It is not made again: what was written once has to be readable.
KEPT = HERE / "archive-1.jsonl"


@pytest.fixture
def place(tmp_path: Path, settings: pytest_django.Settings) -> Shelf:
    """The folder of checkpoints that the installation is set up with."""
    settings.AUDIT_CHECKPOINTS, settings.AUDIT_KEY = str(tmp_path / "checkpoints"), ""
    return Shelf(tmp_path / "checkpoints")


def run(*arguments: str) -> str:
    """What the command printed."""
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(2))
def test_a_desk_comes_back_as_it_was(seed: int) -> None:
    archive, follows = unmade(lambda: hostile_desk(seed))
    assert {line["type"] for line in parts(archive)[1:]} == set(TYPES)
    imported(archive)
    assert exported() == archive
    assert derived() == follows


def test_an_old_archive_is_read_on_every_database_and_comes_out_byte_for_byte() -> None:
    archive = KEPT.read_bytes()
    assert imported(archive).total == len(archive.splitlines()) - 2 == number_of_records()
    assert exported() == archive


@pytest.mark.django_db(transaction=True)
def test_history_journal_and_derived_state_are_complete(place: Shelf) -> None:
    imported(KEPT.read_bytes())
    assert "as the records make it" in run("rebuild_state", "--check")
    logged = LoggedChange.objects.get(command="import_archive")
    assert logged.reason == "A desk moves"
    assert ChangeTopic.objects.filter(change=logged).count() == Topic.objects.count() > 0
    for model in RECORDS:
        first = {row.id: (row.version, row.history_type, row.history_date) for row in model.history.all()}
        assert first == {row.pk: (row.version, "+", logged.at) for row in model.objects.all()}
    checkpoint(place)
    with snapshot():
        assert [each.sentence for each in reconcile(place, place.kept()) if each.differs] == []


def test_a_large_archive_has_no_more_savepoints_than_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    # PostgreSQL's server keeps memory for each until the transaction ends.
    monkeypatch.setattr(archived, "AT_ONCE", 2)
    archive = KEPT.read_bytes()
    with CaptureQueriesContext(connection) as queries:
        imported(archive)
    assert savepoints(queries) < 10 < len(parts(archive)) / 2


def test_what_came_in_is_changed_on_from_its_version() -> None:
    imported(KEPT.read_bytes())
    agent = Agent.objects.filter(version__gt=1).earliest("pk")
    version, recorded_at = agent.version, agent.recorded_at
    agent.note = "Known better now"
    make.record(agent)
    agent.refresh_from_db()
    assert (agent.version, agent.recorded_at) == (version + 1, recorded_at)
    assert [each.version for each in agent.history.order_by("history_id")] == [version, version + 1]


def test_a_desk_that_has_records_is_left_alone() -> None:
    make.make_side(name="Ours")
    with pytest.raises(ArchiveRefused, match="There are sides on record already"):
        imported(KEPT.read_bytes())
    assert number_of_records() == 1


def test_users_are_known_by_name_and_made_only_where_asked_for() -> None:
    archive = KEPT.read_bytes()
    names = {line[key] for line in parts(archive) for key in ("settled_by", "captured_by") if line.get(key)}
    here, *missing = sorted(names)
    known = make.make_user(username=here)
    with pytest.raises(ArchiveRefused, match=re.escape(", ".join(missing))):
        imported(archive, make_users=False)
    assert (User.objects.count(), number_of_records()) == (1, 0)
    imported(archive)
    made = User.objects.exclude(pk=known.pk)
    assert {(user.username, user.is_active, user.has_usable_password(), user.groups.count()) for user in made} == {
        (name, False, False, 0) for name in missing
    }
    assert {finding.settled_by.username for finding in Finding.objects.all()} <= names


def test_exports_and_imports_are_on_record_and_need_the_right() -> None:
    with pytest.raises(NotAllowed):
        export_archive(io.BytesIO(), by=make.make_user())
    reader = make.make_user(Role.RESEARCHER)
    export_archive(io.BytesIO(), by=reader)
    assert Event.objects.get(kind="export").user_id == reader.pk
    summary = imported(KEPT.read_bytes())
    detail = {"format": "archive", "sha256": summary.sha256, "records": summary.total}
    assert Event.objects.get(kind="import").detail == detail


def test_a_file_that_changes_while_it_is_read_is_refused() -> None:
    archive = KEPT.read_bytes()
    other = sealed(parts(archive)[:1])

    class Changing(io.BytesIO):
        def seek(self, *arguments: int) -> int:
            if self.tell():
                self.__init__(other)  # type: ignore[misc]
            return super().seek(*arguments)

    with pytest.raises(ArchiveRefused, match="changed while it was read"):
        import_archive(Changing(archive), reason="r", make_users=True)
    assert number_of_records() == 0


def test_an_answer_that_its_question_cannot_have_is_refused() -> None:
    with transaction.atomic():
        question = make.make_question(kind="date")
        make.make_claim(question, answer="2016-09-19")
        lines = parts(exported())
        transaction.set_rollback(True)
    claim = next(line for line in lines if line.get("type") == "claim")
    claim["answer"] = "soon"
    with pytest.raises(ArchiveRefused, match=f"The answer of the claim {claim['uid']} is no date"):
        imported(sealed(lines))


def test_the_commands(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(CommandError, match="--make-users") as refused:
        run("import_archive", str(KEPT))
    assert refused.value.returncode == 1
    assert f"{len(KEPT.read_bytes().splitlines()) - 2:,} records" in run("import_archive", str(KEPT), "--make-users")
    out = tmp_path / "out.jsonl"
    assert "SHA-256" in run("export_archive", "-o", str(out))
    assert out.read_bytes() == KEPT.read_bytes()
    sys.stdout.flush()
    capsysbinary.readouterr()
    run("export_archive")
    assert capsysbinary.readouterr().out == KEPT.read_bytes()
    for command in (["import_archive", str(tmp_path / "none")], ["export_archive", "-o", str(tmp_path / "no" / "a")]):
        with pytest.raises(CommandError, match="No such file") as failed:
            run(*command)
        assert failed.value.returncode == 2


def test_how_far_a_refused_archive_is_read_can_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        make.make_topic(name="one")
        make.make_topic(name="two")
        lines = parts(exported())
        transaction.set_rollback(True)
    for line in lines[1:]:
        line["name"] = "the same"
    place = tmp_path / "twice.jsonl"
    place.write_bytes(sealed(lines))
    monkeypatch.setattr("claims.management.commands.import_archive.LINE_EVERY", 1)
    with pytest.raises(CommandError, match="Line 3: name: There is a topic of this name already"):
        run("import_archive", str(place))
    assert number_of_records() == 0


def test_the_demonstration() -> None:
    archive, follows = unmade(lambda: run("loaddata", "demonstration"))
    imported(archive)
    assert (exported(), derived()) == (archive, follows)


def test_the_fields_are_documented_as_they_are() -> None:
    """Whoever alters a table alters the format: decide on its version, then write docs/interchange.md anew."""
    table = re.findall(r"^\| `(\w+)` \| (.+) \|$", DOCUMENTED.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {name: re.findall(r"`(\w+)`", fields) for name, fields in table}
    common = ["uid", "version", "withdrawn", "recorded_at"]
    for name, kind in TYPES.items():
        assert [*common, *documented[name]] == [column.name for column in kind.columns], name


def test_only_within_a_change_of_nobody_else() -> None:
    user = make.make_user(Role.EDITOR)
    with pytest.raises(Exception, match="one user"), change(by=user, reason="r"):
        imported(KEPT.read_bytes())
    assert number_of_records() == 0
