"""The admin of sides and agents, and of who is who."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import Act, RecordActs
from claims.admin.base import PartTable, RecordAdmin
from claims.admin.forms import ActForm
from claims.admin.lookups import looked_up
from claims.admin.search import FoundByWords
from claims.models import Agent, AgentName, Distinction, Side, User
from claims.permissions import Capability
from claims.services.judgements import judge_distinct, judge_same, undo_same


@admin.register(Side)
class SideAdmin(FoundByWords, RecordAdmin):
    """Sides: few, and listed by name."""

    list_display = ("name", "party", "withdrawn")
    # Names are unique: the list is walked along their index.
    ordering = ("name",)
    fields = ("name", "translations", "party", "note")


class SameForm(ActForm):
    """The agent that this one is."""

    same_as = looked_up(
        Agent,
        "same_as",
        required=True,
        label=gettext_lazy("Is the same as"),
        help_text=gettext_lazy("The agent that stands for both from now on."),
    )


class DistinctForm(ActForm):
    """The agent that this one is not."""

    second = looked_up(Distinction, "second", required=True, label=gettext_lazy("Is not the same as"))


def _judge_same(agent: Agent, by: User, typed: dict[str, Any]) -> str:
    judge_same(pairs=[(agent, typed["same_as"])], by=by, reason=typed["change_reason"])
    return _("The two are one agent from now on.")


def _undo_same(agent: Agent, by: User, typed: dict[str, Any]) -> str:
    undo_same(agents=[agent], by=by, reason=typed["change_reason"])
    return _("The judgement is taken back.")


def _judge_distinct(agent: Agent, by: User, typed: dict[str, Any]) -> str:
    judge_distinct(pairs=[(agent, typed["second"])], by=by, reason=typed["change_reason"])
    return _("The two are different agents.")


def alone(agent: Agent) -> bool:
    """Whether the agent was not judged to be another one."""
    return agent.same_as_id is None and not agent.withdrawn


def judged_same(agent: Agent) -> bool:
    """Whether the agent was judged to be another one."""
    return agent.same_as_id is not None


AGENT_ACTS = (
    Act(
        "same",
        gettext_lazy("Same as another agent"),
        gettext_lazy("Judge them the same"),
        Capability.JUDGE_AGENTS,
        SameForm,
        _judge_same,
        alone,
        gettext_lazy("Both are one speaker and one origin from now on, in every comparison."),
    ),
    Act(
        "not-same",
        gettext_lazy("Not the same after all"),
        gettext_lazy("Take the judgement back"),
        Capability.JUDGE_AGENTS,
        ActForm,
        _undo_same,
        judged_same,
    ),
    Act(
        "distinct",
        gettext_lazy("Different from another agent"),
        gettext_lazy("Judge them different"),
        Capability.JUDGE_AGENTS,
        DistinctForm,
        _judge_distinct,
        about=gettext_lazy("An unnamed agent may be anyone of its side, unless it is judged to be different."),
    ),
)


class AgentNames(PartTable):
    """The agent's names in languages, and its aliases."""

    model = AgentName
    fields = ("language", "text", "alias", "withdrawn")
    extra = 1

    def get_queryset(self, request: HttpRequest) -> Any:
        """In the order in which they were recorded."""
        return super().get_queryset(request).order_by("pk")


@admin.register(Agent)
class AgentAdmin(FoundByWords, RecordActs):
    """Agents with their names; whether two are the same is judged in a form of its own."""

    change_form_template = "admin/claims/suspect_form.html"
    acts = AGENT_ACTS
    list_display = ("name", "kind", "side", "role", "speaks_for", "source", "same_as", "reliability")
    list_select_related = ("side", "speaks_for", "source", "same_as")
    list_filter = ("kind", "withdrawn")
    ordering = ("-pk",)
    fields = ("kind", "name", "source", "side", "role", "speaks_for", "reliability", "note")
    autocomplete_fields = ("source", "side", "speaks_for")
    inlines = (AgentNames,)
