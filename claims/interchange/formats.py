"""The formats in which what is on record leaves the house: one list, from which commands and pages take theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy as _

from claims.interchange.citations import write_csl_json
from claims.interchange.prov.writing import write_prov_json, write_prov_n
from claims.interchange.schema_org.writing import write_schema_org
from claims.interchange.scope import Scope
from claims.interchange.tables.claim_cells import claims_as_rows
from claims.interchange.tables.writing import columns_of, csv_pieces, jsonl_pieces, write_workbook
from claims.interchange.web_annotation.writing import write_web_annotation
from claims.ledger import events
from claims.ledger.entries import snapshot
from claims.ledger.exporting import system_user
from claims.models import User
from claims.permissions import Capability, require
from claims.queries.claim_table import statement_languages

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LIST = "list"
"""Claims that filters choose."""
RECORDS = ("topics", "questions", "claims")
"""What else can be had in a format, by the words for it in addresses: a record with all that belongs to it."""


@dataclass(frozen=True)
class Format:
    """A format: `name` in commands and addresses, `label` for people, how files of it are served and called.

    `kinds` says of what it can be, of `LIST` and `RECORDS`. `write` puts a scope into a stream. `pieces` gives the same
    bytes as they are made, where the format can be read from its beginning on; a download of any other is made whole
    first. `tells` says that what stands beside the claims is inside, `needs` what whoever has it must be allowed.
    """

    name: str
    label: StrOrPromise
    media_type: str
    extension: str
    write: Callable[[Scope, BinaryIO], None]
    pieces: Callable[[Scope], Iterator[bytes]] | None = None
    kinds: frozenset[str] = frozenset({LIST})
    tells: bool = False
    needs: tuple[Capability, ...] = (Capability.EXPORT,)

    def fits(self, kind: str) -> bool:
        """Whether it can be of this: `LIST`, or one of `RECORDS`."""
        return kind in self.kinds


def streamed(
    name: str, label: StrOrPromise, media_type: str, extension: str, pieces: Callable[[Scope], Iterator[bytes]]
) -> Format:
    """A table that is made in pieces."""

    def write(scope: Scope, output: BinaryIO) -> None:
        output.writelines(pieces(scope))

    return Format(name, label, media_type, extension, write, pieces)


def standard(
    name: str, label: StrOrPromise, media_type: str, extension: str, write: Callable[[Scope, BinaryIO], None]
) -> Format:
    """A format of others: of anything, with its versions."""
    needs = (Capability.EXPORT, Capability.READ_HISTORY)
    return Format(name, label, media_type, extension, write, kinds=frozenset({LIST, *RECORDS}), needs=needs)


def _csv(scope: Scope) -> Iterator[bytes]:
    rows = scope.listed()
    return csv_pieces((row.values for row in claims_as_rows(rows)), columns_of(statement_languages(rows)))


def _jsonl(scope: Scope) -> Iterator[bytes]:
    return jsonl_pieces(row.values for row in claims_as_rows(scope.listed()))


def _xlsx(scope: Scope, output: BinaryIO) -> None:
    rows = scope.listed()
    columns = columns_of(statement_languages(rows))
    write_workbook((row.values for row in claims_as_rows(rows)), columns, scope.about, output)


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
        standard("prov-json", "W3C PROV (PROV-JSON)", "application/json", "prov.json", write_prov_json),
        standard("prov-n", "W3C PROV (PROV-N)", "text/provenance-notation", "provn", write_prov_n),
        standard("csl-json", "CSL-JSON", "application/vnd.citationstyles.csl+json", "csl.json", write_csl_json),
        standard("schema-org", "schema.org (JSON-LD)", "application/ld+json", "schema.jsonld", write_schema_org),
        standard(
            "web-annotation",
            "W3C Web Annotation",
            'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
            "annotations.jsonld",
            write_web_annotation,
        ),
    )
}


def formats_of(kind: str) -> dict[str, Format]:
    """The formats in which this can be had (`LIST`, or one of `RECORDS`), by name."""
    return {each.name: each for each in FORMATS.values() if each.fits(kind)}


def export(scope: Scope, chosen: Format, output: BinaryIO, *, by: User | None) -> None:
    """Write what the scope covers, all of it as of one moment, and put on record who had it.

    Raises `NotAllowed` for a user who lacks what the format needs, and `TooMuch` before anything is written.
    """
    for capability in chosen.needs:
        require(by, capability)
    with snapshot():
        chosen.write(scope, output)
    events.record(
        kind="export",
        user_id=by.pk if by else None,
        name=by.get_username() if by else system_user(),
        detail={"format": chosen.name, **scope.detail()},
    )
