"""A claim: as it is, with all that stands around it, and as it was in each of its versions."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from claims.interchange.citations import citation
from claims.models import Claim, Retraction
from claims.permissions import Capability
from claims.queries.claim_pages import claim_state, origins_of, read_claim
from claims.queries.claim_rows import claim_rows
from claims.queries.histories import versions_at
from claims.queries.provenance import versions_made
from claims.queries.versions import read_version, texts_of
from claims.views.access import page
from claims.views.links import agent_link, source_link
from claims.views.past import ASKING, RECORDED_ON, also_in_the_past
from claims.views.places import refuse_unknown
from claims.views.record_downloads import downloads
from claims.views.shown import ShownClaim, leading_wording, shown_claim
from claims.wording import word, word_date, word_outcome


@page(asking=ASKING)
@also_in_the_past
def claim(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The claim with what it excludes and why, who says the same, its passage, links and versions."""
    refuse_unknown(request, [RECORDED_ON])
    try:
        state = claim_state(uid)
    except ObjectDoesNotExist:
        raise Http404 from None
    reading = read_claim(state)
    own, *others = claim_rows([state.claim_id, *reading.claims])
    origins = origins_of(reading.question_state)
    counts = {"fewest": origins.fewest, "most": origins.most} if origins else {}
    shown = {row.claim.pk: shown_claim(row) for row in others}
    mine = shown_claim(own, **counts)
    context = {
        "claim": replace(mine, url=""),
        "record": state.claim,
        "title": leading_wording(mine),
        "other_wordings": mine.wordings[1:],
        "reading": reading,
        "topic": own.topic,
        "against": _some(reading.against, shown),
        "same": _some(reading.same, shown),
        "same_rest": reading.same_total - len(reading.same),
        "copied_from": shown.get(reading.copied_from or 0),
        "copies": _some(reading.copies, shown),
        "links": [
            {"kind": word(each.kind), "outgoing": each.outgoing, "claim": leading_wording(shown[each.claim])}
            for each in reading.links
            if each.claim in shown
        ],
        "notices": [_notice(each) for each in reading.notices],
        "passages": [
            {"context": each, "outcome": word_outcome(each.outcome), "index": mine.index} for each in reading.passages
        ],
        "downloads": downloads("claims", state.claim),
        "citation": citation(own, versions_made([own.claim])[own.claim.pk]),
        **_attribution(state.claim),
    }
    return render(request, "pages/claim.html", context)


@page(Capability.READ_HISTORY)
def claim_version(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """The claim as it was recorded in one version: its fields and wordings, who wrote it, when and why."""
    refuse_unknown(request, [])
    found = get_object_or_404(Claim, uid=uid)
    version = read_version(Claim, found.pk, number)
    if version is None:
        raise Http404(_("This claim has no version %(number)d.") % {"number": number})
    change = versions_at(Claim, found.pk, version.row.history_date)[-1]
    context = {
        # The first version is told below as a whole.
        "version": replace(change, changes=()) if number == 1 else change,
        "withdrawn": version.withdrawn,
        "fields": texts_of(version),
        "number": number,
        "latest": found.version,
        "uid": uid,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < found.version else None,
    }
    return render(request, "pages/claim_version.html", context)


def _some(keys: tuple[int, ...], shown: dict[int, ShownClaim]) -> list[ShownClaim]:
    return [shown[key] for key in keys if key in shown]


def _attribution(claim: Claim) -> dict[str, Any]:
    """What an attribution states beyond the chain."""
    attribution = claim.attribution
    return {
        "attribution": attribution,
        "on_behalf_of": agent_link(attribution.on_behalf_of) if attribution.on_behalf_of else None,
        "document": source_link(attribution.document) if attribution.document else None,
        "as_of": word_date(claim.as_of) if claim.as_of else "",
    }


def _notice(notice: Any) -> dict[str, Any]:
    """A retraction or correction."""
    return {
        "what": _("Retracted by the speaker") if isinstance(notice, Retraction) else _("Corrected by the publisher"),
        "dated_on": word_date(notice.dated_on) if notice.dated_on else "",
        "source": source_link(notice.source) if notice.source else None,
        "exact": notice.exact,
        "note": notice.note,
    }
