"""How a claim is cited: a line to copy, in the reader's language, and CSL-JSON for programs that keep references.

Both name the version by its permanent address, so that what is cited can be compared with what the claim became.
"""

import json
import re
from datetime import date, datetime
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.interchange.addresses import base, version_address
from claims.interchange.scope import Scope
from claims.queries.claim_rows import ClaimRow, claim_rows
from claims.queries.provenance import versions_made
from claims.wording import isolated, listed, plain, word_date

_EXACT = re.compile(r"(\d{4}(?:-\d\d){0,2})(?:T.*)?", re.ASCII)


def citation(row: ClaimRow, made: datetime) -> str:
    """The line: speaker, wording, whom it came through, source, version and address; each isolated in its direction.

    `made` is when the version was recorded.
    """
    source = row.claim.attribution.source
    title = isolated(row.source)
    if source.published_on:
        title = _("%(source)s (%(date)s)") % {"source": title, "date": word_date(source.published_on)}
    values = {
        "speaker": isolated(row.speaker),
        "statement": isolated(_statement(row)[1]),
        "chain": listed(map(isolated, row.chain)),
        "source": title,
        "number": row.claim.version,
        "date": word_date(timezone.localtime(made).date().isoformat()),
        "address": isolated(version_address(row.claim)),
    }
    if row.chain:
        return (
            _(
                "%(speaker)s: “%(statement)s” Through %(chain)s, in %(source)s. "
                "Claim on record, version %(number)s of %(date)s. %(address)s"
            )
            % values
        )
    return (
        _("%(speaker)s: “%(statement)s” In %(source)s. Claim on record, version %(number)s of %(date)s. %(address)s")
        % values
    )


def write_csl_json(scope: Scope, output: BinaryIO) -> None:
    """Write the claims that the scope covers, not the withdrawn, as CSL-JSON (1.0.2), UTF-8, piece by piece."""
    output.write(b"[")
    comma = "\n"
    for keys in scope.batches(scope.current()):
        rows = claim_rows(keys)
        made = versions_made([row.claim for row in rows])
        for row in rows:
            written = json.dumps(csl_item(row, made[row.claim.pk]), ensure_ascii=False)
            output.write(f"{comma}{written}".encode())
            comma = ",\n"
    output.write(b"\n]\n")


def csl_item(row: ClaimRow, made: datetime) -> dict[str, Any]:
    """A claim as an entry of this desk: by its speaker, issued when the version was, from an original in a source."""
    source = row.claim.attribution.source
    address = version_address(row.claim)
    language, statement = _statement(row)
    item = {
        "id": address,
        "type": "entry",
        "title": statement,
        "author": [{"literal": row.speaker}],
        "contributor": [{"literal": name} for name in row.chain],
        "container-title": urlsplit(base()).netloc,
        "issued": _parts(timezone.localtime(made).date()),
        "version": str(row.claim.version),
        "URL": address,
        "language": language,
        "original-title": row.source,
        "original-publisher": source.publisher.name if source.publisher else "",
        "original-date": _date(source.published_on),
    }
    return {name: value for name, value in item.items() if value}


def _statement(row: ClaimRow) -> tuple[str, str]:
    """Language and text of the wording in the reader's language, else of the first; without any the answer in words."""
    reader = (get_language() or "").split("-")[0]
    ordered = sorted(row.wordings, key=lambda each: each.language.split("-")[0] != reader)
    return next(((each.language, each.text) for each in ordered), ("", plain(row.held)))


def _date(written: str) -> dict[str, Any]:
    """A day, month or year as CSL has it; as written where it is about, uncertain or a range."""
    if not written:
        return {}
    exact = _EXACT.fullmatch(written)
    return {"date-parts": [[int(part) for part in exact[1].split("-")]]} if exact else {"literal": written}


def _parts(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}
