"""The admin of topics, and of questions with their options and findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import Act, RecordActs
from claims.admin.base import Formsets, PartTable, RecordAdmin, acting, reason_of
from claims.admin.fields import ANSWER_HELP
from claims.admin.forms import ActForm, PartForm
from claims.admin.refusals import MAIN
from claims.admin.search import FoundByWords
from claims.domain.notation import WrittenChoice, write_choice
from claims.models import Option, OptionBroader, Question, Topic, User
from claims.models.fields import refuse_unstorable
from claims.permissions import Capability
from claims.services.findings import Settlement, settle
from claims.services.question_options import TypedOption, keep_question
from claims.services.recording import Part


@admin.register(Topic)
class TopicAdmin(FoundByWords, RecordAdmin):
    """Topics."""

    list_display = ("name", "withdrawn")
    ordering = ("-pk",)
    fields = ("name", "translations", "note")


class OptionForm(PartForm):
    """An option, with the options directly above it as a line of labels."""

    under = forms.CharField(
        label=gettext_lazy("Lies under"),
        required=False,
        validators=[refuse_unstorable],
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
        help_text=gettext_lazy("The broader option; several with | between them."),
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if self.instance.pk and "under" in self.fields:
            self.fields["under"].initial = self.beside(self.instance)["under"]

    @classmethod
    def beside(cls, instance: Any, moment: datetime | None = None) -> dict[str, Any]:
        """The labels of the options above."""
        if moment is None:
            labels = [link.broader.label for link in instance.broader_links.all() if not link.withdrawn]
        else:
            keys = instance.broader_links.values("pk")
            links = OptionBroader.history.filter(history_date__lte=moment).latest_of(keys)
            above = [link.broader_id for link in links if not link.withdrawn]
            labels = list(Option.objects.filter(pk__in=above).values_list("label", flat=True))
        return {"under": write_choice(WrittenChoice(tuple((label,) for label in sorted(labels))))}


class Options(PartTable):
    """The options of a choice question."""

    model = Option
    form = OptionForm
    fields = ("label", "under", "translations", "withdrawn")
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Option]:
        """In the order in which they were recorded, with what is above each."""
        above = OptionBroader.objects.current().select_related("broader")
        return super().get_queryset(request).prefetch_related(Prefetch("broader_links", above)).order_by("pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the line that is no field of the record, where nothing can be changed."""
        given = super().get_fields(request, obj)
        return given if self.has_change_permission(request, obj) else [name for name in given if name != "under"]


class SettleForm(ActForm):
    """How a question is settled, and on which grounds."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        validators=[refuse_unstorable],
        help_text=ANSWER_HELP,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )
    statement = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        validators=[refuse_unstorable],
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "vLargeTextField"}),
    )
    grounds = forms.CharField(
        label=gettext_lazy("Grounds"),
        validators=[refuse_unstorable],
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "class": "vLargeTextField"}),
    )


def _settle(question: Question, by: User, typed: dict[str, Any]) -> str:
    settlement = Settlement(
        question=question, answer=typed["answer"], statement=typed["statement"], grounds=typed["grounds"]
    )
    settle(settlements=[settlement], by=by, reason=typed["change_reason"])
    return _("The question is settled in your name. Its state stays what the claims make it.")


def present(question: Question) -> bool:
    """Whether the question can be settled."""
    return not question.withdrawn


@admin.register(Question)
class QuestionAdmin(FoundByWords, RecordActs):
    """Questions with their options."""

    acts = (
        Act(
            "settle",
            gettext_lazy("Settle by a finding"),
            gettext_lazy("Settle in my name"),
            Capability.SETTLE,
            SettleForm,
            _settle,
            present,
            gettext_lazy("A finding is yours, dated and with grounds. It stands beside the claims and changes none."),
        ),
    )
    inlines = (Options,)
    list_display = ("text", "topic", "kind", "several", "over_time", "withdrawn")
    list_select_related = ("topic",)
    list_filter = ("kind", "over_time", "withdrawn")
    ordering = ("-pk",)
    fields = (
        "topic",
        "text",
        "translations",
        ("kind", "several"),
        "unit",
        ("over_time", "window_hours"),
        ("tolerance", "rounding"),
        "aspect",
        "outcome_of",
        "event_on",
        "note",
    )
    autocomplete_fields = ("topic", "outcome_of")

    def write(self, request: HttpRequest, form: Any, formsets: Formsets) -> None:
        """Keep the question with its options."""
        options = [
            TypedOption(option=each.instance, under=each.cleaned_data["under"])
            for formset in formsets
            for each in formset.forms
            if each.has_changed()
        ]
        keep_question(question=form.instance, options=options, by=acting(request), reason=reason_of(form))

    def places(self, forms: Sequence[Any]) -> Callable[[Part], tuple[str, dict[str, str]]]:
        """The question is the first form, the options follow."""

        def place(part: Part) -> tuple[str, dict[str, str]]:
            return (MAIN, {}) if part[1] == "question" else (forms[1 + part[2]].prefix, {})

        return place
