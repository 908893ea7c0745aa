"""`manage.py undo_import`: take an import back, as new changes with a reason."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims.models import Import, User
from claims.services.importing import undo
from claims.wording import plain

CALLED_WRONGLY = 2


class Command(BaseCommand):
    """Prints how much was withdrawn and put back, and a line for each record that stays as it is, with the reason."""

    help = "Withdraw what an import made and put back what it changed; what was changed since stays, and is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uid", metavar="UID", help="the identifier of the import")
        parser.add_argument("--reason", required=True, help="why, as the history is to say")
        parser.add_argument("--user", metavar="NAME", help="the user in whose name it is taken back")

    def handle(self, *, uid: str, reason: str, **options: Any) -> None:
        try:
            undone = undo(imported=_import(uid), by=_user(options["user"]), reason=reason, command="undo_import")
        except ValidationError as error:
            raise CommandError(plain(" ".join(error.messages)), returncode=CALLED_WRONGLY) from error
        except PermissionDenied as error:
            raise CommandError(str(error), returncode=CALLED_WRONGLY) from error
        for sentence in undone.left:
            self.stdout.write(plain(sentence))
        counts = f"{undone.withdrawn:,} records withdrawn, {undone.restored:,} put back"
        self.stdout.write(f"{counts}, {len(undone.left):,} left as they are.")


def _import(uid: str) -> Import:
    try:
        found = Import.objects.filter(uid=UUID(uid)).first()
    except ValueError:
        found = None
    if not isinstance(found, Import):
        raise CommandError(f"There is no import “{uid}”.", returncode=CALLED_WRONGLY)
    return found


def _user(name: str | None) -> User | None:
    if not name:
        return None
    user: User | None = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user “{name}”.", returncode=CALLED_WRONGLY)
    return user
