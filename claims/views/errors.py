"""Pages for what cannot be answered: what is wrong, in a sentence where we know one, and where to go on."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from claims.outages import Outage
from claims.permissions import NeverDeleted, NotAllowed

# When to try again after an outage, in seconds.
RETRY = {"Retry-After": "60"}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: only our own sentences are shown; what Django suspects of an address is for the log."""
    sentence = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"sentence": sentence}, status=400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: which role may, or what to do instead."""
    sentence = str(exception) if isinstance(exception, NotAllowed | NeverDeleted) else ""
    return render(request, "403.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that asks neither the database nor the session, for either may be what failed."""
    return HttpResponseServerError(render_to_string("500.html"))


def unavailable(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503: what of the database failed, on a page that does not ask it; a form can be sent once more as it was."""
    context = {"outage": outage, "sent": request.method == "POST"}
    return HttpResponse(render_to_string("503.html", context), status=503, headers=RETRY)
