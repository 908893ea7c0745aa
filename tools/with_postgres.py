"""Runs a command with DATABASE_URL naming a temporary PostgreSQL server, which is gone when the command ends.

    python tools/with_postgres.py COMMAND [ARGUMENT ...]

The server lives in a temporary folder and listens on a Unix socket there, nowhere else. PostgreSQL refuses to
be run by root; root hands the folder and the server to an unprivileged user.
"""

import locale
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import quote

PROGRAMS = ("initdb", "pg_ctl", "postgres")
ABSENT = (
    "the programs of a PostgreSQL server (initdb, pg_ctl, postgres) are neither in PATH, nor where pg_config "
    "says, nor in /usr/lib/postgresql. Install the server, on Debian: apt-get install postgresql"
)
# The role is as an installation's is: it owns its databases and no more.
ROLE = "provenance"
# Nothing is kept, so nothing need reach the disk; and what the planner knows is what a test has it find out.
START_OPTIONS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c jit=off"
SECONDS_TO_START = 60


class ServerError(Exception):
    """The temporary server could not be made or started."""


def program_folder() -> Path | None:
    """Where the server's programs are, the newest version first; None when they are not installed."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    installed = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    folders += sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)
    complete = (folder for folder in folders if all((folder / name).is_file() for name in PROGRAMS))
    return next(complete, None)


def unprivileged() -> pwd.struct_passwd | None:
    """The user to hand the server to, when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


def utf8_locale() -> str:
    """A locale in which upper and lower case are known beyond ASCII."""
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return name
    return "C"


@contextmanager
def temporary_postgres(programs: Path) -> Iterator[str]:
    """The address (as in DATABASE_URL) of a server that runs inside the block.

    Raises `ServerError` with what the programs said when the server does not start.
    """
    user = unprivileged()
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        environment = {**inherited, "PGDATA": f"{folder}/data"}

        def run(program: str, *arguments: str, stdin: str = "") -> None:
            with Path(folder, "log").open("a+") as log:
                # A session of its own: Ctrl-C is for the command; the server is stopped below.
                done = subprocess.run(
                    [programs / program, *arguments], input=stdin, text=True, check=False, cwd=folder,
                    stdout=log, stderr=log, env=environment, start_new_session=True, **as_user,
                )  # fmt: skip
                if done.returncode:
                    log.seek(0)
                    raise ServerError(f"{program} failed with status {done.returncode}:\n{log.read()}")

        run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", f"--locale={utf8_locale()}")
        run("postgres", "--single", "postgres", stdin=f"CREATE ROLE {ROLE} LOGIN CREATEDB;\n")
        options = f"-c listen_addresses= -k {folder} {START_OPTIONS}"
        try:
            run("pg_ctl", "start", "--wait", f"--timeout={SECONDS_TO_START}", f"--options={options}")
            yield f"postgres://{ROLE}@{quote(folder, safe='')}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Lets `finally` run, so that an ended test run leaves no server behind."""
    sys.exit("Ended by a signal.")


def main(command: Sequence[str]) -> int:
    programs = program_folder()
    if programs is None:
        required = os.environ.get("CI") == "true"
        print(
            f"The tests on PostgreSQL {'cannot run' if required else 'are skipped'}: {ABSENT}.",
            file=sys.stderr,
        )
        return 1 if required else 0
    signal.signal(signal.SIGTERM, stop)
    try:
        with temporary_postgres(programs) as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    except (ServerError, OSError) as error:
        print(f"The temporary PostgreSQL server does not work: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
