"""The guard of every table: whether a change is open, by whom and why, and the refusal to write without one.

The guard lies below the services so that models can ask it; `claims.services.transaction.change` is the only
place that opens a change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.db.models import Model

    from claims.models.base import Record
    from claims.models.people import User


class OutsideService(RuntimeError):  # noqa: N818 - it names what happened
    """A table was about to be written past the services: without history, reason or acting user."""


@dataclass(slots=True, eq=False)
class Change:
    """Who changes the records, why and when: one value for everything that one transaction writes.

    `by` is the acting user, or None when the trusted command named `command` acts. `uid` is what the journal knows the
    change by, `moment` the time that all rows of the change carry. `written` holds (model, primary key) of each record
    that has a history row in this change, and whether the record is new, in the order of writing, so that what a failed
    part wrote can be forgotten again. `connection` is the one whose transaction it is, while it is open. While it is
    `in_one_piece`, nothing that is saved is undone by itself; `broken` counts its parts that have not come to an end.
    """

    by: User | None
    reason: str
    command: str
    moment: datetime
    uid: UUID = field(default_factory=uuid4)
    written: dict[tuple[type[Record], int], bool] = field(default_factory=dict)
    connection: object = None
    # Topics that it bears on beside those of `written`, where a service derives by itself.
    topics: set[int] = field(default_factory=set)
    in_one_piece: bool = False
    broken: int = 0


_open_change: ContextVar[Change | None] = ContextVar("open_change", default=None)


def open_change() -> Change | None:
    """The change that is open here, if any.

    A thread that was started inside a change inherits it, but not its transaction, and a task may outlive it:
    there, none is open.
    """
    change = _open_change.get()
    return change if change is not None and change.connection is transaction.get_connection() else None


def require_change(model: type[Model]) -> Change:
    """The open change; raises `OutsideService` when there is none."""
    change = open_change()
    if change is None:
        raise OutsideService(
            _("“%(model)s” is written only by a service. Open a change with claims.services.transaction.change.")
            % {"model": model._meta.verbose_name}
        )
    return change


def refuse(model: type[Model], operation: str) -> OutsideService:
    """The refusal of an operation that would leave no history, to be raised by the caller."""
    return OutsideService(
        _(
            "“%(operation)s” on “%(model)s” would leave no history. "
            "Records are written by claims.services.transaction.save; nothing is deleted, records are withdrawn."
        )
        % {"operation": operation, "model": model._meta.verbose_name}
    )


@contextmanager
def opened(change: Change) -> Iterator[None]:
    """Make the change the open one; for `claims.services.transaction` only."""
    token = _open_change.set(change)
    change.connection = transaction.get_connection()
    try:
        yield
    finally:
        change.connection = None
        _open_change.reset(token)
