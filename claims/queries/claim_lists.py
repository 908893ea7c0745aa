"""The orders in which claims are listed, and the row from which a page begins."""

from collections.abc import Mapping
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
    if tokens[: FEW + 1].count() > FEW:
        return rows.filter(Exists(tokens.filter(claim=OuterRef("claim"))))
    return rows.filter(claim__in=tokens.values("claim"))


def within(rows: Rows, moments: Q) -> Rows:
    """The rows of certain moments: by the index of these moments where few are of them, else row by row."""
    found = ClaimState.objects.filter(moments)
    if found[: FEW + 1].count() > FEW:
        return rows.filter(moments)
    return rows.filter(claim__in=found.values("claim"))
