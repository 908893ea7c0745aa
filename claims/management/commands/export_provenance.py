"""`manage.py export_provenance`: what is on record, or a part of it, in the formats of others."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from claims.interchange.files import standard_output, whole_file
from claims.interchange.formats import export, formats_of
from claims.interchange.scope import Scope, TooMuch
from claims.models import Claim, Question, Record, Topic

KINDS: dict[str, type[Record]] = {"topic": Topic, "question": Question, "claim": Claim}
FORMATS = formats_of("claims")


class Command(BaseCommand):
    """Writes to standard output, or a file that is there once it is complete."""

    help = "Write what is on record, a topic, a question or a claim in a format of others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        for kind in KINDS:
            one.add_argument(f"--{kind}", metavar="UID", help=f"only this {kind}")
        parser.add_argument("--format", choices=list(FORMATS), default="prov-json")
        parser.add_argument("-o", "--output", metavar="FILE", help="the file to write, standard output if none")
        parser.add_argument("--without-editors", action="store_true", help="name nobody who works here")

    def handle(self, *, format: str, output: str | None, **options: Any) -> None:  # noqa: A002 - the option's name
        named: dict[str, Any] = {kind: _record(kind, options[kind]) for kind in KINDS if options[kind]}
        scope = Scope(**named, editors=not options["without_editors"])
        try:
            with whole_file(Path(output)) if output else standard_output() as file:
                export(scope, FORMATS[format], file, by=None)
        except TooMuch as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"“{error.filename}” cannot be written: {error.strerror}.", returncode=2) from error


def _record(kind: str, uid: str) -> Record:
    try:
        found: Record = KINDS[kind].objects.get(uid=UUID(uid))
    except (ValueError, KINDS[kind].DoesNotExist):
        sentence = f"There is no {kind} “{uid}”. Give its identifier, as its page shows it."
        raise CommandError(sentence, returncode=2) from None
    return found
