"""What records are compared by to find duplicates: read for many at once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q

from claims.domain.suspicions import AgentLooks, SourceLooks, Suspicion, suspect_agents, suspect_sources
from claims.domain.vocabulary import AgentKind, Judged
from claims.models import (
    Agent,
    AgentName,
    Distinction,
    Likeness,
    Record,
    Snapshot,
    Source,
    TextFingerprint,
)
from claims.text.fingerprints import Fingerprint, unpacked

Pair = tuple[int, int]
T = TypeVar("T", int, Pair)
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class AgentSuspect:
    """An agent as it is compared: `stands_for` is whom it was judged to be, itself where nothing was judged."""

    looks: AgentLooks
    stands_for: int


@dataclass(frozen=True, slots=True)
class SourceSuspect:
    """A source as it is compared."""

    looks: SourceLooks


Suspect = AgentSuspect | SourceSuspect


def written_suspects(written: Iterable[tuple[type[Record], int]]) -> tuple[set[int], set[int]]:
    """The agents and the sources that are to be compared again after these records were written."""
    by_model: dict[type[Record], set[int]] = defaultdict(set)
    for model, key in written:
        by_model[model].add(key)
    agents, sources = set(by_model[Agent]), set(by_model[Source])
    agents = agents and all_one_with(agents)
    for model, first, second in (
        (AgentName, "agent", "agent"),
        (Distinction, "first", "second"),
        (Likeness, "first_agent", "second_agent"),
    ):
        agents |= _referred_to(model, by_model[model], first, second)
    for model, first, second in ((Snapshot, "source", "source"), (Likeness, "first_source", "second_source")):
        sources |= _referred_to(model, by_model[model], first, second)
    return agents, sources


def _referred_to(model: type[Record], keys: set[int], first: str, second: str) -> set[int]:
    if not keys:
        return set()
    rows = model.objects.filter(pk__in=keys).values_list(first, second)
    return {key for pair in rows for key in pair if key is not None}


def all_one_with(keys: set[int]) -> set[int]:
    """The agents with all that they, or that are, judged to be the same, over any number of steps."""
    found: set[int] = set()
    fresh = set(keys)
    while fresh:
        found |= fresh
        rows = Agent.objects.filter(Q(pk__in=fresh) | Q(same_as__in=fresh)).exclude(same_as=None)
        fresh = {key for pair in rows.values_list("pk", "same_as") for key in pair} - found
    return found


# --- what they are compared by ------------------------------------------------------------------------------------


def suspects(table: str, keys: Collection[int]) -> dict[int, Suspect]:
    """The records of these keys as they are compared; without those that are withdrawn, and the unnamed agents."""
    read = _agents if table == "agent" else _sources
    found: dict[int, Suspect] = {}
    for part in _parts(keys):
        found |= read(part)
    return found


def _agents(keys: list[int]) -> dict[int, Suspect]:
    named = Agent.objects.current().filter(pk__in=keys).exclude(kind=AgentKind.UNNAMED.value)
    rows = {key: values for key, *values in named.values_list("pk", "name", "kind", "same_as")}
    names: dict[int, list[str]] = {key: [values[0]] for key, values in rows.items()}
    others = AgentName.objects.current().filter(agent__in=rows).order_by("pk")
    for key, text in others.values_list("agent", "text"):
        names[key].append(text)
    ends = _ends({key: same_as for key, (_name, _kind, same_as) in rows.items() if same_as is not None})
    return {
        key: AgentSuspect(
            AgentLooks(tuple(dict.fromkeys(names[key])), person=kind == AgentKind.PERSON), ends.get(key, key)
        )
        for key, (_name, kind, _same) in rows.items()
    }


def ends_of(keys: Collection[int]) -> dict[int, int]:
    """For each of the agents that was judged to be another, the last of those."""
    rows = Agent.objects.filter(pk__in=keys).exclude(same_as=None)
    return _ends(dict(rows.values_list("pk", "same_as")))


def _ends(same_as: dict[int, int]) -> dict[int, int]:
    """For each agent that was judged to be another, the last of those."""
    steps = dict(same_as)
    while missing := {following for following in steps.values() if following not in steps}:
        rows = dict(Agent.objects.filter(pk__in=missing).values_list("pk", "same_as"))
        steps |= {key: rows.get(key) or key for key in missing}
    ends = {}
    for key in same_as:
        end, passed = key, {key}
        while steps[end] not in passed:  # the last one leads to itself
            end = steps[end]
            passed.add(end)
        ends[key] = end
    return ends


def _sources(keys: list[int]) -> dict[int, Suspect]:
    current = Source.objects.current().filter(pk__in=keys)
    hashes: dict[int, set[str]] = defaultdict(set)
    for key, digest in Snapshot.objects.current().filter(source__in=keys).values_list("source", "sha256"):
        hashes[key].add(digest)
    texts: dict[int, list[Fingerprint]] = defaultdict(list)
    if hashes:
        kept = TextFingerprint.objects.filter(snapshot__source__in=list(hashes), snapshot__withdrawn=False)
        for key, *values in kept.order_by("pk").values_list("snapshot__source", "words", "whole", "sketch"):
            texts[key].append(unpacked(*values))
    return {
        key: SourceSuspect(
            SourceLooks(url, title, publisher, published_on, tuple(texts[key]), frozenset(hashes.get(key, ())))
        )
        for key, url, title, publisher, published_on in current.values_list(
            "pk", "url", "title", "publisher", "published_on"
        )
    }


def suspicion(first: Suspect, second: Suspect) -> Suspicion | None:
    """What the two are suspected of, if of anything."""
    if isinstance(first, AgentSuspect) and isinstance(second, AgentSuspect):
        return suspect_agents(first.looks, second.looks)
    if isinstance(first, SourceSuspect) and isinstance(second, SourceSuspect):
        return suspect_sources(first.looks, second.looks)
    return None


# --- what was judged of them --------------------------------------------------------------------------------------


def judgements(table: str, pairs: Collection[Pair], known: Mapping[int, Suspect]) -> dict[Pair, str | None]:
    """What was judged of each of the pairs: empty where nothing was, None where the pair is not to be offered at all.

    Of agents that are the same only the one that stands for them is offered with others.
    """
    found: dict[Pair, str | None] = dict.fromkeys(pairs, "")
    for part in _parts(pairs):
        judged = _of_sources(part) if table == "source" else _of_agents(part)
        found |= {pair: judged[pair] for pair in part if pair in judged}
    for one, other in pairs if table == "agent" else ():
        mine, theirs = known[one], known[other]
        if isinstance(mine, AgentSuspect) and isinstance(theirs, AgentSuspect):
            if mine.stands_for == theirs.stands_for:
                found[one, other] = Judged.SAME.value
            elif (mine.stands_for, theirs.stands_for) != (one, other):
                found[one, other] = None
    return found


def _of_agents(pairs: list[Pair]) -> dict[Pair, str]:
    first, second = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    unsure = Likeness.objects.current().filter(first_agent__in=first, second_agent__in=second)
    distinct = Distinction.objects.current().filter(first__in=first, second__in=second)
    judged = {(one, other): word for one, other, word in unsure.values_list("first_agent", "second_agent", "judged")}
    return judged | dict.fromkeys(distinct.values_list("first", "second"), Judged.DIFFERENT.value)


def _of_sources(pairs: list[Pair]) -> dict[Pair, str]:
    first, second = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    rows = Likeness.objects.current().filter(first_source__in=first, second_source__in=second)
    return {(one, other): word for one, other, word in rows.values_list("first_source", "second_source", "judged")}


def _parts(keys: Collection[T]) -> Iterator[list[T]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
