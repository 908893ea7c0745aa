"""One question as its page shows it: positions with the first of their claims, exclusions and reasons in words.

Two ways lead to the same `Reading`: the derived tables hold the question as it is now, and the rules work out anew
how it was known on a date, or recorded on a moment. From there on names and sentences are read alike. Nothing here
grows with the number of claims: of every position, and of what stands beside them, only the first few are named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from claims.domain.comparison import Comparison, compare
from claims.domain.known import as_known_on
from claims.domain.origins import Count
from claims.domain.values import Case, Moment
from claims.domain.vocabulary import Stance, Standing, State
from claims.models import ClaimState, Position, Question, QuestionState
from claims.queries.cases import load_case
from claims.queries.derived import reason_json
from claims.queries.recorded import past
from claims.queries.recorded_states import compare_then

MOST_POSITIONS = 60
MOST_CLAIMS = 200
MOST_OF_A_POSITION = 25
FEWEST_OF_A_POSITION = 2
MOST_BESIDE = 20
"""How many doubts and possibles, and how many claims that no longer count, a page shows."""

Json = dict[str, Any]


@dataclass(frozen=True)
class ReadPosition:
    """One position; `shown` are the keys of the claims that the page shows, `claims` is how many it has."""

    index: int
    answer: str
    stance: Stance
    claims: int
    origins: Count
    sources: int
    shown: tuple[int, ...]


@dataclass(frozen=True)
class Some:
    """The first few of a number of claims."""

    shown: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Reading:
    """What the rules make of a question. `positions` are the first `MOST_POSITIONS` of `positions_total`.

    `standing` and `revised_by` are only of the claims shown; exclusions and reasons are as the database keeps them.
    `further` is what positions say that are not shown but spoken of.
    """

    state: State
    across_sides: bool
    inferred_only: bool
    claims: int
    positions: tuple[ReadPosition, ...]
    positions_total: int
    exclusions: Sequence[Json]
    exclusions_total: int
    reasons: Sequence[Json]
    tentative: Some
    fallen: Some
    standing: Mapping[int, Standing]
    revised_by: Mapping[int, int]
    further: Mapping[int, tuple[str, Stance]]

    @property
    def shown(self) -> list[int]:
        """All claims that the page shows."""
        own = [key for position in self.positions for key in position.shown]
        return [*own, *self.tentative.shown, *self.fallen.shown]


def cap_of(positions: int) -> int:
    """How many claims of each position are shown where there are so many positions."""
    return max(FEWEST_OF_A_POSITION, min(MOST_OF_A_POSITION, MOST_CLAIMS // max(positions, 1)))


# --- as it is now ---------------------------------------------------------------------------------------------------


def reading_now(question: Question) -> Reading:
    """The question as the derived tables have it; one without a row there has no claims."""
    state = QuestionState.objects.filter(question=question).first() or QuestionState(question=question)
    total = Position.objects.filter(question=question).count()
    rows = list(Position.objects.filter(question=question, index__lt=MOST_POSITIONS).order_by("index"))
    own = _first_claims([row.pk for row in rows], cap_of(len(rows)))
    claims = ClaimState.objects.filter(question=question)
    tentative = _some(claims.standing().filter(definite=False))
    fallen_rows = claims.exclude(claims.standing_q())
    fallen = _some(fallen_rows)
    known = {row.claim_id: row for row in fallen_rows.filter(claim__in=fallen.shown)}
    return Reading(
        state=State(state.state),
        across_sides=state.across_sides,
        inferred_only=state.inferred_only,
        claims=state.claims,
        positions=tuple(
            ReadPosition(
                index=row.index,
                answer=row.answer,
                stance=Stance(row.stance),
                claims=row.claims,
                origins=Count(row.origins_fewest, row.origins_most),
                sources=row.sources,
                shown=tuple(own.get(row.pk, ())),
            )
            for row in rows
        ),
        positions_total=total,
        exclusions=state.exclusions,
        exclusions_total=state.exclusions_total,
        reasons=state.reasons,
        tentative=tentative,
        fallen=fallen,
        standing={key: Standing(row.standing) for key, row in known.items()},
        revised_by={key: row.revised_by_id for key, row in known.items() if row.revised_by_id is not None},
        further=_further(question, spoken_of(state.exclusions, state.reasons)),
    )


def spoken_of(exclusions: Sequence[Json], reasons: Sequence[Json]) -> set[int]:
    """The positions beyond those shown that the sentences speak of."""
    indexes = {index for each in exclusions for index in each["positions"]}
    indexes |= {each["values"]["position"] for each in reasons if "position" in each["values"]}
    return {index for index in indexes if index >= MOST_POSITIONS}


def _further(question: Question, indexes: set[int]) -> dict[int, tuple[str, Stance]]:
    rows = Position.objects.filter(question=question, index__in=indexes)
    return {row.index: (row.answer, Stance(row.stance)) for row in rows}


def _first_claims(positions: Sequence[int], most: int) -> dict[int, list[int]]:
    """The first claims of each position, as they were recorded."""
    numbered = ClaimState.objects.filter(position__in=positions).annotate(
        place=Window(RowNumber(), partition_by=F("position"), order_by=F("claim").asc())
    )
    found: dict[int, list[int]] = {}
    for position, claim in numbered.filter(place__lte=most).values_list("position", "claim").order_by("claim"):
        found.setdefault(position, []).append(claim)
    return found


def _some(claims: Any) -> Some:
    return Some(tuple(claims.order_by("claim").values_list("claim", flat=True)[:MOST_BESIDE]), claims.count())


# --- as it was known, or recorded -----------------------------------------------------------------------------------


def reading_then(question: Question, *, known_on: Moment | None = None) -> Reading:
    """The question as recorded on the moment that is being read, worked out anew.

    With `known_on`, from what had been said or published by the end of that date alone (rule 6).
    """
    case, found = compare_then(question.pk) if past() else (load_case(question.pk), None)
    if known_on is not None:
        case, found = as_known_on(case, known_on), None
    return _reading(case, found or compare(case))


def _reading(case: Case, found: Comparison) -> Reading:
    most = cap_of(min(len(found.positions), MOST_POSITIONS))
    tentative = [claim.key for claim in found.standings.standing(case.claims) if not claim.definite]
    fallen = [claim.key for claim in case.claims if found.standing[claim.key] is not Standing.STANDING]
    exclusions = [{"positions": list(each.positions), "reason": reason_json(each.reason)} for each in found.exclusions]
    reasons = [reason_json(each) for each in found.reasons]
    indexes = spoken_of(exclusions, reasons)
    return Reading(
        state=found.state,
        across_sides=found.across_sides,
        inferred_only=found.inferred_only,
        claims=found.standing_claims,
        positions=tuple(_positions(found, most)),
        positions_total=len(found.positions),
        exclusions=exclusions,
        exclusions_total=found.exclusions_total,
        reasons=reasons,
        tentative=Some(_keys(tentative), len(tentative)),
        fallen=Some(_keys(fallen), len(fallen)),
        standing={key: standing for key, standing in found.standing.items() if isinstance(key, int)},
        revised_by={key: by for key, by in found.revised_by.items() if isinstance(key, int) and isinstance(by, int)},
        further={index: (found.positions[index].answer, found.positions[index].stance) for index in indexes},
    )


def _positions(found: Comparison, most: int) -> list[ReadPosition]:
    return [
        ReadPosition(
            index=index,
            answer=position.answer,
            stance=position.stance,
            claims=len(position.claims),
            origins=position.origins,
            sources=position.sources,
            shown=_keys(position.claims, most),
        )
        for index, position in enumerate(found.positions[:MOST_POSITIONS])
    ]


def _keys(keys: Sequence[object], most: int = MOST_BESIDE) -> tuple[int, ...]:
    """The first of the keys; those of records are numbers."""
    return tuple(islice((key for key in keys if isinstance(key, int)), most))
