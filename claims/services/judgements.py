"""Judgements on who is who: two agents are the same, or they are not."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.vocabulary import AgentKind
from claims.models import Agent, Distinction, User
from claims.permissions import Capability, require
from claims.queries.identity import all_the_same, canonical_of
from claims.services.locks import lock_agents
from claims.services.naming import called
from claims.services.preparing import prepare
from claims.services.transaction import change, save

Pair = tuple[Agent, Agent]


def judge_same(*, pairs: Sequence[Pair], by: User | None, reason: str, command: str = "") -> list[Agent]:
    """Judge the first agent of each pair, the duplicate, to be the same as the second, which stands for both.

    An unnamed agent may turn out to be a named one; a named one is never filed under an unnamed one, or rule 2
    would not know it as a speaker of its own words any more. Returns the duplicates.

    Raises:
        NotAllowed: the user may not judge agents.
        ValidationError: on `same_as`, for a circle (naming the way round), a contrary judgement, or an agent that is
            withdrawn; on `speaks_for`, where somebody would speak for themselves; nothing is written.
        Stale: an agent was changed since it was read.
    """
    require(by, Capability.JUDGE_AGENTS)
    with change(by=by, reason=reason, command=command) as this:
        lock_agents(this, {agent.pk for pair in pairs for agent in pair})
        for duplicate, original in pairs:
            _refuse_same(duplicate, original)
            duplicate.same_as = original
            prepare(this, duplicate)
            save(this, [duplicate])
    return [duplicate for duplicate, _original in pairs]


def undo_same(*, agents: Sequence[Agent], by: User | None, reason: str, command: str = "") -> list[Agent]:
    """Take back what the agents were judged to be the same as. Raises `NotAllowed`, and `Stale` as `save` does."""
    require(by, Capability.JUDGE_AGENTS)
    with change(by=by, reason=reason, command=command) as this:
        lock_agents(this, {agent.pk for agent in agents})
        for agent in agents:
            agent.same_as = None
            prepare(this, agent)
        save(this, agents)
    return list(agents)


def judge_distinct(*, pairs: Sequence[Pair], by: User | None, reason: str, command: str = "") -> list[Distinction]:
    """Judge the agents of each pair to be different (rule 4); one judged so already keeps its record.

    Raises:
        NotAllowed: the user may not judge agents.
        ValidationError: on `second`, for agents that are one, or withdrawn; nothing is written.
    """
    require(by, Capability.JUDGE_AGENTS)
    with change(by=by, reason=reason, command=command) as this:
        lock_agents(this, {agent.pk for pair in pairs for agent in pair})
        distinctions = [_distinction(*sorted(pair, key=lambda agent: agent.pk)) for pair in pairs]
        save(this, distinctions)
    return distinctions


def undo_distinct(
    *, distinctions: Sequence[Distinction], by: User | None, reason: str, command: str = ""
) -> list[Distinction]:
    """Withdraw distinctions; they are kept, and count no more. Raises `NotAllowed`, and `Stale` as `save` does."""
    require(by, Capability.JUDGE_AGENTS)
    with change(by=by, reason=reason, command=command) as this:
        for distinction in distinctions:
            distinction.withdrawn = True
        save(this, distinctions)
    return list(distinctions)


def _refuse_same(duplicate: Agent, original: Agent) -> None:
    """Raise `ValidationError` where the judgement goes against what is on record; circles are looked for later."""
    _refuse_withdrawn("same_as", duplicate, original)
    names = {"duplicate": called(duplicate), "original": called(original)}
    if duplicate.pk == original.pk:
        raise ValidationError({"same_as": _("These are one agent already. Choose two.")})
    if duplicate.same_as is not None and duplicate.same_as.pk != original.pk:
        sentence = _("“%(duplicate)s” was judged to be the same as “%(other)s”. Undo that judgement first.")
        raise ValidationError({"same_as": sentence % {**names, "other": called(duplicate.same_as)}})
    end = Agent.objects.get(pk=canonical_of(original.pk))
    if duplicate.kind != AgentKind.UNNAMED and end.kind == AgentKind.UNNAMED:
        sentence = _("“%(original)s” has no name and “%(duplicate)s” has one. Judge it the other way round.")
        raise ValidationError({"same_as": sentence % {**names, "original": called(end)}})
    one, other = all_the_same(duplicate.pk), all_the_same(original.pk)
    distinct = Distinction.objects.current().filter(first__in=one | other, second__in=one | other).first()
    if distinct is not None:
        sentence = _("“%(first)s” and “%(second)s” were judged to be different. Undo that judgement first.")
        raise ValidationError(
            {"same_as": sentence % {"first": called(distinct.first), "second": called(distinct.second)}}
        )


def _distinction(first: Agent, second: Agent) -> Distinction:
    """The record to save: a new one, or the one that there is, withdrawn or not."""
    _refuse_withdrawn("second", first, second)
    if second.pk in all_the_same(first.pk):
        sentence = _("“%(first)s” and “%(second)s” are the same by what was judged. Undo that judgement first.")
        names = {"first": called(first), "second": called(second)}
        raise ValidationError({"second": sentence % names})
    stored: Distinction | None = Distinction.objects.filter(first=first, second=second).first()
    distinction = stored or Distinction(first=first, second=second)
    distinction.withdrawn = False
    return distinction


def _refuse_withdrawn(field: str, *agents: Agent) -> None:
    for agent in agents:
        if agent.withdrawn:
            sentence = _("“%(agent)s” is withdrawn. Choose an agent that is not.") % {"agent": called(agent)}
            raise ValidationError({field: sentence})
