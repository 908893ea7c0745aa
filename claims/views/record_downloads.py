"""Downloads: a topic, a question or a claim in the formats of others."""

from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.interchange.formats import Format, export, formats_of
from claims.interchange.scope import Scope, TooMuch
from claims.models import Claim, Question, Record, Topic, User
from claims.permissions import Capability
from claims.views.access import page
from claims.views.places import refuse_unknown

KINDS: Mapping[str, type[Record]] = {"claims": Claim, "questions": Question, "topics": Topic}
"""What can be had, by the word for it in addresses."""

MOST_IN_MEMORY = 4 * 1024 * 1024
"""A larger file waits on disk until it is sent."""


@dataclass(frozen=True, slots=True)
class Download:
    """A format, as a page offers it."""

    label: str
    url: str


def downloads(kind: str, record: Record) -> list[Download]:
    """What a page offers of its record."""
    return [
        Download(str(each.label), reverse("record_download", args=[kind, record.uid, each.name]))
        for each in formats_of(kind).values()
    ]


@page(Capability.EXPORT)
def record_download(request: HttpRequest, kind: str, uid: UUID, name: str) -> HttpResponseBase:
    """The file, written whole before any of it is sent, so that what is refused is a page with a sentence."""
    refuse_unknown(request, [])
    chosen = formats_of(kind).get(name)
    if kind not in KINDS or chosen is None:
        raise Http404(_("There is no such download."))
    record = get_object_or_404(KINDS[kind], uid=uid)
    if request.method == "HEAD":
        return _described(HttpResponse(content_type=chosen.media_type), chosen, record)
    only: dict[str, Any] = {kind.removesuffix("s"): record}
    file = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 - a response that streams it closes it
    user = request.user if isinstance(request.user, User) else None
    try:
        export(Scope(**only), chosen, cast("BinaryIO", file), by=user)
    except TooMuch as error:
        file.close()
        raise BadRequest(str(error)) from None
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    if size > MOST_IN_MEMORY:
        return _described(FileResponse(file, content_type=chosen.media_type), chosen, record)
    with file:
        return _described(HttpResponse(file.read(), content_type=chosen.media_type), chosen, record)


def _described(response: HttpResponseBase, chosen: Format, record: Record) -> HttpResponseBase:
    named = f"{record._meta.model_name}-{record.uid}.{chosen.extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    return response
