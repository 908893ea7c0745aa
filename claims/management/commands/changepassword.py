"""`manage.py changepassword NAME`: a new password by whoever can start commands, on record like any other."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims.models import User
from claims.services.users import set_password

NAME = "changepassword"


class Command(BaseCommand):
    """In place of Django's, which writes past the services."""

    help = "Set the password of a user; it is asked for twice, and their sessions end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the user signs in with")

    def handle(self, *, name: str, **_options: Any) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"Nobody signs in as “{name}”. Write the name as it is typed at the sign-in.")
        password = asked_password(name)
        try:
            set_password(user=user, password=password, by=None, reason="Set on the command line", command=NAME)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(f"The password of {name} is set.")


def asked_password(name: str) -> str:
    """The new password, typed twice and unseen; raises `CommandError` where the two differ."""
    password = getpass(f"New password of {name}: ")
    if getpass("Once more: ") != password:
        raise CommandError("The two are not the same. Nothing was changed; run the command again.")
    return password
