"""Recording attributions: speaker, chain, date and quote once, then a line for each claim, and what it contradicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.attribution_forms import MORE_LINES, AttributionForm, ClaimLines, Passages, Relays, typed_in
from claims.admin.base import Formsets, RecordAdmin, acting, reason_of
from claims.admin.chains import chain_choice
from claims.admin.merging import Choice
from claims.admin.refusals import MAIN, REFUSALS, NotKept, Outcome, keep_outcome
from claims.admin.search import FoundByWords
from claims.domain.notation import write_path
from claims.models import Attribution, Claim, Passage, Relay
from claims.queries.bearings import bearings_of
from claims.queries.claim_rows import claim_rows
from claims.services.recording import Part
from claims.services.typed_recording import change_typed, record_typed, same_speaker

CHECK, MORE, SAME = "_check", "_more_lines", "_same_speaker"
LIKE = "like"
PASSAGE_FIELDS = {"exact": "quote", "prefix": "words_before", "suffix": "words_after"}
COPIED = ("source", "role", "side", "on_behalf_of", "document", "manner", "said_on")


@admin.register(Attribution)
class AttributionAdmin(FoundByWords, RecordAdmin):
    """Attributions, each recorded with its claims and found by their words: speaker, source, quote, statement."""

    form = AttributionForm
    inlines = (Relays, ClaimLines, Passages)
    merged_whole = (Relay,)
    merged_names = frozenset({"speaker", "chain"})
    list_display = ("speaker", "source", "side", "manner", "said_on", "withdrawn")
    list_select_related = ("speaker", "source", "side")
    list_filter = ("manner", "withdrawn")
    ordering = ("-pk",)
    autocomplete_fields = ("source", "speaker", "side", "on_behalf_of", "document")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What editors ask first comes first; the rest is folded away."""
        writable = self._writable(request, obj)
        withdrawn = () if obj is None else ("withdrawn",)
        if not writable:
            told = ("source", "speaker", "role", "side", "on_behalf_of", "document", "cue", "manner", "said_on", "note")
            return [(None, {"fields": told})]
        return [
            (None, {"fields": ("source", "chain", ("cue", "manner", "said_on"))}),
            (
                gettext_lazy("The exact words"),
                {"fields": ("quote", ("words_before", "words_after"), ("start", "snapshot"))},
            ),
            (
                gettext_lazy("Speaker picked from the list, role and side at the time, and more"),
                {
                    "fields": (("speaker", "role"), ("side", "on_behalf_of"), "document", "note", *withdrawn),
                    "classes": ("collapse",),
                },
            ),
            (gettext_lazy("Why"), {"fields": self.why, "classes": ["why"]}),
        ]

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Passages are there once the attribution is."""
        return self.inlines if obj is not None else (Relays, ClaimLines)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Of the same speaker: source, chain, side and date as in the attribution named in the address."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        like = self.get_object(request, request.GET.get(LIKE, "")) if request.GET.get(LIKE, "").isdecimal() else None
        if like is None:
            return initial
        speaker, relays = same_speaker(like)
        initial |= {name: getattr(like, f"{name}_id", None) or getattr(like, name) for name in COPIED}
        initial["chain"] = write_path([speaker.name, *(relay.agent.name for relay in relays)])
        return initial

    def render_change_form(self, request: HttpRequest, context: Any, *arguments: Any, **keywords: Any) -> Any:
        """Besides, the claims on record."""
        attribution = context.get("original")
        if attribution is not None:
            keys = Claim.objects.current().filter(attribution=attribution).order_by("line", "pk")
            context["rows"] = claim_rows(list(keys.values_list("pk", flat=True)))
            context["same_speaker_url"] = self._same_speaker_url(attribution)
        return super().render_change_form(request, context, *arguments, **keywords)

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *arguments: Any, **keywords: Any) -> Any:
        """Without a script, more lines come from a button."""
        if MORE in request.POST:
            request.POST = more_lines(request.POST)  # type: ignore[assignment]
            keep_outcome(request, Outcome(settled=False))
        return super().changeform_view(request, object_id, *arguments, **keywords)

    # --- what is written ----------------------------------------------------------------------------------------------

    def save_related(self, request: HttpRequest, form: Any, formsets: Formsets, change: bool) -> None:
        """Write, or look at what writing would mean and take it back."""
        if CHECK not in request.POST:
            super().save_related(request, form, formsets, change)
            return
        try:
            with transaction.atomic():
                super().save_related(request, form, formsets, change)
                told = told_of(request.written_claims)  # type: ignore[attr-defined]
                transaction.set_rollback(True)
        except REFUSALS as error:
            raise NotKept(self.outcome(error, form, formsets)) from error
        raise NotKept(Outcome(settled=False, told=told))

    def write(self, request: HttpRequest, form: Any, formsets: Formsets) -> None:
        """Record the attribution with its chain and claims."""
        typed = typed_in(form, {formset.model: formset for formset in formsets})
        write = record_typed if form.instance._state.adding else change_typed
        write(typed=typed, by=acting(request), reason=reason_of(form))
        request.written_claims = [claim.claim.pk for claim in typed.claims]  # type: ignore[attr-defined]

    def placed(self, error: Any, form: Any, formsets: Formsets) -> Any:
        """The errors by form: the parts of a recording are numbered as they were typed."""
        typed: dict[str, list[str]] = {}
        for formset in formsets:
            forms = [each for each in formset.forms if each.has_changed()]
            typed[{Relay: "relays", Passage: "passages"}.get(formset.model, "claims")] = [each.prefix for each in forms]
        form.places_typed = typed
        return super().placed(error, form, formsets)

    def places(self, forms: Sequence[Any]) -> Callable[[Part], tuple[str, dict[str, str]]]:
        """A claim belongs to its line, a new passage to the quote, and the chain to the attribution."""
        typed = forms[0].places_typed

        def place(part: Part) -> tuple[str, dict[str, str]]:
            _number, kind, position = part
            prefixes = typed.get(kind, [])
            if position < len(prefixes):
                return prefixes[position], {"quote": "exact"} if kind == "passages" else {}
            return MAIN, PASSAGE_FIELDS if kind == "passages" else {}

        return place

    def merged_choices(self, request: HttpRequest, record: Any, row: Any) -> list[Choice]:
        """Who spoke and who passed it on is one statement, and chosen as one."""
        choice = chain_choice(request.POST, record, row)
        return [choice] if choice is not None else []

    # --- what follows -------------------------------------------------------------------------------------------------

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Tell what the claims contradict."""
        return self._respond(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Tell what the new claims contradict."""
        return self._respond(request, obj) or super().response_change(request, obj)

    def _respond(self, request: HttpRequest, attribution: Attribution) -> HttpResponse | None:
        if "_popup" in request.POST:
            return None
        keys = request.written_claims  # type: ignore[attr-defined]
        self.message_user(request, saved_message(len(keys)), messages.SUCCESS)
        if keys:
            self.message_user(request, told_of(keys), messages.WARNING if contested(keys) else messages.INFO)
        if SAME in request.POST:
            return HttpResponseRedirect(self._same_speaker_url(attribution))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(reverse("admin:claims_attribution_add"))
        return HttpResponseRedirect(reverse("admin:claims_attribution_change", args=[attribution.pk]))

    @staticmethod
    def _same_speaker_url(attribution: Attribution) -> str:
        return f"{reverse('admin:claims_attribution_add')}?{LIKE}={attribution.pk}"


def told_of(keys: Sequence[int]) -> SafeString:
    """What these claims contradict, and who agrees, with links."""
    return SafeString(render_to_string("admin/claims/told.html", {"bearings": bearings_of(keys)}))


def contested(keys: Sequence[int]) -> bool:
    """Whether another claim excludes one of these."""
    return any(row.state.contested for row in claim_rows(keys))


def saved_message(number: int) -> SafeString:
    """That it is on record, with how many claims."""
    if not number:
        return format_html("{}", _("The attribution is saved."))
    sentence = ngettext("Recorded, with %(number)d claim.", "Recorded, with %(number)d claims.", number)
    return format_html("{}", sentence % {"number": number})


def more_lines(posted: QueryDict) -> QueryDict:
    """What was posted, with more empty lines for claims."""
    data = posted.copy()
    name = "claims-TOTAL_FORMS"
    lines = str(data.get(name, ""))
    if lines.isdecimal():
        data[name] = str(int(lines) + MORE_LINES)
    return data
