"""`manage.py import_annotations`: W3C Web Annotations of others as passages of attributions that are on record."""

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from claims.interchange.given_json import Malformed
from claims.interchange.web_annotation.reading import Read, annotations_in, import_annotations
from claims.models import User
from claims.wording import plain

STANDARD_INPUT = "-"


class Command(BaseCommand):
    """Prints a line an annotation: what became of it, its identifier, and a sentence, by tabs; counts at the end."""

    help = "Add the passages of W3C Web Annotations to the attributions of the claims that they name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="JSON-LD, or - for standard input")
        parser.add_argument("--reason", default="", help="why, as the history is to say")
        parser.add_argument("--user", metavar="NAME", help="the user in whose name passages are added")
        parser.add_argument("--dry-run", action="store_true", help="say what would become of each, and write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="add the others where some are refused")

    def handle(self, *, file: str, **options: Any) -> None:
        try:
            read = import_annotations(
                _annotations(file),
                by=_user(options["user"]) if options["user"] else None,
                reason=options["reason"] or f"Annotations from {Path(file).name or file}",
                command="import_annotations",
                skip_refused=options["skip_bad"],
                dry_run=options["dry_run"],
            )
        except Malformed as error:
            raise CommandError(plain(f"{file}: {error}"), returncode=2) from error
        except PermissionDenied as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"The file “{file}” cannot be read: {error.strerror}.", returncode=2) from error
        self._tell(read, written=not options["dry_run"], skip=options["skip_bad"])

    def _tell(self, read: list[Read], *, written: bool, skip: bool) -> None:
        for each in read:
            self.stdout.write(plain(f"{each.outcome}\t{each.annotation}\t{each.sentence}"))
        counts = Counter(each.outcome for each in read)
        self.stdout.write(", ".join(f"{counts[word]} {word}" for word in ("added", "known", "not_ours", "refused")))
        if counts["refused"] and not skip:
            raise CommandError("Nothing was written, for some were refused. With --skip-bad the others are added.")
        if not written:
            self.stdout.write("Nothing was written (--dry-run).")


def _annotations(file: str) -> list[Any]:
    if file == STANDARD_INPUT:
        return list(annotations_in(sys.stdin.buffer))
    with Path(file).open("rb") as stream:
        return list(annotations_in(stream))


def _user(name: str) -> User:
    user: User | None = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user “{name}”.", returncode=2)
    return user
