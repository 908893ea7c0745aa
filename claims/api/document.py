"""What there is: the list of addresses, the OpenAPI document, and the answer where there is nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.renderers import OpenApiYamlRenderer
from rest_framework import serializers

from claims.api.answers import JsonAnswer, answer, tagged
from claims.api.base import ApiView
from claims.api.problems import Kind, Problem
from claims.api.schema import IF_NONE_MATCH, READING, Operation, document

YAML = "application/yaml"
OPEN = [code for code in READING if code not in {401, 403}]


class AddressesSerializer(serializers.Serializer):  # type: ignore[misc]
    """Where the lists are, and the document that describes them."""

    document = serializers.URLField(help_text="The OpenAPI document.")
    lists = serializers.DictField(child=serializers.URLField(), help_text="The lists by the kind of their records.")


class Index(ApiView):
    """The addresses of the lists."""

    lists: tuple[str, ...] = ()

    def operation(self, method: str) -> Operation | None:
        """Reading, open to everybody."""
        if method not in {"GET", "HEAD"}:
            return None
        return Operation(
            name="read_index",
            summary="Find the lists",
            tag="about",
            capability=None,
            parameters=[IF_NONE_MATCH],
            answers={200: AddressesSerializer, 304: None},
            problems=[*OPEN, 401],
        )

    def get(self, request: Any) -> HttpResponse:
        """The addresses."""
        lists = {name: request.build_absolute_uri(reverse(f"api:{name}")) for name in self.lists}
        return answer(request, {"document": request.build_absolute_uri(reverse("api:openapi")), "lists": lists})


class Document(ApiView):
    """The OpenAPI document, open to everybody; as JSON, or as YAML."""

    yaml = False

    def operation(self, method: str) -> Operation | None:
        """Reading; the document does not describe itself."""
        return Operation("read_document", "Read this document", None) if method in {"GET", "HEAD"} else None

    def perform_content_negotiation(self, request: Any, force: bool = False) -> tuple[Any, str]:
        """The address says which form."""
        return JsonAnswer(), JsonAnswer.media_type

    def get(self, request: Any) -> HttpResponse:
        """The document."""
        if not self.yaml:
            return answer(request, document())
        renderer: Any = OpenApiYamlRenderer()
        body = renderer.render(document(), renderer_context={})
        return tagged(request, HttpResponse(body, content_type=YAML), body)


class Nothing(ApiView):
    """Every other address."""

    schema: Any = None

    def initial(self, request: Any, *_arguments: Any, **_keywords: Any) -> None:
        """Nothing is looked at."""
        raise Problem(
            Kind.NOT_FOUND,
            _("There is nothing at this address. Addresses end with a slash; /api/v1/ lists them."),
        )
