"""What can be done to a record besides editing its fields: a small form that asks the reason, and one service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from claims.admin.base import RecordAdmin, acting
from claims.admin.conflict_pages import act_page, seen_version
from claims.admin.forms import ActForm
from claims.admin.refusals import REFUSALS, add_refusal, by_field
from claims.models import Record, User
from claims.permissions import Capability, may
from claims.services.refusals import Stale
from claims.services.seen import require_version
from claims.services.transaction import change

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Perform = Callable[[Any, User, dict[str, Any]], str]


def always(_record: Any) -> bool:
    """Offered for every record."""
    return True


def open_to_all(_record: Any, _by: User) -> str:
    """Nobody who has the capability is refused."""
    return ""


@dataclass(frozen=True)
class Act:
    """Something to do: its address, its words, who may, what is asked, and the service that does it.

    `perform` takes the record, the user and what was typed, and returns what to tell them afterwards. `refused` says
    why it is not for this user, where that is so: the button is shown then, and cannot be pressed.
    """

    name: str
    title: StrPromise
    button: StrPromise
    capability: Capability
    form: type[ActForm]
    perform: Perform
    offered: Callable[[Any], bool] = always
    about: StrPromise | str = ""
    refused: Callable[[Any, User], str] = open_to_all


class RecordActs(RecordAdmin):
    """The admin of records to which something can be done."""

    acts: ClassVar[Sequence[Act]] = ()

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the acts, before Django's."""
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        views = [
            path(
                f"<path:object_id>/{act.name}/",
                self.admin_site.admin_view(self._view_of(act)),
                name=f"{label}_{act.name.replace('-', '_')}",
            )
            for act in self.acts
        ]
        return [*views, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *arguments: Any, **keywords: Any) -> Any:
        """Besides, the acts that are open to the user."""
        record = context.get("original")
        if record is not None:
            context["acts"] = list(self.offered(request, record))
        return super().render_change_form(request, context, *arguments, **keywords)

    def offered(self, request: HttpRequest, record: Record) -> Iterator[dict[str, Any]]:
        """The acts that the user may do to the record: title and address."""
        label = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        for act in self.acts:
            if may(request.user, act.capability) and act.offered(record):
                url = reverse(f"{label}_{act.name.replace('-', '_')}", args=[record.pk])
                why_not = act.refused(record, acting(request))
                yield {"title": act.title, "url": url, "name": act.name, "why_not": why_not}

    def act_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """What is shown beside the form."""
        return {}

    def _view_of(self, act: Act) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            record = self.get_object(request, unquote(object_id))
            if not self.has_view_permission(request, record) or not may(request.user, act.capability):
                raise PermissionDenied
            if record is None:
                raise Http404
            return self._act(request, record, act)

        return view

    def _act(self, request: HttpRequest, record: Any, act: Act) -> HttpResponse:
        change_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        posted = request.method == "POST"
        initial = {**request.GET.dict(), "record_version": record.version}
        form = act.form(request.POST if posted else None, request.FILES if posted else None, initial=initial)
        form.about(record)
        seen = seen_version(form) if posted else None
        if seen and seen != record.version:
            return self._conflict(request, record, act, form)
        if posted and form.is_valid():
            try:
                told = self._performed(record, act, acting(request), form.cleaned_data)
            except Stale:
                return self._conflict(request, record, act, form)
            except REFUSALS as error:
                add_refusal(form, ValidationError(by_field(error)))
            else:
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(change_url)
        return self._act_page(request, record, act, form)

    @staticmethod
    def _performed(record: Any, act: Act, by: User, typed: dict[str, Any]) -> str:
        """Do it to the version that was seen, and to no other; what to tell afterwards."""
        with change(by=by, reason=typed["change_reason"]) as this:
            require_version(this, record, typed["record_version"] or 0)
            return act.perform(record, by, typed)

    def _conflict(self, request: HttpRequest, record: Any, act: Act, form: ActForm) -> HttpResponse:
        """What somebody else changed meanwhile, and whether to do it still."""
        record = self.get_object(request, str(record.pk))
        doing, button = str(act.title), str(act.button)
        return act_page(self, request, record, form, doing=doing, button=button, can=act.offered(record))

    def _act_page(self, request: HttpRequest, record: Any, act: Act, form: ActForm) -> HttpResponse:
        change_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            **self.act_context(request, record),
            "title": act.title,
            "subtitle": str(record),
            "act": act,
            "form": form,
            "original": record,
            "opts": self.opts,
            "change_url": change_url,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/act.html", context)
