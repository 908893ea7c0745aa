"""What records look like in bodies and answers; one serializer is one kind. Reading and writing use the same names.

References are identifiers; beside each stands, to be read only, how that record is called. What is read only may stay
in a body that is sent back, as it is on record (`kept`). Anything else that is not described is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from claims.api import fields
from claims.api.fields import Flag, Moment, Name, Reference, Text, Texts
from claims.domain.vocabulary import State
from claims.models import (
    Agent,
    AgentName,
    Option,
    Question,
    QuestionState,
    Side,
    Source,
    Topic,
)

LONGEST_REASON = 2000
MOST_PARTS = 500
# What a column of positions holds.
LARGEST = 2**31 - 1


def reason() -> Text:
    """The field that says why."""
    return Text(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=LONGEST_REASON,
        help_text="Why it is recorded or changed so. Needed here, or in the header `Change-Reason`.",
    )


class Body(serializers.Serializer):  # type: ignore[misc]
    """A body, or a part of one, that has no other fields than those described."""

    def to_internal_value(self, data: Any) -> Any:
        """Raises `ValidationError` for what is no object, and for fields that there are not."""
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": [_("Write an object, in braces.")]})
        unknown = [name for name in data if name not in self.fields]
        if unknown:
            sentence = _("There is no field of this name here. Take it out.")
            raise serializers.ValidationError({name: [sentence] for name in unknown[:MOST_PARTS]})
        value = super().to_internal_value(data)
        return self._whole(value, data) if self.parent is not None else value

    def _whole(self, value: Any, data: Mapping[str, Any]) -> Any:
        """A part is stated as a whole, also where the body around it states only what changes."""
        left = [each for each in self._writable_fields if each.field_name not in data]
        missing = {each.field_name: [each.error_messages["required"]] for each in left if each.required}
        if missing:
            raise serializers.ValidationError(missing, code="required")
        for each in left:
            if each.default is not empty:
                value.setdefault(each.source, each.default() if callable(each.default) else each.default)
        return value


def languages(help_text: str) -> Texts:
    """A field for a name in other languages."""
    return Texts(required=False, default=dict, help_text=f"{help_text} In other languages, by language tag.")


class ReadOnlyRecord(Body):
    """What every record has."""

    uid = serializers.UUIDField(read_only=True, help_text="The identifier, for good.")
    href = serializers.SerializerMethodField(help_text="The address of the record here, a path.")
    version = serializers.IntegerField(read_only=True, help_text="Raised by one with every change.")
    recorded_at = Moment(read_only=True, help_text="When it was recorded first.")

    address = ""

    def get_href(self, record: Any) -> str:
        """The record's own address, a path."""
        return reverse(f"api:{self.address}", args=[record.uid])


class RecordSerializer(ReadOnlyRecord):
    """A record that is written here, too."""

    withdrawn = Flag(required=False, default=False, help_text="Taken back; it is kept, and shown in no list.")
    reason = reason()


class TopicSerializer(RecordSerializer):
    """A story under which questions are grouped."""

    address = "topic"

    name = fields.text(Topic, "name", "Its name; no two topics share one.")
    translations = languages("The name.")
    note = fields.text(Topic, "note", "A note of the desk.")


class SideSerializer(RecordSerializer):
    """A group of agents: government, opposition, press."""

    address = "side"

    name = fields.text(Side, "name", "Its name; no two sides share one.")
    translations = languages("The name.")
    party = fields.flag(Side, "party", "Whether it takes part in the events.")
    note = fields.text(Side, "note", "A note of the desk.")


class AgentNameSerializer(Body):
    """A name of an agent in one language."""

    language = Text(max_length=35, help_text="A tag such as `ar`.")
    text = fields.text(AgentName, "text", "The name.")
    alias = fields.flag(AgentName, "alias", "Found like the name, and not the one that is shown.")


class AgentSerializer(RecordSerializer):
    """A person, organisation, outlet, or an unnamed source in a known role."""

    address = "agent"

    kind = fields.word(Agent, "kind", "What it is.")
    name = fields.text(Agent, "name", "The name.")
    names = AgentNameSerializer(
        many=True,
        required=False,
        default=list,
        max_length=MOST_PARTS,
        help_text="Names and aliases by language. What is left out of the list is withdrawn.",
    )
    role = fields.text(Agent, "role", "The role.")
    side = fields.reference(Agent, "side", "The side.")
    side_name = Name(source="side", allow_null=True, help_text="The side's name.")
    speaks_for = fields.reference(Agent, "speaks_for", "The organisation or outlet whose origin it shares.")
    source = fields.reference(Agent, "source", "Where an unnamed agent appears; only for such.")
    same_as = Reference(Agent, read_only=True, allow_null=True, help_text="The agent that it was judged to be.")
    reliability = fields.word(Agent, "reliability", "A to F after the Admiralty code; F cannot be judged.")
    note = fields.text(Agent, "note", "A note of the desk.")


class SourceSerializer(RecordSerializer):
    """One publication: article, post, broadcast, document."""

    address = "source"

    title = fields.text(Source, "title", "The title.")
    url = fields.text(Source, "url", "Where it was published; no two sources share one.")
    translations = languages("The title.")
    publisher = fields.reference(Source, "publisher", "Who published it: an agent.")
    publisher_name = Name(source="publisher", allow_null=True, help_text="The publisher's name.")
    medium = fields.word(Source, "medium", "Its form.")
    published_on = fields.edtf(Source, "published_on", "When it was published.")
    language = Text(
        max_length=35,
        allow_blank=True,
        required=False,
        default="",
        help_text="The language of the text: a tag such as `ar`.",
    )
    reliability = fields.word(Source, "reliability", "A to F after the Admiralty code; F cannot be judged.")
    note = fields.text(Source, "note", "A note of the desk.")


@extend_schema_field({"type": "array", "items": {"type": "string"}, "readOnly": True})
class Labels(serializers.Field):  # type: ignore[misc]
    """The labels of the options directly above one."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(read_only=True, **keywords)

    def to_representation(self, value: Any) -> list[str]:
        """The labels, in the order recorded."""
        return [link.broader.label for link in value.all() if not link.withdrawn]


class OptionSerializer(RecordSerializer):
    """One possible answer to a choice question."""

    address = "option"

    question = fields.reference(Option, "question", "The question; kept for good.")
    label = fields.text(Option, "label", "How the answer is called; no two of a question share one.")
    translations = languages("The label.")
    under = Text(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=2600,
        help_text="The labels of the options directly above it: `Truce | Agreement`. Left out, they stay as they are.",
    )
    broader = Labels(source="broader_links", help_text="The labels of the options directly above it.")


class OptionBrief(serializers.Serializer):  # type: ignore[misc]
    """An option of a question."""

    uid = serializers.UUIDField(read_only=True, help_text="The identifier.")
    label = serializers.CharField(read_only=True, help_text="How the answer is called.")
    broader = Labels(source="broader_links", help_text="The labels of the options directly above it.")


class StateOfQuestion(serializers.Serializer):  # type: ignore[misc]
    """What the rules make of a question (rule 5)."""

    state = serializers.ChoiceField(choices=[each.value for each in State], read_only=True, help_text="Rule 5.")
    across_sides = serializers.BooleanField(
        read_only=True, help_text="Whether the origins belong to different parties."
    )
    inferred_only = serializers.BooleanField(
        read_only=True, help_text="Whether a contest rests on inferred claims alone."
    )
    claims = serializers.IntegerField(read_only=True, help_text="How many claims stand.")
    origins_fewest = serializers.IntegerField(read_only=True, help_text="From how many origins at the fewest.")
    origins_most = serializers.IntegerField(read_only=True, help_text="From how many at the most.")
    exclusions_total = serializers.IntegerField(
        read_only=True, help_text="How many positions exclude each other, in pairs."
    )
    latest_claim_at = Moment(read_only=True, allow_null=True, help_text="When the newest claim came in.")


class QuestionSerializer(RecordSerializer):
    """What claims answer, with the kind of the answer and the measures by which answers are read."""

    address = "question"

    topic = fields.reference(Question, "topic", "The topic.")
    topic_name = Name(source="topic", allow_null=True, help_text="The topic's name.")
    text = fields.text(Question, "text", "The question.")
    translations = languages("The question.")
    kind = fields.word(Question, "kind", "What an answer looks like; stays so once claims answer.")
    unit = fields.text(Question, "unit", "Of quantities.")
    several = fields.flag(Question, "several", "Whether several options may hold at once.")
    over_time = fields.word(Question, "over_time", "Whether the answer grows or changes (rule 3).")
    window_hours = fields.exact(
        Question, "window_hours", "Of a question that changes: claims so far apart do not exclude."
    )
    tolerance = fields.exact(
        Question, "tolerance", "How far “about” reaches, in the unit; a tenth where nothing is stated."
    )
    rounding = fields.exact(Question, "rounding", "To what quantities are rounded, in the unit.")
    aspect = fields.word(Question, "aspect", "What it is about.")
    outcome_of = fields.reference(Question, "outcome_of", "The question of which this one asks what came of it.")
    event_on = fields.edtf(Question, "event_on", "When the event was.")
    note = fields.text(Question, "note", "A note of the desk.")
    options = OptionBrief(many=True, read_only=True, help_text="Of a choice question.")
    comparison = serializers.SerializerMethodField(help_text="The address of the comparison.")
    derived = serializers.SerializerMethodField(help_text="What the rules make of it now.")

    def get_comparison(self, question: Question) -> str:
        """The path of the comparison."""
        return reverse("api:comparison", args=[question.uid])

    @extend_schema_field(StateOfQuestion)
    def get_derived(self, question: Question) -> Any:
        """The stored state; one that has no row yet is unanswered."""
        return StateOfQuestion(getattr(question, "state", None) or QuestionState(question=question)).data
