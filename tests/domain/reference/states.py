"""Rule 5, transcribed: positions, who supports them, what is questioned, and the state of a question."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from tests.domain.reference.exclusion import Comparer
from tests.domain.reference.origins import Registry, fewest, most, origin
from tests.domain.reference.records import Case, Claim
from tests.domain.reference.standing import revisers, standing

Position = tuple[Claim, ...]
Count = tuple[int, int]


@dataclass(frozen=True)
class Support:
    """The claims that support a position together, and the fewest and most origins that they have."""

    claims: frozenset[str]
    origins: Count
    sources: int
    across_sides: bool


@dataclass(frozen=True)
class Expected:
    """What the rules say about a case. Positions are sets of the keys of their claims."""

    state: str
    across_sides: bool
    standing: dict[str, str]
    revisers: dict[str, frozenset[str]]
    positions: frozenset[frozenset[str]]
    support: dict[frozenset[str], frozenset[Support]]
    excluding: frozenset[frozenset[frozenset[str]]]
    witnesses: frozenset[frozenset[str]]
    irreducible: bool
    contested: frozenset[str]
    questions: frozenset[tuple[str, str]]
    origins: Count
    inferred_only: bool
    torn: frozenset[str]
    retreats: dict[str, frozenset[str]]
    disowned: frozenset[tuple[str, str]]


class Bench:
    """A case with everything that rule 5 asks about."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.comparer = Comparer(case)
        self.registry = Registry(case)
        self.revisers = {claim.key: revisers(self.comparer, self.registry, claim) for claim in case.claims}
        self.standings = {claim.key: standing(claim, self.revisers[claim.key]) for claim in case.claims}
        self.stand = [claim for claim in case.claims if self.standings[claim.key] == "standing"]
        self.definite = [claim for claim in self.stand if claim.definite]

    def positions(self) -> list[Position]:
        """The definite standing claims that leave the same answers open, together."""
        found: dict[object, list[Claim]] = {}
        for claim in self.definite:
            found.setdefault(self.comparer.open(claim), []).append(claim)
        return [tuple(claims) for claims in found.values()]

    def supports(self, claim: Claim, position: Position) -> bool:
        """Whether a claim supports a position: its own, or, affirming, one that includes its answers."""
        if claim in position:
            return True
        return (
            self.case.question.kind != "text"
            and claim.stance == "affirms"
            and any(other.stance == "affirms" for other in position)
            and self.comparer.open(claim) <= self.comparer.open(position[0])
        )

    def supporters(self, position: Position) -> list[Claim]:
        """All definite standing claims that support the position."""
        return [claim for claim in self.definite if self.supports(claim, position)]

    def companies(self, position: Position) -> list[list[Claim]]:
        """The supporters of the position; on a question that changes, those around each of its claims."""
        supporters = self.supporters(position)
        if self.case.question.over_time != "changes":
            return [supporters]
        return [[other for other in supporters if not self.comparer.apart(one, other)] for one in position]

    def support(self, position: Position) -> frozenset[Support]:
        """Every support of the position; more than one only where the question changes."""
        return frozenset(
            Support(
                claims=keys(company),
                origins=self.counted(company),
                sources=len({claim.source for claim in company}),
                across_sides=self.counted(company)[0] >= 2 and self.across(company),
            )
            for company in self.companies(position)
        )

    def across(self, company: list[Claim]) -> bool:
        """Whether origins of these claims belong to different sides that are parties."""
        sides = {origin(self.registry, claim)[1] for claim in company}
        return len(sides & self.case.parties) >= 2

    def others(self, claim: Claim) -> list[Claim]:
        """The definite standing claims of other agents that this one is not apart from."""
        speaker = self.registry.canonical(claim.speaker)
        return [
            other
            for other in self.definite
            if self.registry.canonical(other.speaker) != speaker and not self.comparer.apart(claim, other)
        ]

    def questions(self) -> frozenset[tuple[str, str]]:
        """Which standing claim questions which definite one."""
        return frozenset(
            (claim.key, other.key)
            for claim in self.stand
            if not claim.definite
            for other in self.others(claim)
            if self.is_questioned(claim, other)
        )

    def is_questioned(self, claim: Claim, other: Claim) -> bool:
        """Whether a doubt or a possible questions another agent's definite claim."""
        if claim.stance == "doubts":
            return self.comparer.open(other) <= self.comparer.affirming(claim)
        return self.comparer.excludes(claim, other)

    def texts_differ(self) -> bool:
        """Whether free texts affirmed definitely differ."""
        return self.case.question.kind == "text" and any(
            one.answer != other.answer and one.stance == other.stance == "affirms"
            for one, other in combinations(self.definite, 2)
        )

    def state(self, *, contested: bool) -> str:
        """The first state that applies."""
        if contested:
            return "contested"
        if self.questions():
            return "questioned"
        if self.texts_differ():
            return "unresolved"
        if any(support.origins[0] >= 2 for place in self.positions() for support in self.support(place)):
            return "several_origins"
        if self.definite:
            return "single_origin" if fewest(self.registry, self.definite) == 1 else "compatible"
        return "tentative" if self.stand else "unanswered"

    def contested(self, claims: list[Claim]) -> bool:
        """Whether these claims exclude each other, by pair or as an irreducible set."""
        question = self.case.question
        return any(self.comparer.excludes(*pair) for pair in combinations(claims, 2)) or (
            question.kind != "text" and question.over_time == "fixed" and not self.comparer.satisfiable(claims)
        )

    def torn(self) -> frozenset[str]:
        """The speakers who are carried with two answers that exclude each other."""
        return frozenset(
            self.registry.canonical(one.speaker)
            for one, other in combinations(self.definite, 2)
            if self.registry.canonical(one.speaker) == self.registry.canonical(other.speaker)
            and self.comparer.excludes(one, other)
        )

    def retreats(self) -> dict[str, frozenset[str]]:
        """For each doubt or possible the definite claims of the same speaker that were said before it."""
        found = {}
        for claim in self.stand:
            before = frozenset(
                other.key
                for other in self.definite
                if self.registry.canonical(other.speaker) == self.registry.canonical(claim.speaker)
                and claim.said is not None
                and other.said is not None
                and other.said[1] <= claim.said[0]
            )
            if before and not claim.definite:
                found[claim.key] = before
        return found

    def counted(self, claims: list[Claim]) -> Count:
        """The fewest and the most origins of some claims."""
        return (fewest(self.registry, claims), most(self.registry, claims)) if claims else (0, 0)


def keys(claims: Iterable[Claim]) -> frozenset[str]:
    """The keys of some claims."""
    return frozenset(claim.key for claim in claims)


def expected(case: Case) -> Expected:
    """What the rules say about the case."""
    bench = Bench(case)
    compare, positions = bench.comparer, bench.positions()
    excluding = frozenset(
        frozenset({keys(one), keys(other)})
        for one, other in combinations(positions, 2)
        if compare.some_excludes(one, other)
    )
    is_contested = bench.contested(bench.definite)
    state = bench.state(contested=is_contested)
    support = {keys(position): bench.support(position) for position in positions}
    witnesses = frozenset(keys(pair) for pair in combinations(bench.definite, 2) if compare.excludes(*pair))
    return Expected(
        state=state,
        across_sides=state == "several_origins"
        and any(each.across_sides for those in support.values() for each in those),
        standing=bench.standings,
        revisers=bench.revisers,
        positions=frozenset(map(keys, positions)),
        support=support,
        excluding=excluding,
        irreducible=is_contested and not excluding,
        witnesses=witnesses,
        contested=frozenset().union(*witnesses),
        questions=bench.questions(),
        origins=bench.counted(bench.stand),
        inferred_only=is_contested and not bench.contested([claim for claim in bench.definite if not claim.inferred]),
        torn=bench.torn(),
        retreats=bench.retreats(),
        disowned=frozenset(
            (link.claim, link.other)
            for link in case.links
            if link.kind == "disowns" and bench.standings[link.claim] == bench.standings[link.other] == "standing"
        ),
    )


def is_irreducible(case: Case, claims: frozenset[str]) -> bool:
    """Whether the claims are whole positions, unsatisfiable together and satisfiable without any one."""
    bench = Bench(case)
    chosen = [position for position in bench.positions() if keys(position) & claims]
    return (
        len(chosen) >= 2
        and frozenset().union(*map(keys, chosen)) == claims
        and bench.comparer.irreducible([position[0] for position in chosen])
    )
