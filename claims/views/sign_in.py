"""The pause after too many wrong passwords or codes: a page that says when to try again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claims.models import User
from claims.services.second_factor import wait_in_seconds

TOO_MANY_REQUESTS = 429
# What the library's column holds; Django's form of signing in takes names of any length.
LONGEST_NAME = 255
MINUTE = 60


def counted_name(_request: HttpRequest, credentials: Any) -> str:
    """The name under which wrong passwords are counted; of one that nobody has a digest, for it may be a password."""
    name = str((credentials or {}).get("username") or "")[:LONGEST_NAME]
    if "\0" not in name and User.objects.filter(username=name).exists():
        return name
    return salted_hmac("a name that nobody has", name, algorithm="sha256").hexdigest()


def too_many(request: HttpRequest, _response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """429 after too many wrong passwords for one name from one address, at whichever door; the library calls it."""
    tries = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    last = [moment for attempts in tries for moment in attempts.values_list("attempt_time", flat=True)]
    until = max(last, default=timezone.now()) + get_cool_off(request)
    return paused(request, until, _("Too many wrong passwords were typed for this name from your address."))


def paused(request: HttpRequest, until: datetime, sentence: str) -> HttpResponse:
    """429: what was too much, and when it may be tried again."""
    seconds = wait_in_seconds(until)
    context = {"sentence": sentence, "until": until, "minutes": -(-seconds // MINUTE)}
    response = render(request, "429.html", context, status=TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    return response
