"""The log of changes for programs of auditors: who, when, what and why, and the entries of the journal, with proofs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from claims.api.answers import answer
from claims.api.base import ApiView
from claims.api.changes_shown import ChangeSerializer, EntrySerializer, change_json, entry_json
from claims.api.items import UID
from claims.api.lists import paged
from claims.api.parameters import PAGING, SIZED, Faults, page_links, refuse_repeated, size_of, stated
from claims.api.schema import IF_NONE_MATCH, NAMING, READING, Operation
from claims.filters.changes import NOBODY, AskedChanges, ChangeForm
from claims.ledger.models import Entry, LoggedChange
from claims.permissions import Capability
from claims.queries.change_entries import told_entries
from claims.queries.changes import CHANGES, ENTRIES, changes, told_changes, unattributed
from claims.queries.pages import Order, page_of

AS_WRITTEN = Order("id", "id", descending=False, nullable=False)
ATTRIBUTED = "attributed"
# What an entry that nobody is named for cannot be narrowed by.
OF_CHANGES = {"person", "command", "topic"}
NUMBERED = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
BY_NUMBER = (
    OpenApiParameter("after", NUMBERED, description="Begin after this entry. Follow `next`."),
    OpenApiParameter("before", NUMBERED, description="End before this entry."),
    PAGING[2],
)


def _documented(but: Collection[str]) -> list[Any]:
    """The filters of the log's page."""
    fields = ((name, field) for name, field in ChangeForm.base_fields.items() if name not in but)
    return [OpenApiParameter(name, _schema(field), description=f"{field.label}.") for name, field in fields]


def _schema(field: Any) -> dict[str, Any]:
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return {"type": "string", "enum": [value for value, _label in choices if value]}
    return {"type": "string", "minLength": 1, "maxLength": field.max_length or 100}


class _Log(ApiView):
    """What the lists of the log share."""

    def asked(self, query: QueryDict, **beside: str) -> tuple[AskedChanges, int]:
        """What is asked for, and how many rows a page has. Raises `Problem` (400)."""
        faults = Faults()
        size = size_of(query, faults)
        left = query.copy()
        left.pop(SIZED, None)
        left.update(beside)
        asked = AskedChanges.of(left)
        for name, sentences in asked.form.errors.get_json_data().items():
            for each in sentences:
                faults.add(name, each["message"])
        for sentence in asked.mistakes:
            faults.add("after" if "after" in query else "before", sentence)
        faults.refuse()
        return asked, size

    def entries(self, request: Any, keys: Sequence[int], found: Any) -> HttpResponse:
        """A page of entries."""
        links = page_links(request, found, [str(key) for key in keys])
        return answer(request, {**links, "results": [entry_json(each) for each in told_entries(keys)]})


class Changes(_Log):
    """The changes on record, the last first."""

    def parameters(self) -> list[Any]:
        """The filters of the page, without the one that asks for what is no change."""
        return [*_documented({ATTRIBUTED}), *PAGING]

    def known(self) -> Collection[str]:
        """The filters and the places."""
        return {each.name for each in self.parameters()}

    def operation(self, method: str) -> Operation | None:
        """Reading, for those who read the log."""
        if method not in {"GET", "HEAD"}:
            return None
        return Operation(
            name="list_changes",
            summary="List changes",
            description="The last first. What nobody is named for is at `/api/v1/unattributed/`.",
            tag="changes",
            capability=Capability.AUDIT,
            parameters=[*self.parameters(), IF_NONE_MATCH],
            answers={200: paged(ChangeSerializer), 304: None},
            problems=READING,
        )

    def get(self, request: Any) -> HttpResponse:
        """A page of them."""
        asked, size = self.asked(request.GET)
        found = page_of(changes(asked.wanted), CHANGES, size=size, **asked.places)
        told = told_changes(found.keys)
        links = page_links(request, found, [str(each.change.uid) for each in told])
        return answer(request, {**links, "results": [change_json(each) for each in told]})


class Change(ApiView):
    """One change."""

    def operation(self, method: str) -> Operation | None:
        """Reading, for those who read the log."""
        if method not in {"GET", "HEAD"}:
            return None
        return Operation(
            name="read_change",
            summary="Read one change",
            tag="changes",
            capability=Capability.AUDIT,
            parameters=[UID, IF_NONE_MATCH],
            answers={200: ChangeSerializer, 304: None},
            problems=[*READING, *NAMING],
        )

    def get(self, request: Any, uid: UUID) -> HttpResponse:
        """The change."""
        row = LoggedChange.objects.filter(uid=uid).first()
        if row is None:
            raise Http404
        return answer(request, change_json(told_changes([row.pk])[0]))


class Entries(_Log):
    """What a change wrote, in order."""

    def known(self) -> Collection[str]:
        """The places."""
        return {each.name for each in BY_NUMBER}

    def operation(self, method: str) -> Operation | None:
        """Reading, for those who read the log."""
        if method not in {"GET", "HEAD"}:
            return None
        return Operation(
            name="list_entries",
            summary="List what a change wrote",
            description="The entries of the journal, in order, each with its place in the tree.",
            tag="changes",
            capability=Capability.AUDIT,
            parameters=[UID, *BY_NUMBER, IF_NONE_MATCH],
            answers={200: paged(EntrySerializer), 304: None},
            problems=[*READING, *NAMING],
        )

    def get(self, request: Any, uid: UUID) -> HttpResponse:
        """A page of them."""
        faults, rows = Faults(), Entry.objects.filter(change=uid)
        refuse_repeated(request.GET, faults)
        size, places = size_of(request.GET, faults), _places(request.GET, rows, faults)
        faults.refuse()
        found = page_of(rows, AS_WRITTEN, size=size, **places)
        if not found.keys and not places:
            raise Http404
        return self.entries(request, found.keys, found)


class Unattributed(_Log):
    """What was written and nobody said who or why."""

    def parameters(self) -> list[Any]:
        """The filters that an entry can be narrowed by."""
        return [*_documented({ATTRIBUTED, *OF_CHANGES}), *BY_NUMBER]

    def known(self) -> Collection[str]:
        """The filters and the places."""
        return {each.name for each in self.parameters()}

    def operation(self, method: str) -> Operation | None:
        """Reading, for those who read the log."""
        if method not in {"GET", "HEAD"}:
            return None
        return Operation(
            name="list_unattributed",
            summary="List what is not attributed",
            description="Entries of the journal that were written past the services, the last first.",
            tag="changes",
            capability=Capability.AUDIT,
            parameters=[*self.parameters(), IF_NONE_MATCH],
            answers={200: paged(EntrySerializer), 304: None},
            problems=READING,
        )

    def get(self, request: Any) -> HttpResponse:
        """A page of them."""
        asked, size = self.asked(request.GET, **{ATTRIBUTED: NOBODY})
        found = page_of(unattributed(asked.wanted), ENTRIES, size=size, **asked.places)
        return self.entries(request, found.keys, found)


def _places(query: QueryDict, rows: Any, faults: Faults) -> dict[str, Any]:
    """The entry after which the page begins, or before which it ends."""
    places: dict[str, Any] = {}
    for name in ("after", "before"):
        if name not in query:
            continue
        written = stated(query, name)
        digits = written.isascii() and written.isdecimal() and len(written) < len(str(2**63))
        places[name] = rows.filter(pk=int(written)).first() if digits else None
        if places[name] is None:
            faults.add(name, _("The page to begin at names a record that is not here. Begin at the first page."))
    if len(places) > 1:
        faults.add("before", _("A page begins after a record or ends before one, not both."))
    return places
