"""The admin of what was judged: findings, links, retractions, corrections, distinctions; read here, and withdrawn."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import Act, RecordActs
from claims.admin.forms import ActForm
from claims.models import ClaimLink, Correction, Distinction, Finding, Retraction, User
from claims.permissions import Capability
from claims.services.findings import withdraw_findings
from claims.services.judgements import undo_distinct
from claims.services.links import withdraw_links
from claims.services.notices import withdraw_notices


def standing(record: Any) -> bool:
    """Whether there is something to withdraw."""
    return not record.withdrawn


def withdrawal(capability: Capability, perform: Any) -> Act:
    """The act of withdrawing a judgement."""
    return Act(
        "withdraw",
        gettext_lazy("Withdraw"),
        gettext_lazy("Withdraw it"),
        capability,
        ActForm,
        perform,
        standing,
        gettext_lazy("The record is kept, marked as withdrawn, and counts no more."),
    )


def _withdraw_link(link: ClaimLink, by: User, typed: dict[str, Any]) -> str:
    withdraw_links(links=[link], by=by, reason=typed["change_reason"])
    return _("The link is withdrawn.")


def _withdraw_notice(notice: Retraction | Correction, by: User, typed: dict[str, Any]) -> str:
    withdraw_notices(notices=[notice], by=by, reason=typed["change_reason"])
    return _("The notice is withdrawn.")


def _withdraw_finding(finding: Finding, by: User, typed: dict[str, Any]) -> str:
    withdraw_findings(findings=[finding], by=by, reason=typed["change_reason"])
    return _("The finding is withdrawn.")


def _withdraw_distinction(distinction: Distinction, by: User, typed: dict[str, Any]) -> str:
    undo_distinct(distinctions=[distinction], by=by, reason=typed["change_reason"])
    return _("The distinction is withdrawn.")


class ReadOnly(RecordActs):
    """Records that are made and withdrawn by acts, never typed over."""

    ordering = ("-pk",)
    list_filter: ClassVar[tuple[str, ...]] = ("withdrawn",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by an act on the claim, question or agent."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Withdrawn by an act; nothing else changes."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All that is stated."""
        return [*(self.fields or ()), "withdrawn", "recorded_at"]


@admin.register(ClaimLink)
class ClaimLinkAdmin(ReadOnly):
    """Links between claims."""

    acts = (withdrawal(Capability.REVISE, _withdraw_link),)
    list_display = ("claim", "kind", "other", "withdrawn")
    list_select_related = ("claim", "other")
    fields = ("kind", "claim", "other")


class NoticeAdmin(ReadOnly):
    """Claims taken back."""

    acts = (withdrawal(Capability.REVISE, _withdraw_notice),)
    list_display = ("claim", "dated_on", "source", "withdrawn")
    list_select_related = ("claim", "source")
    fields = ("claim", "dated_on", "source", "snapshot", "exact", "prefix", "suffix", "start", "end", "note")


@admin.register(Retraction)
class RetractionAdmin(NoticeAdmin):
    """Retractions by speakers."""


@admin.register(Correction)
class CorrectionAdmin(NoticeAdmin):
    """Corrections by publishers."""


@admin.register(Distinction)
class DistinctionAdmin(ReadOnly):
    """Agents judged to be different."""

    acts = (withdrawal(Capability.JUDGE_AGENTS, _withdraw_distinction),)
    list_display = ("first", "second", "withdrawn")
    list_select_related = ("first", "second")
    fields = ("first", "second")


@admin.register(Finding)
class FindingAdmin(ReadOnly):
    """Settlements of questions."""

    acts = (withdrawal(Capability.SETTLE, _withdraw_finding),)
    list_display = ("question", "answer", "settled_on", "settled_by", "withdrawn")
    list_select_related = ("question", "settled_by")
    fields = ("question", "answer", "statement", "grounds", "settled_on", "settled_by")
