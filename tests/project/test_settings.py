"""The settings read the environment strictly, and a mistake is reported rather than guessed at."""

import runpy
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from claims.permissions import Role
from provenance import settings as settings_module
from provenance.environment import kept_key

Load = Callable[..., dict[str, Any]]
VARIABLES = (
    "SECRET_KEY",
    "DEBUG",
    "ALLOWED_HOSTS",
    "HTTPS",
    "DATABASE_URL",
    "PUBLIC_READ",
    "TIME_ZONE",
    "REVIEW_BY_ANOTHER",
    "REQUIRE_TWO_FACTOR",
    "BASE_URL",
)
PRODUCTION = {"ALLOWED_HOSTS": "desk.example.org", "SECRET_KEY": "k" * 50, "DATABASE_URL": "postgres://u:p@h/d"}


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads the settings afresh, as of a project in a temporary folder, with just the variables given."""
    copy = tmp_path / "provenance" / "settings.py"
    copy.parent.mkdir()
    shutil.copy(settings_module.__file__, copy)

    def load_settings(**environment: str) -> dict[str, Any]:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(copy))

    return load_settings


def mistakes(settings: dict[str, Any]) -> list[str]:
    return [mistake.id for mistake in settings["ENVIRONMENT_MISTAKES"]]


def test_without_environment_only_this_machine_is_answered(load: Load, tmp_path: Path) -> None:
    settings = load()
    assert mistakes(settings) == []
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert (settings["DEBUG"], settings["HTTPS"], settings["PUBLIC_READ"]) == (False, False, False)
    assert settings["DATABASES"]["default"]["NAME"] == tmp_path / "var" / "provenance.sqlite3"
    assert settings["TIME_ZONE"] == "UTC"


def test_the_key_of_a_local_installation_is_made_once_and_kept_private(load: Load, tmp_path: Path) -> None:
    first, second = load()["SECRET_KEY"], load()["SECRET_KEY"]
    assert first == second
    assert len(first) >= 50
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_a_key_that_another_process_made_meanwhile_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "key"

    class MadeMeanwhile(type(path)):  # type: ignore[misc]
        def exists(self, **_: Any) -> bool:
            path.write_text("made by another process\n")
            return False

    assert kept_key(MadeMeanwhile(path)) == "made by another process"
    assert list(tmp_path.glob("tmp*")) == []


def test_no_key_is_made_where_other_machines_may_come(load: Load, tmp_path: Path) -> None:
    settings = load(**{**PRODUCTION, "SECRET_KEY": ""})
    assert mistakes(settings) == ["provenance.E004"]
    assert settings["SECRET_KEY"] == ""
    assert not (tmp_path / "var").exists()


def test_an_installation_is_strict_by_default(load: Load, tmp_path: Path) -> None:
    settings = load(**PRODUCTION)
    assert mistakes(settings) == []
    assert settings["ALLOWED_HOSTS"] == ["desk.example.org"]
    assert settings["HTTPS"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert settings["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("written", "read"),
    [("yes", True), ("On", True), (" 1 ", True), ("TRUE", True), ("no", False), ("off", False), ("0", False)],
)
def test_yes_and_no(load: Load, written: str, read: bool) -> None:
    settings = load(PUBLIC_READ=written)
    assert settings["PUBLIC_READ"] is read
    assert mistakes(settings) == []


@pytest.mark.parametrize(("name", "safe"), [("DEBUG", False), ("PUBLIC_READ", False), ("HTTPS", True)])
def test_neither_yes_nor_no_is_the_safe_one_and_reported(load: Load, name: str, safe: bool) -> None:
    settings = load(**{name: "maybe"})
    assert settings[name] is safe
    (mistake,) = settings["ENVIRONMENT_MISTAKES"]
    assert mistake.id == "provenance.E001"
    assert mistake.msg == f"{name} is 'maybe', which is neither yes nor no."
    assert mistake.hint == f"Set {name} to yes or no."


@pytest.mark.parametrize("host", ["desk.example.org", ".example.org", "192.0.2.7", "[2001:db8::1]", "desk"])
def test_host_names(load: Load, host: str) -> None:
    settings = load(**{**PRODUCTION, "ALLOWED_HOSTS": f" {host}, www.example.org"})
    assert settings["ALLOWED_HOSTS"] == [host, "www.example.org"]
    assert mistakes(settings) == []


@pytest.mark.parametrize(
    "host", ["https://desk.example.org", "desk.example.org:443", "*", "desk/", "a..b", "2001:db8::1"]
)
def test_what_is_no_host_name_is_left_out_and_reported(load: Load, host: str) -> None:
    settings = load(**{**PRODUCTION, "ALLOWED_HOSTS": host})
    assert settings["ALLOWED_HOSTS"] == []
    assert mistakes(settings) == ["provenance.E002"]
    assert repr(host) in settings["ENVIRONMENT_MISTAKES"][0].msg


def test_time_zones(load: Load) -> None:
    assert load(TIME_ZONE="Asia/Damascus")["TIME_ZONE"] == "Asia/Damascus"
    for wrong in ("Syria", "../etc/passwd", "Asia", "\N{DIGIT ONE}\t"):
        settings = load(TIME_ZONE=wrong)
        assert settings["TIME_ZONE"] == "UTC"
        assert mistakes(settings) == ["provenance.E003"]


@pytest.mark.parametrize(
    "url",
    ["mysql://u:p@h/d", "postgres://h", "sqlite://", "sqlite://:memory:", "nonsense", "postgres://u:p@h:port/d", "://"],
)
def test_a_wrong_database_is_no_database(load: Load, url: str, tmp_path: Path) -> None:
    settings = load(DATABASE_URL=url)
    assert settings["DATABASES"] == {"default": {}}
    assert mistakes(settings) == ["provenance.E005"]
    assert "p@" not in settings["ENVIRONMENT_MISTAKES"][0].msg, "The address may hold a password."


def test_postgresql_over_a_socket(load: Load) -> None:
    database = load(DATABASE_URL="postgres://desk@%2Frun%2Fpostgresql/records")["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["USER"], database["NAME"]) == ("/run/postgresql", "desk", "records")
    assert database["CONN_HEALTH_CHECKS"]


@pytest.mark.parametrize("named", [False, True])
def test_sqlite_waits_for_its_turn(load: Load, tmp_path: Path, named: bool, django_db_blocker: DjangoDbBlocker) -> None:
    path = tmp_path / "named.sqlite3"
    settings = load(**({"DATABASE_URL": f"sqlite:///{path}"} if named else {}))
    connection = ConnectionHandler(settings["DATABASES"])["default"]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        values = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    connection.close()
    assert values == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 20_000}
    assert connection.transaction_mode == "IMMEDIATE"
    assert path.exists() is named


def test_roles_that_need_a_second_factor(load: Load) -> None:
    assert load()["REQUIRE_TWO_FACTOR"] == []
    assert load(REQUIRE_TWO_FACTOR="reviewer, administrator")["REQUIRE_TWO_FACTOR"] == ["reviewer", "administrator"]
    settings = load(REQUIRE_TWO_FACTOR="reviewer,boss")
    assert settings["REQUIRE_TWO_FACTOR"] == list(Role), "To be safe everybody does."
    assert mistakes(settings) == ["provenance.E020"]
    assert "'boss'" in settings["ENVIRONMENT_MISTAKES"][0].msg


def test_permanent_addresses_begin_with_one_base(load: Load) -> None:
    assert load()["BASE_URL"] == "http://127.0.0.1:8000/"
    assert load(**PRODUCTION)["BASE_URL"] == "https://desk.example.org/"
    assert load(**PRODUCTION | {"ALLOWED_HOSTS": ".example.org"})["BASE_URL"] == "https://example.org/"
    assert load(BASE_URL="https://desk.example.org/record")["BASE_URL"] == "https://desk.example.org/record/"
    for wrong in (
        "desk.example.org",
        "https://desk.example.org/?a=b",
        "javascript:alert(1)",
        "https:///",
        "https://a b/",
    ):
        settings = load(BASE_URL=wrong)
        assert mistakes(settings) == ["provenance.E031"], wrong
        assert settings["BASE_URL"] == "http://127.0.0.1:8000/"
