"""The rows of which cases are made: claims with what belongs to them, read as tuples in a fixed number of queries.

A question may have thousands of claims, and an instance of a model for each would cost more than the rules do.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from claims.models import Claim, ClaimOption, Correction, Relay, Retraction
from claims.models.base import RecordQuerySet
from claims.queries.publications import one_publication

Bounds = tuple[datetime | None, datetime | None]


class ClaimRow(NamedTuple):
    """One claim with what is read along with it, in the order of `COLUMNS`."""

    key: int
    question: int | None
    kind: str | None
    attribution: int
    stance: str
    certainty: str
    review: str
    inferred: bool
    copied_from: int | None
    answer: str
    yes: bool | None
    quantity_low: Decimal | None
    quantity_high: Decimal | None
    only: bool
    about: bool
    as_of_from: datetime | None
    as_of_until: datetime | None
    speaker: int
    source: int
    side: int | None
    on_behalf_of: int | None
    document: int | None
    said_from: datetime | None
    said_until: datetime | None
    published_from: datetime | None
    published_until: datetime | None


COLUMNS = (
    *("pk", "question", "question__kind", "attribution", "stance", "certainty", "review", "inferred", "copied_from"),
    *("answer", "yes", "quantity_low", "quantity_high", "only", "about", "as_of_from", "as_of_until"),
    *(f"attribution__{name}" for name in ("speaker", "source", "side", "on_behalf_of", "document")),
    *("attribution__said_from", "attribution__said_until"),
    *("attribution__source__published_from", "attribution__source__published_until"),
)


@dataclass(frozen=True)
class Rows:
    """Claims with the rows that belong to them.

    By claim its options with their labels and the dates of its notices; by attribution its relays, the nearest to the
    speaker first.
    """

    claims: list[ClaimRow]
    options: Mapping[int, list[tuple[int, str]]]
    relays: Mapping[int, list[int]]
    retractions: Mapping[int, list[Bounds]]
    corrections: Mapping[int, list[Bounds]]

    @classmethod
    def read(cls, condition: Q) -> "Rows":
        """The current claims that meet the condition, by key."""
        claims = Claim.objects.current().filter(condition)
        options: dict[int, list[tuple[int, str]]] = defaultdict(list)
        named = ClaimOption.objects.current().filter(claim__in=claims.values("pk")).order_by("pk")
        for claim, option, label in named.values_list("claim", "option", "option__label"):
            options[claim].append((option, label))
        relays: dict[int, list[int]] = defaultdict(list)
        hops = Relay.objects.current().filter(attribution__in=claims.values("attribution")).order_by("position")
        for attribution, agent in hops.values_list("attribution", "agent"):
            relays[attribution].append(agent)
        return cls(
            claims=_of_one_document(list(map(ClaimRow._make, claims.order_by("pk").values_list(*COLUMNS)))),
            options=options,
            relays=relays,
            retractions=_notices(Retraction, claims),
            corrections=_notices(Correction, claims),
        )

    def agents(self) -> set[int]:
        """The agents that the claims name: their speakers, whom they were said for, and the relays."""
        named = {agent for row in self.claims for agent in (row.speaker, row.on_behalf_of) if agent is not None}
        return named.union(*self.relays.values())


def _of_one_document(rows: list[ClaimRow]) -> list[ClaimRow]:
    """The claims, a document that is on record more than once taken as one."""
    documents = {row.document for row in rows if row.document is not None}
    one = one_publication(documents) if documents else {}
    return [row._replace(document=one.get(row.document, row.document)) if row.document else row for row in rows]


def _notices(model: type[Retraction | Correction], claims: RecordQuerySet) -> Mapping[int, list[Bounds]]:
    """For each of the claims that has any the dates of its notices."""
    notices: dict[int, list[Bounds]] = defaultdict(list)
    rows = model.objects.current().filter(claim__in=claims.values("pk"))
    for claim, begin, end in rows.values_list("claim", "dated_from", "dated_until"):
        notices[claim].append((begin, end))
    return notices
