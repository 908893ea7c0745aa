"""What judgements look like: retractions, corrections, links, reviews, findings."""

from __future__ import annotations

from rest_framework import serializers

from claims.api import fields
from claims.api.fields import Flag, Moment, Name, Reference, Whole
from claims.api.records import LARGEST, Body, ReadOnlyRecord, reason
from claims.domain.vocabulary import Review
from claims.models import Claim, ClaimLink, Finding, Question, Retraction


class NoticeSerializer(ReadOnlyRecord):
    """A claim taken back: when, in which source, in which words."""

    address = "retraction"

    claim = Reference(Claim, read_only=True, help_text="The claim.")
    dated_on = fields.edtf(Retraction, "dated_on", "When it was taken back.")
    source = fields.reference(Retraction, "source", "In which source that stands.")
    snapshot = fields.reference(Retraction, "snapshot", "In which of its texts.")
    exact = fields.text(Retraction, "exact", "The exact words.")
    prefix = fields.text(Retraction, "prefix", "The words before.")
    suffix = fields.text(Retraction, "suffix", "The words after.")
    start = Whole(
        required=False, default=None, allow_null=True, min_value=0, max_value=LARGEST, help_text="In code points."
    )
    end = serializers.IntegerField(read_only=True, allow_null=True, help_text="In code points, not included.")
    note = fields.text(Retraction, "note", "A note of the desk.")
    withdrawn = serializers.BooleanField(read_only=True, help_text="Taken back itself.")
    reason = reason()


class CorrectionSerializer(NoticeSerializer):
    """A claim that its publisher corrected."""

    address = "correction"


class LinkSerializer(ReadOnlyRecord):
    """What an editor says about two claims (rule 2)."""

    address = "link"

    kind = fields.word(ClaimLink, "kind", "The claim revises or disowns the other, or both stand.")
    claim = Reference(Claim, read_only=True, help_text="The claim.")
    other = Reference(Claim, help_text="The other claim.")
    withdrawn = serializers.BooleanField(read_only=True, help_text="Taken back.")
    reason = reason()


class ReviewSerializer(Body):
    """A review of a claim."""

    review = serializers.ChoiceField(choices=list(Review), help_text="`pending` lets it wait for a review again.")
    reason = reason()


class WithdrawalSerializer(Body):
    """A judgement taken back; it is kept."""

    withdrawn = Flag(help_text="True; what was taken back stays so.")
    reason = reason()


class FindingSerializer(ReadOnlyRecord):
    """A named person's settlement of a question; it does not change the question's state."""

    address = "finding"

    question = Reference(Question, read_only=True, help_text="The question.")
    question_text = Name(source="question", help_text="The question's text.")
    answer = fields.text(Finding, "answer", "The answer, in the notation of the claims table.")
    statement = fields.text(Finding, "statement", "The answer in words.")
    grounds = fields.text(Finding, "grounds", "On which grounds.")
    settled_on = Moment(required=False, allow_null=True, default=None, help_text="When; now where it is null.")
    settled_by_name = Name(source="settled_by", help_text="By whom.")
    withdrawn = serializers.BooleanField(read_only=True, help_text="Taken back.")
    reason = reason()
