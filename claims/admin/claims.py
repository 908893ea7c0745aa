"""The admin of claims: the list at a glance, a claim's page with what it means for others, and its review."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.admin.base import RecordAdmin
from claims.admin.claim_list import COLUMNS, ClaimColumns, ClaimList
from claims.models import Claim
from claims.permissions import Capability, may


@admin.register(Claim)
class ClaimAdmin(ClaimColumns, RecordAdmin):
    """Claims are recorded with their attribution, and changed here."""

    list_display = COLUMNS
    list_display_links = None
    sortable_by = ()
    search_fields = ("answer",)
    ordering = ("-pk",)
    fields = ("question", "stance", "certainty", "answer", "inferred", "as_of", "credibility", "copied_from", "note")
    autocomplete_fields = ("question", "copied_from")

    def get_changelist(self, request: HttpRequest, **_keywords: Any) -> type[ClaimList]:
        """The list that reads by key."""
        return ClaimList

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A claim is recorded with its attribution."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Whoever may record is offered to."""
        context = {"may_record": may(request.user, Capability.RECORD), **(extra_context or {})}
        return super().changelist_view(request, context)
