"""Sessions and tokens of a user ended before their time: after a deactivation, or the loss of what they sign in with.

A token stands for a session, and ends with what ends sessions.
"""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from knox.models import AuthToken

from claims.ledger import events
from claims.models import User


def end_sessions(*, user: User) -> int:
    """End every session of the user, on all machines; returns how many there were.

    A session does not say whose it is but inside, so that all are read; a desk has few.
    """
    mine = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=mine).delete()
    return len(mine)


def end_tokens(*, user: User, beginning: str = "") -> int:
    """End the user's tokens, or the one that begins so, on record; returns how many there were. In a transaction."""
    rows = AuthToken.objects.select_for_update().filter(user=user)
    found = list(rows.filter(token_key=beginning) if beginning else rows)
    for row in found:
        row.delete()
        detail = {"beginning": row.token_key}
        events.record(kind="token_revoked", user_id=user.pk, name=user.get_username(), detail=detail)
    return len(found)
