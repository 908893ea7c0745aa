"""The comparison of a question: `compare` puts the rules together and says in which state the question is, and why.

When is a question contested? When definite claims that stand leave no answer in common: see `_state`, first line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from claims.domain.contests import Contest, Exclusion, contest
from claims.domain.doubts import Challenge, challenges
from claims.domain.identity import canonical
from claims.domain.leaves_open import Open
from claims.domain.origins import Count, Traced, count, trace
from claims.domain.positions import Grouped, Layout, answer_of, group, stance_of
from claims.domain.reasons import Reason, Value
from claims.domain.standing import Standings, standings
from claims.domain.support import Support, support
from claims.domain.values import Case, Claim, Key
from claims.domain.vocabulary import AnswerKind, LinkKind, OverTime, Stance, Standing, State

LISTED_REASONS = 100
PLAIN_REASONS = {
    State.UNRESOLVED: "wording_differs",
    State.SINGLE_ORIGIN: "one_origin",
    State.COMPATIBLE: "no_position_with_two",
    State.TENTATIVE: "only_tentative",
    State.UNANSWERED: "nothing_stands",
}


@dataclass(frozen=True, slots=True)
class Position:
    """The definite standing claims that leave the same answers open, and what supports them.

    `claims` are its own claims; `supporters` also those of narrower positions that affirm it. `origins` and `sources`
    count the supporters' independent origins and sources.
    """

    open: Open
    answer: str
    stance: Stance
    claims: tuple[Key, ...]
    supporters: tuple[Key, ...]
    origins: Count
    sources: int
    across_sides: bool
    contested: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the rules make of one question. `origins` counts over all standing claims."""

    state: State
    across_sides: bool
    inferred_only: bool
    standings: Standings
    positions: tuple[Position, ...]
    position_of: Mapping[Key, int]
    exclusions: tuple[Exclusion, ...]
    exclusions_total: int
    contested: frozenset[Key]
    questioned: frozenset[Key]
    challenges: tuple[Challenge, ...]
    retreats: tuple[tuple[Key, Key], ...]
    standing_claims: int
    origins: Count
    traced: Mapping[Key, Traced]
    reasons: tuple[Reason, ...]

    @property
    def standing(self) -> Mapping[Key, Standing]:
        """How each claim stands."""
        return self.standings.of

    @property
    def revised_by(self) -> Mapping[Key, Key]:
        """Which claim revises each revised one."""
        return self.standings.revised_by


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the single rules have found, before they are put together."""

    case: Case
    stands: Standings
    standing: Sequence[Claim]
    grouped: Sequence[Grouped]
    contest: Contest
    challenges: Sequence[Challenge]
    supports: Sequence[Support]
    retreats: Sequence[tuple[Key, Key]]
    traced: Mapping[Key, Traced]

    def origins_of(self, claims: Iterable[Claim]) -> Count:
        """The independent origins of the claims."""
        return count((self.traced[claim.key] for claim in claims), self.case.distinct)


def compare(case: Case) -> Comparison:
    """Compare the claims on one question by rules 1 to 5. A pure function: the same case, the same comparison.

    Raises:
        CircleError: agents or copies lead back to themselves.
    """
    parts = _apply_rules(case)
    state = _state(parts)
    return Comparison(
        state=state,
        across_sides=state is State.SEVERAL_ORIGINS and any(each.across_sides for each in parts.supports),
        inferred_only=parts.contest.inferred_only,
        standings=parts.stands,
        positions=tuple(_position(parts, *each) for each in zip(parts.grouped, parts.supports, strict=True)),
        position_of={claim.key: number for number, each in enumerate(parts.grouped) for claim in each.claims},
        exclusions=parts.contest.exclusions,
        exclusions_total=parts.contest.total,
        contested=parts.contest.claims,
        questioned=frozenset(key for challenge in parts.challenges for key in challenge.others),
        challenges=tuple(parts.challenges),
        retreats=tuple(parts.retreats),
        standing_claims=len(parts.standing),
        origins=parts.origins_of(parts.standing),
        traced=parts.traced,
        reasons=tuple(_reasons(parts, state))[:LISTED_REASONS],
    )


def _apply_rules(case: Case) -> _Parts:
    """Each rule in its turn, on the claims that the rule before leaves."""
    case = replace(
        case, distinct=frozenset(frozenset(canonical(case.agents, key) for key in pair) for pair in case.distinct)
    )
    stands = standings(case)
    standing = stands.standing(case.claims)
    definite = [claim for claim in standing if claim.definite]
    tentative = [claim for claim in standing if not claim.definite]
    traced = trace(case)
    grouped = group(case.question, definite)
    layout = Layout(case.question, grouped)
    return _Parts(
        case=case,
        stands=stands,
        standing=standing,
        grouped=grouped,
        contest=contest(case, grouped, layout),
        challenges=challenges(case, tentative, layout),
        supports=support(case, grouped, traced),
        retreats=_retreats(case, definite, tentative),
        traced=traced,
    )


def _state(parts: _Parts) -> State:
    """Rule 5: the first state that applies."""
    is_text = parts.case.question.kind is AnswerKind.TEXT
    definite = [claim for position in parts.grouped for claim in position.claims]
    applies = (
        (State.CONTESTED, parts.contest.total > 0),
        (State.QUESTIONED, bool(parts.challenges)),
        (State.UNRESOLVED, is_text and sum(position.affirmed for position in parts.grouped) > 1),
        (State.SEVERAL_ORIGINS, any(behind.origins.fewest > 1 for behind in parts.supports)),
        (State.SINGLE_ORIGIN, parts.origins_of(definite).fewest == 1),
        (State.COMPATIBLE, bool(definite)),
        (State.TENTATIVE, bool(parts.standing)),
        (State.UNANSWERED, True),
    )
    return next(state for state, holds in applies if holds)


def _position(parts: _Parts, grouped: Grouped, behind: Support) -> Position:
    """One position as the comparison shows it."""
    return Position(
        open=grouped.open,
        answer=answer_of(parts.case.question, grouped),
        stance=stance_of(parts.case.question, grouped),
        claims=tuple(claim.key for claim in grouped.claims),
        supporters=tuple(claim.key for claim in behind.claims),
        origins=behind.origins,
        sources=len({claim.source for claim in behind.claims}),
        across_sides=behind.across_sides,
        contested=any(claim.key in parts.contest.claims for claim in grouped.claims),
    )


def _retreats(case: Case, definite: Sequence[Claim], tentative: Sequence[Claim]) -> tuple[tuple[Key, Key], ...]:
    """A speaker's later doubt or possible with the last definite claim before it; it revises nothing, and is shown."""
    if not tentative:
        return ()
    by_speaker: dict[Key, list[Claim]] = {}
    for claim in definite:
        by_speaker.setdefault(canonical(case.agents, claim.speaker), []).append(claim)
    pairs = []
    for claim in tentative:
        earlier = [
            other
            for other in by_speaker.get(canonical(case.agents, claim.speaker), ())
            if claim.said and other.said and other.said.end <= claim.said.begin
        ]
        if earlier:
            last = max(earlier, key=lambda other: (other.said.end if other.said else 0, other.order))
            pairs.append((claim.key, last.key))
    return tuple(pairs)


def _reasons(parts: _Parts, state: State) -> Iterator[Reason]:
    """Why the question is in its state (rule 7): the state's own reason, then what a reader should see beside it."""
    yield from _reasons_of_state(parts, state)
    if parts.contest.inferred_only:
        yield Reason("inferred_only")
    for speaker, first, second in parts.contest.torn:
        yield Reason("speaker_with_two_answers", {"speaker": speaker, "first": first, "second": second})
    for each in parts.challenges:
        yield Reason("doubted" if each.doubts else "held_possible", {"claim": each.claim, "other": each.others[0]})
    for link in parts.case.links:
        both = {parts.stands.of.get(link.claim), parts.stands.of.get(link.other)}
        if link.kind is LinkKind.DISOWNS and both == {Standing.STANDING}:
            yield Reason("disowned", {"claim": link.claim, "other": link.other})
    for claim, other in parts.retreats:
        yield Reason("retreated", {"claim": claim, "other": other})


def _reasons_of_state(parts: _Parts, state: State) -> Iterator[Reason]:
    """The state's own reason; a questioned question's are its challenges, which are listed in any state."""
    if state is State.CONTESTED:
        yield Reason("excluded", {"total": parts.contest.total})
    elif state is State.SEVERAL_ORIGINS:
        for number, behind in enumerate(parts.supports):
            if behind.origins.fewest > 1:
                values: dict[str, Value] = {"fewest": behind.origins.fewest, "most": behind.origins.most}
                yield Reason("supported", {"position": number, **values, "across_sides": behind.across_sides})
    elif state is State.COMPATIBLE and parts.case.question.over_time is OverTime.CHANGES:
        yield Reason("changed_over_time")
    elif state in PLAIN_REASONS:
        yield Reason(PLAIN_REASONS[state])
