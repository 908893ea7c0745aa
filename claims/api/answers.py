"""Answers: JSON with a strong `ETag` from its bytes, and the version of a record in front of it; 304 where known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.renderers import BaseRenderer

from claims.api.bodies import JSON
from claims.api.problems import Kind, Problem

# 128 bits of the SHA-256 of what is answered.
DIGITS = 32


class JsonAnswer(BaseRenderer):  # type: ignore[misc]
    """What the framework negotiates; the views answer by themselves."""

    media_type = JSON
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        """The bytes of a value."""
        return rendered(data)


def rendered(data: Any) -> bytes:
    """The value as JSON: UTF-8, one line, moments in UTC, numbers as they are."""
    return json.dumps(data, ensure_ascii=False, default=_plain, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case Decimal():
            return number(value)
        case UUID() | Promise():
            return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON.")


def moment(value: datetime) -> str:
    """A moment as RFC 3339 has it, in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def number(value: Decimal) -> int | float:
    """A number of at most 15 significant digits: a double holds it exactly, as the database does."""
    return int(value) if value == value.to_integral_value() else float(value)


def answer(
    request: HttpRequest,
    data: Any,
    *,
    status: int = 200,
    version: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The value, or 304 where whoever reads has it already."""
    body = rendered(data)
    return tagged(request, HttpResponse(body, status=status, content_type=JSON, headers=headers), body, version)


def tagged(request: HttpRequest, response: HttpResponse, body: bytes, version: int | None = None) -> HttpResponse:
    """The response with the tag of its bytes; 304 in its place where the request names that tag."""
    tag = tag_of(body, version)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    reading = request.method in {"GET", "HEAD"} and response.status_code == 200  # noqa: PLR2004
    if reading and ("*" in known or tag in {each.removeprefix("W/") for each in known}):
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    response.headers["ETag"] = tag
    return response


def tag_of(body: bytes, version: int | None) -> str:
    """The strong tag of an answer: ``"3-5f…"`` for version 3 of a record, ``"5f…"`` for what has no version."""
    digest = sha256(body).hexdigest()[:DIGITS]
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def asked_version(request: HttpRequest) -> int | None:
    """The version that `If-Match` names: what stands before the hyphen of its tag. None without the header.

    What a record looks like depends on others, too; whoever changes it has to have seen its own latest version, and no
    more than that. Raises `Problem` (428) for a header that names no version: 0 is never one.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return None
    tags = [each for each in parse_etags(header) if each.startswith('"')]
    numbers = {tag.strip('"').partition("-")[0] for tag in tags}
    if len(numbers) != 1:
        raise version_needed()
    (written,) = numbers
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0  # noqa: PLR2004


def version_needed() -> Problem:
    """428: a record that is there is changed only by who says which version they saw."""
    sentence = _("Say which version you change: send its ETag as “If-Match”. Read the record first, to have it.")
    return Problem(Kind.VERSION_NEEDED, sentence)
