"""`manage.py import_claims`: claims from table files, through the road of all writes."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from tqdm import tqdm

from claims.interchange.files import OPEN_INPUT, is_same_file, try_place, whole_file
from claims.interchange.importing import IMPORTED, TableFile
from claims.interchange.tables.map_files import read_map
from claims.interchange.tables.mapping import TableMap
from claims.interchange.tables.rows import TableRefused
from claims.models import User
from claims.services.importing import Entry, Fault, Orders, Report, run
from claims.wording import isolated, plain, shortened

REFUSED, CALLED_WRONGLY = 1, 2
STANDARD_INPUT = "-"
MOST_TOLD = 100
LINE_EVERY = 10_000

Named = Sequence[tuple[str, TableFile]]
"""Tables by the names that they were given by."""


class Command(BaseCommand):
    """Counts go to standard output, refusals and progress to standard error; 1 where rows were refused."""

    help = (
        "Import claims from tables (CSV, JSON Lines, XLSX) or from the ClaimReviews of fact-checkers; "
        "nothing is written where a row is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="a table of claims, or a feed of reviews; - for standard input"
        )
        parser.add_argument("--format", choices=IMPORTED, help="where it is not told by the contents")
        parser.add_argument("--map", metavar="FILE", help="a TOML file that names the columns of somebody else's table")
        parser.add_argument("--reason", default="", help="why, as the history is to say")
        parser.add_argument("--user", metavar="NAME", help="the user in whose name the claims are recorded")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, and say what would become of it")
        parser.add_argument("--skip-bad", action="store_true", help="write the good rows, a batch at a time")
        parser.add_argument("--rejects", metavar="FILE", type=Path, help="where the refused records go, to be mended")

    def handle(self, *, files: Sequence[str], **options: Any) -> None:
        rejects: Path | None = options["rejects"]
        if rejects is not None:
            _look_at(rejects, files, options["map"])
        with ExitStack() as stack:
            with _refusals():
                mapping = _map(options["map"])
                tables = [(name, self._opened(stack, name, options["format"], mapping)) for name in files]
                progress = stack.enter_context(
                    _Progress(self, keep=bool(rejects), tables=[table for _, table in tables])
                )
                orders = Orders(
                    by=_user(options["user"]),
                    reason=options["reason"] or f"Imported from {', '.join(table.name for _, table in tables)}",
                    command="import_claims",
                    dry_run=options["dry_run"],
                    skip_bad=options["skip_bad"],
                    files=[table.told() for _, table in tables],
                    refuse=progress.refuse,
                    progress=progress.report,
                )
                report = self._run(tables, orders, progress)
            self._tell(report, orders)
            if rejects is not None:
                self._put(rejects, tables[0][1], report)
        if report.refused:
            sys.exit(REFUSED)

    @staticmethod
    def _opened(stack: ExitStack, name: str, named: Any, mapping: TableMap | None) -> TableFile:
        with _in_file(name):
            if name == STANDARD_INPUT:
                return TableFile.opened("standard input", sys.stdin.buffer, named=named, mapping=mapping)
            stream: BinaryIO = stack.enter_context(Path(name).open("rb"))  # noqa: SIM115
            return TableFile.opened(Path(name).name, stream, named=named, mapping=mapping)

    def _run(self, tables: Named, orders: Orders, progress: "_Progress") -> Report:
        """Import the tables, of several once each can be begun; where one ends it, tell what is on record."""
        for name, table in tables if len(tables) > 1 else ():
            with _in_file(name):
                table.refuse_header()
        try:
            report = run(_entries(tables), orders)
        except (TableRefused, OSError, InterfaceError, OperationalError):
            progress.close()
            if progress.last.written:
                self.stdout.write("The import ended before the end of its files. Up to there:")
                self._tell(progress.last, orders)
            raise
        progress.close()
        return report

    def _put(self, rejects: Path, table: TableFile, report: Report) -> None:
        """Write the refused records, or say that there are none."""
        if not report.refused:
            older = " The file that is there is an older one." if rejects.is_file() else ""
            self.stdout.write(f"No row is refused, and {rejects} is not written.{older}")
            return
        try:
            with whole_file(rejects) as output:
                table.write_rejects(output)
        except (OSError, TableRefused) as error:
            sentence = f"The refused records cannot be written to {rejects}: {_why(error)} "
            again = "Import the file again with another --rejects; what is on record already is left as it is."
            raise CommandError(plain(sentence + again), returncode=CALLED_WRONGLY) from error
        self.stdout.write(f"The refused records are in {rejects}.")

    def _tell(self, report: Report, orders: Orders) -> None:
        counts = f"{report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged"
        self.stdout.write(f"{_counted(report.rows, 'row')}: {counts}, {report.refused:,} refused.")
        if report.records != report.rows:
            in_part = f"refused of these, in whole or in part: {report.refused_records:,}."
            made_of = f"made of {_counted(report.records, 'record')} of the file"
            self.stdout.write(f"They are rows of the claims table, {made_of}; {in_part}")
        if orders.dry_run:
            self.stdout.write("Nothing was written: this was a dry run.")
        elif not report.written:
            self.stdout.write("Nothing was written. Mend the rows that are refused, or import with --skip-bad.")
        if report.uid:
            self.stdout.write(f"Import {report.uid}; manage.py undo_import takes it back.")
        if report.suspected:
            wait = "wait" if report.written else "would wait"
            pairs = _counted(report.suspected, "pair")
            self.stdout.write(f"Suspected duplicates {wait} to be judged: {pairs} (manage.py suspected).")
        would = "would become" if not report.written else "became"
        if report.contested_total or orders.dry_run:
            self.stdout.write(f"{_counted(report.contested_total, 'question')} {would} contested.")
        for turned in report.contested[:MOST_TOLD]:
            named = ": ".join(_line(name) for name in (turned.topic, turned.question) if name)
            self.stdout.write(f"  {turned.before or 'new'} -> contested  {named}")
        if report.contested_total > MOST_TOLD:
            self.stdout.write(f"  and {report.contested_total - MOST_TOLD:,} more")


class _Progress:
    """Tells how far an import is, a bar on a terminal and lines elsewhere, and what is refused."""

    def __init__(self, command: Command, *, keep: bool, tables: Sequence[TableFile]) -> None:
        self._command = command
        self._tables = {table.name: table for table in tables} if keep else {}
        self._told = self._lines = 0
        self.last = Report()
        self._bar = tqdm(unit=" rows", unit_scale=True, file=sys.stderr, disable=None, leave=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away, and say how many refusals were not told."""
        self._bar.close()
        if self._told > MOST_TOLD:
            more = _counted(self._told - MOST_TOLD, "more refusal")
            self._command.stderr.write(f"and {more}; --rejects keeps them all.")
            self._told = 0

    def report(self, report: Report) -> None:
        """Say how many rows were read."""
        self.last = report
        if not self._bar.disable:
            self._bar.update(report.rows - self._bar.n)
        elif report.rows // LINE_EVERY > self._lines:
            self._lines = report.rows // LINE_EVERY
            self._command.stderr.write(f"{report.rows:,} rows read")

    def refuse(self, entry: Entry, faults: Sequence[Fault]) -> None:
        """Say what is wrong with a row that was not said of its record, the first hundred times."""
        if entry.file in self._tables:
            self._tables[entry.file].refuse(entry, faults)
        self._told += 1
        if self._told > MOST_TOLD:
            return
        for fault in faults:
            column = f" {fault.column}:" if fault.column else ""
            self._bar.clear()
            self._command.stderr.write(plain(f"{entry.file}:{entry.line}:{column} {fault.sentence}"))


@contextmanager
def _refusals() -> Iterator[None]:
    """What cannot be done at all, as the command's own error."""
    try:
        yield
    except (TableRefused, PermissionDenied) as refused:
        raise CommandError(plain(str(refused)), returncode=CALLED_WRONGLY) from refused
    except ValidationError as error:
        raise CommandError(plain(" ".join(error.messages)), returncode=CALLED_WRONGLY) from error
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        raise CommandError(f"{named}{error.strerror or error}.", returncode=CALLED_WRONGLY) from error


@contextmanager
def _in_file(name: str) -> Iterator[None]:
    """Why a table is refused, with the name of its file."""
    try:
        yield
    except TableRefused as refused:
        raise TableRefused(f"{'standard input' if name == STANDARD_INPUT else name}: {refused}") from None


def _entries(tables: Named) -> Iterator[Entry]:
    for name, table in tables:
        with _in_file(name):
            yield from table.entries()


def _look_at(rejects: Path, names: Sequence[str], map_name: str | None) -> None:
    """Raise `CommandError` where the refused records would overwrite what is read, or cannot be written."""
    if len(names) > 1:
        sentence = "Refused records go into the form of one file. Import one at a time."
        raise CommandError(sentence, returncode=CALLED_WRONGLY)
    for name in (*names, *([map_name] if map_name else [])):
        read = OPEN_INPUT if name == STANDARD_INPUT else Path(name)
        if is_same_file(read, rejects):
            sentence = f"{rejects} is read, and --rejects would overwrite it. Name another file: --rejects FILE"
            raise CommandError(sentence, returncode=CALLED_WRONGLY)
    try:
        try_place(rejects)
    except OSError as error:
        sentence = f"The refused records cannot be written to {rejects}: {_why(error)} Nothing was imported."
        raise CommandError(sentence, returncode=CALLED_WRONGLY) from error


def _why(error: Exception) -> str:
    return f"{error.strerror or error}." if isinstance(error, OSError) else str(error)


def _map(name: str | None) -> TableMap | None:
    return read_map(Path(name).read_bytes(), name) if name else None


def _user(name: str | None) -> User | None:
    if not name:
        return None
    user: User | None = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user “{name}”.", returncode=CALLED_WRONGLY)
    return user


def _line(name: str) -> str:
    return plain(isolated(shortened(name, 200)))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
