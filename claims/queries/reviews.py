"""What waits for a reviewer: claims that nobody has checked, and checked ones of which something changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.db.models import QuerySet

from claims.domain.vocabulary import Review
from claims.models import Claim, ClaimState
from claims.queries.overview import Counted, counted
from claims.queries.pages import compared

MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class OutOfDate:
    """Since when a review is out of date, by whose change (empty for a command), and with what reason."""

    moment: datetime
    who: str
    reason: str


def pending() -> QuerySet[ClaimState]:
    """The claims that nobody has reviewed, in list order: the most urgent first."""
    return ClaimState.objects.filter(review=Review.PENDING.value).in_list_order()


def out_of_date() -> QuerySet[ClaimState]:
    """The checked claims that are to be checked again, in list order."""
    return ClaimState.objects.stale().in_list_order()


QUEUES: tuple[Callable[[], QuerySet[ClaimState]], ...] = (pending, out_of_date)


def waiting() -> Counted:
    """How many claims wait for a reviewer in all."""
    numbers = [counted(queue()) for queue in QUEUES]
    return Counted(sum(each.number for each in numbers), any(each.more for each in numbers))


def next_waiting(after: ClaimState | None = None) -> int | None:
    """The claim that is to be reviewed next, or next after another; None where there is none.

    Both kinds wait in one line, in list order: what a contested state rests on comes first, whether it was never
    checked or has changed since. Each kind is one step along an index of its own.
    """
    heads: list[tuple[int, int]] = []
    for queue in QUEUES:
        rows = queue()
        if after is not None:
            rows = rows.filter(compared(("state_rank", "claim_id"), "<", (after.state_rank, after.claim_id)))
        heads += rows.values_list("state_rank", "claim_id")[:1]
    return max(heads)[1] if heads else None


def out_of_date_since(claim: Claim) -> OutOfDate | None:
    """The change with which the claim's review fell out of date; None where it has not, or too long ago to look for."""
    if not claim.review_stale:
        return None
    newest = claim.history.select_related("history_user").order_by("-history_date", "-history_id")[:MOST_VERSIONS]
    versions = list(takewhile(lambda version: version.review_stale, newest))
    if not versions or len(versions) == MOST_VERSIONS:
        return None
    first = versions[-1]
    user = first.history_user
    who = (user.get_full_name() or user.get_username()) if user else ""
    return OutOfDate(first.history_date, who, first.history_change_reason or "")
