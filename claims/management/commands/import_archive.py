"""`manage.py import_archive`: a whole desk put on record from its archive."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from claims.interchange.archive.importing import import_archive
from claims.interchange.archive.refusals import ArchiveRefused
from claims.wording import plain

REFUSED, CALLED_WRONGLY = 1, 2
TIMES = {1: "checked", 2: "written", 3: "looked at, which is refused"}
LINE_EVERY = 100_000


class Command(BaseCommand):
    """All of it or nothing, into a database without records. Exits with 1 where it is refused."""

    help = "Put on record everything that an archive holds, in a database that has no records yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="an archive, as export_archive writes it")
        parser.add_argument("--reason", default="", help="why, as the history is to say")
        parser.add_argument(
            "--make-users",
            action="store_true",
            help="make the users whom its records name and who are not here: deactivated, with no role and no password",
        )

    def handle(self, *, file: Path, reason: str, make_users: bool, **_options: Any) -> None:
        progress = _Progress(self)
        try:
            with file.open("rb") as stream, progress.bar:
                summary = import_archive(
                    stream,
                    reason=reason or f"Imported from the archive {file.name}",
                    make_users=make_users,
                    progress=progress,
                )
        except ArchiveRefused as refused:
            raise CommandError(plain(f"{file}: {refused} Nothing was written."), returncode=REFUSED) from refused
        except ValidationError as error:
            raise CommandError(plain(" ".join(error.messages)), returncode=CALLED_WRONGLY) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}.", returncode=CALLED_WRONGLY) from error
        counts = ", ".join(f"{number:,} {name}" for name, number in summary.counts.items())
        self.stdout.write(f"{summary.total:,} records are on record: {counts or 'none'}.")
        self.stdout.write(f"SHA-256: {summary.sha256}")


class _Progress:
    """Tells how far it is: a bar on a terminal, lines elsewhere."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._time = 0
        self.bar = tqdm(unit=" records", unit_scale=True, file=sys.stderr, disable=None, leave=False)

    def __call__(self, time: int, records: int) -> None:
        if not self.bar.disable:
            if time != self._time:
                self._time = time
                self.bar.reset()
                self.bar.set_description(TIMES[time])
            self.bar.update(records - self.bar.n)
        elif records % LINE_EVERY == 0:
            self._command.stderr.write(f"{records:,} records {TIMES[time]}")
