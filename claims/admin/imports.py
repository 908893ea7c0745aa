"""Imports in the admin: a small table file, previewed before it is written; what came in; and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.base import acting
from claims.admin.forms import ActForm
from claims.admin.import_previews import (
    MOST_SHOWN,
    ConfirmForm,
    Preview,
    UploadForm,
    packed_file,
    previewed,
    word_counts,
    written,
)
from claims.admin.never_written import NeverWritten
from claims.admin.refusals import REFUSALS, add_refusal, by_field
from claims.interchange.tables.rows import TableRefused
from claims.models import Import
from claims.permissions import Capability, may
from claims.queries.version_fields import shown_moment
from claims.services.importing import undo
from claims.templatetags.marks import isolated


@admin.register(Import)
class ImportAdmin(NeverWritten):
    """What was imported; a way in for a few thousand rows, and a way back."""

    list_display = ("when_column", "files_column", "who_column", "counts_column", "reason")
    list_display_links = ("when_column",)
    sortable_by = ()
    fields = ("when_column", "files_column", "who_column", "reason", "uid", "counts_column", "changes_column")
    readonly_fields = ("when_column", "files_column", "who_column", "counts_column", "changes_column")
    change_list_template = "admin/claims/import/change_list.html"
    change_form_template = "admin/claims/import/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The newest first, with what became of the rows."""
        imports = super().get_queryset(request).select_related("user").order_by("-pk")
        forwards = Q(batches__undoes=False)
        counted: QuerySet[Any] = imports.annotate(
            made=Sum("batches__new", filter=forwards), rewritten=Sum("batches__changed", filter=forwards)
        )
        return counted

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the way in and the way back, before Django's."""
        view = self.admin_site.admin_view
        return [
            path("upload/", view(self.upload_view), name="claims_import_upload"),
            path("<path:object_id>/undo/", view(self.undo_view), name="claims_import_undo"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the way in for those who may record."""
        may_record = may(request.user, Capability.RECORD)
        return super().changelist_view(request, {**(extra_context or {}), "may_import": may_record})

    def render_change_form(self, request: HttpRequest, context: Any, *arguments: Any, **keywords: Any) -> Any:
        """The page of one import, with the way back for those who may revise."""
        imported = context.get("original")
        undone = imported is not None and imported.batches.filter(undoes=True).exists()
        context |= {"undone": undone, "may_undo": may(request.user, Capability.REVISE) and not undone}
        return super().render_change_form(request, context, *arguments, **keywords)

    # --- the way in ---------------------------------------------------------------------------------------------------

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """A file, then what would become of it, then the import itself."""
        if not may(request.user, Capability.RECORD):
            raise PermissionDenied
        if request.method == "POST" and "packed" in request.POST:
            return self._confirmed(request)
        posted = request.method == "POST"
        form = UploadForm(request.POST if posted else None, request.FILES if posted else None)
        if posted and form.is_valid():
            packed = packed_file(*(form.cleaned_data[name] for name in ("file", "map", "format")))
            try:
                preview = previewed(packed, acting(request), form.cleaned_data["change_reason"])
            except (TableRefused, *REFUSALS) as refused:
                error = ValidationError(str(refused)) if isinstance(refused, TableRefused) else by_field(refused)
                add_refusal(form, error if isinstance(error, ValidationError) else ValidationError(error))
            else:
                return self._preview_page(request, packed, preview, form.cleaned_data["change_reason"])
        context = {"form": form, "title": _("Import claims")}
        return self._page(request, "admin/claims/import/upload.html", context)

    def _confirmed(self, request: HttpRequest) -> HttpResponse:
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return HttpResponseRedirect(reverse("admin:claims_import_upload"))
        given = form.cleaned_data
        try:
            preview, same = written(given, acting(request))
        except (TableRefused, signing.BadSignature, *REFUSALS):
            self.message_user(request, _("Nothing was imported. Choose the file again."), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:claims_import_upload"))
        if not same:
            told = _("What is on record has changed since, and so would what becomes of the file. Look at it again.")
            self.message_user(request, told, messages.WARNING)
        if not same or not preview.report.written:
            return self._preview_page(request, given["packed"], preview, given["change_reason"])
        self.message_user(request, word_counts(preview.report), messages.SUCCESS)
        if preview.report.suspected and may(request.user, Capability.JUDGE_AGENTS):
            self._lead_to_pairs(request, preview.report.suspected)
        return HttpResponseRedirect(reverse("admin:claims_import_changelist"))

    def _lead_to_pairs(self, request: HttpRequest, number: int) -> None:
        waiting = ngettext(
            "%(number)s suspected duplicate waits to be judged",
            "%(number)s suspected duplicates wait to be judged",
            number,
        )
        url = reverse("admin:claims_suspectedpair_judge")
        self.message_user(request, format_html('<a href="{}">{}</a>', url, waiting % {"number": number}), messages.INFO)

    def _preview_page(self, request: HttpRequest, packed: str, preview: Preview, reason: str) -> HttpResponse:
        report = preview.report
        form = ConfirmForm(initial={"packed": packed, "seen": preview.seen, "change_reason": reason})
        context = {
            "title": _("What would become of the file"),
            "form": form,
            "report": report,
            "counts": word_counts(report),
            "refused": preview.refused[:MOST_SHOWN],
            "shown_in_part": len(preview.refused) > MOST_SHOWN,
            "contested": report.contested[:MOST_SHOWN],
            "can": bool(report.new + report.changed),
            "most": MOST_SHOWN,
        }
        return self._page(request, "admin/claims/import/preview.html", context)

    # --- the way back -------------------------------------------------------------------------------------------------

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The reason, and then the import is taken back; what is left is told."""
        if not may(request.user, Capability.REVISE):
            raise PermissionDenied
        imported = self.get_object(request, unquote(object_id))
        if imported is None:
            raise Http404
        posted = request.method == "POST"
        form = ActForm(request.POST if posted else None)
        url = reverse("admin:claims_import_change", args=[imported.pk])
        if posted and form.is_valid():
            try:
                undone = undo(imported=imported, by=acting(request), reason=form.cleaned_data["change_reason"])
            except REFUSALS as error:
                add_refusal(form, ValidationError(by_field(error)))
            else:
                told = _("%(withdrawn)d records are withdrawn, %(restored)d are as they were before.")
                values = {"withdrawn": undone.withdrawn, "restored": undone.restored}
                self.message_user(request, told % values, messages.SUCCESS)
                for sentence in undone.left[:MOST_SHOWN]:
                    self.message_user(request, sentence, messages.WARNING)
                return HttpResponseRedirect(url)
        context = {"form": form, "title": _("Take the import back"), "original": imported, "change_url": url}
        return self._page(request, "admin/claims/import/undo.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        shared = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**shared, "opts": self.opts, **context})

    # --- columns ------------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("When"))
    def when_column(self, imported: Import) -> str:
        return shown_moment(imported.began_at)

    @admin.display(description=gettext_lazy("Files"))
    def files_column(self, imported: Import) -> SafeString:
        """The names, each with the SHA-256 of its bytes."""
        rows = ((isolated(file.get("name", "")), file.get("sha256", "")) for file in imported.files)
        return format_html_join("", '<p>{} <code class="quiet">{}</code></p>', rows)

    @admin.display(description=gettext_lazy("Who"))
    def who_column(self, imported: Import) -> SafeString:
        return isolated(imported.user.get_username() if imported.user else imported.command)

    @admin.display(description=gettext_lazy("Rows"))
    def counts_column(self, imported: Any) -> str:
        return _("%(new)d new, %(changed)d changed") % {"new": imported.made or 0, "changed": imported.rewritten or 0}

    @admin.display(description=gettext_lazy("Changes"))
    def changes_column(self, imported: Import) -> SafeString:
        """The changes that it consists of, with the way to each."""
        rows = (
            (reverse("change", args=[batch.change]), _("takes it back") if batch.undoes else batch.change)
            for batch in imported.batches.order_by("pk")[:MOST_SHOWN]
        )
        return format_html_join("", '<p><a href="{}">{}</a></p>', rows)
