"""Sign-ins, failed ones and sign-outs on record, as Django announces them.

Django tells of them by signals alone, whichever page they happened on; these are the only receivers in the program.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from claims.ledger import events
from claims.ledger.models import Event
from claims.models import User

# So many failed sign-ins of names that nobody has are put on record within an hour.
MOST_UNKNOWN = 100
# When the password of this session was typed last, in seconds since 1970.
PASSWORD_AT = "password_at"  # noqa: S105 - the name of a moment


def put_on_record() -> None:
    """Listen to Django from now on; once is enough."""
    user_logged_in.connect(_signed_in, dispatch_uid="record")
    user_login_failed.connect(_failed, dispatch_uid="record")
    user_locked_out.connect(_paused, dispatch_uid="record")
    user_logged_out.connect(_signed_out, dispatch_uid="record")


def _signed_in(*, request: HttpRequest, user: User, **_keywords: Any) -> None:
    request.session[PASSWORD_AT] = int(time.time())
    events.record(kind="sign_in", user_id=user.pk, name=user.get_username(), detail=_place(request))


def _failed(*, credentials: Mapping[str, Any], request: HttpRequest | None = None, **_keywords: Any) -> None:
    if request is None or _refused_unseen(request):
        return
    user = _named(credentials)
    if user is None and _unknown_names_lately() >= MOST_UNKNOWN:
        return  # the journal is kept for good, and whoever tries names must not fill it
    # A name that nobody has may be a password typed into the wrong field: it is not kept.
    name = user.get_username() if user else ""
    events.record(kind="sign_in_failed", user_id=user.pk if user else None, name=name, detail=_place(request))


def _unknown_names_lately() -> int:
    since = timezone.now() - timedelta(hours=1)
    lately = Event.objects.filter(kind="sign_in_failed", user_id=None).order_by("-pk")[:MOST_UNKNOWN]
    return sum(at >= since for at in lately.values_list("at", flat=True))


def _paused(*, request: Any, username: str | None, **_keywords: Any) -> None:
    if _refused_unseen(request):
        return
    user = _named({"username": username})
    name = user.get_username() if user else ""
    events.record(kind="sign_in_paused", user_id=user.pk if user else None, name=name, detail=_place(request))


def _signed_out(*, request: HttpRequest, user: User | None, **_keywords: Any) -> None:
    if user is not None:
        events.record(kind="sign_out", user_id=user.pk, name=user.get_username(), detail=_place(request))


def _refused_unseen(request: Any) -> bool:
    """Whether this try fell into a pause that had begun before: nobody looked at it, and it is not counted."""
    return getattr(request, "axes_locked_out", False) and request.axes_failures_since_start is None


def _named(credentials: Mapping[str, Any]) -> User | None:
    return User.objects.filter(username=credentials.get("username")).first()


def _place(request: HttpRequest) -> dict[str, str]:
    return {"address": request.META.get("REMOTE_ADDR", "")}
