"""The formats in which claims leave the house: one list, from which commands and pages take theirs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.interchange.tables.claim_cells import claims_as_rows
from claims.interchange.tables.writing import columns_of, csv_pieces, jsonl_pieces, write_workbook
from claims.models import ClaimState
from claims.queries.claim_table import statement_languages


@dataclass(frozen=True)
class Scope:
    """What is exported: the rows of the claims, and what stands beside them (`about.about_claims`)."""

    rows: QuerySet[ClaimState]
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Format:
    """A format: `name` in commands and addresses, `label` for people, how files of it are served and called.

    `write` puts the claims into a stream, in bounded memory. `pieces` gives the same bytes as they are made, where the
    format can be read from its beginning on; a download of any other is made whole first. `tells` says that what stands
    beside the claims is inside.
    """

    name: str
    label: str | Promise
    media_type: str
    extension: str
    write: Callable[[Scope, BinaryIO], None]
    pieces: Callable[[Scope], Iterator[bytes]] | None = None
    tells: bool = False


def streamed(
    name: str, label: str | Promise, media_type: str, extension: str, pieces: Callable[[Scope], Iterator[bytes]]
) -> Format:
    """A format that is made in pieces."""

    def write(scope: Scope, output: BinaryIO) -> None:
        output.writelines(pieces(scope))

    return Format(name, label, media_type, extension, write, pieces)


def _csv(scope: Scope) -> Iterator[bytes]:
    columns = columns_of(statement_languages(scope.rows))
    return csv_pieces((row.values for row in claims_as_rows(scope.rows)), columns)


def _jsonl(scope: Scope) -> Iterator[bytes]:
    return jsonl_pieces(row.values for row in claims_as_rows(scope.rows))


def _xlsx(scope: Scope, output: BinaryIO) -> None:
    columns = columns_of(statement_languages(scope.rows))
    write_workbook((row.values for row in claims_as_rows(scope.rows)), columns, scope.about, output)


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        streamed("csv", "CSV", "text/csv; charset=utf-8", "csv", _csv),
        Format(
            "xlsx",
            _("Excel (XLSX)"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            _xlsx,
            tells=True,
        ),
        streamed("jsonl", "JSON Lines", "application/jsonl; charset=utf-8", "jsonl", _jsonl),
    )
}
