"""The OpenAPI document: made by drf-spectacular from what each view says of its methods, and from the serializers.

It is a technical text and in English, whatever the reader's language; sentences of answers are in theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import override
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from claims.api.examples import examples_of
from claims.api.problems import MEDIA_TYPE, Kind
from claims.permissions import Capability

READING = (400, 401, 403, 406, 429, 503)
NAMING = (404,)
WRITING = (400, 401, 403, 406, 413, 415, 422, 429, 503)
CHANGING = (404, 412, 428)


@dataclass(frozen=True)
class Operation:
    """One method of one address: who may, and what the document tells of it.

    `asking` names parameters that need another capability besides. `answers` maps a status to what is answered (a
    serializer, or a schema), `problems` are the statuses of problems. `media_type` is that of the answers.
    """

    name: str
    summary: str
    capability: Capability | None = Capability.READ
    description: str = ""
    tag: str = ""
    asking: Mapping[str, Capability] = field(default_factory=dict)
    parameters: Sequence[Any] = ()
    body: Any = None
    answers: Mapping[int, Any] = field(default_factory=dict)
    problems: Sequence[int] = ()
    media_type: str = "application/json"

    def needs(self, query: QueryDict) -> list[Capability | None]:
        """What whoever asks this with these parameters has to be able to do."""
        return [self.capability, *(own for name, own in self.asking.items() if name in query)]


class ProblemSerializer(serializers.Serializer):  # type: ignore[misc]
    """What is wrong (RFC 9457)."""

    type = serializers.CharField(help_text="Which kind of problem: an address under `/api/` that describes it.")
    title = serializers.CharField(help_text="The kind of problem in words.")
    status = serializers.IntegerField(help_text="The status of the answer.")
    detail = serializers.CharField(help_text="What is wrong and what to do, in a sentence.")
    errors = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()),
        required=False,
        help_text=(
            "One for each thing that is wrong: `detail` in a sentence, and either `pointer` (a JSON Pointer into the "
            "body) or `parameter`."
        ),
    )
    current = serializers.DictField(required=False, help_text="With 412: the record as it is now.")


ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=["200", "201", "304"],
    description='The strong tag of the answer; of a record it begins with its version: `"3-5f…"`.',
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="Answers 304 where the tag is still this one."
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]{1,9}(-[0-9a-f]{32})?"$'},
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the version that is changed. Its number alone, such as `"3"`, will do.',
)
IF_MATCH_OR_NEW = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]{1,9}(-[0-9a-f]{32})?"$'},
    OpenApiParameter.HEADER,
    description="The ETag of the version that is changed; left out for what is not on record yet.",
)
ONLY_NEW = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "enum": ["*"]},
    OpenApiParameter.HEADER,
    description="`*`: only where there is no record of this identifier yet.",
)
CHANGE_REASON = OpenApiParameter(
    "Change-Reason",
    {"type": "string", "maxLength": 2000},
    OpenApiParameter.HEADER,
    description="Why, in UTF-8, where the body has no `reason`.",
)


class ApiSchema(AutoSchema):
    """Reads the operation of the view in place of the framework's guesses."""

    view: Any
    method: str

    @property
    def own(self) -> Operation:
        """The operation that is being described."""
        operation: Operation = self.view.operation(self.method)
        return operation

    def is_excluded(self) -> bool:
        """Whether the address does not have this method."""
        return self.view.operation(self.method) is None

    def get_operation_id(self) -> str:
        """Unique in the document."""
        return self.own.name

    def get_summary(self) -> str:
        """One line."""
        return self.own.summary

    def get_description(self) -> str:
        """What else there is to know."""
        who = self.own.capability
        needed = f"Needs the capability `{who.value}`." if who else "Open to everybody."
        also = "".join(f" With `{name}` also `{own.value}`." for name, own in self.own.asking.items())
        return f"{self.own.description}\n\n{needed}{also}".strip()

    def get_tags(self) -> list[str]:
        """The kind of record."""
        return [self.own.tag]

    def get_override_parameters(self) -> list[Any]:
        """The parameters, and the headers that answers carry."""
        tagged = [ETAG] if any(self.own.answers.values()) else []
        return [*self.own.parameters, *tagged]

    def get_request_serializer(self) -> Any:
        """The body."""
        return self.own.body

    def get_response_serializers(self) -> Any:
        """Answers and problems."""
        answers: dict[Any, Any] = {(code, self.own.media_type): each for code, each in self.own.answers.items()}
        return {**answers, **{(code, MEDIA_TYPE): ProblemSerializer for code in sorted(set(self.own.problems))}}

    def get_examples(self) -> list[Any]:
        """Examples of bodies."""
        return examples_of(self.own.name)

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Who may: with a token or in a session; also without, where that is open to readers."""
        who: list[dict[str, list[str]]] = super().get_auth()
        if self.own.capability is None:
            return [{}]
        return [*who, {}] if settings.PUBLIC_READ and self.own.capability is Capability.READ else who

    def _postprocess_serializer_schema(self, schema: Any, serializer: Any, direction: str) -> Any:
        """A body has the fields that are described, and no others."""
        finished: Any = super()._postprocess_serializer_schema(schema, serializer, direction)  # type: ignore[no-untyped-call]
        if direction == "request" and finished.get("type") == "object":
            finished["additionalProperties"] = False
        return finished


def document() -> dict[str, Any]:
    """The document of this installation."""
    return _document(public=settings.PUBLIC_READ)


@cache
def _document(*, public: bool) -> dict[str, Any]:
    from claims.api.generator import Generator  # noqa: PLC0415 - it reads the addresses, which lead here

    with override("en"):
        generator: Any = Generator()  # type: ignore[no-untyped-call]
        found: dict[str, Any] = generator.get_schema(request=None, public=True)
        return found


def with_descriptions(result: dict[str, Any], **_keywords: Any) -> dict[str, Any]:
    """Describe the answers that have no words of their own, by their status."""
    titles = {str(kind.status): str(kind.title) for kind in Kind} | {"400": "The request cannot be read, or is wrong"}
    done = {"200": "As asked", "201": "Recorded", "204": "Nothing to say", "304": "Unchanged"}
    for methods in result["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                answer["description"] = answer.get("description") or {**titles, **done}[status]
    return result
