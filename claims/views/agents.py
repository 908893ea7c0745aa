"""Agents: the list, and one with names, relations and what they said over time."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from claims.models import Agent
from claims.queries.agents import agents_page, listed_agents, read_agent, with_names
from claims.views.access import page
from claims.views.links import agent_link, side_link, source_link
from claims.views.past import ASKING, RECORDED_ON, also_in_the_past
from claims.views.places import page_links, places, refuse_unknown
from claims.views.shown import ShownClaim, shown_rows


@page()
def agent_list(request: HttpRequest) -> HttpResponse:
    """All agents by name."""
    refuse_unknown(request, [])
    try:
        found = agents_page(**places(request))
    except ObjectDoesNotExist:
        raise BadRequest(_("The page to begin at names an agent that is not here.")) from None
    agents = listed_agents(found.keys)
    context = {
        "agents": [{"link": agent_link(each), **_facts(each)} for each in agents],
        **page_links(request, found, [str(each.uid) for each in agents]),
    }
    return render(request, "pages/agent_list.html", context)


@page(asking=ASKING)
@also_in_the_past
def agent(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An agent with what they said, the last first, and what they passed on."""
    refuse_unknown(request, [RECORDED_ON])
    found = get_object_or_404(with_names(), uid=uid)
    try:
        reading = read_agent(found, **places(request))
    except ObjectDoesNotExist:
        raise BadRequest(_("The page to begin at names a claim that is not here.")) from None
    claims = shown_rows(reading.said.keys)
    link = agent_link(found)
    context = {
        "agent": found,
        "link": link,
        "names": [name for name in reading.names if name.text != link.text],
        "own_name": found.name if found.name != link.text else "",
        "canonical": agent_link(reading.agent) if reading.agent.pk != found.pk else None,
        "same": [agent_link(each) for each in reading.same],
        "speaks_for": agent_link(with_names().get(pk=found.speaks_for_id)) if found.speaks_for_id else None,
        "speak_for": [agent_link(each) for each in reading.speak_for],
        "days": [(day, list(group)) for day, group in groupby(claims, key=_day)],
        "passed_on": shown_rows(reading.passed_on),
        **_facts(found),
        **page_links(request, reading.said, [claim.uid for claim in claims]),
    }
    return render(request, "pages/agent.html", context)


def _facts(agent: Agent) -> dict[str, Any]:
    return {
        "kind": agent.kind,
        "side": side_link(agent.side) if agent.side else None,
        "role": agent.role,
        "appears_in": source_link(agent.source) if agent.source else None,
    }


def _day(claim: ShownClaim) -> tuple[str, str]:
    """When it was said; where nothing is stated, when it was published."""
    return claim.said_on, "" if claim.said_on else claim.published_on
