"""Positions: the definite standing claims on a question that leave the same answers open, in the order shown."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from claims.domain.bitsets import Groups
from claims.domain.exclusion import Held, held
from claims.domain.leaves_open import Open
from claims.domain.values import Claim, Key, Question
from claims.domain.vocabulary import AnswerKind, OverTime, Stance


@dataclass(frozen=True, slots=True)
class Grouped:
    """One position before it is judged: its claims, oldest record first, and the one that words it."""

    open: Open
    claims: tuple[Claim, ...]
    worded_by: Claim

    @property
    def affirmed(self) -> bool:
        """Whether some claim affirms it, rather than denying something else."""
        return any(claim.stance is Stance.AFFIRMS for claim in self.claims)


def group(question: Question, definite: Sequence[Claim]) -> list[Grouped]:
    """The positions, ordered by number of claims, then by answer. An affirming claim words one if it can."""
    by_open: dict[Open, list[Claim]] = defaultdict(list)
    for claim in definite:
        by_open[held(question, claim).open].append(claim)
    grouped = []
    for opened, claims in by_open.items():
        claims.sort(key=lambda claim: claim.order)
        worded_by = min(claims, key=lambda claim: (claim.stance is not Stance.AFFIRMS, claim.order))
        grouped.append(Grouped(opened, tuple(claims), worded_by))
    return sorted(grouped, key=lambda each: (-len(each.claims), answer_of(question, each), each.worded_by.order))


def answer_of(question: Question, grouped: Grouped) -> str:
    """The position's answer as shown. Denying yes is saying no, and is shown so."""
    written = grouped.worded_by.written
    if question.kind is AnswerKind.YES_NO and grouped.worded_by.stance is Stance.DENIES:
        return {"yes": "no", "no": "yes"}.get(written, written)
    return written


def stance_of(question: Question, grouped: Grouped) -> Stance:
    """The stance in which the position's answer is shown."""
    return Stance.AFFIRMS if question.kind is AnswerKind.YES_NO else grouped.worded_by.stance


class Layout:
    """The positions' claims as items for bit masks: one item for all claims that leave the same open at one moment.

    Moments matter only on questions over time; elsewhere a position is one item, however many claims it has.
    """

    def __init__(self, question: Question, positions: Sequence[Grouped]) -> None:
        self.items: list[Held] = []
        self.claims: list[list[Claim]] = []
        self.item_of: dict[Key, int] = {}
        position_of_item: list[int] = []
        for number, position in enumerate(positions):
            known: dict[Held, int] = {}
            for claim in position.claims:
                item = Held(position.open, None if question.over_time is OverTime.FIXED else claim.as_of or claim.said)
                if item not in known:
                    known[item] = len(self.items)
                    self.items.append(item)
                    self.claims.append([])
                    position_of_item.append(number)
                self.claims[known[item]].append(claim)
                self.item_of[claim.key] = known[item]
        self.position_of_item = position_of_item
        self.groups = Groups(position_of_item)
