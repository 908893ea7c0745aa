"""What records are called, each of them on its own: in the reader's language where they are recorded in it.

A claim is called by its statement. Names are read by kind: one query, or two, however many records there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from claims.models import Agent, Attribution, Claim, ClaimWording
from claims.queries.names import agent_name, translated

# Records whose name is made of those of others: read together with them.
_NAMED_WITH: Mapping[str, tuple[str, ...]] = {
    "attribution": ("speaker", "source"),
    "snapshot": ("source",),
    "optionbroader": ("broader", "option"),
    "relay": ("agent",),
    "claim": ("question",),
    "claimoption": ("option",),
    "claimlink": ("claim", "other"),
    "retraction": ("claim",),
    "correction": ("claim",),
    "distinction": ("first", "second"),
    "permission": ("content_type",),
}
_SPEAKERS: Mapping[str, str] = {"agent": "names", "attribution": "speaker__names"}


@dataclass(frozen=True, slots=True)
class Named:
    """A row with what it is called today."""

    name: str
    row: Any


def called(model: type[models.Model], keys: Collection[int]) -> dict[int, Named]:
    """The rows of these keys that there are, with their names."""
    kind = str(model._meta.model_name)
    rows = model._default_manager.filter(pk__in=keys)
    if joined := _NAMED_WITH.get(kind):
        rows = rows.select_related(*joined)
    if kind in _SPEAKERS:
        rows = rows.prefetch_related(_SPEAKERS[kind])
    statements = _statements(keys) if model is Claim else {}
    return {row.pk: Named(statements.get(row.pk) or _name(row), row) for row in rows}


def name_of(record: models.Model) -> str:
    """What one record is called; a claim without a statement by its question and answer."""
    found = called(type(record), [record.pk]).get(record.pk)
    return found.name if found is not None else str(record)


def _name(row: Any) -> str:
    match row:
        case Agent():
            return agent_name(row)
        case Attribution():
            return f"{agent_name(row.speaker)} – {_name(row.source)}"
        case Claim(question=question) if question is not None:
            return f"{_name(question)} – {row.answer}"
        case _:
            known = getattr(row, "translations", None)
            return translated(str(row), known) if isinstance(known, dict) else str(row)


def _statements(claims: Collection[int]) -> dict[int, str]:
    """The first wording of each claim, in the reader's language where there is one."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for claim, language, text in (
        ClaimWording.objects.current().filter(claim__in=claims).order_by("pk").values_list("claim", "language", "text")
    ):
        found[claim].setdefault(language, text)
    return {claim: translated(next(iter(texts.values())), texts) for claim, texts in found.items()}
