"""Rule 4: where words come from, and how many independent origins a set of claims has.

Support is counted by origin, not by outlet: ten papers that carry one speaker's words are one origin.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claims.domain.identity import CircleError, canonical, represented
from claims.domain.values import Case, Claim, Key

SEARCH_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Origin:
    """An agent, or a document (`document` is then true) from which words come."""

    key: Key
    named: bool = True
    document: bool = False

    @property
    def agent(self) -> Key | None:
        """The agent's key, by which it may have been judged distinct; a document has none."""
        return None if self.document else self.key


@dataclass(frozen=True, slots=True)
class Count:
    """How many independent origins there are: at least `fewest`, at most `most`."""

    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Traced:
    """The origin of one claim and the side that it shows there."""

    origin: Origin
    side: Key | None


def relay_of_another_party(case: Case, claim: Claim) -> Key | None:
    """The relay nearest to the source whose agent is of a party other than the speaker's side, if there is one."""
    own = side_of_speaker(case, claim)
    for relay in reversed(claim.relays):
        agent = case.agents.get(canonical(case.agents, relay))
        side = None if agent is None else agent.side
        if side is not None and side != own and side in case.sides and case.sides[side].party:
            return relay
    return None


def has_relay_of_another_party(case: Case, claim: Claim) -> bool:
    """Whether the words passed through a party other than the speaker's own."""
    return relay_of_another_party(case, claim) is not None


def side_of_speaker(case: Case, claim: Claim) -> Key | None:
    """The speaker's side at the time, else the side that the speaker has now."""
    return claim.side if claim.side is not None else _side_of(case, claim.speaker)


def trace(case: Case) -> Mapping[Key, Traced]:
    """The origin of every claim: another party's relay, the document quoted, or whoever is spoken for.

    A claim that was copied has the origin of the claim that it was copied from.

    Raises:
        CircleError: claims are copied from each other.
    """
    known = {**case.elsewhere, **{claim.key: claim for claim in case.claims}}
    return {claim.key: _far_end(case, _copied_from(known, claim)) for claim in case.claims}


def _copied_from(known: Mapping[Key, Claim], claim: Claim) -> Claim:
    """The claim at the end of "copied from", or the claim itself."""
    passed = [claim.key]
    while claim.copied_from is not None and (following := known.get(claim.copied_from)) is not None:
        if following.key in passed:
            raise CircleError([*passed, following.key])
        passed.append(following.key)
        claim = following
    return claim


def _far_end(case: Case, claim: Claim) -> Traced:
    """The far end of one claim's own chain."""
    relay = relay_of_another_party(case, claim)
    if relay is not None:
        return _agent_origin(case, relay, _side_of(case, relay))
    if claim.document is not None:
        return Traced(Origin(claim.document, document=True), side_of_speaker(case, claim))
    spoken_for = claim.on_behalf_of if claim.on_behalf_of is not None else claim.speaker
    return _agent_origin(case, spoken_for, side_of_speaker(case, claim), speaker=claim.speaker)


def _agent_origin(case: Case, key: Key, side: Key | None, speaker: Key | None = None) -> Traced:
    """The agent at the end of "speaks for"; an organisation's own side goes before that of whoever speaks for it."""
    end = represented(case.agents, key)
    agent = case.agents.get(end)
    if speaker is None or end != canonical(case.agents, speaker):
        own = _side_of(case, end)
        side = side if own is None else own
    return Traced(Origin(end, named=agent is None or agent.named), side)


def _side_of(case: Case, key: Key) -> Key | None:
    """The side of an agent as recorded on the agent."""
    agent = case.agents.get(canonical(case.agents, key))
    return None if agent is None else agent.side


# --- counting -------------------------------------------------------------------------------------


@dataclass
class _Group:
    """Origins that may be one and the same; `sides` is None while none of them has a stated side."""

    sides: frozenset[Key] | None
    keys: set[Key | None] = field(default_factory=set)


def count(traced: Iterable[Traced], distinct: frozenset[frozenset[Key]] = frozenset()) -> Count:
    """The fewest and the most independent origins.

    Named origins all differ. An unnamed one may be any other of the same side or where either side is not stated,
    unless the two were judged distinct; one group of origins taken as one must agree on a side throughout.
    """
    sides: dict[Origin, set[Key]] = {}
    for each in traced:
        sides.setdefault(each.origin, set()).update(() if each.side is None else {each.side})
    judged = frozenset(key for pair in distinct for key in pair)
    unnamed = _unnamed_kinds(sides, judged)
    if not unnamed:
        return Count(len(sides), len(sides))
    groups = [
        _Group(frozenset(sides[origin]) or None, {origin.agent})
        for origin in _representatives(sides, judged, len(unnamed))
    ]
    fewest = _fewest_more(unnamed, groups, distinct)
    return Count(sum(origin.named for origin in sides) + fewest, len(sides))


def _unnamed_kinds(sides: Mapping[Origin, set[Key]], judged: frozenset[Key]) -> list[tuple[Key, frozenset[Key] | None]]:
    """The unnamed origins with their sides; those that can always be taken as one come only once."""
    kinds: dict[object, tuple[Key, frozenset[Key] | None]] = {}
    for origin, stated in sides.items():
        if not origin.named:
            kind = origin.key if origin.key in judged else ("any", frozenset(stated))
            kinds.setdefault(kind, (origin.key, frozenset(stated) or None))
    return sorted(kinds.values(), key=lambda each: (each[1] is None, -len(each[1] or ()), str(each[0])))


def _representatives(sides: Mapping[Origin, set[Key]], judged: frozenset[Key], enough: int) -> list[Origin]:
    """The named origins that an unnamed one could be; of those that are alike no more than are needed."""
    taken: dict[object, int] = {}
    chosen = []
    for origin, stated in sides.items():
        kind: object = origin.key if origin.agent in judged else frozenset(stated)
        if origin.named and taken.setdefault(kind, 0) < enough:
            taken[kind] += 1
            chosen.append(origin)
    return chosen


def _fewest_more(
    unnamed: Sequence[tuple[Key, frozenset[Key] | None]],
    named: Sequence[_Group],
    distinct: frozenset[frozenset[Key]],
) -> int:
    """The fewest groups beyond the named ones: each unnamed origin tries every group it fits into, then its own.

    Exact up to `SEARCH_LIMIT` steps, far beyond what a question in use needs; then the best found counts.
    """
    best = len(unnamed)
    steps = 0
    groups = list(named)

    def place(number: int, extra: int) -> None:
        nonlocal best, steps
        steps += 1
        if extra >= best or (steps > SEARCH_LIMIT and best < len(unnamed)):
            return
        if number == len(unnamed):
            best = extra
            return
        key, sides = unnamed[number]
        for group in groups:
            common = sides if group.sides is None else group.sides if sides is None else group.sides & sides
            if common == frozenset() or any(frozenset((key, other)) in distinct for other in group.keys):
                continue
            before, group.sides = group.sides, common
            group.keys.add(key)
            place(number + 1, extra)
            group.keys.discard(key)
            group.sides = before
        groups.append(_Group(sides, {key}))
        place(number + 1, extra + 1)
        groups.pop()

    place(0, 0)
    return best
