"""A database that is busy, away or full is answered for in a sentence: to pages, programs and commands."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DataError, OperationalError, ProgrammingError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.test import Client

from claims.models import Topic
from claims.outages import Outage, outage_of, told
from claims.permissions import Role
from claims.services.refusals import NotInOnePiece
from claims.services.tokens import make_token
from claims.services.transaction import change, save
from tests import factories as make
from tests.interchange.archives import exported, imported

Opened = Callable[..., BaseDatabaseWrapper]


def error_of(on: BaseDatabaseWrapper, *statements: str) -> Exception:
    """What the last of the statements raises."""
    try:
        with on.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except (OperationalError, ProgrammingError) as error:
        return error
    raise AssertionError(f"nothing failed of {statements}")


# --- What failed ----------------------------------------------------------------------------------------------------


@pytest.fixture
def sqlite(tmp_path: Path, db: None) -> Iterator[Opened]:
    """Opens a database in a file."""
    made: list[BaseDatabaseWrapper] = []

    def opened(name: str = "{}/a.sqlite3", **options: Any) -> BaseDatabaseWrapper:
        own = {"ENGINE": "django.db.backends.sqlite3", "NAME": name.format(tmp_path), "OPTIONS": options}
        made.append(ConnectionHandler({"default": own})["default"])
        return made[-1]

    yield opened
    for each in made:
        each.close()


class TestOfSqlite:
    def test_another_one_writes(self, sqlite: Opened) -> None:
        with sqlite().cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            error = error_of(sqlite(timeout=0), "BEGIN IMMEDIATE")
        assert outage_of(error) is Outage.BUSY

    def test_another_one_has_written_since(self, sqlite: Opened) -> None:
        with sqlite().cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("CREATE TABLE there (number)")
            mine = sqlite()
            with mine.cursor() as reading:
                reading.execute("BEGIN")
                reading.execute("SELECT * FROM there")
                reading.fetchall()
                cursor.execute("INSERT INTO there VALUES (1)")
            error = error_of(mine, "INSERT INTO there VALUES (2)")
        assert outage_of(error) is Outage.BUSY

    def test_there_is_no_folder(self, sqlite: Opened) -> None:
        assert outage_of(error_of(sqlite("{}/none/a.sqlite3"), "SELECT 1")) is Outage.AWAY

    def test_there_is_no_room(self, sqlite: Opened) -> None:
        fill = "INSERT INTO much VALUES (zeroblob(100000))"
        error = error_of(sqlite(), "PRAGMA max_page_count = 9", "CREATE TABLE much (bytes)", fill)
        assert outage_of(error) is Outage.FULL

    def test_it_may_only_be_read(self, sqlite: Opened) -> None:
        with sqlite().cursor() as cursor:
            cursor.execute("CREATE TABLE there (number)")
        error = error_of(sqlite("file:{}/a.sqlite3?mode=ro", uri=True), "INSERT INTO there VALUES (1)")
        assert outage_of(error) is Outage.FULL

    def test_a_mistake_of_ours_is_no_outage(self, sqlite: Opened) -> None:
        error = error_of(sqlite(), "SELECT * FROM unmade")
        assert outage_of(error) is None
        with pytest.raises(OperationalError, match="no such table"):
            told(error)


@pytest.fixture
def postgresql(db: None) -> Iterator[BaseDatabaseWrapper]:
    """Another connection than that of the test."""
    if connection.vendor != "postgresql":
        pytest.skip("what SQLite says is tested above")
    other = connection.copy()
    yield other
    other.close()


class TestOfPostgresql:
    def test_there_is_no_server(self, tmp_path: Path, db: None) -> None:
        own = {"ENGINE": "django.db.backends.postgresql", "NAME": "a", "HOST": str(tmp_path)}
        error = error_of(ConnectionHandler({"default": own})["default"], "SELECT 1")
        assert outage_of(error) is Outage.AWAY

    @pytest.mark.parametrize(
        ("state", "outage"),
        [
            ("40P01", Outage.BUSY),  # deadlock
            ("53300", Outage.BUSY),  # too many connections
            ("53100", Outage.FULL),
            ("57P03", Outage.AWAY),  # the server is starting
            ("58030", Outage.AWAY),  # input or output
            ("54000", None),  # a row is too large for an index
            ("42P01", None),  # no such table
        ],
    )
    def test_it_says_why(self, state: str, outage: Outage | None, postgresql: BaseDatabaseWrapper) -> None:
        error = error_of(postgresql, f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{state}'; END $$")
        assert outage_of(error) is outage

    def test_it_has_taken_too_long(self, postgresql: BaseDatabaseWrapper) -> None:
        error = error_of(postgresql, "SET statement_timeout = 10", "SELECT pg_sleep(60)")
        assert outage_of(error) is Outage.BUSY

    def test_a_connection_is_lost(self, postgresql: BaseDatabaseWrapper) -> None:
        error = error_of(postgresql, "SELECT pg_terminate_backend(pg_backend_pid())")
        assert outage_of(error) is Outage.AWAY
        assert "\n" not in told(error)
        assert outage_of(error_of(postgresql, "SELECT 1")) is Outage.AWAY


# --- Who is told ----------------------------------------------------------------------------------------------------


@contextmanager
def somebody_else_writes() -> Iterator[None]:
    """Another connection keeps topics from being written, and this one does not wait for it."""
    other = connection.copy()
    mine, holding, usual = {
        "sqlite": ("PRAGMA busy_timeout = 0", "BEGIN IMMEDIATE", "PRAGMA busy_timeout = 20000"),
        "postgresql": (
            "SET lock_timeout = 10",
            "BEGIN; LOCK TABLE claims_topic IN EXCLUSIVE MODE",
            "SET lock_timeout TO DEFAULT",
        ),
    }[connection.vendor]
    with closing(other), connection.cursor() as cursor, other.cursor() as held:
        held.execute(holding)
        cursor.execute(mine)
        try:
            yield
        finally:
            cursor.execute(usual)
            held.execute("ROLLBACK")


@pytest.fixture
def _unlogged(caplog: pytest.LogCaptureFixture) -> None:
    """What failed is not kept: its frames hold a cursor, which keeps SQLite's file open."""
    caplog.set_level("CRITICAL", logger="django.request")


def answer_to(client: Client, address: str, body: Any, **more: Any) -> Any:
    answer = client.post(address, body, **more)
    answer.exc_info = None
    gc.collect()
    return answer


@pytest.mark.usefixtures("_unlogged")
@pytest.mark.django_db(transaction=True)
def test_an_editor_is_told_that_it_is_busy_and_can_send_the_same_again() -> None:
    editor = Client(raise_request_exception=False)
    editor.force_login(make.make_user(Role.EDITOR))
    form = {"name": "Truce", "description": "", "change_reason": "Begun", "_save": "Save"}
    with somebody_else_writes():
        answer = answer_to(editor, "/admin/claims/topic/add/", form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    page = answer.content.decode()
    assert "The database is busy" in page
    assert "Reload this page in a minute to send the same once more" in page
    assert not Topic.objects.exists()
    assert editor.post("/admin/claims/topic/add/", form).status_code == 302
    assert Topic.objects.get().name == "Truce"


@pytest.mark.usefixtures("_unlogged")
@pytest.mark.django_db(transaction=True)
def test_a_program_is_told_that_it_is_busy_and_when_to_try_again() -> None:
    _token, secret = make_token(user=make.make_user(Role.EDITOR), days=1)
    program = Client(headers={"authorization": f"Token {secret}"}, raise_request_exception=False)
    body = {"name": "Truce", "reason": "Begun"}
    with somebody_else_writes():
        answer = answer_to(program, "/api/v1/topics/", body, content_type="application/json")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "/api/#unavailable"
    assert problem["detail"].endswith("Nothing was changed.")
    assert not Topic.objects.exists()
    assert program.post("/api/v1/topics/", body, content_type="application/json").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_reader_is_not_kept_waiting(settings: Any) -> None:
    settings.PUBLIC_READ = True
    topic = make.make_topic(name="Truce")
    with somebody_else_writes():
        assert "Truce" in Client().get(f"/topics/{topic.uid}/").content.decode()


@contextmanager
def failing(error: Exception, cause: Exception | None = None, begun: str = "") -> Iterator[None]:
    """No statement about topics succeeds, or none that begins so."""

    def fail(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if "claims_topic" in sql and sql.startswith(begun):
            raise error from cause
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(fail):
        yield


def test_an_error_that_is_no_outage_is_still_ours(settings: Any, db: None) -> None:
    settings.PUBLIC_READ = True
    topic = make.make_topic()
    with failing(ProgrammingError("no such column")):
        answer = Client(raise_request_exception=False).get(f"/topics/{topic.uid}/")
    assert answer.status_code == 500
    assert "Something failed on our side" in answer.content.decode()


@pytest.mark.parametrize("in_one_piece", [False, True])
def test_no_record_is_blamed_for_an_outage(in_one_piece: bool, db: None) -> None:
    lost, reason = OperationalError("lost"), Exception()
    reason.sqlstate = "57P01"  # type: ignore[attr-defined]
    with (
        pytest.raises(OperationalError, match="lost") as caught,
        failing(lost, reason),
        change(by=None, reason="Begun", command="test", in_one_piece=in_one_piece) as this,
    ):
        save(this, [Topic(name="Truce")])
    assert outage_of(caught.value) is Outage.AWAY


def test_no_line_of_an_archive_is_blamed_for_an_outage(db: None) -> None:
    with transaction.atomic():
        make.make_topic()
        content = exported()
        transaction.set_rollback(True)
    lost = OperationalError("lost")
    with pytest.raises(OperationalError, match="lost"), failing(lost, begun="INSERT INTO"):
        imported(content)
    assert not Topic.objects.exists()


@pytest.mark.parametrize("in_one_piece", [False, True])
def test_what_the_database_refuses_without_a_reason_we_know_is_told_in_its_words(in_one_piece: bool, db: None) -> None:
    refused = DataError("too large")
    expected: type[Exception] = NotInOnePiece if in_one_piece else DataError
    with (
        pytest.raises(expected) as caught,
        failing(refused),
        change(by=None, reason="Begun", command="test", in_one_piece=in_one_piece) as this,
    ):
        save(this, [Topic(name="Truce")])
    assert (caught.value.__cause__ if in_one_piece else caught.value) is refused


@pytest.mark.parametrize("url", ["postgres://nobody@%2Fnowhere/none", "sqlite:////nowhere/db.sqlite3"])
def test_a_command_says_so_in_one_line(url: str) -> None:
    command = [sys.executable, "manage.py", "contested"]
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=settings.BASE_DIR, env=environment, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (75, "")
    assert done.stderr.startswith("The database does not answer (")
    assert done.stderr.count("\n") == 1
