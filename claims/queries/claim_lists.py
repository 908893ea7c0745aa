"""The orders in which claims are listed, and the row from which a page begins."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import ClaimState
from claims.queries.pages import Order

PAGE = 50

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
