"""The orders in which claims are listed, and the row from which a page begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import ClaimState, ClaimToken
from claims.queries.pages import Order

PAGE = 50
FEW = 2_000
"""Up to so many claims are found first and then put in order; of more the list is walked until a page is full."""

Rows = QuerySet[ClaimState]

# The first is the order where none is asked for.
ORDERS: Mapping[str, Order] = {
    "urgency": Order("state_rank", "claim_id", nullable=False),
    "recorded": Order("recorded_at", "claim_id", nullable=False),
    "said": Order("said_from", "claim_id"),
    "said_first": Order("said_from", "claim_id", descending=False),
    "published": Order("published_from", "claim_id"),
    "published_first": Order("published_from", "claim_id", descending=False),
}
FIRST_ORDER = next(iter(ORDERS))
ORDER_LABELS: Mapping[str, Promise] = {
    "urgency": _("Contested first"),
    "recorded": _("Recorded last"),
    "said": _("Said last"),
    "said_first": _("Said first"),
    "published": _("Published last"),
    "published_first": _("Published first"),
}


def find_row(uid: UUID) -> ClaimState | None:
    """The list row of a claim, from which a page begins; None where there is no such current claim."""
    return ClaimState.objects.filter(claim__uid=uid).first()


def with_word(rows: Rows, stem: str) -> Rows:
    """The rows whose claims have a word: by the word's own index where few have it, else row by row."""
    tokens = ClaimToken.objects.filter(token=stem)
    few = _few(tokens.values_list("claim", flat=True))
    return rows.filter(Exists(tokens.filter(claim=OuterRef("claim")))) if few is None else rows.filter(claim__in=few)


def within(rows: Rows, field: str, moments: Q) -> Rows:
    """The rows whose `field` is of certain moments: by its index where few are of them, else row by row."""
    few = _few(ClaimState.objects.filter(moments).order_by(field).values_list("claim", flat=True))
    return rows.filter(moments) if few is None else rows.filter(claim__in=few)


def _few(claims: QuerySet[Any, int]) -> list[int] | None:
    """The claims if they are no more than `FEW`, else None."""
    found = list(claims[: FEW + 1])
    return found if len(found) <= FEW else None
