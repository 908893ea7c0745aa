"""Making a case that shows a disagreement smaller, until nothing can be left out of it."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace
from typing import TypeVar

from tests.domain.reference.records import Agent, Case, Claim, Question

Record = TypeVar("Record", Agent, Claim, Question)


def smallest(case: Case, shows: Callable[[Case], bool]) -> Case:
    """The case without everything that can be left out while `shows` stays true of it."""
    while True:
        for smaller in smaller_cases(case):
            if shows(smaller):
                case = smaller
                break
        else:
            return case


def shown(case: Case) -> str:
    """The case as text, one record a line, without what is at its default."""
    agents = [f"{key}: {brief(agent)}" for key, agent in case.agents.items() if agent != Agent()]
    distinct = [f"distinct: {sorted(pair)}" for pair in case.distinct]
    elsewhere = [f"elsewhere: {brief(claim)}" for claim in case.elsewhere.values()]
    claims = [brief(claim) for claim in case.claims]
    return "\n".join([brief(case.question), *claims, *agents, *map(repr, case.links), *distinct, *elsewhere])


def brief(record: Agent | Claim | Question) -> str:
    """The record as text, without what is at its default."""
    stated = (each.name for each in fields(record) if getattr(record, each.name) != each.default)
    return f"{type(record).__name__}({', '.join(f'{name}={getattr(record, name)!r}' for name in stated)})"


def smaller_cases(case: Case) -> Iterator[Case]:
    """The case with one thing left out, in every way."""
    yield from with_fewer_claims(case)
    for link in case.links:
        yield replace(case, links=tuple(other for other in case.links if other != link))
    for pair in case.distinct:
        yield replace(case, distinct=case.distinct - {pair})
    yield from with_simpler_records(case)


def with_fewer_claims(case: Case) -> Iterator[Case]:
    """The case without one claim and its links, unless another claim was copied from it."""
    for claim in case.claims:
        others = tuple(other for other in case.claims if other != claim)
        if all(claim.key != other.copied_from for other in others):
            links = tuple(link for link in case.links if claim.key not in {link.claim, link.other})
            yield replace(case, claims=others, links=links)


def with_simpler_records(case: Case) -> Iterator[Case]:
    """The case with one field of one record at its default."""
    for number, claim in enumerate(case.claims):
        for simpler in simpler_values(claim):
            yield replace(case, claims=(*case.claims[:number], simpler, *case.claims[number + 1 :]))
    for key, agent in case.agents.items():
        for simpler_agent in simpler_values(agent):
            yield replace(case, agents={**case.agents, key: simpler_agent})
    for question in simpler_values(case.question):
        if (question.over_time == "changes") == (question.window_hours is not None):
            yield replace(case, question=question)


def simpler_values(record: Record) -> Iterator[Record]:
    """The record with one of its optional fields at the default."""
    for each in fields(record):
        if each.default is not MISSING and getattr(record, each.name) != each.default:
            yield replace(record, **{each.name: each.default})
