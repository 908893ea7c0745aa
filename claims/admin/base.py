"""The admin of a record: every write goes through a service, asks for its reason, and shows what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import csrf_protect_m
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from claims.admin.conflict_pages import after_refusal, before_saving
from claims.admin.fields import NamesField, fitted, is_names
from claims.admin.forms import PartForm, RecordForm
from claims.admin.histories import HistoryPages
from claims.admin.merging import Choice
from claims.admin.paging import CappedPaginator
from claims.admin.refusals import MAIN, REFUSALS, NotKept, Outcome, Refusal, keep_outcome, outcome_of, placed
from claims.models import Record, User
from claims.permissions import NeverDeleted
from claims.queries.histories import Version, changes_since
from claims.queries.imports import came_with
from claims.queries.versions import version_row
from claims.services.editing import keep
from claims.services.recording import Part
from claims.services.refusals import Stale

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Formsets = Sequence[Any]


class Fitted(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """What records and their parts have in common: fields that fit what is typed, and no deletion."""

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **keywords: Any) -> Any:
        """The form field, in the direction of what is typed."""
        if is_names(db_field):
            keywords["form_class"] = NamesField
        form_field = super().formfield_for_dbfield(db_field, request, **keywords)
        return fitted(db_field, form_field) if isinstance(form_field, Field) else form_field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: records are withdrawn, and kept."""
        return False


class PartInline(Fitted, admin.options.InlineModelAdmin):  # type: ignore[type-arg]
    """Parts of a record, written with it."""

    form = PartForm
    extra = 0
    can_delete = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **keywords: Any) -> Any:
        """The formset class, whose forms show what was refused in this request."""
        formset = super().get_formset(request, obj, **keywords)
        formset.form.outcome = outcome_of(request)  # type: ignore[attr-defined]
        return formset

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, with the version where they can be changed."""
        given = [*super().get_fields(request, obj)]
        hidden = "record_version"
        if not self.has_change_permission(request, obj):
            return [name for name in given if name != hidden]
        return given if hidden in given else [*given, hidden]


class PartTable(PartInline, admin.TabularInline):  # type: ignore[type-arg]
    """Parts as the rows of a table."""


class PartStack(PartInline, admin.StackedInline):  # type: ignore[type-arg]
    """Parts below one another."""


class ThroughServices(Fitted, admin.ModelAdmin):  # type: ignore[type-arg]
    """The admin of rows that a service writes.

    A posted form is collected whole and given to one service (`write`). What the service refuses is placed on the
    fields of the form, which is shown once more as it was typed. Lists count no more than they show.
    """

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    never_deleted: StrPromise | str = _(
        "Nothing is deleted. Withdraw the record instead: it is kept with its history, and counts no more."
    )
    # Kinds of parts, and fields, that are merged as one choice: see `merged_choices`.
    merged_whole: ClassVar[tuple[type[Record], ...]] = ()
    merged_names: ClassVar[frozenset[str]] = frozenset()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **keywords: Any) -> Any:
        """The form class, which shows what was refused in this request."""
        form: Any = super().get_form(request, obj, change, **keywords)
        form.outcome = outcome_of(request)
        return form

    def _writable(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    # --- writing ------------------------------------------------------------------------------------------------------

    @csrf_protect_m  # type: ignore[untyped-decorator]
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Django's, without its transaction: services open their own.

        A form that is stale is answered with what each side made of it, before anything else is said of it.
        """
        if request.method == "POST" and object_id is not None and outcome_of(request).settled:
            page = before_saving(self, request, unquote(object_id))
            if page is not None:
                return page
        djangos: Any = self
        try:
            return djangos._changeform_view(request, object_id, form_url, extra_context)
        except NotKept as refusal:
            page = self.conflict_page(request, object_id) if refusal.outcome.stale else None
            if page is not None:
                return page
            keep_outcome(request, refusal.outcome)
            told = {"told": refusal.outcome.told, **(extra_context or {})}
            return djangos._changeform_view(request, object_id, form_url, told)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: the record is written together with its parts."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Formsets, change: bool) -> None:
        """Write the record and its parts by one service, or show the form again."""
        for formset in formsets:
            formset.save(commit=False)
        try:
            self.write(request, form, formsets)
        except REFUSALS as error:
            raise NotKept(self.outcome(error, form, formsets)) from error

    def outcome(self, error: Refusal, form: Any, formsets: Formsets) -> Outcome:
        """What came of it where a service refused."""
        return Outcome(self.placed(error, form, formsets), stale=isinstance(error, Stale))

    # --- two who change the same --------------------------------------------------------------------------------------

    def conflict_page(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """What each side made of it, where it turned out while saving that somebody else changed it."""
        return after_refusal(self, request, unquote(object_id)) if object_id is not None else None

    def version_row(self, record: Any, number: int) -> Any:
        """The version that a form was opened on, for the form's `of_version`; None where it is not known."""
        return version_row(type(record), record.pk, number)

    def changes_since(self, record: Any, number: int) -> list[Version]:
        """Who changed it after that version, when and why, the newest first."""
        return changes_since(type(record), record.pk, number)

    def merged_choices(self, request: HttpRequest, record: Any, row: Any) -> list[Choice]:
        """Further choices, of what is not one field; `row` is the version that the form was opened on, if known."""
        return []

    def write(self, request: HttpRequest, form: Any, formsets: Formsets) -> None:
        """Give what was typed to the service."""
        raise NotImplementedError

    def placed(self, error: Refusal, form: Any, formsets: Formsets) -> Any:
        """The errors of a refusal by form prefix."""
        forms = list(typed(form, formsets))

        def prefix_of(record: Record | User) -> str:
            found = (each.prefix or MAIN for each in forms if each.instance is record)
            return next(found, MAIN)

        return placed(error, prefix_of=prefix_of, places=self.places(forms))

    def places(self, forms: Sequence[Any]) -> Callable[[Part], tuple[str, dict[str, str]]]:
        """Which form each part of a refused recording was typed in, and what its fields are called there."""
        return lambda part: (forms[part[2]].prefix or MAIN, {})

    # --- what Django writes beside ------------------------------------------------------------------------------------

    def construct_change_message(self, *_arguments: Any, **_keywords: Any) -> list[Any]:
        """None: the history of the record says what was changed."""
        return []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the history is the record."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the history is the record."""

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Refused for everybody, whatever they post; who may look is told what to do instead."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        raise NeverDeleted(self.never_deleted)


class RecordAdmin(HistoryPages, ThroughServices, SimpleHistoryAdmin):  # type: ignore[misc]
    """The admin of one kind of record: every change has a reason, and is in the record's history."""

    form = RecordForm
    # The fields that say why and on what version, at the foot of every form.
    why: ClassVar[tuple[str, ...]] = ("change_reason", "record_version")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, and last the reason, for whoever may write."""
        fieldsets = [*super().get_fieldsets(request, obj)]
        if not self._writable(request, obj):
            return fieldsets
        return [*fieldsets, (_("Why"), {"fields": self.why, "classes": ["why"]})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields named by the class; a record can be withdrawn once it is there."""
        given = [*(self.fields or ())]
        return [*given, "withdrawn"] if obj is not None else given

    def render_change_form(self, request: HttpRequest, context: Any, *arguments: Any, **keywords: Any) -> Any:
        """Besides, the import that the record came with, for whoever may see imports."""
        record = context.get("original")
        if record is not None and request.user.has_perm("claims.view_import"):
            context["came_with"] = came_with(record)
        return super().render_change_form(request, context, *arguments, **keywords)

    def write(self, request: HttpRequest, form: Any, formsets: Formsets) -> None:
        """Give what was typed to the service that keeps such records."""
        records = [each.instance for each in typed(form, formsets)]
        keep(records=records, by=acting(request), reason=reason_of(form))


def typed(form: Any, formsets: Formsets) -> Iterator[Any]:
    """The main form, then the forms of parts in which something was typed."""
    yield form
    for formset in formsets:
        yield from (each for each in formset.forms if each.has_changed())


def acting(request: HttpRequest) -> User:
    """Who is signed in; the admin's addresses are for nobody else."""
    assert isinstance(request.user, User)  # noqa: S101 - for the type checker
    return request.user


def reason_of(form: Any) -> str:
    """The reason that was typed."""
    return str(form.cleaned_data["change_reason"])
