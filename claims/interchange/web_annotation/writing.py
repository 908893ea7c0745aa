"""Passages written as one collection of annotations, piece by piece: the words, where they stand, which claims rest."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from claims.interchange.addresses import address, base, version_address
from claims.interchange.scope import Scope
from claims.interchange.web_annotation import CONTEXT
from claims.models import Claim, Passage, Snapshot
from claims.queries.annotations import count_passages, passages_on
from claims.queries.dates import date_of


def write_web_annotation(scope: Scope, output: BinaryIO) -> None:
    """Write an `AnnotationCollection` (5.1) with one page, UTF-8; memory does not grow with the number of passages."""
    claims = scope.current()
    head = {
        "@context": CONTEXT,
        "id": f"{base()}{scope.path()}",
        "type": "AnnotationCollection",
        "label": scope.title(),
        "generator": {"id": base(), "type": "Software", "name": "Provenance"},
        "total": count_passages(claims),
    }
    page = {"id": f"{head['id']}#page", "type": "AnnotationPage", "startIndex": 0}
    output.write(f'{_written(head)[:-1]}, "first": {_written(page)[:-1]}, "items": ['.encode())
    comma = "\n"
    for passage in passages_on(claims):
        output.write(f"{comma}{_written(annotation_of(passage))}".encode())
        comma = ",\n"
    output.write(b"\n]}}\n")


def annotation_of(passage: Passage) -> dict[str, Any]:
    """The annotation (3.1) of a passage; its claims must be read with it as `attribution.bearing`."""
    claims: list[Claim] = passage.attribution.bearing  # type: ignore[attr-defined]
    return {
        "id": address(passage),
        "type": "Annotation",
        "motivation": "describing",
        "created": _moment(passage.recorded_at),
        "body": [body for claim in claims for body in _bodies(claim)],
        "target": _target(passage),
    }


def _bodies(claim: Claim) -> Iterator[dict[str, Any]]:
    """The claim by the address of its version, and its wordings."""
    yield {"type": "SpecificResource", "purpose": "linking", "source": version_address(claim)}
    for wording in claim.wordings.all():
        yield {
            "type": "TextualBody",
            "purpose": "describing",
            "value": wording.text,
            "language": wording.language,
            "format": "text/plain",
        }


def _target(passage: Passage) -> dict[str, Any]:
    """The words in their source (4.2.4), their place in code points (4.2.5), and in which text they stand (4.3)."""
    quote = {"type": "TextQuoteSelector", "exact": passage.exact}
    quote |= {name: text for name in ("prefix", "suffix") if (text := getattr(passage, name))}
    selectors: list[dict[str, Any]] = [quote]
    if passage.start is not None and passage.end is not None:
        selectors.append({"type": "TextPositionSelector", "start": passage.start, "end": passage.end})
    source = passage.snapshot.source
    return {
        "type": "SpecificResource",
        "source": source.url or address(source),
        "selector": selectors,
        "state": _state(passage.snapshot),
    }


def _state(snapshot: Snapshot) -> dict[str, Any]:
    """When the text was captured (4.3.1), and by what it is known: the SHA-256 of its bytes, as schema.org has it."""
    state: dict[str, Any] = {"type": "TimeState"}
    begin, end = date_of(snapshot.captured_on).bounds() if snapshot.captured_on else (None, None)
    if begin and end:
        state |= {"sourceDateStart": _moment(begin), "sourceDateEnd": _moment(end)}
    elif snapshot.captured_at:
        state["sourceDate"] = _moment(snapshot.captured_at)
    if snapshot.archive_url:
        state["cached"] = snapshot.archive_url
    return {**state, "schema:sha256": snapshot.sha256}


def _moment(moment: datetime) -> str:
    """An `xsd:dateTime` in UTC, as the model wants it (3.3.1)."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
