"""How much may be asked in a minute: by whom, and of those who have not signed in from which address."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework import exceptions
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

MINUTE = 60
MOST_FAILURES = 30


class _FromSettings(SimpleRateThrottle):  # type: ignore[misc]
    """Reads the rate when it is asked for, and the address of the connection alone: anybody can write a header."""

    def get_rate(self) -> str | None:
        """So many in a period, such as ``600/min``; None for no limit."""
        rates: Mapping[str, str | None] = settings.API_RATES
        scope: str = self.scope
        return rates[scope]

    def get_ident(self, request: Any) -> str:
        """The address of the connection."""
        return address_of(request)


class ReadersThrottle(_FromSettings, AnonRateThrottle):  # type: ignore[misc]
    """Whoever has not signed in."""

    scope = "readers"


class UsersThrottle(_FromSettings, UserRateThrottle):  # type: ignore[misc]
    """Whoever has."""

    scope = "users"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        """Counted by user; others are counted by `ReadersThrottle`."""
        if not request.user.is_authenticated:
            return None
        key: str = self.cache_format % {"scope": self.scope, "ident": request.user.pk}
        return key


def refuse_after_failures(request: Any) -> None:
    """Raise `Throttled` (429) after too many wrong tokens from one address within a minute of the first of them."""
    if cache.get(_failures(request), 0) >= MOST_FAILURES:
        raise exceptions.Throttled(wait=MINUTE)


def count_failure(request: Any) -> None:
    """Count a wrong token."""
    key = _failures(request)
    if cache.add(key, 1, timeout=MINUTE):
        return
    with suppress(ValueError):  # the minute ended just now
        cache.incr(key)


def address_of(request: Any) -> str:
    """Where the request comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _failures(request: Any) -> str:
    return f"wrong-tokens-{address_of(request)}"
