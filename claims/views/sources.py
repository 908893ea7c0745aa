"""Sources: the list, one with its text and the passages marked in it, and what changed between two of its texts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from claims.domain.vocabulary import Judged, Outcome
from claims.models import Snapshot, Source
from claims.queries.source_pages import (
    PlacedPassage,
    claims_by_source,
    current_sources,
    listed_sources,
    read_source,
    sources_page,
)
from claims.queries.suspected import judged_sources
from claims.queries.texts import around_changes, changes_between, texts_of
from claims.text.differences import Change
from claims.views.access import page
from claims.views.links import agent_link, source_link
from claims.views.places import page_links, places, refuse_unknown
from claims.views.shown import ShownClaim, shown_rows
from claims.wording import word_date, word_outcome


@page()
def source_list(request: HttpRequest) -> HttpResponse:
    """All sources, the last published first."""
    refuse_unknown(request, [])
    try:
        found = sources_page(**places(request))
    except ObjectDoesNotExist:
        raise BadRequest(_("The page to begin at names a source that is not here.")) from None
    sources = listed_sources(found)
    numbers = claims_by_source(found.keys)
    context = {
        "sources": [
            {
                "link": source_link(source),
                "publisher": agent_link(source.publisher) if source.publisher else None,
                "published_on": word_date(source.published_on) if source.published_on else "",
                "medium": source.medium,
                "claims": numbers.get(source.pk, 0),
            }
            for source in sources
        ],
        **page_links(request, found, [str(source.uid) for source in sources]),
    }
    return render(request, "pages/source_list.html", context)


@page()
def source(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A source with the text that `snapshot` names, else its newest, and beside each passage the claims on it."""
    refuse_unknown(request, ["snapshot"])
    found = get_object_or_404(current_sources(), uid=uid)
    texts = texts_of(found)
    chosen = _chosen(request, "snapshot", texts) or (texts[-1] if texts else None)
    reading = read_source(found, chosen)
    shown = dict(zip(reading.claims, shown_rows(reading.claims), strict=True))
    passages = [_passage(each, shown, found) for each in reading.passages if any(k in shown for k in each.claims)]
    context = {
        "source": found,
        "reading": reading,
        "in_text": [each for each in passages if each["start"] is not None],
        "not_in_text": [each for each in passages if each["start"] is None],
        "unquoted": [shown[key] for key in reading.unquoted if key in shown],
        "texts": [{"snapshot": each, "chosen": each == chosen} for each in texts],
        "chosen": chosen,
        "before": texts[texts.index(chosen) - 1] if chosen and texts.index(chosen) else None,
        "hashes": Snapshot.objects.current().filter(source=found, content__isnull=True),
        **_about(found),
    }
    return render(request, "pages/source.html", context)


@page()
def source_changes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What changed between two texts of a source: `from` and `to` name them, else the last two are taken."""
    refuse_unknown(request, ["from", "to"])
    found = get_object_or_404(current_sources(), uid=uid)
    texts = texts_of(found)
    old = _chosen(request, "from", texts) or (texts[-2] if len(texts) > 1 else None)
    new = _chosen(request, "to", texts) or (texts[-1] if texts else None)
    segments = changes_between(old, new) if old and new else ()
    context = {
        "source": found,
        "texts": texts,
        "old": old,
        "new": new,
        "parts": around_changes(segments),
        "changed": any(segment.change is not Change.EQUAL for segment in segments),
        **_about(found),
    }
    return render(request, "pages/source_changes.html", context)


def _about(source: Source) -> dict[str, Any]:
    link = source_link(source)
    others = [
        (each.judged, each.second_source if each.first_source_id == source.pk else each.first_source)
        for each in judged_sources([source.pk])
    ]
    texts = {source.language: source.title, **source.translations}
    return {
        "link": link,
        "other_titles": [(language, text) for language, text in texts.items() if text and text != link.text],
        "publisher": agent_link(source.publisher) if source.publisher else None,
        "published_on": word_date(source.published_on) if source.published_on else "",
        "same": [source_link(other) for judged, other in others if other and judged == Judged.SAME],
        "copies": [source_link(other) for judged, other in others if other and judged == Judged.COPIED],
    }


def _chosen(request: HttpRequest, name: str, texts: list[Snapshot]) -> Snapshot | None:
    """The text that the address names. Raises BadRequest where the source has no such text."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    for snapshot in texts:
        if str(snapshot.uid) == asked:
            return snapshot
    raise BadRequest(_("This source has no text of that identifier."))


def _passage(placed: PlacedPassage, shown: Mapping[int, ShownClaim], source: Source) -> dict[str, Any]:
    """A passage as `source_text.html` and `lost_passages.html` read it, in the colour of its claims' position."""
    claims = [shown[key] for key in placed.claims if key in shown]
    return {
        "start": placed.start,
        "end": placed.end,
        "index": next((claim.index for claim in claims if claim.index is not None), None),
        "altered": placed.outcome is Outcome.ALTERED,
        "outcome": placed.outcome.value,
        "outcome_worded": word_outcome(placed.outcome),
        "exact": placed.passage.exact,
        "language": source.language,
        "claims": claims,
        "chain": claims[0].chain[:-1] or claims[0].chain if claims else (),
    }
