"""Rules 1 and 3 by looking at every pair: which claims exclude each other, and which sets are irreducible."""

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from itertools import combinations

from tests.domain.reference.records import Case, Claim
from tests.domain.reference.worlds import World, Worlds, left_as_plain, left_by_affirming, left_open, universe

SECONDS_AN_HOUR = 3600


class Comparer:
    """One case with its universe, answering about pairs of claims.

    Affirmations and denials are read as if their certainty were plain: whoever means definite claims asks
    about definite claims only. Doubts are never asked about.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.question = case.question
        self.worlds = universe(case)
        self._plain = {claim.key: left_as_plain(case.question, claim, self.worlds) for claim in case.claims}

    def plain(self, claim: Claim) -> Worlds:
        """What the claim leaves open, read as if plain."""
        return self._plain[claim.key]

    def open(self, claim: Claim) -> Worlds:
        """What the claim leaves open."""
        return left_open(self.question, claim, self.worlds)

    def affirming(self, claim: Claim) -> Worlds:
        """What affirming the claim's answer would leave open, whatever its stance."""
        return left_by_affirming(self.question, claim.answer, self.worlds)

    def apart(self, one: Claim, other: Claim) -> bool:
        """Whether the question changes, and its window lies between what these claims speak of."""
        if self.question.over_time != "changes":
            return False
        first, second = speaks_of(one), speaks_of(other)
        if first is None or second is None:
            return False
        gap = max(0, second[0] - first[1], first[0] - second[1])
        assert self.question.window_hours is not None
        return gap >= self.question.window_hours * SECONDS_AN_HOUR

    def excludes(self, one: Claim, other: Claim) -> bool:
        """Whether the two exclude each other by rules 1 and 3."""
        if self.apart(one, other):
            return False
        if self.question.kind == "text":
            # Wording is not meaning: only the same text, affirmed and denied.
            return one.answer == other.answer and one.stance != other.stance
        if self.question.over_time == "grows":
            if is_later(one, other):
                return below(self.plain(one), self.plain(other))
            if is_later(other, one):
                return below(self.plain(other), self.plain(one))
        return not self.plain(one) & self.plain(other)

    def some_excludes(self, some: Iterable[Claim], others: Iterable[Claim]) -> bool:
        """Whether any claim of the one set excludes any of the other."""
        others = tuple(others)
        return any(self.excludes(one, other) for one in some for other in others)

    def satisfiable(self, claims: Iterable[Claim]) -> bool:
        """Whether some answer is left open by all of the claims."""
        return bool(reduce(frozenset.intersection, (self.plain(claim) for claim in claims), self.worlds))

    def irreducible(self, sets: Iterable[Claim]) -> bool:
        """Whether no answer satisfies all of these, yet some answer satisfies any all but one of them."""
        claims = tuple(sets)
        return not self.satisfiable(claims) and all(
            self.satisfiable(fewer) for fewer in combinations(claims, len(claims) - 1)
        )


def speaks_of(claim: Claim) -> tuple[int, int] | None:
    """The moment a claim speaks of: its `as_of`, else when it was said."""
    return claim.as_of if claim.as_of is not None else claim.said


def is_later(one: Claim, other: Claim) -> bool:
    """Whether the moment of the one does not begin before the moment of the other has ended."""
    later, earlier = speaks_of(one), speaks_of(other)
    return later is not None and earlier is not None and later[0] >= earlier[1]


def below(some: Worlds, others: Worlds) -> bool:
    """Whether every value of the one set is below every value of the other."""
    return all(is_below(low, high) for low in some for high in others)


def is_below(low: World, high: World) -> bool:
    """Whether the one comes first; only numbers and days have an order."""
    ordered = isinstance(low, int | Fraction) and isinstance(high, int | Fraction)
    return ordered and low < high  # type: ignore[operator]
