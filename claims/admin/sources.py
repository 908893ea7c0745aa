"""The admin of sources and of their texts."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import RecordAdmin
from claims.models import Snapshot, Source


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """Sources; their texts are attached in a form of its own."""

    list_display = ("title", "publisher", "published_on", "medium", "language", "reliability")
    list_select_related = ("publisher",)
    list_filter = ("medium", "withdrawn")
    search_fields = ("title", "url")
    ordering = ("-pk",)
    fields = (
        "title",
        "translations",
        "url",
        "publisher",
        "medium",
        "published_on",
        "language",
        "reliability",
        "note",
    )
    autocomplete_fields = ("publisher",)


@admin.register(Snapshot)
class SnapshotAdmin(RecordAdmin):
    """Texts as captured: they are attached to their source, and never changed."""

    list_display = ("source", "captured_on", "captured_at", "length", "encoding")
    list_select_related = ("source",)
    search_fields = ("source__title", "sha256")
    ordering = ("-pk",)
