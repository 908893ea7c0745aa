"""Single records: read by identifier, changed by whoever says which version they saw; and how a kind is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiParameter

from claims.api.answers import answer
from claims.api.base import ApiView
from claims.api.resources import TOPIC, Resource
from claims.api.rows import claims_context
from claims.api.schema import IF_NONE_MATCH, NAMING, READING, Operation
from claims.models import Claim

UID = OpenApiParameter(
    "uid", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH, description="The identifier of the record."
)


class Kept:
    """How records of a kind are written; replaced by `claims.api.writing`."""

    def recording(self, resource: Resource) -> Operation:
        raise NotImplementedError

    def record(self, view: Any, request: Any) -> HttpResponse:
        raise NotImplementedError


def context_of(records: Sequence[Any]) -> dict[str, Any]:
    """What the serializer of these records needs beside them."""
    return claims_context(records) if records and isinstance(records[0], Claim) else {}


def shown(resource: Resource, record: Any) -> Mapping[str, Any]:
    """A record with all that an answer shows of it."""
    data: Mapping[str, Any] = resource.serializer(record, context=context_of([record])).data
    return data


class Item(ApiView):
    """One record, withdrawn or not."""

    # `as_view` gives each address its own, and takes only what a class has.
    resource: Resource = TOPIC

    def operation(self, method: str) -> Operation | None:
        """Reading."""
        resource = self.resource
        if method in {"GET", "HEAD"}:
            return Operation(
                name=f"read_{resource.one}",
                summary=f"Read one of the {resource.many}",
                description="Withdrawn records are shown, and say so.",
                tag=resource.many,
                parameters=[UID, IF_NONE_MATCH],
                answers={200: resource.serializer, 304: None},
                problems=[*READING, *NAMING],
            )
        return None

    def found(self, uid: UUID) -> Any:
        """The record. Raises `Http404`."""
        record = self.resource.rows().filter(uid=uid).first()
        if record is None:
            raise Http404
        return record

    def get(self, request: Any, uid: UUID) -> HttpResponse:
        """The record."""
        record = self.found(uid)
        return answer(request, shown(self.resource, record), version=record.version)
