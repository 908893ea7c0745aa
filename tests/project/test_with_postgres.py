"""The temporary PostgreSQL is there for the command, unprivileged, and gone afterwards."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from tools import with_postgres


@pytest.fixture
def programs() -> Path:
    folder = with_postgres.program_folder()
    if folder is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"In CI this must run, but {with_postgres.ABSENT}.")
        pytest.skip(with_postgres.ABSENT)
    return folder


def test_the_server_lives_as_long_as_the_block(programs: Path) -> None:
    with with_postgres.temporary_postgres(programs) as url:
        config = dj_database_url.parse(url)
        folder = Path(config["HOST"])
        assert (folder / "data" / "postmaster.pid").stat().st_uid != 0
        with psycopg.connect(host=config["HOST"], user=config["USER"], dbname=config["NAME"]) as connection:
            row = connection.execute(
                "SELECT rolsuper, rolcreatedb, current_setting('listen_addresses'), lower('É')"
                " FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row == (False, True, "", "é")
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=config["HOST"], user=config["USER"], dbname=config["NAME"])


@pytest.mark.parametrize(
    ("command", "status"), [("raise SystemExit(7)", 7), ("import os; os.environ['DATABASE_URL']", 0)]
)
def test_the_commands_status_is_passed_on(programs: Path, command: str, status: int) -> None:
    assert with_postgres.main([sys.executable, "-c", command]) == status


@pytest.mark.parametrize(("ci", "status", "said"), [("true", 1, "cannot run"), ("", 0, "are skipped")])
def test_without_the_programs_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, status: int, said: str
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(with_postgres, "program_folder", lambda: None)
    assert with_postgres.main(["false"]) == status
    assert f"The tests on PostgreSQL {said}: the programs" in capsys.readouterr().err


def test_programs_are_found_in_path_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in with_postgres.PROGRAMS:
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert with_postgres.program_folder() == tmp_path.resolve()


def test_a_server_that_does_not_start_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # pytest's own temporary folders are closed to the user that the server is handed to.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for program in with_postgres.PROGRAMS:
            (folder / program).write_text("#!/bin/sh\necho no memory left\nexit 3\n")
            (folder / program).chmod(0o755)
        monkeypatch.setattr(with_postgres, "program_folder", lambda: folder)
        assert with_postgres.main(["true"]) == 1
    assert capsys.readouterr().err == (
        "The temporary PostgreSQL server does not work: initdb failed with status 3:\nno memory left\n\n"
    )


def test_an_ended_run_leaves_nothing_behind(programs: Path, tmp_path: Path) -> None:
    script = "import os, sys, time; print(os.environ['DATABASE_URL'], flush=True); time.sleep(60)"
    command = [sys.executable, with_postgres.__file__, sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        assert run.stdout
        folder = Path(dj_database_url.parse(run.stdout.readline().strip())["HOST"])
        assert folder.is_dir()
        run.terminate()
        run.stdout.close()
        assert run.wait(timeout=30) == 1
    assert not folder.exists()
