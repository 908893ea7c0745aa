"""Agents as PROV agents (5.3.1), whom they speak for, whom they are the same as; and the users who work here."""

from prov.identifier import QualifiedName
from prov.model import PROV

from claims.domain.vocabulary import AgentKind
from claims.interchange.prov.builder import TYPE, Attributes, Builder
from claims.ledger.models import LoggedChange
from claims.models import Agent, Side, User

_TYPES = {
    AgentKind.PERSON: PROV["Person"],
    AgentKind.ORGANISATION: PROV["Organization"],
    AgentKind.OUTLET: PROV["Organization"],
}


def tell_agent(builder: Builder, agent: Agent, agents: dict[int, Agent]) -> QualifiedName:
    """The agent with its names, whom it speaks for (5.3.4) and whom it is the same as (5.5.2); returns its name.

    `agents` are those read with it, among them all that it leads to.
    """
    name = builder.name(agent)
    if not builder.first(name):
        return name
    agent = agents.get(agent.pk, agent)
    texts = [("", agent.name), *((row.language, row.text) for row in agent.names.all())]
    kind = AgentKind(agent.kind)
    attributes: Attributes = [*builder.labels(texts), (TYPE, builder.term[kind.value])]
    if kind in _TYPES:
        attributes.append((TYPE, _TYPES[kind]))
    builder.document.agent(name, attributes)
    tell_side(builder, agent.side)
    if agent.speaks_for_id in agents:
        builder.document.delegation(name, tell_agent(builder, agents[agent.speaks_for_id], agents))
    if agent.same_as_id in agents:
        builder.document.alternate(name, tell_agent(builder, agents[agent.same_as_id], agents))
    return name


def tell_side(builder: Builder, side: Side | None) -> None:
    """The side by its names, to which versions of agents and attributions refer."""
    if side is not None and builder.first(name := builder.name(side)):
        names = builder.labels([("", side.name), *sorted(side.translations.items())])
        builder.document.entity(name, [(TYPE, builder.term["Side"]), *names])


def tell_user(builder: Builder, user: User | None, change: LoggedChange | None = None) -> QualifiedName:
    """Who worked: a user; where none did, the command that the log names, or this software.

    Where users are not to be named, all of them are one agent: an editor.
    """
    if user is None:
        command = change.command if change else ""
        name = builder.site[f"commands/{command}/" if command.isidentifier() else "software/"]
        if builder.first(name):
            label = f"manage.py {command}" if command else "Provenance"
            builder.document.agent(name, [*builder.labels([("", label)]), (TYPE, PROV["SoftwareAgent"])])
        return name
    name = builder.user[f"{user.pk}/"] if builder.editors else builder.site["editor/"]
    if builder.first(name):
        label = (user.get_full_name() or user.get_username()) if builder.editors else "An editor"
        builder.document.agent(name, [*builder.labels([("", label)]), (TYPE, PROV["Person"])])
    return name
