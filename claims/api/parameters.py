"""Parameters of lists: read strictly, each mistake named; and the addresses of the pages beside one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from claims.api.fields import identifier
from claims.api.problems import Fault, Kind, Problem
from claims.filters.fields import MOST_CHARACTERS
from claims.models import Record
from claims.queries.lookups import Lookup
from claims.queries.pages import Page

SIZE, LARGEST_SIZE = 50, 200
AFTER, BEFORE, SIZED = "after", "before", "size"
Parsed = dict[str, Any]

PAGING = (
    OpenApiParameter(
        AFTER, {"type": "string", "format": "uuid"}, description="Begin after this record. Follow `next`."
    ),
    OpenApiParameter(BEFORE, {"type": "string", "format": "uuid"}, description="End before this record."),
    OpenApiParameter(
        SIZED,
        {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": SIZE},
        description="How many records a page has at the most.",
    ),
)


@dataclass(frozen=True)
class Narrowing:
    """A parameter that narrows a list: how a text becomes conditions on the rows, and what the document says of it.

    `read` raises `ValueError` with a sentence for what cannot be meant.
    """

    read: Callable[[str], Mapping[str, Any]]
    schema: Mapping[str, Any]
    description: str

    def documented(self, name: str) -> Any:
        """The parameter in the document."""
        return OpenApiParameter(name, dict(self.schema), description=self.description)


def by_record(model: type[Record], field: str, description: str) -> Narrowing:
    """Rows that have the record of this identifier."""

    def read(text: str) -> dict[str, Any]:
        uid = identifier(text)
        key = model.objects.filter(uid=uid).values_list("pk", flat=True).first() if uid else None
        if key is None:
            kind = model._meta.verbose_name
            raise ValueError(_("No %(kind)s here has this identifier.") % {"kind": kind})
        return {field: key}

    return Narrowing(read, {"type": "string", "format": "uuid"}, description)


def by_name(lookup: Lookup, description: str) -> Narrowing:
    """Rows of exactly this name, in any language that it is known in; none where there is none."""

    def read(text: str) -> dict[str, Any]:
        if len(text) > MOST_CHARACTERS:
            raise ValueError(_("A name has no more than %(most)d characters.") % {"most": MOST_CHARACTERS})
        found = lookup.find(text)
        return {"pk__in": found.keys if found else ()}

    return Narrowing(read, {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}, description)


def stated(query: QueryDict, name: str) -> str:
    """What the address says for a parameter that is in it."""
    return str(query[name])


class Faults:
    """What is wrong with the parameters of one request."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, name: str, sentence: str) -> None:
        """Note what is wrong with a parameter."""
        self.faults.append(Fault(sentence, parameter=name))

    def refuse(self) -> None:
        """Raise `Problem` (400) where anything is wrong."""
        if self.faults:
            many = _("Some parameters are not understood. Each error says why.")
            detail = self.faults[0].detail if len(self.faults) == 1 else many
            raise Problem(Kind.INVALID, detail, faults=self.faults)


def refuse_repeated(query: QueryDict, faults: Faults, *, but: Sequence[str] = ()) -> None:
    """Note the parameters that are stated more than once: one of them would be passed over."""
    for name, values in query.lists():
        if len(values) > 1 and name not in but:
            faults.add(name, _("“%(name)s” is stated more than once. State it once.") % {"name": name})


def narrowed(query: QueryDict, narrowings: Mapping[str, Narrowing], faults: Faults) -> Parsed:
    """The conditions on the rows that are asked for."""
    conditions: Parsed = {}
    for name, narrowing in narrowings.items():
        if name not in query:
            continue
        try:
            conditions |= narrowing.read(stated(query, name))
        except ValueError as error:
            faults.add(name, str(error))
    return conditions


def size_of(query: QueryDict, faults: Faults) -> int:
    """How many rows a page has."""
    written = query.get(SIZED, str(SIZE))
    plain = written.isascii() and written.isdecimal() and len(written) <= len(str(LARGEST_SIZE))
    if not plain or not 1 <= int(written) <= LARGEST_SIZE:
        faults.add(SIZED, _("A page has 1 to %(most)d records.") % {"most": LARGEST_SIZE})
        return SIZE
    return int(written)


def places_of(query: QueryDict, find: Callable[[Any], Any], faults: Faults) -> Parsed:
    """The row after which the page begins, or before which it ends; `find` looks one up by identifier, or has None."""
    places: Parsed = {}
    for name in (AFTER, BEFORE):
        if name not in query:
            continue
        uid = identifier(query[name])
        row = find(uid) if uid else None
        if row is None:
            faults.add(name, _("The page to begin at names a record that is not here. Begin at the first page."))
        places[name] = row
    if len(places) > 1:
        faults.add(BEFORE, _("A page begins after a record or ends before one, not both."))
    return places


def page_links(request: HttpRequest, found: Page, uids: Sequence[str]) -> dict[str, str | None]:
    """The addresses of the pages on either side; null where there is none."""

    def at(name: str, uid: str) -> str:
        query = request.GET.copy()
        for place in (AFTER, BEFORE):
            query.pop(place, None)
        query[name] = uid
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

    return {
        "next": at(AFTER, uids[-1]) if found.has_next and uids else None,
        "previous": at(BEFORE, uids[0]) if found.has_previous and uids else None,
    }
