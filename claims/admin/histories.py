"""The history of a record in the admin: read as before and after, by whoever may read it, and never written here."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from claims.models import Record
from claims.permissions import Capability, may
from claims.queries.histories import Version, versions_of


class HistoryPages:
    """Closes the hole of the library's pages, whose form writes for anyone who may look (and asks no queryset).

    A version is shown, not put back: restoring is a change like any other, with a reason and through a service.
    """

    model: type[Record]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """All changes of the record, the newest first."""
        record = self._record(request, object_id)
        return self._shown(request, record, versions_of(self.model, record.pk), extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The one change of the version; nothing can be posted to it."""
        record = self._record(request, object_id)
        row = self.model.history.filter(id=record.pk, history_id=version_id).first() if version_id.isdecimal() else None
        if row is None:
            raise Http404
        told = [version for version in versions_of(self.model, record.pk) if version.moment == row.history_date]
        return self._shown(request, record, told, extra_context)

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

    def _shown(self, request: HttpRequest, record: Record, versions: list[Version], extra_context: Any) -> HttpResponse:
        admin: Any = self
        request.current_app = admin.admin_site.name
        context = {
            **admin.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(record),
            "object": record,
            "original": record,
            "opts": self.model._meta,
            "versions": versions,
            "media": admin.media,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)
