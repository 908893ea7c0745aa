"""The admin of claims: the list at a glance, and a claim's page with what it means for others beside its form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from claims.admin.acts import RecordActs
from claims.admin.base import Formsets, PartTable, acting, reason_of, typed
from claims.admin.claim_acts import ACTS
from claims.admin.claim_list import COLUMNS, ClaimColumns, ClaimList
from claims.admin.fields import ANSWER_HELP
from claims.admin.forms import RecordForm
from claims.admin.review import ReviewPages
from claims.admin.search import FoundByWords
from claims.admin.surroundings import surroundings_of
from claims.models import Claim, ClaimWording
from claims.permissions import Capability, may
from claims.queries.called import name_of
from claims.queries.claim_rows import claim_rows
from claims.services.editing import keep
from claims.wording import shortened

MOST_OF_A_NAME = 120


class ClaimForm(RecordForm):
    """A claim; new options are made where that is ticked."""

    make_options = forms.BooleanField(
        label=_("Make new options"),
        required=False,
        help_text=_("Options that the question does not have yet are added to it."),
    )


class Wordings(PartTable):
    """The claim in the editor's words, by language."""

    model = ClaimWording
    fields = ("language", "text", "withdrawn")
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimWording]:
        """In the order in which they were recorded."""
        return super().get_queryset(request).order_by("pk")


@admin.register(Claim)
class ClaimAdmin(FoundByWords, ClaimColumns, ReviewPages, RecordActs):
    """Claims are recorded with their attribution, and changed here."""

    form = ClaimForm
    acts = ACTS
    actions = ("check_chosen", "discard_chosen")
    inlines = (Wordings,)
    list_display = COLUMNS
    list_display_links = None
    sortable_by = ()
    ordering = ("-pk",)
    fields = (
        "question",
        ("stance", "certainty"),
        "answer",
        "make_options",
        "inferred",
        "as_of",
        "credibility",
        "copied_from",
        "note",
    )
    autocomplete_fields = ("question", "copied_from")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the tick that is no field of the record, where nothing can be changed."""
        given = super().get_fields(request, obj)
        return given if self._writable(request, obj) else [name for name in given if name != "make_options"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **keywords: Any) -> Any:
        """The answer on one line, with its notation."""
        if db_field.name == "answer":
            keywords["widget"] = forms.TextInput(attrs={"class": "vTextField", "dir": "auto"})
            keywords["help_text"] = ANSWER_HELP
        return super().formfield_for_dbfield(db_field, request, **keywords)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Claim | None:
        """The claim, which its pages call by its statement, or its question and answer."""
        claim: Claim | None = super().get_object(request, object_id, from_field)
        return _named(claim) if claim is not None else None

    def response_change(self, request: HttpRequest, obj: Claim) -> HttpResponse:
        """What was changed is called as it is now."""
        return super().response_change(request, _named(obj))

    def get_changelist(self, request: HttpRequest, **_keywords: Any) -> type[ClaimList]:
        """The list that reads by key."""
        return ClaimList

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A claim is recorded with its attribution."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Whoever may record or review is offered to."""
        offered = {
            "may_record": may(request.user, Capability.RECORD),
            "may_review": may(request.user, Capability.REVIEW),
            "may_export": may(request.user, Capability.EXPORT),
        }
        return super().changelist_view(request, {**offered, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, *arguments: Any, **keywords: Any) -> Any:
        """Besides, what the claim means for others."""
        claim = context.get("original")
        context.update(surroundings_of(claim) if claim is not None else {})
        return super().render_change_form(request, context, *arguments, **keywords)

    def act_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """The claim in short."""
        return {"rows": claim_rows([record.pk])}

    def write(self, request: HttpRequest, form: Any, formsets: Formsets) -> None:
        """Keep the claim with its wordings, options made where that is ticked."""
        records = [each.instance for each in typed(form, formsets)]
        make = bool(form.cleaned_data["make_options"])
        keep(records=records, by=acting(request), reason=reason_of(form), make_options=make)


def _named(claim: Claim) -> Claim:
    claim.shown_as = shortened(name_of(claim), MOST_OF_A_NAME)
    return claim
