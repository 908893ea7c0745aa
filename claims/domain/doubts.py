"""What questions a position without excluding it: doubts, and what is held possible against it (rule 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.domain.bitsets import members
from claims.domain.exclusion import among_masks, exclusion_masks, held, near_masks
from claims.domain.identity import canonical
from claims.domain.positions import Layout
from claims.domain.values import Case, Claim, Key
from claims.domain.vocabulary import Stance


@dataclass(frozen=True, slots=True)
class Challenge:
    """A claim that doubts others, or holds possible what they exclude; `others` are of other agents, oldest first."""

    claim: Key
    others: tuple[Key, ...]
    doubts: bool


def challenges(case: Case, tentative: Sequence[Claim], layout: Layout) -> list[Challenge]:
    """The doubts and possibles that question another agent's definite claim.

    A doubt of X questions claims that leave only answers among X's. A possible, read as if plain, questions claims that
    it excludes by rules 1 and 3. Both only inside the window where the question changes.
    """
    doubts = [claim for claim in tentative if claim.stance is Stance.DOUBTS]
    possibles = [claim for claim in tentative if claim.stance is not Stance.DOUBTS]
    speakers = _Speakers(case, layout)
    found = []
    for claim, mask in zip(doubts, _doubted(case, doubts, layout), strict=True):
        found.append(Challenge(claim.key, speakers.others(claim, mask), doubts=True))
    for claim, mask in zip(possibles, _excluded(case, possibles, layout), strict=True):
        found.append(Challenge(claim.key, speakers.others(claim, mask), doubts=False))
    return [challenge for challenge in found if challenge.others]


def _doubted(case: Case, doubts: Sequence[Claim], layout: Layout) -> list[int]:
    """For each doubt the mask of the items whose answers are all among the doubted."""
    question = case.question
    views = [held(question, claim) for claim in doubts]
    bits = layout.groups.bits
    among = among_masks([view.open for view in views], [item.open for item in layout.items], bits)
    extra = [1 << (layout.groups.everything.bit_length() + 1 + number) for number in range(len(views))]
    near = near_masks(question, [*views, *layout.items], [*extra, *bits])
    return [mask & close for mask, close in zip(among, near, strict=False)]


def _excluded(case: Case, possibles: Sequence[Claim], layout: Layout) -> list[int]:
    """For each possible the mask of the items that it would exclude if it were plain."""
    views = [held(case.question, claim) for claim in possibles]
    first = layout.groups.everything.bit_length() + 1
    extra = [1 << (first + number) for number in range(len(views))]
    masks = exclusion_masks(case.question, [*views, *layout.items], [*extra, *layout.groups.bits])
    return [mask & layout.groups.everything for mask in masks[: len(views)]]


class _Speakers:
    """Who speaks in each item, to leave out what a speaker says against their own words."""

    def __init__(self, case: Case, layout: Layout) -> None:
        self._case = case
        self._claims: Mapping[int, list[Claim]] = {
            bit.bit_length() - 1: claims for bit, claims in zip(layout.groups.bits, layout.claims, strict=True)
        }

    def others(self, claim: Claim, mask: int) -> tuple[Key, ...]:
        """The claims of other agents in the masked items."""
        own = canonical(self._case.agents, claim.speaker)
        hit = [other for place in members(mask) for other in self._claims[place]]
        hit = [other for other in hit if canonical(self._case.agents, other.speaker) != own]
        return tuple(other.key for other in sorted(hit, key=lambda each: each.order))
