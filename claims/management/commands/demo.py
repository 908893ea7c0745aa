"""`manage.py demo`: a database with the demonstration and a user for each role, served on this machine only."""

import os
import secrets
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from claims.ledger.checkpoints import Refused, checkpoint, shelf
from claims.models import Claim, User
from claims.permissions import Role
from claims.services.users import keep_user

HOST = "127.0.0.1"
# What permanent addresses begin with while nothing else is set.
AT_FIRST = f"http://{HOST}:8000/"
FIXTURE = "demonstration"
PASSWORD_BYTES = 9
# There is somebody at any moment who manages users.
ADMINISTRATOR_FIRST = sorted(Role, key=lambda role: role is not Role.ADMINISTRATOR)


class Command(BaseCommand):
    """A second run keeps what is there."""

    help = "Migrate, load the demonstration, make a user for each role, and serve on 127.0.0.1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="do all but serve")

    def handle(self, *, port: int, no_serve: bool, **_options: Any) -> None:
        from provenance.serving import listen, server_on  # noqa: PLC0415 - a server is only needed here

        try:
            listener = None if no_serve else listen(host=HOST, port=port)
        except OSError as error:
            raise CommandError(
                f"Port {port} of {HOST} cannot be used ({error.strerror}). Choose another: make demo PORT=8001"
            ) from error
        self._load(migrated=self._migrate())
        self._introduce_users()
        self._sign()
        if listener is None:
            return
        if settings.BASE_URL == AT_FIRST:
            settings.BASE_URL = f"http://{HOST}:{port}/"  # what is cited here is to be found here
        server = server_on(listener)
        self.stdout.write(f"\nOpen http://{HOST}:{port}/   (the admin: http://{HOST}:{port}/admin/; Ctrl-C stops it)")
        self.stdout.flush()
        try:
            with _watched():
                server.run()
        except KeyboardInterrupt:
            self.stdout.write("")

    def _sign(self) -> None:
        try:
            kept = checkpoint(shelf())
        except Refused as sentence:
            self.stderr.write(str(sentence))
            return
        self.stdout.write(f"\nA signed checkpoint of all that is on record: {kept.path}")

    @staticmethod
    def _migrate() -> bool:
        """Migrate, and say whether there was anything to migrate."""
        recorder = MigrationRecorder(connection)
        before = set(recorder.applied_migrations())
        call_command("migrate", verbosity=0, interactive=False)
        return set(recorder.applied_migrations()) != before

    def _load(self, *, migrated: bool) -> None:
        if Claim.objects.exists():
            self.stdout.write("The database has claims already; they are kept as they are.")
            if migrated:
                self.stdout.write("It is from an earlier version: what follows from the claims is worked out again …")
                call_command("rebuild_state", verbosity=0, stdout=self.stdout)
            return
        self.stdout.write("Loading the demonstration …")
        call_command("loaddata", FIXTURE, verbosity=0)
        self.stdout.write(f"{Claim.objects.count()} claims are on record.")

    def _introduce_users(self) -> None:
        """Make the users that are missing; a password is shown this once and nowhere kept."""
        known = set(User.objects.values_list("username", flat=True))
        made = {role: self._make_user(role) for role in ADMINISTRATOR_FIRST if role.value not in known}
        self.stdout.write("\nSign in at /admin/ as:")
        for role in Role:
            password = made.get(role)
            self.stdout.write(f"  {role.value:<14}{password or '(as you set it, or as shown at the first run)'}")
        if len(made) < len(Role):
            self.stdout.write("Set a password: .venv/bin/python manage.py changepassword NAME")

    @staticmethod
    def _make_user(role: Role) -> str:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        user = User(username=role.value, is_staff=True, is_superuser=role is Role.ADMINISTRATOR)
        keep_user(user=user, roles=[role], by=None, reason="The demonstration", password=password, command="demo")
        return password


@contextmanager
def _watched() -> Iterator[None]:
    """Have what is recorded meanwhile sealed and signed, by a process that ends with this one, however it ends."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "audit", "watch", "--parent", str(os.getpid())]
    watcher = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - this very software
    try:
        yield
    finally:
        watcher.terminate()
        watcher.wait()
