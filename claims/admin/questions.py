"""The admin of topics, and of questions with their options."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import RecordAdmin
from claims.models import Question, Topic


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    """Topics."""

    list_display = ("name", "withdrawn")
    search_fields = ("name",)
    ordering = ("-pk",)
    fields = ("name", "translations", "note")


@admin.register(Question)
class QuestionAdmin(RecordAdmin):
    """Questions."""

    list_display = ("text", "topic", "kind", "several", "over_time", "withdrawn")
    list_select_related = ("topic",)
    list_filter = ("kind", "over_time", "withdrawn")
    search_fields = ("text",)
    ordering = ("-pk",)
    fields = (
        "topic",
        "text",
        "translations",
        "kind",
        "unit",
        "several",
        "over_time",
        "window_hours",
        "tolerance",
        "rounding",
        "aspect",
        "outcome_of",
        "event_on",
        "note",
    )
    autocomplete_fields = ("topic", "outcome_of")
