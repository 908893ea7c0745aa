"""The history of any record: who changed which field from what to what, when and why."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import models
from claims.models import Record
from claims.permissions import Capability
from claims.queries.histories import versions_of
from claims.views.access import page
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

LISTED = 100


@page(Capability.READ_HISTORY)
def history(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """The newest changes of a record and its parts."""
    if kind not in KINDS:
        raise Http404(_("There are no records of the kind “%(kind)s”.") % {"kind": kind})
    refuse_unknown(request, [])
    record = get_object_or_404(KINDS[kind], uid=uid)
    versions = versions_of(type(record), record.pk, listed=LISTED)
    if kind == "claims":
        versions = [replace(each, url=reverse("claim_version", args=[uid, each.number])) for each in versions]
    context = {
        "what": record._meta.verbose_name,
        "name": str(record) if kind in PAGES and kind != "claims" else "",
        "record_url": reverse(PAGES[kind], args=[uid]) if kind in PAGES and not record.withdrawn else "",
        "withdrawn": record.withdrawn,
        "versions": versions,
        "listed": LISTED if len(versions) == LISTED else None,
    }
    return render(request, "pages/history.html", context)
