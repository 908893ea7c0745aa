"""Rule 4 by trying every way to take speakers for one another: the fewest and the most origins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

from tests.domain.reference.records import Agent, Case, Claim


@dataclass(frozen=True)
class Origin:
    """Where words come from: an agent, or a document that is quoted. Only agents can be unnamed."""

    kind: str
    key: str
    named: bool


class Registry:
    """The agents and sides of a case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._distinct = {frozenset(self.canonical(key) for key in pair) for pair in case.distinct}

    def canonical(self, key: str) -> str:
        """The agent that this one was judged to be."""
        same = self.case.agents[key].same_as
        return key if same is None else self.canonical(same)

    def agent(self, key: str) -> Agent:
        """The record of the agent that this one was judged to be."""
        return self.case.agents[self.canonical(key)]

    def far_end(self, key: str) -> str:
        """The agent, or what it speaks for, or what that speaks for, to the end."""
        speaks_for = self.agent(key).speaks_for
        return self.canonical(key) if speaks_for is None else self.far_end(speaks_for)

    def claim(self, key: str) -> Claim:
        """A claim of this question or of another."""
        here = {claim.key: claim for claim in self.case.claims}
        return here[key] if key in here else self.case.elsewhere[key]

    def distinct(self, one: Origin, other: Origin) -> bool:
        """Whether an editor says that two agents are distinct."""
        return one.kind == other.kind == "agent" and frozenset({one.key, other.key}) in self._distinct


def speaker_side(registry: Registry, claim: Claim) -> str | None:
    """The speaker's side at the time of the attribution."""
    return claim.side if claim.side is not None else registry.agent(claim.speaker).side


def party_relays(registry: Registry, claim: Claim) -> list[str]:
    """The relays that are a party other than the speaker's, the one nearest to the speaker first."""
    return [
        relay
        for relay in claim.relays
        if registry.agent(relay).side in registry.case.parties
        and registry.agent(relay).side != speaker_side(registry, claim)
    ]


def origin(registry: Registry, claim: Claim) -> tuple[Origin, str | None]:
    """Where the claim's words come from, and the side that this claim shows it on."""
    if claim.copied_from is not None:
        return origin(registry, registry.claim(claim.copied_from))
    foreign = party_relays(registry, claim)
    if foreign:
        # The claim is that relay's: it is as if the relay had spoken.
        return behind(registry, foreign[-1], foreign[-1], registry.agent(foreign[-1]).side)
    own = speaker_side(registry, claim)
    if claim.document is not None:
        return Origin("document", claim.document, named=True), own
    spoken_for = claim.speaker if claim.on_behalf_of is None else claim.on_behalf_of
    return behind(registry, claim.speaker, spoken_for, own)


def behind(registry: Registry, speaker: str, spoken_for: str, own: str | None) -> tuple[Origin, str | None]:
    """Whom a speaker speaks for; an organisation's own side goes before the side of whoever speaks for it."""
    end = registry.far_end(spoken_for)
    side = registry.agent(end).side
    through = end != registry.canonical(speaker)
    return Origin("agent", end, registry.agent(end).named), side if through and side is not None else own


def most(registry: Registry, claims: Iterable[Claim]) -> int:
    """The number of origins if no two of them are the same."""
    return len({origin(registry, claim)[0] for claim in claims})


def fewest(registry: Registry, claims: Iterable[Claim]) -> int:
    """The number of origins if as many of them are the same as their sides and the editors allow."""
    shown: dict[Origin, set[str]] = {}
    for claim in claims:
        where, side = origin(registry, claim)
        shown.setdefault(where, set()).update(() if side is None else (side,))
    return min(
        len(groups) for groups in partitions(list(shown)) if all(may_be_one(registry, group, shown) for group in groups)
    )


def may_be_one(registry: Registry, group: list[Origin], shown: dict[Origin, set[str]]) -> bool:
    """Whether all of these may be one and the same."""
    stated = [shown[member] for member in group if shown[member]]
    return (
        sum(member.named for member in group) <= 1
        and (not stated or bool(reduce(set.intersection, stated)))
        and not any(registry.distinct(one, other) for one, other in combinations(group, 2))
    )


def partitions(members: list[Origin]) -> Iterator[list[list[Origin]]]:
    """Every way to divide the members into groups."""
    if not members:
        yield []
        return
    first, *others = members
    for groups in partitions(others):
        yield [[first], *groups]
        for index, group in enumerate(groups):
            yield [*groups[:index], [first, *group], *groups[index + 1 :]]
