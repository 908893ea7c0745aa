"""The history of a record in the admin: in pages, two versions compared, and a version restored for a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from claims.admin.conflict_pages import act_page, seen_version
from claims.admin.forms import ActForm
from claims.admin.refusals import REFUSALS, add_refusal, by_field
from claims.models import Record, User
from claims.permissions import Capability, may
from claims.queries.asked_versions import BEFORE, FROM, TO, asked_moment, asked_versions, written_moment
from claims.queries.histories import Version, history_page, versions_at
from claims.queries.version_fields import changes_between, names_in
from claims.queries.versions import compared_numbers, read_version
from claims.services.refusals import Stale
from claims.services.restoring import is_restorable, restore, restored


class HistoryPages:
    """Closes the hole of the library's pages, whose form writes for anyone who may look (and asks no queryset).

    Its addresses show versions and take nothing that is posted. Restoring has an address of its own, for whoever may
    change the record: a change like any other, with a reason and through a service.
    """

    model: type[Record]

    def get_urls(self) -> list[URLPattern]:
        """The addresses of comparing and restoring, before Django's."""
        owner: Any = self
        name = f"{self.model._meta.app_label}_{self.model._meta.model_name}"
        parent: Any = super()
        wrap = owner.admin_site.admin_view
        return [
            path("<path:object_id>/compare/", wrap(self.compare_view), name=f"{name}_compare"),
            path("<path:object_id>/restore/<int:number>/", wrap(self.restore_view), name=f"{name}_restore"),
            *parent.get_urls(),
        ]

    # --- reading ------------------------------------------------------------------------------------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A page of the changes of the record, the newest first."""
        record = self._record(request, object_id)
        before = asked_moment(request.GET)
        found = history_page(self.model, record.pk, before=before)
        older = urlencode({BEFORE: written_moment(found.older)}) if found.older else ""
        context = {
            "versions": [self._linked(request, record, each) for each in found.versions],
            "compare_url": self._url("compare", record) if record.version > 1 else "",
            "first_url": request.path if before else "",
            "next_url": f"{request.path}?{older}" if older else "",
        }
        return self._shown(request, record, _("History"), {**context, **(extra_context or {})})

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The one change of the version; nothing can be posted to it."""
        record = self._record(request, object_id)
        row = self.model.history.filter(id=record.pk, history_id=version_id).first() if version_id.isdecimal() else None
        if row is None:
            raise Http404
        told = versions_at(self.model, record.pk, row.history_date)
        versions = [self._linked(request, record, each) for each in told]
        return self._shown(request, record, _("History"), {"versions": versions, **(extra_context or {})})

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What differs between two versions; without a choice, what the last change made of the record."""
        record = self._record(request, object_id)
        comparison = compared_numbers(record, *asked_versions(request.GET, record.version))
        if comparison is None:
            raise Http404(_("This record has no such version."))
        context = {"comparison": comparison, "newest": record.version, "compare_url": request.path}
        template = "admin/history_compare.html"
        return self._shown(request, record, _("Two versions compared"), context, template)

    # --- restoring ----------------------------------------------------------------------------------------------------

    def may_restore(self, request: HttpRequest, record: Record | None) -> bool:
        """Whether the user may bring back versions of this record: whoever may change it, and read its history."""
        owner: Any = self
        allowed = owner.has_change_permission(request, record) and may(request.user, Capability.READ_HISTORY)
        return is_restorable(self.model) and may(request.user, Capability.REVISE) and allowed

    def restore_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """What restoring the version would change, and the form that asks why."""
        owner: Any = self
        record: Record | None = owner.get_object(request, unquote(object_id))
        if not self.may_restore(request, record):
            raise PermissionDenied
        version = read_version(self.model, record.pk, number) if record is not None else None
        if record is None or version is None:
            raise Http404(_("This record has no such version."))
        posted = request.method == "POST"
        form = ActForm(request.POST if posted else None, initial={"record_version": record.version})
        if posted:
            answer = self._restored(request, record, number, form)
            if answer is not None:
                return answer
        wanted = restored(record, number)
        key = (self.model, record.pk)
        names = names_in([(key, record), (key, wanted)])
        context = {
            "version": version,
            "number": number,
            "changes": changes_between(self.model, [key], {key: record}, {key: wanted}, names),
            "form": form,
        }
        return self._shown(request, record, _("Restore a version"), context, "admin/restore.html")

    def _restored(self, request: HttpRequest, record: Record, number: int, form: ActForm) -> HttpResponse | None:
        """The answer where it is restored or was changed meanwhile; None where the form has to be shown again."""
        owner: Any = self
        seen = seen_version(form)
        try:
            if seen and seen != record.version:
                raise Stale(record)
            if not form.is_valid():
                return None
            assert isinstance(request.user, User)  # noqa: S101 - for the type checker
            reason = form.cleaned_data["change_reason"]
            restore(record=record, number=number, seen=seen, by=request.user, reason=reason)
        except Stale:
            now = owner.get_object(request, str(record.pk))
            doing = _("Restore version %(number)d") % {"number": number}
            return act_page(owner, request, now, form, doing=doing, button=doing, can=True)
        except REFUSALS as error:
            add_refusal(form, ValidationError(by_field(error)))
            return None
        told = _("Version %(number)d is restored, as a new version.") % {"number": number}
        owner.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(self._url("change", record))

    # --- shared -------------------------------------------------------------------------------------------------------

    def _record(self, request: HttpRequest, object_id: str) -> Record:
        """The record, where the user may see it and read its history."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        admin: Any = self
        record: Record | None = admin.get_object(request, unquote(object_id))
        if not admin.has_view_permission(request, record) or not may(request.user, Capability.READ_HISTORY):
            raise PermissionDenied
        if record is None:
            raise Http404
        return record

    def _linked(self, request: HttpRequest, record: Record, version: Version) -> Version:
        """The version with what can be done with it."""
        if version.number >= record.version:
            return version
        query = urlencode({FROM: version.number, TO: record.version})
        links = [(f"{self._url('compare', record)}?{query}", _("Compare with now"))]
        if self.may_restore(request, record):
            links.append((self._url("restore", record, version.number), _("Restore this version")))
        return replace(version, links=tuple(links))

    def _url(self, view: str, record: Record, *further: int) -> str:
        name = f"{self.model._meta.app_label}_{self.model._meta.model_name}"
        return reverse(f"admin:{name}_{view}", args=[record.pk, *further])

    def _shown(
        self,
        request: HttpRequest,
        record: Record,
        title: str,
        context: dict[str, Any],
        template: str = "admin/history.html",
    ) -> HttpResponse:
        admin: Any = self
        request.current_app = admin.admin_site.name
        shared = {
            **admin.admin_site.each_context(request),
            "title": title,
            "subtitle": str(record),
            "object": record,
            "original": record,
            "opts": self.model._meta,
            "history_url": self._url("history", record),
            "change_url": self._url("change", record),
            "media": admin.media,
        }
        return TemplateResponse(request, template, {**shared, **context})
