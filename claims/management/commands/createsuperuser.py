"""`manage.py createsuperuser NAME`: the first administrator of an installation, on record like any change of a user."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims.management.commands.changepassword import asked_password
from claims.models import User
from claims.permissions import Role
from claims.services.users import keep_user

NAME = "createsuperuser"


class Command(BaseCommand):
    """In place of Django's, which writes past the services."""

    help = "Make an administrator; the password is asked for twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the administrator signs in with")

    def handle(self, *, name: str, **_options: Any) -> None:
        user, reason = User(username=name, is_staff=True, is_superuser=True), "Made on the command line"
        roles, password = [Role.ADMINISTRATOR], asked_password(name)
        try:
            keep_user(user=user, roles=roles, by=None, reason=reason, password=password, command=NAME)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(f"{name} is an administrator. Sign in at /admin/.")
