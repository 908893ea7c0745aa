"""The admin of sides and agents."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.admin.base import PartTable, RecordAdmin
from claims.models import Agent, AgentName, Side


@admin.register(Side)
class SideAdmin(RecordAdmin):
    """Sides: few, and listed by name."""

    list_display = ("name", "party", "withdrawn")
    search_fields = ("name",)
    ordering = ("name", "pk")
    fields = ("name", "translations", "party", "note")


class AgentNames(PartTable):
    """The agent's names in languages, and its aliases."""

    model = AgentName
    fields = ("language", "text", "alias", "withdrawn")
    extra = 1
    verbose_name_plural = AgentName._meta.verbose_name_plural

    def get_queryset(self, request: HttpRequest) -> Any:
        """In the order in which they were recorded."""
        return super().get_queryset(request).order_by("pk")


@admin.register(Agent)
class AgentAdmin(RecordAdmin):
    """Agents with their names; whether two are the same is judged in a form of its own."""

    list_display = ("name", "kind", "side", "role", "speaks_for", "source", "same_as", "reliability")
    list_select_related = ("side", "speaks_for", "source", "same_as")
    list_filter = ("kind", "withdrawn")
    search_fields = ("name", "names__text")
    ordering = ("-pk",)
    fields = ("kind", "name", "source", "side", "role", "speaks_for", "reliability", "note")
    autocomplete_fields = ("source", "side", "speaks_for")
    inlines = (AgentNames,)
