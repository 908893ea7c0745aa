"""`manage.py export_archive`: everything that editors recorded, in one file."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from claims.interchange.archive.exporting import export_archive
from claims.interchange.archive.lines import Summary
from claims.interchange.files import whole_file
from claims.ledger.exporting import system_user

WRONG, CALLED_WRONGLY = 1, 2
STANDARD_OUTPUT = Path("-")


class Command(BaseCommand):
    """Everything is read at one moment; the same records give the same bytes. Exits with 2 where FILE cannot be."""

    help = "Write the archive: every record, losslessly, as JSON Lines that import_archive reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "-o", "--output", type=Path, default=STANDARD_OUTPUT, metavar="FILE", help="standard output without it"
        )

    def handle(self, *, output: Path, **_options: Any) -> None:
        if output == STANDARD_OUTPUT:
            _to_standard_output()
            return
        try:
            with whole_file(output) as file:
                summary = _export(file)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=CALLED_WRONGLY) from None
        self.stdout.write(f"{summary.total:,} records are in {output}. SHA-256: {summary.sha256}")


def _export(file: BinaryIO) -> Summary:
    return export_archive(file, by=None, name=system_user())


def _to_standard_output() -> None:
    try:
        _export(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever read it has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(WRONG) from None
