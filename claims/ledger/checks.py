"""The check that nothing escapes: every trigger is there, and as it was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from claims.ledger.install import amiss, has_tables
from claims.ledger.models import Context

NAMED = 5


@register(Tags.database)
def triggers_are_there(databases: Sequence[str] | None = None, **_keywords: Any) -> list[CheckMessage]:
    """Names what is missing; run by `migrate`, by `check --database default`, and when the server starts."""
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
    names = amiss(using)
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        found.append(
            Error(
                f"{len(names)} triggers of the journal are missing or changed: {', '.join(names[:NAMED])}{more}.",
                hint="What was written meanwhile is not in the journal. Run “manage.py migrate”, which puts them back, "
                "then “manage.py audit reconcile”, which names what they missed.",
                id="ledger.E001",
            )
        )
    return found
