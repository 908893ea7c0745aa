"""Changes and journal entries as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.api.answers import moment
from claims.queries.change_entries import ToldEntry
from claims.queries.changes import ToldChange
from claims.queries.sealed import Place
from claims.wording import plain


class PartSerializer(serializers.Serializer):  # type: ignore[misc]
    """How many rows of one table a change wrote in one way."""

    table = serializers.CharField(help_text="The table.")
    operation = serializers.CharField(help_text="I recorded, U changed, D deleted, A adopted.")
    number = serializers.IntegerField(help_text="How many rows.")


class ChangeSerializer(serializers.Serializer):  # type: ignore[misc]
    """What one user or command did in one transaction, and why."""

    uid = serializers.UUIDField(help_text="The identifier.")
    at = serializers.DateTimeField(help_text="When.")
    user = serializers.CharField(help_text="Who, by the name that they had then; empty for a command.")
    command = serializers.CharField(help_text="The command that did it; empty for a user.")
    request = serializers.CharField(help_text="Method and path of the request.")
    reason = serializers.CharField(help_text="Why.")
    what = serializers.CharField(help_text="What was done, in words.")
    parts = PartSerializer(many=True, help_text="What was written.")
    leaf = serializers.IntegerField(
        allow_null=True, help_text="The number in the tree; null where it is not sealed yet."
    )
    checkpoint = serializers.IntegerField(
        allow_null=True, help_text="How many entries the checkpoint has that covers it; null where none does."
    )


class FieldSerializer(serializers.Serializer):  # type: ignore[misc]
    """One field before and after, in words."""

    field = serializers.CharField(help_text="The field.")
    before = serializers.CharField(help_text="What it was.")
    after = serializers.CharField(help_text="What it became.")


class EntrySerializer(serializers.Serializer):  # type: ignore[misc]
    """One write of one row."""

    id = serializers.IntegerField(help_text="The number of the entry.")
    at = serializers.DateTimeField(help_text="When.")
    change = serializers.UUIDField(allow_null=True, help_text="The change; null where nobody said who and why.")
    table = serializers.CharField(help_text="The table.")
    key = serializers.CharField(help_text="The key of the row.")
    operation = serializers.CharField(help_text="I recorded, U changed, D deleted, A adopted.")
    kind = serializers.CharField(help_text="What the row is, in words.")
    name = serializers.CharField(help_text="The record's name today.")
    record = serializers.UUIDField(allow_null=True, help_text="The record, or the whole of which it is a part.")
    changes = FieldSerializer(many=True, help_text="The fields that changed.")
    secrets = serializers.ListField(child=serializers.CharField(), help_text="Of these only that they changed.")
    readable = serializers.BooleanField(help_text="Whether the content is here; a redaction removes it.")
    redacted_because = serializers.CharField(allow_null=True, help_text="Why the content was removed.")
    leaf = serializers.IntegerField(
        allow_null=True, help_text="The number in the tree; null where it is not sealed yet."
    )
    checkpoint = serializers.IntegerField(
        allow_null=True, help_text="How many entries the checkpoint has that covers it; null where none does."
    )


def change_json(told: ToldChange) -> dict[str, Any]:
    """A change."""
    row = told.change
    return {
        "uid": str(row.uid),
        "at": moment(row.at),
        "user": row.user_name,
        "command": row.command,
        "request": row.request,
        "reason": told.why,
        "what": plain(told.what),
        "parts": [{"table": p.table, "operation": p.operation, "number": p.number} for p in told.parts],
        **_placed(told.place),
    }


def entry_json(told: ToldEntry) -> dict[str, Any]:
    """An entry."""
    entry = told.entry
    return {
        "id": entry.pk,
        "at": moment(entry.at),
        "change": str(entry.change) if entry.change else None,
        "table": entry.table_name,
        "key": entry.row_key,
        "operation": entry.operation,
        "kind": plain(told.kind),
        "name": told.name,
        "record": str(told.record.uid) if told.record else None,
        "changes": [
            {"field": plain(each.field), "before": _whole(each.before), "after": _whole(each.after)}
            for each in told.changes
        ],
        "secrets": list(told.secrets),
        "readable": told.readable,
        "redacted_because": told.redaction.reason if told.redaction else None,
        **_placed(told.place),
    }


def _whole(value: Any) -> str:
    """A text, or the pieces of one put together again."""
    return plain(value) if isinstance(value, str) else plain("".join(str(text) for _kind, text in value))


def _placed(place: Place | None) -> dict[str, int | None]:
    checkpoint = place.checkpoint if place else None
    return {"leaf": place.number if place else None, "checkpoint": checkpoint.size if checkpoint else None}
