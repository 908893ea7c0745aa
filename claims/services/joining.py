"""A claim that joins a position: the short way to the derived state, which leaves the other claims unread.

On a fixed question it is positions that exclude, question and support, however many claims they have. A new claim that
stands, is definite and leaves open what a position leaves open already therefore changes the counts of that position
and of the question, and no more - on the conditions below, each of which names what might change besides. Where one
does not hold, the question is compared whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from claims.domain.comparison import Comparison, compare
from claims.domain.identity import canonical
from claims.domain.origins import Count, Traced, count
from claims.domain.values import Case, Claim, Key
from claims.domain.vocabulary import OverTime, Stance, Standing, State
from claims.models import URGENCY, ClaimState, Distinction, Position, QuestionState
from claims.models import Claim as ClaimRecord
from claims.queries.cases import load_cases
from claims.queries.derived import SPEAKERS_NAMED, Row, open_key, origin_key, origin_of

# States that rule 5 asks for before it counts origins.
BEFORE_ORIGINS = (State.CONTESTED, State.QUESTIONED, State.UNRESOLVED)


def join(question: int, claim: int) -> Row | None:
    """Count the claim in and return what the rules make of it; None where the question must be compared whole.

    The question is locked, the claim has no derived rows yet, and nothing else in the change bears on the question.
    """
    case = load_cases([question], only=[claim])[question]
    alone = compare(case)
    if not alone.positions:  # it does not stand, or is not definite
        return None
    same = Position.objects.filter(question=question, leaves_open=open_key(alone.positions[0].open))
    position, state = same.first(), QuestionState.objects.filter(question=question).first()
    if position is None or state is None:
        return None
    joining = Joining(case, alone, position, state)
    return _counted_in(joining) if all(holds(joining) for holds in CONDITIONS) else None


@dataclass(frozen=True)
class Joining:
    """A new claim, alone in its case, with the position that leaves open the same, and the state of the question."""

    case: Case
    alone: Comparison
    position: Position
    state: QuestionState

    @property
    def claim(self) -> Claim:
        """The new claim."""
        return self.case.claims[0]

    @property
    def traced(self) -> Traced:
        """Where its words come from."""
        return self.alone.traced[self.claim.key]

    def others(self) -> QuerySet[ClaimState]:
        """The claims on the question: the new one has no state yet."""
        return ClaimState.objects.filter(question=self.state.pk)

    @cached_property
    def is_doubted(self) -> bool:
        """Whether doubts or possibles stand on the question."""
        return self.others().filter(standing=Standing.STANDING, position=None).exists()

    @cached_property
    def counts(self) -> "Counts":
        """The origins with the new claim, counted from one walk along an index of the old ones."""
        rows = self.others().filter(standing=Standing.STANDING)
        old = [
            (index, first, Traced(origin_of(origin), side))
            for index, origin, side, first in rows.values_list("position__index", "origin", "origin_side").annotate(
                first=Min("claim")
            )
        ]
        here = self.position.index
        # In the order in which `compare` finds them: where a count is not exact, it depends on the order.
        by_record = sorted([*old, (here, self.claim.key, self.traced)], key=lambda row: row[1])
        by_position = sorted((row for row in by_record if row[0] is not None), key=lambda row: row[0])
        behind = {traced for index, _, traced in by_position if index == here}
        return Counts(
            position=count(dict.fromkeys(traced for _, _, traced in by_position if traced in behind)),
            definite=count(traced for _, _, traced in by_position),
            standing=count(traced for _, _, traced in by_record),
            sides=frozenset(traced.side for index, _, traced in old if index == here),
        )


@dataclass(frozen=True)
class Counts:
    """Origins of the position, of all definite claims and of all standing ones; the sides that the position had."""

    position: Count
    definite: Count
    standing: Count
    sides: frozenset[Key | None]


# --- the conditions -----------------------------------------------------------------------------------------------


def is_fixed(joining: Joining) -> bool:
    """Over time, moments count, and a position is no longer one thing."""
    return joining.case.question.over_time is OverTime.FIXED


def is_unlinked(joining: Joining) -> bool:
    """A link may revise a claim, or let it stand."""
    return not joining.case.links


def is_unjudged(joining: Joining) -> bool:
    """Judged distinctions change how the origins of all claims are counted."""
    agents = list(joining.case.agents)
    judged = Distinction.objects.current().filter(Q(first__in=agents) | Q(second__in=agents))
    return not joining.state.judged and not judged.exists()


def speaks_once(joining: Joining) -> bool:
    """Two claims of one speaker may revise each other, contradict each other, or be a retreat."""
    speaker: Any = canonical(joining.case.agents, joining.claim.speaker)
    return not joining.others().filter(speaker=speaker).exists()


def is_last(joining: Joining) -> bool:
    """What is shown of a position is chosen by record: of two changes the one that began first may end last."""
    last = joining.others().order_by("-state_rank", "-claim").values_list("claim", flat=True).first()
    return bool(last is None or last < joining.claim.order)


def shares_nothing(joining: Joining) -> bool:
    """A claim of this position supports wider ones, and claims of narrower ones this."""
    return not joining.position.shared


def wording_stays(joining: Joining) -> bool:
    """An affirming claim words a position before a denying one."""
    return joining.alone.positions[0].stance is not Stance.AFFIRMS or joining.position.stance == Stance.AFFIRMS


def witness_stays(joining: Joining) -> bool:
    """A stated claim shows an exclusion before an inferred one, and a contest may rest on inferred claims alone."""
    return joining.claim.inferred or not joining.position.inferred


def place_stays(joining: Joining) -> bool:
    """With one claim more the position may pass the one before it; exclusions and reasons name positions by place."""
    position = joining.position
    before = Position.objects.filter(question=joining.state.pk, index=position.index - 1).first()
    return before is None or (-before.claims, before.answer) < (-position.claims - 1, position.answer)


def challenges_stay(joining: Joining) -> bool:
    """A doubt or possible that met only its own speaker's claims here now meets another's."""
    if not joining.is_doubted:
        return True
    speakers = joining.others().filter(position=joining.position).aggregate(first=Min("speaker"), last=Max("speaker"))
    return bool(speakers["first"] != speakers["last"])


def state_stays(joining: Joining) -> bool:
    """A second origin changes the state and its reasons, and an origin that shows a second side may be one less."""
    state, counts = joining.state.state, joining.counts
    if state in BEFORE_ORIGINS:
        return True
    if (counts.position.fewest > 1) != (joining.position.origins_fewest > 1):
        return False
    return state == State.SEVERAL_ORIGINS or (counts.definite.fewest == 1) == (state == State.SINGLE_ORIGIN)


def sides_stay(joining: Joining) -> bool:
    """Where several origins support the position, another side may put them across sides."""
    if joining.state.state != State.SEVERAL_ORIGINS or joining.counts.position.fewest == 1:
        return True
    supported = _supported(joining)
    if supported is None:  # more reasons than are listed
        return False
    return bool(supported["across_sides"]) or joining.traced.side in joining.counts.sides | {None}


CONDITIONS: tuple[Callable[[Joining], bool], ...] = (
    is_fixed,
    is_unlinked,
    shares_nothing,
    wording_stays,
    witness_stays,
    place_stays,
    is_last,
    speaks_once,
    is_unjudged,
    challenges_stay,
    state_stays,
    sides_stay,
)


# --- what is written ----------------------------------------------------------------------------------------------


def _supported(joining: Joining) -> Row | None:
    """The values of the reason that the position has several origins, as they lie in the state of the question."""
    values: list[Row] = [each["values"] for each in joining.state.reasons if each["code"] == "supported"]
    return next((each for each in values if each["position"] == joining.position.index), None)


def _counted_in(joining: Joining) -> Row:
    """Write the counts, and return what the rules make of the claim."""
    position, state, claim, counts = joining.position, joining.state, joining.claim, joining.counts
    here = joining.others().filter(position=position)
    source: Any = claim.source
    Position.objects.filter(pk=position.pk).update(
        claims=position.claims + 1,
        origins_fewest=counts.position.fewest,
        origins_most=counts.position.most,
        sources=position.sources + (not here.filter(source=source).exists()),
        speakers=position.speakers + 1,  # for the speaker is not on the question yet
        first_claims=[*position.first_claims, claim.key][:SPEAKERS_NAMED],  # for the claim is the last by record
    )
    if (supported := _supported(joining)) is not None:
        supported |= {"fewest": counts.position.fewest, "most": counts.position.most}
    recorded_at = ClaimRecord.objects.values_list("recorded_at", flat=True).get(pk=claim.key)
    QuestionState.objects.filter(pk=state.pk).update(
        claims=state.claims + 1,
        origins_fewest=counts.standing.fewest,
        origins_most=counts.standing.most,
        latest_claim_at=max(state.latest_claim_at, recorded_at),
        reasons=state.reasons,
    )
    return {
        "standing": Standing.STANDING.value,
        "revised_by_id": None,
        "position_id": position.pk,
        "contested": position.contested,
        "questioned": joining.is_doubted and here.filter(questioned=True).exists(),
        "state": state.state,
        "state_rank": URGENCY[state.state],
        "origin": origin_key(joining.traced.origin),
        "origin_side_id": joining.traced.side,
    }
