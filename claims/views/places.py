"""Where in a list a page begins, read from its address, and the addresses of the pages beside it."""

from collections.abc import Iterable, Sequence
from typing import TypedDict
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from claims.queries.pages import Page

AFTER, BEFORE = "after", "before"


class Places(TypedDict):
    """Keywords of the queries that read a page."""

    after: UUID | None
    before: UUID | None


def places(request: HttpRequest) -> Places:
    """The row after which the page begins, or before which it ends. Raises BadRequest for what names no row."""
    after, before = (request.GET.get(name, "") for name in (AFTER, BEFORE))
    if after and before:
        raise BadRequest(_("A page begins after a row or ends before one, not both."))
    try:
        return {"after": UUID(after) if after else None, "before": UUID(before) if before else None}
    except ValueError:
        raise BadRequest(_("The page to begin at is no identifier. Begin at the first page.")) from None


def refuse_unknown(request: HttpRequest, known: Iterable[str]) -> None:
    """Raise BadRequest for a parameter that the page does not have: it would otherwise be passed over in silence."""
    unknown = sorted(set(request.GET) - {*known, AFTER, BEFORE})
    if unknown:
        raise BadRequest(_("This page knows nothing of “%(name)s”. Take it out of the address.") % {"name": unknown[0]})


def page_links(request: HttpRequest, found: Page, uids: Sequence[str]) -> dict[str, str]:
    """The addresses of the pages on either side, and of the first one."""

    def at(**place: str) -> str:
        query = request.GET.copy()
        for name in (AFTER, BEFORE):
            query.pop(name, None)
        query.update(place)
        return f"{request.path}?{query.urlencode()}" if query else request.path

    return {
        "first_url": at() if found.has_previous else "",
        "previous_url": at(before=uids[0]) if found.has_previous and uids else "",
        "next_url": at(after=uids[-1]) if found.has_next and uids else "",
    }
