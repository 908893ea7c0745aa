"""Single records: read by identifier, changed by whoever says which version they saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from claims.api.answers import answer, asked_version, rendered, tag_of, version_needed
from claims.api.base import ApiView, reason_of
from claims.api.kept import refuse_unchangeable
from claims.api.problems import Fault, Kind, Places, Problem, refused
from claims.api.records import LONGEST_REASON
from claims.api.resources import TOPIC, Resource
from claims.api.rows import claims_context
from claims.api.schema import (
    CHANGE_REASON,
    CHANGING,
    IF_MATCH,
    IF_MATCH_OR_NEW,
    IF_NONE_MATCH,
    NAMING,
    ONLY_NEW,
    READING,
    WRITING,
    Operation,
)
from claims.api.writing import WRITERS, Acting, Values, Writer
from claims.models import Claim, Record
from claims.permissions import Capability, may
from claims.services.refusals import Stale

UID = OpenApiParameter(
    "uid", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH, description="The identifier of the record."
)

BY_CHOICE = "Where there is no record of this identifier, one is recorded under it. Otherwise: "


def context_of(records: Sequence[Any]) -> dict[str, Any]:
    """What the serializer of these records needs beside them."""
    return claims_context(records) if records and isinstance(records[0], Claim) else {}


def shown(resource: Resource, record: Any) -> Mapping[str, Any]:
    """A record with all that an answer shows of it."""
    data: Mapping[str, Any] = resource.serializer(record, context=context_of([record])).data
    return data


def read_body(request: Any, body: Any, *, instance: Any = None, partial: bool = False) -> tuple[Values, str]:
    """What the body says, and why. Raises `Problem` or the framework's `ValidationError` (400, 422)."""
    if not isinstance(request.data, Mapping):
        raise Problem(Kind.INVALID, _("Send one object of JSON, in braces."))
    serializer = body(instance, data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    if instance is not None:
        refuse_unchangeable(serializer, context_of([instance]))
    values: Values = dict(serializer.validated_data)
    reason = reason_of(request, values)
    values.pop("reason", None)
    if not reason.strip() or max(map(len, (reason, request.headers.get("Change-Reason", "")))) > LONGEST_REASON:
        sentence = _("State the reason for this change, in no more than %(most)d characters: as “reason” in the body.")
        detail = sentence % {"most": LONGEST_REASON}
        raise Problem(Kind.REFUSED, detail, faults=[Fault(detail, pointer="/reason")])
    return values, reason


@contextmanager
def in_the_body(places: Places) -> Iterator[None]:
    """What a service refuses inside is told by where it stands in the body."""
    try:
        yield
    except ValidationError as error:
        raise refused(error, places) from error


def stale(resource: Resource, record: Any) -> NoReturn:
    """Raise 412 with the record as it is now."""
    now = resource.rows().get(pk=record.pk)
    current = shown(resource, now)
    sentence = _("The record is of version %(version)d now. Nothing was saved. Look at it, and repeat your change.")
    raise Problem(
        Kind.STALE,
        sentence % {"version": now.version},
        headers={"ETag": tag_of(rendered(current), now.version)},
        members={"current": current},
    )


def recorded(request: HttpRequest, resource: Resource, record: Record, *, status: int = 201) -> HttpResponse:
    """The answer to what was just recorded or changed: the record as it is read."""
    now = resource.rows().get(pk=record.pk)
    data = shown(resource, now)
    headers = {"Location": request.build_absolute_uri(data["href"])} if status == 201 else None  # noqa: PLR2004
    return answer(request, data, status=status, version=now.version, headers=headers)


class Item(ApiView):
    """One record, withdrawn or not."""

    # `as_view` gives each address its own, and takes only what a class has.
    resource: Resource = TOPIC
    key: Any = UID

    @property
    def writer(self) -> Writer:
        """How such records are written; nothing is done to those that no writer knows."""
        return WRITERS.get(self.resource, Writer())

    def operation(self, method: str) -> Operation | None:
        """Reading, and as far as there is a service for it, changing."""
        writer = self.writer
        if method in {"GET", "HEAD"}:
            return self._reading()
        if method == "PATCH" and writer.change:
            return self._changing(writer)
        return self._putting(writer) if method == "PUT" and writer.change and writer.by_put else None

    def _reading(self) -> Operation:
        return Operation(
            name=f"read_{self.resource.one}",
            summary=f"Read one of the {self.resource.many}",
            description="One that is withdrawn is there for those with the capability `read_history`.",
            tag=self.resource.many,
            parameters=[self.key, IF_NONE_MATCH],
            answers={200: self.resource.serializer, 304: None},
            problems=[*READING, *NAMING],
        )

    def _changing(self, writer: Writer) -> Operation:
        return Operation(
            name=f"change_{self.resource.one}",
            summary=f"Change one of the {self.resource.many}",
            description="What is left out stays as it is.",
            tag=self.resource.many,
            capability=writer.changes,
            parameters=[self.key, IF_MATCH, CHANGE_REASON],
            body=writer.changed or self.resource.serializer,
            answers={200: self.resource.serializer},
            problems=[*WRITING, *CHANGING],
        )

    def _putting(self, writer: Writer) -> Operation:
        return Operation(
            name=f"put_{self.resource.one}",
            summary=f"Record or replace one of the {self.resource.many}",
            description=(
                f"{BY_CHOICE if writer.new is None else ''}It becomes what the body says; what is left out is not "
                "stated any more. The same again changes nothing, and then needs no `If-Match`."
            ),
            tag=self.resource.many,
            capability=writer.changes,
            parameters=[self.key, IF_MATCH_OR_NEW, ONLY_NEW, CHANGE_REASON],
            body=self.resource.serializer,
            answers={200: self.resource.serializer, **({201: self.resource.serializer} if writer.new is None else {})},
            problems=[*WRITING, *CHANGING],
        )

    def sought(self, uid: Any) -> Any:
        """The record; None where there is none."""
        return self.resource.rows().filter(uid=uid).first()

    def get(self, request: Any, uid: Any) -> HttpResponse:
        """The record. Raises `Http404`; what is withdrawn is history, and there only for those who read that."""
        record = self.sought(uid)
        hidden = record is not None and self.resource.is_withdrawn(record)
        if record is None or (hidden and not may(request.user, Capability.READ_HISTORY)):
            raise Http404
        return answer(request, shown(self.resource, record), version=record.version)

    def patch(self, request: Any, uid: Any) -> HttpResponse:
        """Change what the body says."""
        record, seen = self.sought(uid), asked_version(request)
        if record is None:
            raise Http404
        if seen is None:
            raise version_needed()
        self.refuse_stale(record, seen)
        body = self.writer.changed or self.resource.serializer
        values, reason = read_body(request, body, instance=record, partial=True)
        return self.changed(request, record, seen, values, reason)

    def put(self, request: Any, uid: Any) -> HttpResponse:
        """Record it under this identifier, or make it what the body says."""
        record, seen = self.sought(uid), asked_version(request)
        if record is None:
            return self.created(request, uid, seen)
        if "*" in parse_etags(request.headers.get("If-None-Match", "")):
            stale(self.resource, record)
        self.refuse_stale(record, seen)
        values, reason = read_body(request, self.resource.serializer, instance=record)
        return self.changed(request, record, seen, self.replacing(record, uid, values), reason)

    def refuse_stale(self, record: Any, seen: int | None) -> None:
        """Raise 412 where another version was seen than there is: before what the body says, which is of that one."""
        if seen is not None and seen != record.version:
            stale(self.resource, record)

    def replacing(self, _record: Any, _uid: Any, values: Values) -> Values:
        """What the body says of a record as a whole."""
        return values

    def created(self, request: Any, uid: UUID, seen: int | None) -> HttpResponse:
        """Record it. Raises `Http404` where a version of it is said to have been seen."""
        writer = self.writer
        if seen is not None or writer.create is None or writer.new is not None:
            raise Http404
        values, reason = read_body(request, self.resource.serializer)
        with in_the_body(writer.places):
            record = writer.create(values, Acting(self.acting(request), reason), uid)
        return recorded(request, self.resource, record)

    def changed(self, request: Any, record: Any, seen: int | None, values: Values, reason: str) -> HttpResponse:
        """Change the record from the version that was seen; without one, only where nothing comes to be changed."""
        before = record.version
        change = self.writer.change
        if change is None:
            raise AssertionError
        try:
            with transaction.atomic(), in_the_body(self.writer.places):
                change(record, values, Acting(self.acting(request), reason))
                now = type(record).objects.values_list("version", flat=True).get(pk=record.pk)
                if seen is None and now != before:
                    raise version_needed()
        except Stale:
            stale(self.resource, record)
        return recorded(request, self.resource, record, status=200)
