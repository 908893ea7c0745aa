"""The bytes of a snapshot as they were captured, to be saved and not shown."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from claims.api.answers import JsonAnswer, tagged
from claims.api.base import ApiView
from claims.api.items import UID
from claims.api.problems import Kind, Problem
from claims.api.schema import IF_NONE_MATCH, NAMING, READING, Operation
from claims.models import Snapshot, SnapshotContent

# The names that the registry of character sets has for what we call otherwise.
CHARSETS = {"utf-16-le": "utf-16le", "utf-16-be": "utf-16be"}


class Content(ApiView):
    """The text of a snapshot, byte for byte."""

    def operation(self, method: str) -> Operation | None:
        """Reading."""
        if method not in {"GET", "HEAD"}:
            return None
        return Operation(
            name="read_content",
            summary="Download the text of a snapshot",
            description="The bytes as captured, in their own encoding; `Repr-Digest` (RFC 9530) has their SHA-256.",
            tag="snapshots",
            parameters=[UID, IF_NONE_MATCH],
            answers={200: {"type": "string"}, 304: None},
            problems=[code for code in (*READING, *NAMING) if code != 406],  # noqa: PLR2004
            media_type="text/plain",
        )

    def perform_content_negotiation(self, request: Any, force: bool = False) -> tuple[Any, str]:
        """There is one form alone; problems are JSON."""
        return JsonAnswer(), JsonAnswer.media_type

    def get(self, request: Any, uid: UUID) -> HttpResponse:
        """The bytes. Raises `Http404`, also where only their hash is known."""
        rows = SnapshotContent.objects.select_related("snapshot").filter(
            snapshot__uid=uid, snapshot__withdrawn=False, snapshot__source__withdrawn=False
        )
        row = rows.first()
        if row is None:
            raise _missing(uid)
        body, encoding = bytes(row.content), row.snapshot.encoding or "utf-8"
        response = HttpResponse(body, content_type=f"text/plain; charset={CHARSETS.get(encoding, encoding)}")
        response.headers["Content-Disposition"] = f'attachment; filename="{uid}.txt"'
        digest = b64encode(bytes.fromhex(row.snapshot.sha256)).decode()
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
        return tagged(request, response, body)


def _missing(uid: UUID) -> Exception:
    """Why there are no bytes: there is no such snapshot, or nothing of it but the hash."""
    if not Snapshot.objects.current().filter(uid=uid, source__withdrawn=False).exists():
        return Http404()
    return Problem(Kind.NOT_FOUND, _("Only its hash is on record. Attach the text to the source."))
