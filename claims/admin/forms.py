"""The forms of records: each carries the version that was opened, and shows on its fields what a service refused."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import CheckConstraint, Model, Q, UniqueConstraint
from django.forms.utils import ErrorDict

from claims.admin.fields import NamesField, ReasonField, languages_of
from claims.admin.refusals import MAIN, Outcome, add_refusal


class Judged(forms.BaseForm):
    """A form that shows what came of posting it before; `outcome` is set on the class that a request makes."""

    outcome: ClassVar[Outcome] = Outcome()

    def full_clean(self) -> None:
        """Besides, add what a service refused, or leave the form unjudged where it is only shown again."""
        super().full_clean()
        refused = self.outcome.refused.get(self.prefix or MAIN)
        if not self.outcome.settled:
            self._errors = ErrorDict()
        elif self.is_bound and refused is not None:
            add_refusal(self, refused)

    def is_valid(self) -> bool:
        """Whether it can be saved: one that is only shown again cannot."""
        return self.outcome.settled and super().is_valid()


class PartForm(Judged, forms.ModelForm):  # type: ignore[type-arg]
    """A record or part of one. What was changed since the form was opened is found out by its version."""

    record_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        # The page goes on to show the record as it is, whatever is typed.
        super().__init__(*arguments, **{**keywords, "instance": copy(keywords.get("instance"))})
        if self.instance.pk:
            self.fields["record_version"].initial = self.instance.version
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = Decimal(f"{value.normalize():f}")
        names = self.fields.get("translations")
        if isinstance(names, NamesField):
            extended = NamesField(
                languages_of(self.instance.translations), label=names.label, help_text=names.help_text, required=False
            )
            self.fields["translations"] = extended

    @classmethod
    def of_version(cls, row: Any, **keywords: Any) -> Self:
        """The form as it was opened on that version, a row of history."""
        instance = row.instance
        return cls(instance=instance, initial=cls.beside(instance, row.history_date), **keywords)

    @classmethod
    def beside(cls, instance: Any, moment: datetime | None = None) -> dict[str, Any]:
        """What the fields show that are not the record's own: as it is, or as it was at that moment."""
        return {}

    def full_clean(self) -> None:
        """Besides, say on a field what a constraint says of it."""
        super().full_clean()
        whole = [str(each) for each in self.non_field_errors()] if self.is_bound else []
        told = {sentence: name for sentence, name in constrained(self._meta.model) if name in self.fields}
        moved = [sentence for sentence in whole if sentence in told]
        if moved:
            del self._errors[NON_FIELD_ERRORS]
            for sentence in whole:
                if sentence not in told:
                    self.add_error(None, sentence)
            for sentence in moved:
                self.add_error(told[sentence], sentence)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's, unknown to its stubs
        if self.instance.pk:
            # Saving compares it with the database's, and refuses where they differ.
            self.instance.version = self.cleaned_data.get("record_version") or 0


class RecordForm(PartForm):
    """A whole record, changed for a reason."""

    change_reason = ReasonField()


class ActForm(forms.Form):
    """What is asked before something is done to a record: at least the reason, which comes last."""

    record_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    change_reason = ReasonField()

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.order_fields([*(name for name in self.fields if name != "change_reason"), "change_reason"])

    def about(self, record: Any) -> None:
        """Fit the form to the record; called before anything is read from it."""


def constrained(model: type[Model]) -> Iterator[tuple[str, str]]:
    """What each constraint of the model says when it is broken, with the field that it is best said on."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            plain = [name for name in constraint.fields if not model._meta.get_field(name).is_relation]
            yield str(constraint.get_violation_error_message()), (plain or list(constraint.fields))[-1]
        elif isinstance(constraint, CheckConstraint) and (named := list(_named(constraint.condition))):
            yield str(constraint.get_violation_error_message()), named[0]


def _named(condition: Any) -> Iterator[str]:
    """The fields that a condition speaks of."""
    for child in getattr(condition, "children", ()):
        if isinstance(child, Q):
            yield from _named(child)
        elif isinstance(child, tuple):
            yield child[0].split("__")[0]
