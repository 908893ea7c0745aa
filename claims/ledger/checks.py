"""The check that nothing escapes: every trigger is there, and as it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from claims.ledger.install import amiss, has_tables
from claims.ledger.models import Context

NAMED = 5
# While what is missing is about to be put back: to complain of it then would prevent that.
_mending: ContextVar[bool] = ContextVar("mending", default=False)


@contextmanager
def about_to_mend() -> Iterator[None]:
    """Until the end, triggers that are missing are no error."""
    token = _mending.set(True)
    try:
        yield
    finally:
        _mending.reset(token)


@register(Tags.database)
def triggers_are_there(databases: Sequence[str] | None = None, **_keywords: Any) -> list[CheckMessage]:
    """Names what is missing; run by `check --database default`, and when the server starts."""
    return [message for using in databases or () for message in _of(using)]


def _of(using: str) -> list[CheckMessage]:
    if not has_tables(using):
        return []
    found: list[CheckMessage] = []
    if Context.objects.using(using).exists():
        found.append(
            Error(
                "Somebody left a row in ledger_context: writes past the services would be taken for theirs.",
                hint="Delete it (DELETE FROM ledger_context), and ask who has access to the database.",
                id="ledger.E002",
            )
        )
    names = [] if _mending.get() else amiss(using)
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        found.append(
            Error(
                f"Triggers of the journal are missing or changed: {', '.join(names[:NAMED])}{more}.",
                hint="What was written meanwhile is not in the journal. Run “manage.py migrate”, which puts them back "
                "and has that on record, then “manage.py audit reconcile”, which names what they missed.",
                id="ledger.E001",
            )
        )
    return found
