"""`manage.py check_prov`: whether files are PROV documents, and what is in them."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from claims.interchange.given_json import Malformed
from claims.interchange.prov.reading import counted, read_prov_json, read_prov_n
from claims.wording import plain

STANDARD_INPUT = "-"


class Command(BaseCommand):
    """Prints a line a file; nothing is written to the database."""

    help = "Say whether files are PROV-JSON (or PROV-N, by the ending .provn), and what is in them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", metavar="FILE", nargs="+", help="a file, or - for PROV-JSON on standard input")

    def handle(self, *, files: list[str], **options: Any) -> None:
        refused = 0
        for name in files:
            try:
                self.stdout.write(f"{name}: {_told(name)}")
            except (Malformed, OSError) as error:
                refused += 1
                self.stderr.write(f"{name}: {plain(str(error))}")
        if refused:
            raise CommandError(f"{refused} of {len(files)} refused.")


def _told(name: str) -> str:
    if name == STANDARD_INPUT:
        return _counts(sys.stdin.buffer, name)
    with Path(name).open("rb") as stream:
        return _counts(stream, name)


def _counts(stream: BinaryIO, name: str) -> str:
    document = read_prov_n(stream) if name.endswith(".provn") else read_prov_json(stream)
    return ", ".join(f"{kind} {number}" for kind, number in counted(document).items())
