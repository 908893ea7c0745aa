"""The OpenAPI document is complete and made without a warning; the page to try it shows all of it under our policy."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from claims.api.problems import Kind
from claims.api.schema import document
from claims.permissions import Role
from provenance.headers import CONTENT_SECURITY_POLICY

Program = Callable[..., Client]
METHODS = {"get", "post", "put", "patch"}


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(value: Any) -> Iterator[str]:
    """Every place of the document that another names."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from references(each)


def test_the_document_is_made_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
    assert "Warning" not in capsys.readouterr().err


def test_everything_that_it_names_is_in_it() -> None:
    parts = document()["components"]["schemas"]
    assert {name.rpartition("/")[2] for name in references(document())} == set(parts)


def test_every_address_and_operation_is_described() -> None:
    names = [operation["operationId"] for _path, _method, operation in operations()]
    assert len(names) == len(set(names)) > 60
    routes = {pattern.name for pattern in get_resolver("claims.api.urls").url_patterns}  # type: ignore[attr-defined]
    assert len(document()["paths"]) == len(routes - {"openapi", "openapi_yaml", "nothing"})
    for path, method, operation in operations():
        where = (path, method)
        assert method in METHODS, where
        assert operation["summary"], where
        assert "description" in operation, where
        assert {"400", "429", "503"} <= set(operation["responses"]), where
        assert all(parameter["description"] for parameter in operation.get("parameters", ())), where
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], where
        if operation["operationId"] != "read_index":
            assert operation["security"] == [{"token": []}, {"session": []}], where


def test_every_body_has_an_example_that_is_as_described() -> None:
    bodies = [(path, operation) for path, _method, operation in operations() if "requestBody" in operation]
    assert len(bodies) > 30
    for _path, operation in bodies:
        body = operation["requestBody"]["content"]["application/json"]
        (example,) = body["examples"].values()
        schema = {**body["schema"], "components": document()["components"]}
        Draft202012Validator(schema).validate(example["value"])


def test_every_field_says_what_it_is() -> None:
    silent = [
        f"{name}.{field}"
        for name, schema in document()["components"]["schemas"].items()
        for field, own in schema.get("properties", {}).items()
        if "description" not in own and "$ref" not in own
    ]
    assert silent == []


def test_bodies_have_no_other_fields() -> None:
    schemas = document()["components"]["schemas"]
    bodies = [name for name in schemas if name.endswith("Request")]
    assert len(bodies) > 20
    assert [name for name in bodies if schemas[name].get("additionalProperties") is not False] == []


@pytest.mark.django_db
def test_it_is_served_to_everybody_in_both_forms(settings: Any) -> None:
    assert Client().get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    yaml = Client().get("/api/v1/openapi.yaml")
    assert yaml["Content-Type"] == "application/yaml"
    assert yaml.content.startswith(b"openapi: 3.1")
    settings.PUBLIC_READ = True
    assert {} in Client().get("/api/v1/openapi.json").json()["paths"]["/api/v1/topics/"]["get"]["security"]


@pytest.mark.django_db
def test_the_page_shows_every_operation_and_problem_under_our_policy() -> None:
    response = Client().get("/api/")
    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    page = response.content.decode()
    for path, method, operation in operations():
        assert f'data-method="{method.upper()}" data-path="{path}"' in page
        assert f'id="{operation["operationId"]}"' in page
    for kind in Kind:
        assert f'id="{kind.code}"' in page
    assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=", page)
    for example in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL):
        json.loads(example.replace("&quot;", '"').replace("&#x27;", "'"))


@pytest.mark.django_db
def test_without_script_a_list_can_be_asked_for(program: Program) -> None:
    page = program(Role.RESEARCHER).get("/api/").content.decode()
    assert (
        '<form class="form" data-method="GET" data-path="/api/v1/topics/" method="get" action="/api/v1/topics/">'
        in page
    )
    assert 'id="list_topics-size" name="size" ' in page


@pytest.mark.django_db
def test_the_page_is_in_the_readers_language() -> None:
    page = Client().get("/api/", headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<summary lang="en" dir="ltr">' in page
