"""What the journal knows of a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from claims.ledger.context import request_line

LONGEST = 500


class RequestMiddleware:
    """Remembers method and path of the request that is being answered; never the query, which may hold secrets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_line.set(f"{request.method} {request.path}"[:LONGEST])
        try:
            return self._get_response(request)
        finally:
            request_line.reset(token)
