"""The log of changes: who, when, what and why; one change with all it wrote; and the proof of each entry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.filters.changes import NOBODY, AskedChanges
from claims.ledger.checkpoints import Refused
from claims.ledger.leaves import Malformed
from claims.ledger.models import Entry, LoggedChange
from claims.ledger.proofs import inclusion, number_of
from claims.permissions import Capability
from claims.queries.change_entries import PAGE as ENTRIES_ON_A_PAGE
from claims.queries.change_entries import told_entries
from claims.queries.changes import CHANGES, ENTRIES, PAGE, changes, counted_rows, told_changes, unattributed
from claims.queries.overview import Counted
from claims.queries.pages import Order, page_of
from claims.queries.sealed import is_altered, kept_shelf
from claims.views.access import page
from claims.views.changes_shown import shown_change, shown_entry
from claims.views.places import page_links, refuse_unknown
from claims.wording.changes import explain_unattributed, word_unattributed

LONGEST_KEY = 18
AS_WRITTEN = Order("id", "id", descending=False, nullable=False)


@page(Capability.AUDIT)
def change_list(request: HttpRequest) -> HttpResponse:
    """The changes that the address asks for; 400 with the form and no change where it asks for what there is not."""
    asked = AskedChanges.of(request.GET)
    context: dict[str, Any] = {
        "form": asked.form,
        "unknown": asked.unknown,
        "mistakes": asked.mistakes,
        "clear_url": request.path,
    }
    if not asked.is_valid:
        return render(request, "pages/change_list.html", context, status=400)
    wanted = asked.wanted
    active = asked.active()
    context["active"] = [
        {"label": a.label, "value": a.value, "remove_url": f"{request.path}?{a.remove}"} for a in active
    ]
    if asked.nobody:
        found = page_of(unattributed(wanted), ENTRIES, size=ENTRIES_ON_A_PAGE, **asked.places)
        context |= {
            "nobody": True,
            "entries": [shown_entry(each) for each in told_entries(found.keys)],
            **page_links(request, found, [str(key) for key in found.keys]),
        }
        return render(request, "pages/change_list.html", context)
    found = page_of(changes(wanted), CHANGES, size=PAGE, **asked.places)
    told = told_changes(found.keys)
    loose = Counted(0) if asked.of_changes else counted_rows(unattributed(wanted))
    context |= {
        "changes": [shown_change(each) for each in told],
        "unattributed": word_unattributed(loose.number, more=loose.more),
        "unattributed_explained": explain_unattributed(loose.number),
        "unattributed_url": f"{request.path}?{asked.without('attributed', attributed=NOBODY)}",
        **page_links(request, found, [str(each.change.uid) for each in told]),
    }
    return render(request, "pages/change_list.html", context)


@page(Capability.AUDIT)
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One change: who, when, why, and all that it wrote, in order; also one that nobody put on record as such."""
    refuse_unknown(request, [])
    row = LoggedChange.objects.filter(uid=uid).first()
    found = page_of(Entry.objects.filter(change=uid), AS_WRITTEN, size=ENTRIES_ON_A_PAGE, **_places(request, uid))
    if row is None and not found.keys:
        raise Http404(_("No change of this identifier is on record."))
    context = {
        "uid": uid,
        "change": shown_change(told_changes([row.pk])[0]) if row else None,
        "entries": [shown_entry(each) for each in told_entries(found.keys)],
        **page_links(request, found, [str(key) for key in found.keys]),
    }
    return render(request, "pages/change.html", context)


@page(Capability.AUDIT)
def change_entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry of the journal, with its place in the tree and how to verify it."""
    refuse_unknown(request, [])
    entry = get_object_or_404(Entry, pk=number)
    (told,) = told_entries([entry.pk])
    shown = shown_entry(told)
    altered = told.place is not None and is_altered(told.place.number)
    context = {"entry": shown, "altered": altered, "proof_url": "" if altered else _proof_url(shown)}
    return render(request, "pages/change_entry.html", context)


@page(Capability.AUDIT)
def change_proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof that an entry is in the log, as a file; 404 with a sentence where there is none yet."""
    refuse_unknown(request, [])
    entry = get_object_or_404(Entry, pk=number)
    shelf = kept_shelf()
    try:
        if shelf is None:
            raise Http404(_("This installation keeps no checkpoints."))
        proof = inclusion(number_of(entry.pk), shelf)
    except (Refused, Malformed, LookupError) as refusal:
        return render(request, "pages/change_unproven.html", {"number": number, "sentence": str(refusal)}, status=409)
    response = HttpResponse(proof, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="entry-{number}.proof"'
    return response


def _proof_url(entry: dict[str, Any]) -> str:
    return reverse("change_proof", args=[entry["id"]]) if entry["checkpoint"] else ""


def _places(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    """The entry of the change after which the page begins, or before which it ends."""
    given = {name: text for name in ("after", "before") if (text := request.GET.get(name, ""))}
    if len(given) > 1:
        raise BadRequest(_("A page begins after a row or ends before one, not both."))
    keys = {
        name: int(text)
        for name, text in given.items()
        if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    }
    rows = {name: Entry.objects.filter(pk=key, change=uid).first() for name, key in keys.items()}
    if given.keys() != keys.keys() or None in rows.values():
        raise BadRequest(_("The page to begin at names an entry that is not here. Begin at the first page."))
    return rows
