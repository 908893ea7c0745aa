"""Which claims and questions a written record bears on, so that their derived state is renewed with it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from claims.models import (
    Agent,
    AgentName,
    Attribution,
    Claim,
    ClaimLink,
    ClaimOption,
    ClaimWording,
    Correction,
    Distinction,
    Likeness,
    Option,
    OptionBroader,
    Passage,
    Question,
    Record,
    Relay,
    Retraction,
    Side,
    Source,
    Topic,
)
from claims.queries.keys import among
from claims.queries.publications import all_of_publications

Written = Mapping[type[Record], Collection[int]]


@dataclass
class Affected:
    """The keys of the questions to be compared again and of the claims whose list keys are renewed.

    `added` maps each question on which the change bears by one new claim alone to that claim.
    """

    questions: set[int] = field(default_factory=set)
    claims: set[int] = field(default_factory=set)
    added: dict[int, int] = field(default_factory=dict)


def affected(written: Mapping[tuple[type[Record], int], bool]) -> Affected:
    """What the written records bear on: each by its table and key, and whether it is new.

    Both the question that a claim had before and its present one are compared.
    """
    found = Affected(questions={key for model, key in written if model is Question})
    by_model: dict[type[Record], set[int]] = defaultdict(set)
    for (model, key), new in written.items():
        if not (new and model in REFERRED_TO):
            by_model[model].add(key)
    for model, keys in by_model.items():
        if model in CLAIMS_OF:
            condition = CLAIMS_OF[model](keys)
            found.claims |= set(Claim.objects.filter(condition).values_list("pk", flat=True).distinct())
        if model in QUESTIONS_OF:
            found.questions |= QUESTIONS_OF[model](keys)
    if found.claims:
        found.claims |= _copies_of(found.claims)
        _add_questions(found)
    return found


def passages_written(written: Iterable[tuple[type[Record], int]]) -> list[Passage]:
    """The passages that were written, or whose attribution was: they are looked for again in the source's texts."""
    keys: dict[type[Record], set[int]] = {Passage: set(), Attribution: set()}
    for model, key in written:
        if model in keys:
            keys[model].add(key)
    if not any(keys.values()):
        return []
    condition = among("pk", keys[Passage]) | among("attribution", keys[Attribution])
    return list(Passage.objects.filter(condition).select_related("attribution"))


def _copies_of(claims: set[int]) -> set[int]:
    """The claims copied from these, over any number of steps: their origin is that of what they were copied from."""
    copies: set[int] = set()
    fresh = claims
    while fresh:
        fresh = set(Claim.objects.filter(among("copied_from", fresh)).values_list("pk", flat=True)) - copies
        copies |= fresh
    return copies


def _agents_meant(keys: set[int]) -> set[int]:
    """The agents with all that are the same as them or speak for them, over any number of steps."""
    meant = set(keys)
    fresh = keys
    while fresh:
        rows = Agent.objects.filter(Q(same_as__in=fresh) | Q(speaks_for__in=fresh)).values_list("pk", flat=True)
        fresh = set(rows) - meant
        meant |= fresh
    return meant


def _of_agents(keys: set[int]) -> Q:
    """Claims that name one of the agents, directly or through whom they speak for."""
    meant = _agents_meant(keys)
    of_attribution = Q(speaker__in=meant) | Q(on_behalf_of__in=meant) | Q(relays__agent__in=meant)
    return Q(attribution__in=Attribution.objects.filter(of_attribution)) | Q(attribution__source__publisher__in=meant)


def _of_sides(keys: set[int]) -> Q:
    """Claims whose speaker's or relay's side one of these is."""
    agents = set(Agent.objects.filter(side__in=keys).values_list("pk", flat=True))
    return Q(attribution__side__in=keys) | _of_agents(agents)


def _of_names(keys: set[int]) -> Q:
    return _of_agents(set(AgentName.objects.filter(pk__in=keys).values_list("agent", flat=True)))


def _of_likenesses(keys: set[int]) -> Q:
    """Claims that quote one of the sources, or one that is the same, as a document."""
    rows = Likeness.objects.filter(pk__in=keys).values_list("first_source", "second_source")
    sources = {key for pair in rows for key in pair if key is not None}
    return Q(attribution__document__in=all_of_publications(sources) if sources else ())


# For each table that bears on claims, the condition for the claims that its rows bear on.
CLAIMS_OF: dict[type[Record], Callable[[set[int]], Q]] = {
    Agent: _of_agents,
    AgentName: _of_names,
    Side: _of_sides,
    Source: lambda keys: Q(attribution__source__in=keys),
    Attribution: lambda keys: among("attribution", keys),
    Relay: lambda keys: Q(attribution__relays__in=keys),
    Passage: lambda keys: Q(attribution__passages__in=keys),
    Claim: lambda keys: among("pk", keys),
    ClaimOption: lambda keys: among("options", keys),
    ClaimWording: lambda keys: among("wordings", keys),
    Retraction: lambda keys: Q(retractions__in=keys),
    Correction: lambda keys: Q(corrections__in=keys),
    Likeness: _of_likenesses,
    ClaimLink: lambda keys: Q(links__in=keys) | Q(linked_by__in=keys),
    Topic: lambda keys: Q(question__topic__in=keys),
    Question: lambda keys: Q(question__in=keys),
}


# A new row of these bears on nothing by itself: whatever refers to it is written with it, and counts by itself.
REFERRED_TO = frozenset({Agent, Attribution, Question, Side, Source, Topic})


def _of_distinctions(keys: set[int]) -> set[int]:
    pairs = Distinction.objects.filter(pk__in=keys).values_list("first", "second")
    condition = _of_agents({agent for pair in pairs for agent in pair})
    return _keys(Claim.objects.filter(condition).values_list("question", flat=True).distinct())


QUESTIONS_OF: dict[type[Record], Callable[[set[int]], set[int]]] = {
    Option: lambda keys: _keys(Option.objects.filter(pk__in=keys).values_list("question", flat=True)),
    OptionBroader: lambda keys: _keys(
        OptionBroader.objects.filter(pk__in=keys).values_list("option__question", flat=True)
    ),
    Distinction: _of_distinctions,
}


def _add_questions(found: Affected) -> None:
    """Add the present questions of the claims, and those under which the lists still have them."""
    touching: dict[int, set[int]] = defaultdict(set)
    listed: set[int] = set()
    rows = Claim.objects.filter(among("pk", found.claims)).values_list("pk", "state", "question", "state__question")
    for claim, state, *questions in rows:
        if state is not None:
            listed.add(claim)
        for question in _keys(questions):
            touching[question].add(claim)
    found.added = {
        question: claim
        for question, (claim, *others) in touching.items()
        if not others and claim not in listed and question not in found.questions
    }
    found.questions |= touching.keys()


def _keys(rows: Iterable[int | None]) -> set[int]:
    return {key for key in rows if key is not None}
