"""The forms in which an attribution is recorded: who said it through whom, the quote, and one line for each claim."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.base import PartStack, PartTable
from claims.admin.fields import ANSWER_HELP, NamesField
from claims.admin.forms import PartForm, RecordForm
from claims.domain.vocabulary import AnswerKind
from claims.models import Agent, Attribution, Claim, Passage, Relay, Snapshot
from claims.models.fields import refuse_unstorable
from claims.models.labels import choices
from claims.services.recording import NewRelay
from claims.services.typed_recording import Typed, TypedClaim, TypedPassage, TypedQuestion

EMPTY_LINES = 2
MORE_LINES = 3


def line_of_text(**keywords: Any) -> forms.CharField:
    """A field for a line of text that is not a field of the record."""
    widget = forms.TextInput(attrs={"class": "vTextField", "dir": "auto", **keywords.pop("attrs", {})})
    return forms.CharField(**{"required": False, "widget": widget, "validators": [refuse_unstorable], **keywords})


class AttributionForm(RecordForm):
    """An attribution: the chain typed as one line or picked, and a quote from the source's text."""

    chain = line_of_text(
        label=gettext_lazy("Chain"),
        help_text=gettext_lazy(
            "The speaker, then who passed it on: negotiator (opposition) > Sham Network. A side in brackets makes an "
            "unnamed speaker of this source. Or pick the speaker and the relays below."
        ),
    )
    quote = forms.CharField(
        label=gettext_lazy("Quote"),
        required=False,
        validators=[refuse_unstorable],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "class": "vLargeTextField"}),
        help_text=gettext_lazy("The exact words in the source's text, copied from it."),
    )
    words_before = line_of_text(label=gettext_lazy("Words before it"))
    words_after = line_of_text(label=gettext_lazy("Words after it"))
    start = forms.IntegerField(
        label=gettext_lazy("Position in the text"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("In characters, where the words stand more than once."),
    )
    snapshot = forms.ModelChoiceField(
        Snapshot.objects.all(),
        required=False,
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("The newest text of the source where none is chosen."),
        widget=AutocompleteSelect(Passage._meta.get_field("snapshot"), admin.site),
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if "speaker" in self.fields:
            self.fields["speaker"].required = False
        if self.instance.pk and "chain" in self.fields:
            self.fields["chain"].help_text = _("Typed again, it replaces the speaker and the relays.")

    def clean(self) -> dict[str, Any]:
        """Either the chain is typed or the speaker is picked."""
        cleaned: dict[str, Any] = super().clean() or {}
        typed, picked = cleaned.get("chain", "").strip(), cleaned.get("speaker")
        if typed and picked and "speaker" in self.changed_data:
            self.add_error("chain", _("Type the chain or pick the speaker, not both. Clear one of them."))
        if not typed and not picked and "speaker" not in self.errors:
            self.add_error("chain", _("Say who speaks: type the chain, or pick the speaker."))
        if not cleaned.get("quote") and any(cleaned.get(name) for name in ("words_before", "words_after")):
            self.add_error("quote", _("Write the words themselves, not only those around them."))
        return cleaned

    def typed_passage(self) -> TypedPassage | None:
        """The quote, where there is one."""
        typed = self.cleaned_data
        if not typed["quote"]:
            return None
        return TypedPassage(
            exact=typed["quote"].replace("\r\n", "\n"),
            prefix=typed["words_before"],
            suffix=typed["words_after"],
            start=typed["start"],
            snapshot=typed["snapshot"],
        )


class RelayForm(PartForm):
    """One hop of the chain."""

    agent: forms.ModelChoiceField[Agent]

    class Meta:
        model = Relay
        fields = ("agent", "cue")


class Relays(PartTable):
    """The chain as picked: the relay nearest to the speaker first."""

    model = Relay
    form = RelayForm
    autocomplete_fields = ("agent",)
    classes = ("collapse",)
    verbose_name_plural = gettext_lazy("Relays, the one nearest to the speaker first")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Relay]:
        """The present hops in order."""
        return super().get_queryset(request).filter(withdrawn=False).select_related("agent").order_by("position")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is on record can be withdrawn."""
        given = ["agent", "cue"] if obj is None else ["agent", "cue", "withdrawn"]
        return [*given, "record_version"] if self.has_change_permission(request, obj) else given

    def get_extra(self, request: HttpRequest, obj: Any = None, **_keywords: Any) -> int:
        """Empty lines, so that it works without a script."""
        return 1


class Passages(PartTable):
    """The passages on record; a new one is typed as the quote."""

    model = Passage
    fields = ("snapshot", "exact", "prefix", "suffix", "start", "end", "withdrawn")
    autocomplete_fields = ("snapshot",)
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Passage]:
        """In the order in which they were recorded."""
        return super().get_queryset(request).select_related("snapshot__source").order_by("pk")


class ClaimLineForm(PartForm):
    """One claim: its question looked up or typed in place, and what it answers."""

    statement = NamesField(label=gettext_lazy("Statement"), required=False)
    make_options = forms.BooleanField(
        label=gettext_lazy("Make new options"),
        required=False,
        help_text=gettext_lazy("Options that the question does not have yet are added to it."),
    )
    new_question = line_of_text(label=gettext_lazy("Or a new question"), max_length=500)
    new_topic = line_of_text(label=gettext_lazy("in the topic"), max_length=500)
    new_kind = forms.ChoiceField(
        label=gettext_lazy("with answers of the kind"), required=False, choices=choices(AnswerKind), initial="choice"
    )

    class Meta:
        model = Claim
        fields = ("question", "stance", "certainty", "answer", "inferred", "as_of")

    def clean(self) -> dict[str, Any]:
        """A question is looked up or typed, not both; a line says something."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("question") and cleaned.get("new_question"):
            self.add_error("new_question", _("Choose a question or type a new one, not both. Clear one of them."))
        if cleaned.get("new_topic") and not cleaned.get("new_question"):
            self.add_error("new_question", _("Type the question that belongs to this topic."))
        if not cleaned.get("answer", "").strip() and "answer" not in self.errors:
            self.add_error("answer", _("Write the answer that this claim gives."))
        return cleaned

    def typed_claim(self) -> TypedClaim:
        """The line as the service takes it."""
        typed = self.cleaned_data
        question = None
        if typed["new_question"]:
            question = TypedQuestion(
                text=typed["new_question"], topic=typed["new_topic"], kind=typed["new_kind"] or AnswerKind.CHOICE.value
            )
        return TypedClaim(
            claim=self.instance, wordings=typed["statement"], make_options=typed["make_options"], question=question
        )


class ClaimLines(PartStack):
    """Claims to be recorded, one line each; those on record are changed on their own pages."""

    model = Claim
    form = ClaimLineForm
    autocomplete_fields = ("question",)
    verbose_name = gettext_lazy("Claim")
    verbose_name_plural = gettext_lazy("Claims: one line for each")
    template = "admin/claims/attribution/lines.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("question", "new_question", "new_topic", "new_kind"),
                    ("stance", "certainty", "answer", "make_options"),
                    "statement",
                    ("as_of", "inferred"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """None: only new lines."""
        return super().get_queryset(request).none()

    def get_extra(self, request: HttpRequest, obj: Any = None, **_keywords: Any) -> int:
        """Empty lines, so that it works without a script."""
        return 0 if obj is not None and request.method == "GET" else EMPTY_LINES

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **keywords: Any) -> Any:
        """The answer on one line, with its notation."""
        if db_field.name == "answer":
            keywords["widget"] = forms.TextInput(attrs={"class": "vTextField", "dir": "auto"})
            keywords["help_text"] = ANSWER_HELP
        field = super().formfield_for_dbfield(db_field, request, **keywords)
        if db_field.name == "question" and field is not None:
            # A new question is typed in the line itself.
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field


def relays_typed(formset: BaseInlineFormSet[Any, Any, Any]) -> list[NewRelay]:
    """The chain that the formset asks for, in its order."""
    kept = [form for form in formset.forms if not form.cleaned_data.get("withdrawn")]
    return [
        NewRelay(agent=form.cleaned_data["agent"], cue=form.cleaned_data["cue"])
        for form in kept
        if form.cleaned_data.get("agent")
    ]


def typed_in(form: Any, formsets: dict[type[Any], Any]) -> Typed:
    """All that was typed, as the service takes it. `formsets` are by the record that they are of."""
    relays = formsets.get(Relay)
    passages = formsets.get(Passage)
    lines = formsets.get(Claim)
    attribution: Attribution = form.instance
    return Typed(
        attribution=attribution,
        chain=form.cleaned_data["chain"],
        relays=relays_typed(relays) if relays is not None else None,
        passage=form.typed_passage(),
        passages=[each.instance for each in passages.forms if each.has_changed()] if passages is not None else [],
        claims=[each.typed_claim() for each in lines.forms if each.has_changed()] if lines is not None else [],
    )
