"""Sessions of a user ended before their time: when somebody is deactivated, or loses what they signed in with."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

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
