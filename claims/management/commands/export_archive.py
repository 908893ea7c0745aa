"""`manage.py export_archive`: everything that editors recorded, in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from claims.interchange.archive.exporting import export_archive
from claims.interchange.archive.lines import Summary
from claims.interchange.files import standard_output, whole_file
from claims.ledger.exporting import system_user

CALLED_WRONGLY = 2
STANDARD_OUTPUT = Path("-")


class Command(BaseCommand):
    """Everything is read at one moment; the same records give the same bytes. Exits with 2 where FILE cannot be."""

    help = "Write the archive: every record, losslessly, as JSON Lines that import_archive reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "-o", "--output", type=Path, default=STANDARD_OUTPUT, metavar="FILE", help="standard output without it"
        )

    def handle(self, *, output: Path, **_options: Any) -> None:
        try:
            if output == STANDARD_OUTPUT:
                with standard_output() as file:
                    _export(file)
                return
            with whole_file(output) as file:
                summary = _export(file)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=CALLED_WRONGLY) from None
        self.stdout.write(f"{summary.total:,} records are in {output}. SHA-256: {summary.sha256}")


def _export(file: BinaryIO) -> Summary:
    return export_archive(file, by=None, name=system_user())
