"""The history of any record: who changed which field from what to what, when and why; and any two versions compared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import models
from claims.models import Record
from claims.permissions import Capability
from claims.queries.asked_versions import BEFORE, FROM, TO, asked_moment, asked_versions, written_moment
from claims.queries.called import name_of
from claims.queries.histories import Version, history_page
from claims.queries.versions import compared_numbers
from claims.views.access import page
from claims.views.links import IN_THE_PAST, address_then
from claims.views.places import refuse_unknown

KINDS: Mapping[str, type[Record]] = {
    "sides": models.Side,
    "agents": models.Agent,
    "sources": models.Source,
    "snapshots": models.Snapshot,
    "topics": models.Topic,
    "questions": models.Question,
    "options": models.Option,
    "attributions": models.Attribution,
    "claims": models.Claim,
    "links": models.ClaimLink,
    "retractions": models.Retraction,
    "corrections": models.Correction,
    "distinctions": models.Distinction,
    "findings": models.Finding,
}
"""The records that have a history of their own, by the word for them in addresses; parts are in that of the whole."""

PAGES = {"claims": "claim", "questions": "question", "sources": "source", "agents": "agent", "topics": "topic"}
"""The kinds of records that have a page of their own, and its name."""


@page(Capability.READ_HISTORY)
def history(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """A page of the changes of a record and its parts, the newest first."""
    record = _record(kind, uid)
    refuse_unknown(request, [BEFORE])
    before = asked_moment(request.GET)
    found = history_page(type(record), record.pk, before=before)
    older = urlencode({BEFORE: written_moment(found.older)}) if found.older else ""
    context = {
        **_head(kind, record),
        "versions": [_linked(each, kind, record) for each in found.versions],
        "compare_url": reverse("history_compare", args=[kind, uid]) if record.version > 1 else "",
        "newest": record.version,
        "first_url": request.path if before else "",
        "next_url": f"{request.path}?{older}" if older else "",
    }
    return render(request, "pages/history.html", context)


@page(Capability.READ_HISTORY)
def history_compare(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """What differs between two versions of a record; without a choice, what its last change made of it."""
    record = _record(kind, uid)
    refuse_unknown(request, [FROM, TO])
    comparison = compared_numbers(record, *asked_versions(request.GET, record.version))
    if comparison is None:
        raise Http404(_("This record has no such version."))
    context = {
        **_head(kind, record),
        "comparison": comparison,
        "newest": record.version,
        "history_url": reverse("history", args=[kind, uid]),
        "compare_url": request.path,
    }
    return render(request, "pages/history_compare.html", context)


def _record(kind: str, uid: UUID) -> Record:
    if kind not in KINDS:
        raise Http404(_("There are no records of the kind “%(kind)s”.") % {"kind": kind})
    return get_object_or_404(KINDS[kind], uid=uid)


def _head(kind: str, record: Record) -> dict[str, Any]:
    """What the record is, and the way to its page."""
    return {
        "what": record._meta.verbose_name,
        "name": name_of(record) if kind in PAGES and kind != "claims" else "",
        "record_url": reverse(PAGES[kind], args=[record.uid]) if kind in PAGES and not record.withdrawn else "",
        "withdrawn": record.withdrawn,
    }


def _linked(version: Version, kind: str, record: Record) -> Version:
    """The version with the ways to it, and to what differs from it to the record as it is now."""
    compare = reverse("history_compare", args=[kind, record.uid])
    links = []
    if version.number < record.version:
        query = urlencode({FROM: version.number, TO: record.version})
        links.append((f"{compare}?{query}", _("Compare with now")))
    if (shown := PAGES.get(kind)) in IN_THE_PAST:
        links.append((address_then(shown, record.uid, written_moment(version.moment)), _("As it was then")))
    url = reverse("claim_version", args=[record.uid, version.number]) if kind == "claims" else ""
    return replace(version, url=url, links=tuple(links))
