"""The chain typed as one line: the speaker first, then whoever passed the words on.

`negotiator (opposition) > Sham Network`: a name with a side in brackets is an unnamed agent of that side in this
source, and is made where it is new; any other name must be known, by its name or an alias in any language.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from claims.domain.notation import read_path
from claims.domain.refusals import Refusal
from claims.domain.vocabulary import AgentKind
from claims.models import Agent, Change, Side, Source
from claims.services.naming import listed, typed
from claims.services.transaction import save
from claims.wording import word_refusal

WITH_SIDE = re.compile(r"^(?P<name>.+?)\s*\((?P<side>[^()]+)\)$", re.DOTALL)
SHOWN = 5


@dataclass(frozen=True)
class Chain:
    """The speaker and the relays, the one nearest to the speaker first."""

    speaker: Agent
    relays: tuple[Agent, ...]


def read_chain(this: Change, *, line: str, source: Source) -> Chain:
    """Look up the agents of a chain in a source.

    Raises:
        ValidationError: an empty line, an unknown or ambiguous name, an unknown side.
    """
    try:
        names = read_path(line)
    except Refusal as refusal:
        raise ValidationError(word_refusal(refusal)) from None
    if not names:
        raise ValidationError(_("Say who speaks, such as “negotiator (opposition) > Sham Network”."))
    agents = [find_or_make(this, name=name, source=source) for name in names]
    return Chain(agents[0], tuple(agents[1:]))


def find_or_make(this: Change, *, name: str, source: Source) -> Agent:
    """The agent of this name; one with a side in brackets is unnamed, and made where the source has none such."""
    known = known_as(name, source)
    if len(known) == 1:
        return known[0]
    if len(known) > 1:
        raise ValidationError(
            _("Several agents are called “%(name)s”: %(agents)s. Pick one from the list of agents.")
            % {"name": typed(name), "agents": listed(described(agent) for agent in known[:SHOWN])}
        )
    match = WITH_SIDE.match(name)
    if match is None:
        raise ValidationError(
            _(
                "No agent is called “%(name)s”. Record the agent first; or, for an unnamed one, add its side in "
                "brackets: “%(name)s (opposition)”."
            )
            % {"name": typed(name)}
        )
    return _unnamed(this, match["name"], side_named(match["side"]), source)


def known_as(name: str, source: Source | None) -> Sequence[Agent]:
    """The agents of this name: first the unnamed one of this source, else all named ones, by name or alias."""
    agents = Agent.objects.current().select_related("side", "source")
    here = list(agents.filter(kind=AgentKind.UNNAMED.value, source=source, name__iexact=name)) if source else []
    if here:
        return here
    named = agents.exclude(kind=AgentKind.UNNAMED.value)
    exact = Q(name=name) | Q(names__text=name, names__withdrawn=False)
    alike = Q(name__iexact=name) | Q(names__text__iexact=name, names__withdrawn=False)
    found = list(named.filter(exact).distinct().order_by("pk"))
    return found or list(named.filter(alike).distinct().order_by("pk"))


def side_named(name: str) -> Side:
    """The side of this name, in any language.

    Raises:
        ValidationError: there is no such side.
    """
    wanted = name.strip().casefold()
    sides: list[Side] = list(Side.objects.current().order_by("name"))
    for side in sides:
        if wanted in {side.name.casefold(), *(text.casefold() for text in side.translations.values())}:
            return side
    raise ValidationError(
        _("There is no side called “%(name)s”. The sides are: %(sides)s.")
        % {"name": typed(name), "sides": listed(side.name for side in sides) or _("none yet")}
    )


def described(agent: Agent) -> str:
    """The agent's name with what tells it from others of that name."""
    details = [str(each) for each in (agent.role, agent.side, agent.source) if each]
    return f"{agent.name} ({listed(details)})" if details else agent.name


def _unnamed(this: Change, name: str, side: Side, source: Source) -> Agent:
    """The unnamed agent of this name in the source, of this side."""
    unnamed = Agent.objects.current().filter(kind=AgentKind.UNNAMED.value, source=source)
    here: Agent | None = unnamed.filter(name__iexact=name).first()
    if here is None:
        here = Agent(kind=AgentKind.UNNAMED.value, name=name, source=source, side=side)
        save(this, [here])
    elif here.side_id != side.pk:
        raise ValidationError(
            _("In this source “%(name)s” is recorded with the side “%(side)s”. Write it so, or give another name.")
            % {"name": typed(name), "side": typed(here.side.name) if here.side else _("none")}
        )
    return here
