"""A claim's page: what it cannot hold together with, who says the same, its copies, links and passages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from claims.domain.vocabulary import LinkKind
from claims.models import (
    AgentName,
    Claim,
    ClaimLink,
    ClaimState,
    Correction,
    Passage,
    PassageLocation,
    Position,
    QuestionState,
    Retraction,
)
from claims.queries.contested import worded
from claims.queries.names import names_of
from claims.queries.overview import supported_by
from claims.queries.recorded import past
from claims.queries.recorded_states import work_out_claims, work_out_locations
from claims.queries.texts import text_of, texts_of

MOST_SHOWN = 20
AROUND = 320
"""Code points shown on either side of a passage."""


@dataclass(frozen=True)
class Excluded:
    """An exclusion that the claim's position is part of: the other positions, and why."""

    positions: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class InContext:
    """A passage in its surroundings, or only as recorded where its text is not here (`outcome` says which)."""

    passage: Passage
    outcome: str
    before: str
    found: str
    after: str


@dataclass(frozen=True)
class Linked:
    """A link of the claim to another: `outgoing` when it is this claim that revises, disowns or stands beside."""

    kind: LinkKind
    outgoing: bool
    claim: int


@dataclass(frozen=True)
class ClaimReading:
    """What the page of a claim shows besides the claim itself; claims are keys."""

    excluded: tuple[Excluded, ...]
    against: tuple[int, ...]
    reasons: tuple[str, ...]
    same: tuple[int, ...]
    same_total: int
    copied_from: int | None
    copies: tuple[int, ...]
    links: tuple[Linked, ...]
    notices: tuple[Retraction | Correction, ...]
    passages: tuple[InContext, ...]
    question_state: QuestionState | None

    @property
    def claims(self) -> list[int]:
        """All other claims that the page shows."""
        copied = [self.copied_from] if self.copied_from else []
        return list(
            dict.fromkeys([*self.against, *self.same, *copied, *self.copies, *(each.claim for each in self.links)])
        )


def read_claim(state: ClaimState) -> ClaimReading:
    """Everything around one claim; a fixed number of queries."""
    claim = state.claim
    row = QuestionState.objects.filter(question=state.question_id).first() if state.question_id else None
    own = state.position.index if state.position else None
    excluded, reasons = _excluded(row, own)
    others = sorted({index for each in excluded for index in each.positions})
    same = ClaimState.objects.filter(position=state.position_id or 0).exclude(claim=claim)
    return ClaimReading(
        excluded=tuple(excluded),
        against=_against(state, others),
        reasons=tuple(reasons),
        same=tuple(same.order_by("claim").values_list("claim", flat=True)[:MOST_SHOWN]),
        same_total=max(state.position.claims - 1, 0) if state.position else 0,
        copied_from=claim.copied_from_id,
        copies=tuple(
            Claim.objects.current().filter(copied_from=claim).order_by("pk").values_list("pk", flat=True)[:MOST_SHOWN]
        ),
        links=tuple(_links(claim)),
        notices=_notices(claim),
        passages=tuple(_passages(claim)),
        question_state=row,
    )


def origins_of(state: QuestionState | None) -> Any:
    """The origins behind a question's best supported answer, for the mark of its state."""
    return supported_by(state) if state else None


def _excluded(row: QuestionState | None, own: int | None) -> tuple[list[Excluded], list[str]]:
    """The listed exclusions of the claim's position; of a claim in none the question's reasons."""
    if row is None:
        return [], []
    names = names_of([row])[row.question_id]
    excluded = [
        Excluded(tuple(index for index in each["positions"] if index != own), worded(each["reason"], names))
        for each in row.exclusions
        if own in each["positions"]
    ]
    return excluded, [worded(each, names) for each in row.reasons if each["code"] != "excluded"]


def _against(state: ClaimState, positions: Sequence[int]) -> tuple[int, ...]:
    """The first claims of the positions that this one's cannot hold together with."""
    rows = Position.objects.filter(question=state.question_id, index__in=positions[:MOST_SHOWN])
    claims = ClaimState.objects.filter(position__in=list(rows)).order_by("position__index", "claim")
    return tuple(claims.values_list("claim", flat=True)[:MOST_SHOWN])


def _links(claim: Claim) -> list[Linked]:
    rows = ClaimLink.objects.current().filter(Q(claim=claim) | Q(other=claim)).order_by("pk")[:MOST_SHOWN]
    return [
        Linked(LinkKind(row.kind), row.claim_id == claim.pk, row.other_id if row.claim_id == claim.pk else row.claim_id)
        for row in rows
    ]


def _notices(claim: Claim) -> tuple[Retraction | Correction, ...]:
    """Retractions by the speaker, then corrections by the publisher."""
    found: list[Retraction | Correction] = []
    for model in (Retraction, Correction):
        found += model.objects.current().filter(claim=claim).select_related("source").order_by("pk")
    return tuple(found)


def _passages(claim: Claim) -> list[InContext]:
    """The claim's passages as they stand in the newest text of the source."""
    attribution = claim.attribution
    passages = list(Passage.objects.current().filter(attribution=attribution).order_by("pk"))
    texts = texts_of(attribution.source)
    if not texts:
        return [InContext(each, "unchecked", each.prefix, each.exact, each.suffix) for each in passages]
    text = text_of(texts[-1])
    work_out_locations(texts[-1], passages)
    rows = {row.passage_id: row for row in PassageLocation.objects.filter(snapshot=texts[-1], passage__in=passages)}
    return [_in_context(each, rows.get(each.pk), text) for each in passages]


def _in_context(passage: Passage, location: PassageLocation | None, text: str) -> InContext:
    if location is None or location.start is None or location.end is None:
        outcome = location.outcome if location else "unchecked"
        return InContext(passage, outcome, passage.prefix, passage.exact, passage.suffix)
    start, end = location.start, location.end
    before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "… " + before.partition(" ")[2]
    if end + AROUND < len(text):
        after = after.rpartition(" ")[0] + " …"
    return InContext(passage, location.outcome, before, text[start:end], after)


def claim_states() -> QuerySet[ClaimState]:
    """Current claims with what their page asks of them first."""
    names = Prefetch("claim__attribution__on_behalf_of__names", AgentName.objects.current())
    states: QuerySet[ClaimState] = ClaimState.objects.select_related(
        "position", "claim__attribution__source", "claim__attribution__document", "claim__attribution__on_behalf_of"
    ).prefetch_related(names)
    return states


def claim_state(uid: UUID) -> ClaimState:
    """The current claim of this identifier; raises `ClaimState.DoesNotExist`."""
    if past():
        work_out_claims(Claim.objects.filter(uid=uid).values_list("pk", flat=True))
    return claim_states().get(claim__uid=uid)
