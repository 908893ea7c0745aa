"""Lists of records, a page at a time: `Collection` reads and records; questions and claims have more filters."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Sequence
from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from claims.api.answers import answer
from claims.api.base import ApiView
from claims.api.items import in_the_body, read_body, recorded
from claims.api.parameters import (
    PAGING,
    SIZED,
    Faults,
    narrowed,
    page_links,
    places_of,
    refuse_repeated,
    size_of,
    stated,
)
from claims.api.resources import TOPIC, Resource
from claims.api.rows import claims_context
from claims.api.schema import CHANGE_REASON, IF_NONE_MATCH, READING, WRITING, Operation
from claims.api.writing import WRITERS, Acting, Writer
from claims.domain.vocabulary import State
from claims.filters import Asked, ClaimFilters
from claims.models import QuestionState
from claims.queries.claim_lists import ORDERS
from claims.queries.overview import in_state
from claims.queries.pages import Order, Page, page_of
from claims.queries.question_lists import NEWEST_FIRST
from claims.wording import isolated

LINKS = {
    "next": serializers.URLField(allow_null=True, read_only=True, help_text="The next page; null on the last."),
    "previous": serializers.URLField(allow_null=True, read_only=True, help_text="The page before; null on the first."),
}  # fmt: skip
_PAGES: dict[str, Any] = {}


def paged(serializer: Any) -> Any:
    """The serializer of a page of records; one and the same for each."""
    name = f"{serializer.__name__.removesuffix('Serializer')}Page"
    if name not in _PAGES:
        parts = {
            **LINKS,
            "results": serializer(many=True, read_only=True, help_text="The records, in order."),
            "__doc__": "A page of a list.",
        }
        _PAGES[name] = type(name, (serializers.Serializer,), parts)
    return _PAGES[name]


class Collection(ApiView):
    """The records of one kind that are not withdrawn."""

    # `as_view` gives each address its own, and takes only what a class has.
    resource: Resource = TOPIC

    @property
    def writer(self) -> Writer:
        """How such records are written; nothing is done to those that no writer knows."""
        return WRITERS.get(self.resource, Writer())

    def operation(self, method: str) -> Operation | None:
        """Reading; recording where this kind is recorded so."""
        resource = self.resource
        if method in {"GET", "HEAD"}:
            return Operation(
                name=f"list_{resource.many}",
                summary=f"List {resource.many}",
                description=self.about(),
                tag=resource.many,
                parameters=[*self.parameters(), *PAGING, IF_NONE_MATCH],
                answers={200: paged(resource.serializer), 304: None},
                problems=READING,
            )
        writer = self.writer
        if method != "POST" or writer.create is None:
            return None
        return Operation(
            name=f"record_{resource.one}",
            summary=f"Record one of the {resource.many}",
            tag=resource.many,
            capability=writer.records,
            parameters=[CHANGE_REASON],
            body=writer.new or resource.serializer,
            answers={201: resource.serializer},
            problems=WRITING,
        )

    def about(self) -> str:
        """How the list is ordered."""
        return "Without those that are withdrawn, in an order that stays."

    def parameters(self) -> Sequence[Any]:
        """What narrows the list, for the document."""
        return [each.documented(name) for name, each in self.resource.narrowings.items()]

    def known(self) -> Names[str]:
        """The parameters that there are."""
        return {each.name for each in (*self.parameters(), *PAGING)}

    def get(self, request: Any) -> HttpResponse:
        """A page of the list."""
        found, records = self.page(request.GET)
        context = self.context(records)
        shown = self.resource.serializer(records, many=True, context=context).data
        uids = [str(record.uid) for record in records]
        return answer(request, {**self.links(request, found, uids), "results": shown})

    def links(self, request: HttpRequest, found: Page, uids: Sequence[str]) -> dict[str, str | None]:
        """The pages beside this one."""
        return page_links(request, found, uids)

    def page(self, query: QueryDict) -> tuple[Page, list[Any]]:
        """The rows of the page that is asked for, in order."""
        faults = Faults()
        refuse_repeated(query, faults)
        size = size_of(query, faults)
        rows, order, place = self.select(query, faults)
        places = places_of(query, place, faults)
        faults.refuse()
        found = page_of(rows, order, size=size, **places)
        return found, self.rows_of(found)

    def rows_of(self, found: Page) -> list[Any]:
        """The records of a page with all that is shown of them."""
        records = self.resource.rows().in_bulk(found.keys)
        return [records[key] for key in found.keys]

    def select(self, query: QueryDict, faults: Faults) -> tuple[Any, Order, Any]:
        """The rows to walk, their order, and how the row is found from which a page begins."""
        model = self.resource.model
        rows = self.resource.current().filter(**narrowed(query, self.resource.narrowings, faults))
        return rows, self.resource.order, lambda uid: model.objects.filter(uid=uid).first()

    def context(self, records: Sequence[Any]) -> dict[str, Any]:
        """What the serializer needs beside the records."""
        return {}

    def post(self, request: Any) -> HttpResponse:
        """Record one."""
        writer = self.writer
        if writer.create is None:
            raise AssertionError
        values, reason = read_body(request, writer.new or self.resource.serializer)
        with in_the_body(writer.places):
            record = writer.create(values, Acting(self.acting(request), reason), None)
        return recorded(request, self.resource, record)


class Questions(Collection):
    """Questions; those in one state by their newest claim."""

    STATE = OpenApiParameter(
        "state",
        {"type": "string", "enum": [each.value for each in State]},
        description="Those in this state (rule 5), the newest claim first.",
    )

    def parameters(self) -> Sequence[Any]:
        """Besides, the state."""
        return [*super().parameters(), self.STATE]

    def select(self, query: QueryDict, faults: Faults) -> tuple[Any, Order, Any]:
        """Questions, or states of questions in a state; both have the question's key."""
        rows, order, place = super().select(query, faults)
        if "state" not in query:
            return rows, order, place
        try:
            state = State(stated(query, "state"))
        except ValueError:
            sentence = _("“%(written)s” is none of the words that can stand here. Write one of: %(words)s.")
            written = isolated(stated(query, "state")[:100])
            faults.add("state", sentence % {"written": written, "words": ", ".join(State)})
            return rows, order, place
        narrowed_states = in_state(state).filter(question__in=rows) if len(query) > 1 else in_state(state)
        return narrowed_states, NEWEST_FIRST, lambda uid: QuestionState.objects.filter(question__uid=uid).first()


class Claims(Collection):
    """Claims, filtered and ordered as on their page."""

    def about(self) -> str:
        """The order that is asked for."""
        return "The filters are those of the page of claims. What is unknown or not understood is refused."

    def parameters(self) -> Sequence[Any]:
        """The filters of the page."""
        return [_documented(name, each) for name, each in ClaimFilters.base_filters.items()]

    def page(self, query: QueryDict) -> tuple[Page, list[Any]]:
        """The claims that are asked for."""
        faults = Faults()
        size = size_of(query, faults)
        asked = Asked.of(_without_size(query))
        for name, sentences in asked.filters.form.errors.get_json_data().items():
            for each in sentences:
                faults.add(name, each["message"])
        for sentence in asked.mistakes:
            faults.add(next((name for name in ("after", "before") if name in query), ""), sentence)
        faults.refuse()
        found = page_of(asked.filters.qs, ORDERS[asked.order], size=size, **asked.places)
        return found, self.rows_of(found)

    def context(self, records: Sequence[Any]) -> dict[str, Any]:
        """Why they are contested, and their origins."""
        return claims_context(records)


def _without_size(query: QueryDict) -> QueryDict:
    left = query.copy()
    left.pop(SIZED, None)
    return left


DESCRIPTIONS = {
    "text": "Words, all of which the claim has; up to ten.",
    "state": "The state of the claim's question; several are meant as alternatives.",
    "contested": "`yes`: another standing claim excludes it.",
    "position": "The letter of a position of `question`.",
    "sort": "The order; `urgency` first has the most urgent states.",
}


def _documented(name: str, each: Any) -> Any:
    """A filter in the document."""
    described = DESCRIPTIONS.get(name, f"{each.label}.")
    match each:
        case django_filters.MultipleChoiceFilter():
            schema: Any = {"type": "array", "items": _chosen(each), "uniqueItems": True}
        case django_filters.ChoiceFilter():
            schema = _chosen(each)
        case _:
            schema = {"type": "string", "minLength": 1, "maxLength": LENGTHS.get(name, 300)}
            described += HINTS.get(type(each).__name__, "")
    return OpenApiParameter(name, schema, description=described, explode=True if schema["type"] == "array" else None)


LENGTHS = {"position": 5, "language": 35}
HINTS = {"RecordFilter": " A name or an identifier.", "DateFilter": " EDTF."}


def _chosen(each: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [value for value, _label in each.extra["choices"]]}
