"""What happens beside the records and is on record all the same: sign-ins, exports, new origins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.ledger.context import Actor, acting
from claims.ledger.models import Event
from claims.models.guard import open_change


def record(*, kind: str, user_id: int | None = None, name: str = "", detail: Mapping[str, Any] | None = None) -> None:
    """Write down that something happened: what (`kind`), who (key, or the name that was given), and details in JSON.

    In a change that is open it belongs to that; else it is a change of its own.
    """
    now = timezone.now()
    events: QuerySet[Any] = QuerySet(Event)  # past the guard of its manager, which refuses everybody else
    event = Event(kind=kind, user_id=user_id, name=name[:150], at=now, detail=dict(detail or {}))
    if open_change() is not None:
        events.bulk_create([event])
        return
    with transaction.atomic(using=connection.alias), acting(Actor(user_id, name[:150], "", kind, now)):
        events.bulk_create([event])
