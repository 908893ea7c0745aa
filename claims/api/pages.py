"""The page on which the API is read about and tried: rendered from the document, with one small script of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from claims.api.problems import Kind
from claims.api.schema import document

DEEPEST = 4
JSON = "application/json"
WORDS: Mapping[str, Any] = {"string": "text", "integer": 1, "number": 1.5, "boolean": True}

Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """One operation as the page shows it; `body` is an example of what is sent, `answer` of what comes back."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Json, ...]
    body: str
    fields: tuple[Json, ...]
    answer: str

    @property
    def plain(self) -> bool:
        """Whether a form alone can ask it, without a script."""
        return self.method == "GET" and "{" not in self.path


@require_safe
@ensure_csrf_cookie
def try_api(request: HttpRequest) -> HttpResponse:
    """What there is, and a form for each; open to everybody, as the document is. What is asked is up to who asks."""
    found = document()
    groups: dict[str, list[Shown]] = {}
    for operation, shown in _operations(found):
        groups.setdefault(operation["tags"][0], []).append(shown)
    problems = [{"code": kind.code, "status": kind.status, "title": kind.title} for kind in Kind]
    return render(request, "pages/api.html", {"groups": sorted(groups.items()), "problems": problems, "how": HOW})


HOW = (
    (
        _("Who asks"),
        _("Send a token as “Authorization: Token …”. On this page, whoever has signed in asks as themselves."),
    ),
    (_("Pages"), _("A list has “next” and “previous”: follow them. The order stays while others write.")),
    (
        _("What you have already"),
        _("Send the ETag of an answer as “If-None-Match”: 304 says that nothing has changed."),
    ),
    (
        _("Changing"),
        _("Send the ETag of the record as “If-Match”, and why as “reason”. Somebody else was faster: 412."),
    ),
)


def _operations(found: Json) -> Iterator[tuple[Json, Shown]]:
    schemas = found["components"]["schemas"]
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            body = _schema_of(operation.get("requestBody"))
            answers = (operation["responses"].get(code) for code in ("200", "201"))
            answer = next((schema for each in answers if (schema := _schema_of(each))), None)
            yield (
                operation,
                Shown(
                    name=operation["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=operation["summary"],
                    description=operation.get("description", ""),
                    parameters=tuple(_parameter(each) for each in operation.get("parameters", ())),
                    body=_sent(operation) or _example(body, schemas),
                    fields=tuple(_fields(body, schemas)),
                    answer=_example(answer, schemas),
                ),
            )


def _sent(operation: Json) -> str:
    """The example of a body that the document has."""
    examples = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("examples", {})
    return next((json.dumps(each["value"], ensure_ascii=False, indent=2) for each in examples.values()), "")


def _schema_of(holder: Json | None) -> Json | None:
    content = (holder or {}).get("content", {})
    found: Json | None = content.get(JSON, {}).get("schema")
    return found


def _parameter(parameter: Json) -> Json:
    """A parameter with the choices that it has, if any."""
    schema = parameter["schema"]
    choices = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "required": parameter.get("required", False),
        "description": parameter.get("description", ""),
        "choices": choices,
        "several": schema.get("type") == "array",
    }


def _resolved(schema: Json, schemas: Json) -> Json:
    """The schema itself where another is named."""
    if "$ref" in schema:
        named: Json = schemas[schema["$ref"].rpartition("/")[2]]
        return named
    for name in ("allOf", "oneOf", "anyOf"):
        if name in schema:
            return {**_resolved(schema[name][0], schemas), **{k: v for k, v in schema.items() if k == "description"}}
    return schema


def _fields(schema: Json | None, schemas: Json) -> Iterator[Json]:
    """The fields of a body, each with what it is."""
    whole = _resolved(schema or {}, schemas)
    for name, own in whole.get("properties", {}).items():
        field = _resolved(own, schemas)
        yield {
            "name": name,
            "description": own.get("description") or field.get("description", ""),
            "required": name in whole.get("required", ()),
            "choices": [each for each in field.get("enum", ()) if each != ""],
        }


def _example(schema: Json | None, schemas: Json) -> str:
    """A value of the schema, to be read or filled in."""
    if schema is None:
        return ""
    return json.dumps(_value(schema, schemas, DEEPEST), ensure_ascii=False, indent=2)


def _value(schema: Json, schemas: Json, depth: int) -> Any:
    schema = _resolved(schema, schemas)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if "default" in schema:
        return schema["default"]
    if schema.get("enum"):
        return schema["enum"][0]
    if kind == "array":
        return [_value(schema["items"], schemas, depth - 1)] if depth else []
    if kind == "object":
        fields = schema.get("properties", {}) if depth else {}
        return {name: _value(each, schemas, depth - 1) for name, each in fields.items()}
    formats = {"uuid": "00000000-0000-0000-0000-000000000000", "date-time": "2016-09-20T14:30:00Z", "uri": "https://…"}
    return formats.get(schema.get("format", ""), WORDS.get(kind))
