"""What answers an error that no view expected: a page, or beneath the API's addresses a problem that programs read."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.api.problems import Kind, Problem, problem_of
from claims.outages import outage_of
from claims.views import errors

OF_PROGRAMS = ("/api/v1/", "/feeds/")


def is_for_programs(request: HttpRequest) -> bool:
    """Whether the address is one of the API's."""
    return request.path.startswith(OF_PROGRAMS)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    if not is_for_programs(request):
        return errors.bad_request(request, exception)
    sentence = str(exception) if isinstance(exception, BadRequest) else _("This request cannot be answered.")
    return Problem(Kind.MALFORMED, sentence).answer()


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _problem_or(errors.not_allowed, request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _problem_or(errors.not_found, request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 for an outage of the database, which passes."""
    outage = outage_of(sys.exc_info()[1])  # of the error that is being answered
    if not is_for_programs(request):
        return errors.unavailable(request, outage) if outage else errors.server_error(request)
    if outage:
        return Problem(Kind.UNAVAILABLE, outage.sentence, headers=errors.RETRY).answer()
    return Problem(
        Kind.UNEXPECTED, _("Nothing was changed. Try again; if it fails again, tell whoever runs this.")
    ).answer()


def _problem_or(
    page: Callable[[HttpRequest, Exception], HttpResponse], request: HttpRequest, exception: Exception
) -> HttpResponse:
    problem = problem_of(exception) if is_for_programs(request) else None
    return problem.answer() if problem else page(request, exception)
