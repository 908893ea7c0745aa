"""Lists of rows that no screen writes: sealed ones, and those that are worked out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from claims.admin.base import Fitted
from claims.admin.paging import CappedPaginator
from claims.permissions import NeverDeleted
from claims.queries.changes import PAGE


class NeverWritten(Fitted, admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that nobody writes through a screen; `never_deleted` is what whoever tries to delete one is told."""

    never_deleted: ClassVar[Any] = _("The journal is only added to: nothing in it is changed or deleted.")
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = PAGE
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: these rows are written with what they tell of."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: these rows stay as they were written."""
        return False

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Refused for everybody, whatever they post; who may read is told why."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        raise NeverDeleted(self.never_deleted)
