"""`manage.py export_claims`: the claims, filtered as the pages filter them, as a file in one of the formats."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils.encoding import force_str

from claims.filters import Asked, ClaimFilters
from claims.interchange.about import about_claims
from claims.interchange.files import OPEN_OUTPUT, is_same_file, standard_output, try_place, whole_file
from claims.interchange.formats import LIST, Format, formats_of
from claims.interchange.scope import Scope, TooMuch
from claims.interchange.tables.rows import TableRefused
from claims.ledger.entries import snapshot
from claims.ledger.events import record
from claims.ledger.exporting import system_user
from claims.wording import plain

WRONG, CALLED_WRONGLY = 1, 2
STANDARD_OUTPUT = STANDARD_ERROR = Path("-")
# Orders a list on a screen; a file is in the order of recording.
LEFT_OUT = frozenset({"sort"})
SEVERAL = frozenset({"state"})
CSV = "csv"


class Command(BaseCommand):
    """Everything is read at one moment. Exits with 2 where a filter is not understood or the file cannot be written."""

    help = "Write claims to a file: filtered as on the page of claims, with what they are in a file beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--format", choices=list(formats_of(LIST)), help="by default what the file's name ends with, or csv"
        )
        parser.add_argument(
            "-o", "--output", type=Path, default=STANDARD_OUTPUT, metavar="FILE", help="standard output without it"
        )
        parser.add_argument(
            "--about",
            type=Path,
            metavar="FILE",
            help="where the filter, the time and the checkpoint go; by default FILE.about.json, “-” for standard error",
        )
        filters = parser.add_argument_group("filters", "as on the page of claims; records by identifier or whole name")
        for name, each in ClaimFilters.base_filters.items():
            if name not in LEFT_OUT:
                filters.add_argument(
                    f"--{name.replace('_', '-')}",
                    dest=name,
                    action="append",
                    metavar=name.upper(),
                    help=_described(each),
                )

    def handle(self, **options: Any) -> None:
        asked = _asked(options)
        output: Path = options["output"]
        chosen = _format(options["format"], output)
        beside = _beside(options["about"], output, chosen)
        _look_at(output, beside)
        query = asked.selection
        record(kind="export", name=system_user(), detail={"format": chosen.name, "query": query, "command": True})
        with _refusals(), snapshot():
            filters = [(each.label, each.value) for each in asked.active()]
            about = {"format": chosen.name, **about_claims(asked.filters.qs, filters=filters, query=query)}
            scope = Scope(rows=asked.filters.qs, about=about)
            if output == STANDARD_OUTPUT:
                self._to_standard_output(chosen, scope)
            else:
                with whole_file(output) as file:
                    chosen.write(scope, file)
        self._tell(about, output, beside)

    def _to_standard_output(self, chosen: Format, scope: Scope) -> None:
        if chosen.tells and sys.stdout.isatty():
            raise CommandError(f"{chosen.label} is not for a terminal. Name a file: -o FILE", returncode=CALLED_WRONGLY)
        with standard_output() as stream:
            chosen.write(scope, stream)

    def _tell(self, about: Mapping[str, Any], output: Path, beside: Path | None) -> None:
        """Put beside the data what they are."""
        text = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
        if beside == STANDARD_ERROR:
            self.stderr.write(text)
        elif beside is not None:
            with _refusals(), whole_file(beside) as file:
                file.write(text.encode())
        if output != STANDARD_OUTPUT:
            where = f" What they are is in {beside}." if beside not in (None, STANDARD_ERROR) else ""
            self.stdout.write(f"{about['claims']:,} claims are in {output}.{where}")


def _beside(named: Path | None, output: Path, chosen: Format) -> Path | None:
    """Where it is to stand what the claims are: as it is named, else beside the file, where that does not say so."""
    if named is not None or output == STANDARD_OUTPUT or chosen.tells:
        return named
    return output.with_name(f"{output.name}.about.json")


def _look_at(output: Path, beside: Path | None) -> None:
    """Raise `CommandError` where one file would overwrite the other, or one of them cannot be written."""
    written = OPEN_OUTPUT if output == STANDARD_OUTPUT else output
    if beside not in (None, STANDARD_ERROR) and is_same_file(written, beside):
        sentence = (
            f"{beside} is the file of the claims, and --about would overwrite it. Name another file: --about FILE"
        )
        raise CommandError(sentence, returncode=CALLED_WRONGLY)
    with _refusals():
        for each in (output, beside):
            if each not in (None, STANDARD_OUTPUT):
                try_place(each)


def _described(each: Any) -> str:
    """The filter in a line of help, with its words where it has a fixed list."""
    choices = each.extra.get("choices")
    words = f": {', '.join(force_str(word) for word, _label in choices)}" if choices else ""
    return f"{each.label}{words}".replace("%", "%%")


def _asked(options: Mapping[str, Any]) -> Asked:
    """The filters; raises `CommandError` for what is not understood."""
    query = QueryDict(mutable=True)
    for name in ClaimFilters.base_filters:
        values: list[str] = options.get(name) or []
        if len(values) > 1 and name not in SEVERAL:
            raise CommandError(f"--{name.replace('_', '-')} is given twice. Give it once.", returncode=CALLED_WRONGLY)
        query.setlist(name, values)
    for name in [name for name in query if not query.getlist(name)]:
        del query[name]
    asked = Asked.of(query)
    if not asked.is_valid:
        errors = asked.filters.form.errors.items()
        wrong = [f"--{name.replace('_', '-')}: {each}" for name, sentences in errors for each in sentences]
        raise CommandError(plain("\n".join([*wrong, *asked.mistakes])), returncode=CALLED_WRONGLY)
    return asked


def _format(name: str | None, output: Path) -> Format:
    """The format that is named, else the one that the file's name ends with."""
    formats = formats_of(LIST)
    ending = next((each.name for each in formats.values() if output.name.endswith(f".{each.extension}")), CSV)
    return formats[name or ending]


@contextmanager
def _refusals() -> Iterator[None]:
    """What stands in the way of the file, in a sentence."""
    try:
        yield
    except (TableRefused, TooMuch) as refused:
        raise CommandError(plain(str(refused)), returncode=WRONG) from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror or error}.", returncode=CALLED_WRONGLY) from None
