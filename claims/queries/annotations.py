"""Passages with the claims that rest on them, for annotations: some at a time, in a fixed number of queries each."""

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from claims.models import Claim, ClaimWording, Passage

BATCH = 500


def passages_on(claims: QuerySet[Claim]) -> Iterator[Passage]:
    """The passages on which these claims rest, in the order of their keys.

    Of each the claims among these are read with it, as `attribution.bearing`, and the snapshot with its source.
    """
    wordings = Prefetch("wordings", ClaimWording.objects.current().order_by("language", "pk"))
    bearing = Prefetch(
        "attribution__claims",
        Claim.objects.filter(pk__in=claims.order_by().values("pk")).prefetch_related(wordings).order_by("line", "pk"),
        to_attr="bearing",
    )
    last = 0
    while batch := list(
        _resting(claims)
        .filter(pk__gt=last)
        .select_related("attribution", "snapshot__source")
        .prefetch_related(bearing)
        .order_by("pk")[:BATCH]
    ):
        yield from batch
        last = batch[-1].pk


def count_passages(claims: QuerySet[Claim]) -> int:
    """How many passages these claims rest on."""
    return _resting(claims).count()


def _resting(claims: QuerySet[Claim]) -> QuerySet[Passage]:
    found: QuerySet[Passage] = Passage.objects.current().filter(
        attribution__in=claims.order_by().values("attribution"), attribution__withdrawn=False
    )
    return found
