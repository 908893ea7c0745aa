"""What texts of sources look like, and the passages in them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from claims.api import fields
from claims.api.fields import Edtf, Moment, Name, Reference, Text, Whole
from claims.api.records import LARGEST, Body, ReadOnlyRecord, RecordSerializer, reason
from claims.models import Attribution, Passage, Snapshot, Source


class SnapshotSerializer(ReadOnlyRecord):
    """A source's text as captured at one moment, known by the SHA-256 of its bytes; immutable."""

    address = "snapshot"

    source = Reference(Source, help_text="The source.")
    sha256 = serializers.CharField(read_only=True, help_text="Of the bytes, 64 hexadecimal digits.")
    length = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="In bytes; null where only the hash is known."
    )
    encoding = serializers.CharField(read_only=True, help_text="Of the text; empty where only the hash is known.")
    captured_on = Edtf(
        max_length=100, allow_blank=True, required=False, default="", help_text="When it was captured, as stated. EDTF."
    )
    captured_at = Moment(read_only=True, allow_null=True, help_text="When it was put in here.")
    captured_by_name = Name(source="captured_by", allow_null=True, help_text="Who put it in.")
    archive_url = fields.text(Snapshot, "archive_url", "Where an archive has it.")
    withdrawn = serializers.BooleanField(read_only=True, help_text="Taken back.")
    has_text = serializers.BooleanField(read_only=True, help_text="Whether it is known by more than its hash.")
    content = serializers.SerializerMethodField(
        help_text="The address of the bytes; null where only the hash is known."
    )
    text = Text(write_only=True, help_text="The text. Its line ends become LF, and it is kept as UTF-8.")
    reason = reason()

    def get_content(self, snapshot: Any) -> str | None:
        """The path of the bytes."""
        return reverse("api:content", args=[snapshot.uid]) if snapshot.has_text else None


class PassagePart(Body):
    """The span of a snapshot that an attribution rests on."""

    snapshot = Reference(Snapshot, help_text="The text.")
    exact = Text(help_text="The exact words; found in the text where that is here.")
    prefix = fields.text(Passage, "prefix", "The words before.")
    suffix = fields.text(Passage, "suffix", "The words after.")
    start = Whole(
        required=False, default=None, allow_null=True, min_value=0, max_value=LARGEST, help_text="In code points."
    )


class PassageSerializer(PassagePart, RecordSerializer):
    """The span of a snapshot that an attribution rests on (Web Annotation selectors)."""

    address = "passage"

    attribution = Reference(Attribution, help_text="The attribution; kept for good.")
    end = serializers.IntegerField(read_only=True, allow_null=True, help_text="In code points, not included.")
