"""Changes and journal entries as the pages of the log show them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from claims.models import RECORDS, Record
from claims.queries.change_entries import ToldEntry
from claims.queries.changes import ToldChange
from claims.queries.row_lookups import written_row
from claims.queries.sealed import Place
from claims.queries.version_fields import shown_moment
from claims.views.histories import KINDS, PAGES

_KIND_OF = {model: kind for kind, model in KINDS.items()}
_TABLES = {model._meta.db_table for model in RECORDS}


def shown_change(told: ToldChange) -> dict[str, Any]:
    """A change for the log's list and the head of its own page; `what` and `why` are words."""
    row = told.change
    return {
        "uid": row.uid,
        "url": reverse("change", args=[row.uid]),
        "at": row.at,
        "when": shown_moment(row.at),
        "who": told.user_name,
        "then": told.name_then,
        "person": row.user_name if row.user_id is not None and not told.name_then else "",
        "command": row.command,
        "request": row.request,
        "what": told.what,
        "why": told.why,
        **_placed(told.place),
    }


def shown_entry(told: ToldEntry) -> dict[str, Any]:
    """An entry with the fields that it changed and its place in the tree."""
    entry = told.entry
    return {
        "id": entry.pk,
        "url": reverse("change_entry", args=[entry.pk]),
        "at": entry.at,
        "when": shown_moment(entry.at),
        "operation": entry.operation,
        "done": entry.get_operation_display(),
        "table": entry.table_name,
        "key": entry.row_key,
        "kind": told.kind,
        "name": told.name,
        "own": told.own,
        "change": entry.change,
        "change_url": reverse("change", args=[entry.change]) if entry.change else "",
        "record_url": record_url(told.record) if told.record else "",
        "log_url": changes_of(entry.table_name, entry.row_key) if entry.table_name in _TABLES else "",
        "changes": told.changes,
        "secrets": told.secrets,
        "readable": told.readable,
        "redaction": told.redaction,
        "redacted_when": shown_moment(told.redaction.at) if told.redaction else "",
        **_placed(told.place),
    }


def record_url(record: Record) -> str:
    """The record's page, or its history where it has no page or was withdrawn; empty where it has neither."""
    kind = _KIND_OF.get(type(record), "")
    if kind in PAGES and not record.withdrawn:
        return reverse(PAGES[kind], args=[record.uid])
    return reverse("history", args=[kind, record.uid]) if kind else ""


def changes_of(table: str, key: object) -> str:
    """The log, narrowed to one row."""
    return f"{reverse('change_list')}?{urlencode({'record': written_row(table, str(key))})}"


def _placed(place: Place | None) -> dict[str, Any]:
    """The number in the tree, and how many entries the checkpoint has that covers it; empty where there is none."""
    checkpoint = place.checkpoint if place else None
    return {
        "number": f"{place.number:,}" if place else "",
        "checkpoint": f"{checkpoint.size:,}" if checkpoint else "",
        "checkpoint_name": checkpoint.path.name if checkpoint else "",
    }
