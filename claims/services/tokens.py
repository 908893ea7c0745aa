"""Tokens by which a user's programs reach the API: made and revoked by the user, shown once, kept as digests, expiring.

A token stands for the session in which it was made. It is worth nothing once its user is deactivated, has another
password, or has or needs a second factor that the token was made without. What it is itself is never on record: of the
64 hexadecimal digits the journal has the first ten, by which the user tells one from another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.crypto import hash_token
from knox.models import AuthToken

from claims.ledger import events
from claims.models import User
from claims.services.second_factor import App, needs_second_factor
from claims.services.sessions import end_tokens

MOST_TOKENS = 20
LONGEST_DAYS = 365
# A token has 69 characters; nothing longer is hashed.
LONGEST = 200


@dataclass(frozen=True)
class Token:
    """What may be known of a token: how it begins, when it was made, and when it ends."""

    beginning: str
    made: datetime
    expires: datetime


def make_token(*, user: User, days: int) -> tuple[Token, str]:
    """A new token of the user for so many days, and the secret, which nobody can read again.

    Raises `ValidationError` for a time that is too long, or where the user has too many tokens already.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("A token is good for 1 to %(most)d days.") % {"most": LONGEST_DAYS}})
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        AuthToken.objects.filter(user=user, expiry__lt=timezone.now()).delete()
        if AuthToken.objects.filter(user=user).count() >= MOST_TOKENS:
            sentence = _("You have %(most)d tokens already. Revoke one that you do not use any more.")
            raise ValidationError(sentence % {"most": MOST_TOKENS})
        row, secret = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
        token = _token(row)
        detail = {"beginning": token.beginning, "expires": token.expires.isoformat()}
        events.record(kind="token_made", user_id=user.pk, name=user.get_username(), detail=detail)
    return token, secret


def tokens_of(user: User) -> list[Token]:
    """The user's tokens that have not expired, the newest first."""
    rows = AuthToken.objects.filter(user=user, expiry__gte=timezone.now()).order_by("-created")
    return [_token(row) for row in rows]


def revoke_token(*, user: User, beginning: str) -> None:
    """End a token of the user. Raises `ValidationError` where they have none that begins so."""
    with transaction.atomic():
        if not beginning or not end_tokens(user=user, beginning=beginning):
            raise ValidationError(_("You have no token that begins so. It may have been revoked already."))


def user_of(secret: str) -> User | None:
    """Whose token this is; None where it is nobody's, has expired, or is not worth anything any more."""
    if len(secret) > LONGEST:
        return None
    row = AuthToken.objects.select_related("user").filter(digest=hash_token(secret)).first()
    if row is None or row.expiry is None or row.expiry < timezone.now() or not row.user.is_active:
        return None
    user: User = row.user
    return user if _factor_shown(user, row.created) else None


def _factor_shown(user: User, made: datetime) -> bool:
    """Whether the session in which the token was made had shown the second factor that the user has or needs today."""
    apps = App.objects.filter(user=user, confirmed=True)
    added = list(apps.values_list("created_at", flat=True))
    if not added:
        return not needs_second_factor(user)
    return any(moment is not None and moment <= made for moment in added)


def _token(row: Any) -> Token:
    return Token(row.token_key, row.created, row.expiry)
