"""The formats of others in which what is on record can be had, and the one way in which each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from claims.interchange.citations import write_csl_json
from claims.interchange.prov.writing import write_prov_json, write_prov_n
from claims.interchange.schema_org.writing import write_schema_org
from claims.interchange.scope import Scope
from claims.interchange.web_annotation.writing import write_web_annotation
from claims.ledger import events
from claims.ledger.entries import snapshot
from claims.ledger.exporting import system_user
from claims.models import User
from claims.permissions import Capability, require

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Write = Callable[[Scope, BinaryIO], None]

EVERY_KIND = frozenset({"topics", "questions", "claims"})


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write what a scope covers: its name in commands and addresses, what it is called, and of what."""

    name: str
    label: StrOrPromise
    media_type: str
    extension: str
    write: Write
    kinds: frozenset[str] = EVERY_KIND

    def fits(self, kind: str) -> bool:
        """Whether records of this kind can be had in it, by the word for it in addresses."""
        return kind in self.kinds


STANDARDS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("prov-json", "W3C PROV (PROV-JSON)", "application/json", "prov.json", write_prov_json),
        Format("prov-n", "W3C PROV (PROV-N)", "text/provenance-notation", "provn", write_prov_n),
        Format("csl-json", "CSL-JSON", "application/vnd.citationstyles.csl+json", "csl.json", write_csl_json),
        Format("schema-org", "schema.org (JSON-LD)", "application/ld+json", "schema.jsonld", write_schema_org),
        Format(
            "web-annotation",
            "W3C Web Annotation",
            'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
            "annotations.jsonld",
            write_web_annotation,
        ),
    )
}


def export(scope: Scope, chosen: Format, output: BinaryIO, *, by: User | None) -> None:
    """Write what the scope covers, all of it as of one moment, and put on record who had it.

    Raises `NotAllowed` for a user who may not export or not read histories, and `TooMuch` before anything is written.
    """
    require(by, Capability.EXPORT)
    require(by, Capability.READ_HISTORY)
    with snapshot():
        chosen.write(scope, output)
    events.record(
        kind="export",
        user_id=by.pk if by else None,
        name=by.get_username() if by else system_user(),
        detail={"format": chosen.name, **scope.detail()},
    )
