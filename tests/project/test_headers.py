"""Every response carries the security headers, and they admit nothing inline."""

from contextlib import closing
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.test import Client, RequestFactory

from provenance.headers import CONTENT_SECURITY_POLICY, SecurityHeadersMiddleware

POLICY = "Content-Security-Policy"


def directives() -> dict[str, list[str]]:
    split = (directive.split() for directive in CONTENT_SECURITY_POLICY.split(";"))
    return {name: sources for name, *sources in split}


def test_scripts_and_styles_come_from_our_own_files_only() -> None:
    assert directives()["default-src"] == ["'none'"]
    assert directives()["script-src"] == ["'self'"]
    assert directives()["style-src"] == ["'self'"]
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/static/admin/css/base.css", "/no/such/page/"])
def test_pages_files_and_errors_carry_the_headers(client: Client, path: str) -> None:
    with closing(client.get(path)) as response:
        headers = response.headers
    assert headers[POLICY] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize(("debug", "carried"), [(True, False), (False, True)])
def test_only_a_developers_error_page_goes_without_a_policy(settings: Any, debug: bool, carried: bool) -> None:
    settings.DEBUG = debug
    middleware = SecurityHeadersMiddleware(lambda _request: HttpResponseServerError())
    assert (POLICY in middleware(RequestFactory().get("/")).headers) is carried


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_methods_that_no_page_has_are_refused(client: Client, method: str) -> None:
    response = client.generic(method, "/admin/login/")
    assert (response.status_code, response.content) == (405, b"")
    assert response.headers[POLICY] == CONTENT_SECURITY_POLICY


def test_a_views_own_policy_stays() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={POLICY: "sandbox"})

    assert SecurityHeadersMiddleware(view)(RequestFactory().get("/")).headers[POLICY] == "sandbox"
