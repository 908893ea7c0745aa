"""The pages on which an editor goes on from a stale save: of a form, of a small form, of claims chosen in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.admin.conflicts import EDITING, Conflict, conflict_of, is_stale
from claims.admin.fields import ReasonField
from claims.admin.merging import OF_THE_FORM, words_of
from claims.admin.refusals import Outcome, keep_outcome
from claims.models import Record, User
from claims.queries.histories import Version, changes_since
from claims.queries.versions import Comparison, compared_numbers


def before_saving(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse | None:
    """The page of the conflict where the posted form is stale; None where it can be saved, what was chosen put in."""
    record = model_admin.get_object(request, object_id)
    if record is None or not model_admin.has_change_permission(request, record):
        return None
    if not is_stale(model_admin, request, record):
        return None
    conflict = conflict_of(model_admin, request, record)
    if not conflict.is_resolved:
        return form_page(model_admin, request, conflict)
    if EDITING in request.POST:
        keep_outcome(request, Outcome(settled=False))
    request.POST = conflict.merged()  # type: ignore[assignment]
    return None


def after_refusal(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse | None:
    """The page of the conflict that came up while saving; None where what is stale is not in the form."""
    record = model_admin.get_object(request, object_id)
    if record is None:
        return None
    conflict = conflict_of(model_admin, request, record)
    stale = any(section.opened != section.version for section in conflict.sections)
    return form_page(model_admin, request, conflict) if stale else None


def form_page(model_admin: Any, request: HttpRequest, conflict: Conflict) -> HttpResponse:
    """The sides of a form, and what to go on with."""
    context = {
        "title": _("Changed by somebody else meanwhile"),
        "conflict": conflict,
        "changes": conflict.changes,
        "open_choices": [each for section in conflict.sections for each in section.choices if each.is_open],
        "reason": conflict.posted.get("change_reason", ""),
    }
    return shown(model_admin, request, conflict.record, "admin/conflict.html", context)


@dataclass(frozen=True)
class TypedField:
    """What was typed into a field of a small form, in words."""

    label: str
    words: str


@dataclass(frozen=True)
class Changed:
    """A record that was changed after it was seen: who did, and what differs since, where that is known."""

    record: Record
    changes: Sequence[Version]
    comparison: Comparison | None


def changed_since(record: Record, seen: int) -> Changed:
    """What became of the record since the version that was seen."""
    model: type[Record] = type(record)
    changes = changes_since(model, record.pk, seen)
    return Changed(record, changes, compared_numbers(record, seen, record.version) if seen else None)


def act_page(
    model_admin: Any, request: HttpRequest, record: Record, form: forms.Form, *, doing: str, button: str, can: bool
) -> HttpResponse:
    """What was changed before something was done to the record, and whether to do it still.

    `can` says whether it can be done to the record as it is now. A file cannot be handed on by a page: it is chosen
    again.
    """
    files = [name for name, each in form.fields.items() if isinstance(each, forms.FileField) and name in request.FILES]
    context = {
        "title": _("Changed by somebody else meanwhile"),
        "doing": doing,
        "button": button,
        "can": can,
        "changed": changed_since(record, seen_version(form)),
        "typed": typed_fields(form),
        "files": [form[name] for name in files],
        "form": form,
        "carried": carried(request, {"change_reason", "record_version"}),
        "reason": request.POST.get("change_reason", ""),
    }
    return shown(model_admin, request, record, "admin/conflict_act.html", context)


def seen_version(form: forms.Form) -> int:
    """The version that a small form was opened on; 0 where none was posted."""
    try:
        return form.fields["record_version"].clean(form["record_version"].data) or 0
    except ValidationError:
        return 0


def typed_fields(form: forms.Form) -> list[TypedField]:
    """What was typed into a small form beside the reason."""
    fields = [bound for bound in form if bound.name not in OF_THE_FORM and not isinstance(bound.field, forms.FileField)]
    typed = [TypedField(capfirst(str(bound.label)), words_of(bound.field, bound.data)) for bound in fields]
    return [each for each in typed if each.words]


def carried(request: HttpRequest, apart: set[str]) -> list[tuple[str, str]]:
    """What was posted, to be posted again, but for what the page asks itself."""
    left = {*apart, "csrfmiddlewaretoken"}
    return [(name, value) for name, values in request.POST.lists() if name not in left for value in values]


def shown(
    model_admin: Any, request: HttpRequest, record: Record | User | None, template: str, context: dict[str, Any]
) -> HttpResponse:
    """A page of a conflict: 409, for nothing was saved (RFC 9110, 15.5.10)."""
    request.current_app = model_admin.admin_site.name
    opts = model_admin.opts
    address = f"{model_admin.admin_site.name}:{opts.app_label}_{opts.model_name}"
    given = {
        **model_admin.admin_site.each_context(request),
        "opts": opts,
        "original": record,
        "subtitle": str(record) if record is not None else "",
        "change_url": reverse(f"{address}_change", args=[record.pk]) if record is not None else "",
        "reason_field": ReasonField(),
        "media": model_admin.media,
    }
    return TemplateResponse(request, template, {**given, **context}, status=HTTPStatus.CONFLICT)
