"""An agent's page: names, who is the same, for whom they speak, what they said over time and passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from claims.models import Agent, AgentName, Claim, ClaimState, Relay
from claims.queries.identity import all_the_same, canonical_of
from claims.queries.pages import Order, Page, page_of
from claims.queries.recorded import past

PAGE = 50
BY_NAME = Order("name", "id", descending=False, nullable=False)
OVER_TIME = Order("said_from", "claim_id")
MOST_SHOWN = 20


@dataclass(frozen=True)
class AgentReading:
    """What an agent's page shows; `agent` is the one that all judged the same are listed under."""

    agent: Agent
    names: tuple[AgentName, ...]
    same: tuple[Agent, ...]
    speak_for: tuple[Agent, ...]
    said: Page
    passed_on: tuple[int, ...]


def with_names() -> QuerySet[Agent]:
    """Agents with their names and side, withdrawn ones too: their words stay on record."""
    names = Prefetch("names", AgentName.objects.current().order_by("pk"))
    agents: QuerySet[Agent] = Agent.objects.select_related("side", "source").prefetch_related(names)
    return agents


def agents_page(*, after: UUID | None, before: UUID | None) -> Page:
    """A page of all current agents by name."""
    places = {"after": _agent(after), "before": _agent(before)}
    return page_of(Agent.objects.current(), BY_NAME, size=PAGE, **places)


def listed_agents(keys: Sequence[int]) -> list[Agent]:
    """The agents of these keys, in the given order."""
    agents = with_names().in_bulk(keys)
    return [agents[key] for key in keys]


def read_agent(agent: Agent, *, after: UUID | None, before: UUID | None) -> AgentReading:
    """What is on record of the agent, their words as of the agent that they were judged to be."""
    canonical = canonical_of(agent.pk)
    rows, order = _said_by(canonical)
    places = {"after": _place(rows, after), "before": _place(rows, before)}
    relays = Relay.objects.current().filter(agent=agent).order_by("-pk").values_list("attribution", flat=True)
    passed_on = Claim.objects.current().filter(attribution__in=list(relays[:MOST_SHOWN])).order_by("-pk")
    return AgentReading(
        agent=with_names().get(pk=canonical),
        names=tuple(agent.names.all()),
        same=tuple(with_names().filter(same_as=agent).order_by("pk")[:MOST_SHOWN]),
        speak_for=tuple(with_names().filter(speaks_for=agent).order_by("pk")[:MOST_SHOWN]),
        said=page_of(rows, order, size=PAGE, **places),
        passed_on=tuple(passed_on.values_list("pk", flat=True)[:MOST_SHOWN]),
    )


def _agent(uid: UUID | None) -> Agent | None:
    return None if uid is None else Agent.objects.get(uid=uid)


def _said_by(canonical: int) -> tuple[QuerySet[Any], Order]:
    """What the agent said, and the order over time: from the lists' keys, which there are of the present alone."""
    if not past():
        return ClaimState.objects.filter(speaker=canonical), OVER_TIME
    claims = Claim.objects.current().filter(attribution__speaker__in=all_the_same(canonical))
    return claims.annotate(said_from=F("attribution__said_from")), Order("said_from", "pk")


def _place(rows: QuerySet[Any], uid: UUID | None) -> Any:
    return None if uid is None else rows.get(**{"uid" if rows.model is Claim else "claim__uid": uid})
