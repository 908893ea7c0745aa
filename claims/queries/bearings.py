"""What claims mean for one another: what each excludes and why, who agrees, who doubts; a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from claims.domain.vocabulary import Standing
from claims.models import ClaimState, QuestionState
from claims.queries.claim_rows import ClaimRow, claim_rows
from claims.queries.contested import worded
from claims.queries.names import names_of

# Of each position so many claims are shown; who wants all of them opens the comparison.
SHOWN = 3
_CLAIMS = ("claim", "other", "first", "second")


@dataclass(frozen=True)
class Exclusion:
    """Positions that no answer satisfies together, with the reason in a sentence."""

    positions: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class Bearing:
    """One claim among the others on its question.

    `against` and `agreeing` are the first few claims of the positions that its own excludes, and of its own;
    `remarks` are the sentences that name the claim: doubts, disowning, retreats.
    """

    row: ClaimRow
    exclusions: tuple[Exclusion, ...]
    total: int
    against: tuple[ClaimRow, ...]
    agreeing: tuple[ClaimRow, ...]
    remarks: tuple[str, ...]

    @property
    def contradicts(self) -> bool:
        """Whether another standing claim excludes it."""
        return self.row.state.contested


def bearings_of(keys: Sequence[int]) -> list[Bearing]:
    """The bearings of these claims, in the given order; claims that are withdrawn or not there are left out."""
    rows = claim_rows(keys)
    asked = {row.state.question_id for row in rows if row.state.question_id is not None}
    states = {state.question_id: state for state in QuestionState.objects.filter(question__in=asked)}
    names = names_of(states.values())
    first_few = _first_few(asked)
    shown = {row.claim.pk: row for row in claim_rows(sorted({key for few in first_few.values() for key in few}))}
    found = []
    for row in rows:
        question = row.state.question_id
        state = states.get(question) if question is not None else None
        own = _exclusions(state, row.position)
        others = {index for each in own for index in each["positions"]} - {row.position}
        found.append(
            Bearing(
                row=row,
                exclusions=tuple(
                    Exclusion(tuple(each["positions"]), worded(each["reason"], names[question]))  # type: ignore[index]
                    for each in own
                ),
                total=state.exclusions_total if state else 0,
                against=_of(shown, first_few, question, others, row.claim.pk),
                agreeing=_of(shown, first_few, question, {row.position} - {None}, row.claim.pk),
                remarks=tuple(worded(each, names[question]) for each in _naming(state, row.claim.pk)),  # type: ignore[index]
            )
        )
    return found


def _exclusions(state: QuestionState | None, position: int | None) -> list[dict[str, Any]]:
    """The listed exclusions that the position is part of."""
    if state is None or position is None:
        return []
    return [each for each in state.exclusions if position in each["positions"]]


def _naming(state: QuestionState | None, claim: int) -> list[dict[str, Any]]:
    """The reasons that speak of the claim."""
    reasons = state.reasons if state else []
    return [each for each in reasons if claim in {each["values"].get(name) for name in _CLAIMS}]


def _of(
    shown: Mapping[int, ClaimRow],
    first_few: Mapping[tuple[int, int], Sequence[int]],
    question: int | None,
    positions: Collection[int | None],
    but: int,
) -> tuple[ClaimRow, ...]:
    keys = (
        key
        for index in sorted(each for each in positions if each is not None)
        for key in first_few.get((question or 0, index), ())
    )
    return tuple(shown[key] for key in keys if key != but and key in shown)


def _first_few(questions: Collection[int]) -> dict[tuple[int, int], list[int]]:
    """The first few claims of every position: (question, index) -> claims; one more, for one may ask for itself."""
    numbered = ClaimState.objects.filter(
        question__in=questions, position__isnull=False, standing=Standing.STANDING.value
    ).annotate(place=Window(RowNumber(), partition_by=F("position"), order_by=F("claim").asc()))
    few: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = numbered.filter(place__lte=SHOWN + 1).values_list("question", "position__index", "claim")
    for question, index, claim in rows.order_by("question", "position__index", "claim"):
        few[question, index].append(claim)
    return few
