"""The list of claims: filtered, sorted and paged by what the address says, and by nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from claims.filters import Asked
from claims.interchange.downloads import downloads_of
from claims.permissions import Capability, may
from claims.queries.claim_lists import ORDER_LABELS, ORDERS, PAGE
from claims.queries.overview import Counted, counted
from claims.queries.pages import page_of
from claims.views.access import page
from claims.views.places import page_links
from claims.views.shown import shown_rows


@page()
def claim_list(request: HttpRequest) -> HttpResponse:
    """The claims that the address asks for; 400 with the form and no claims where it asks for what there is not."""
    asked = Asked.of(request.GET)
    context = {
        "form": asked.filters.form,
        "unknown": asked.unknown,
        "mistakes": asked.mistakes,
        "clear_url": reverse("claim_list"),
    }
    if not asked.is_valid:
        return render(request, "pages/claim_list.html", context, status=400)
    rows = asked.filters.qs
    found = page_of(rows, ORDERS[asked.order], size=PAGE, **asked.places)
    claims = shown_rows(found.keys)
    active = asked.active()
    context |= {
        "claims": claims,
        "count": count_in_words(counted(rows, *asked.dates())),
        "active": [{"label": a.label, "value": a.value, "remove_url": f"{request.path}?{a.remove}"} for a in active],
        "orders": list(ORDER_LABELS.items()),
        "order": asked.order,
        "downloads": downloads_of(asked.selection) if may(request.user, Capability.EXPORT) else None,
        "kept": [
            (name, value) for name, values in request.GET.lists() for value in values if name in kept_names(asked)
        ],
        **page_links(request, found, [claim.uid for claim in claims]),
    }
    return render(request, "pages/claim_list.html", context)


def kept_names(asked: Asked) -> set[str]:
    """The parameters that sorting keeps: the filters, and not where the page begins."""
    return {name for name in asked.filters.filters if name != "sort"}


def count_in_words(counted: Counted) -> str:
    """ "45 claims", or "more than 1,000 claims" where counting was not carried on."""
    number = f"{counted.number:,}"
    if counted.more:
        return gettext("more than %(number)s claims") % {"number": number}
    return ngettext("%(number)s claim", "%(number)s claims", counted.number) % {"number": number}
