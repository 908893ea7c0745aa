"""What attributions look like with relays, passages and claims, and what is said about claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api import fields
from claims.api.fields import LANGUAGE_TAG, TEXTS, Flag, Name, Reference, Texts, Whole
from claims.api.records import MOST_PARTS, Body, RecordSerializer
from claims.api.text_records import PassagePart
from claims.domain.vocabulary import Review, Standing, State
from claims.models import (
    Agent,
    Attribution,
    Claim,
    ClaimState,
    ClaimWording,
    Relay,
    Source,
)
from claims.text.characters import is_visible
from claims.wording import letter_of

LANGUAGE: Any = ClaimWording._meta.get_field("language")


class RelaySerializer(Body):
    """One hop between speaker and source."""

    agent = Reference(Agent, help_text="Who passed the words on.")
    agent_name = Name(source="agent", help_text="The agent's name.")
    cue = fields.text(Relay, "cue", "With which word.")


class Understood(serializers.Serializer):  # type: ignore[misc]
    """An answer as it is understood by its question's kind."""

    yes = serializers.BooleanField(read_only=True, allow_null=True, help_text="Of a yes/no question.")
    low = serializers.FloatField(
        read_only=True, allow_null=True, source="quantity_low", help_text="The lower end; null is open."
    )
    high = serializers.FloatField(
        read_only=True, allow_null=True, source="quantity_high", help_text="The upper end; null is open."
    )
    about = serializers.BooleanField(read_only=True, help_text="Whether it is “about” that.")
    only = serializers.BooleanField(read_only=True, help_text="Whether it is only these options.")
    options = serializers.SerializerMethodField(help_text="The labels of the options named.")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_options(self, claim: Claim) -> list[str]:
        """The labels."""
        return [each.option.label for each in claim.options.all() if not each.withdrawn]


class StateOfClaim(serializers.Serializer):  # type: ignore[misc]
    """What the rules make of a claim."""

    standing = serializers.ChoiceField(choices=list(Standing), read_only=True, help_text="Whether it counts (rule 2).")
    contested = serializers.BooleanField(read_only=True, help_text="Whether another standing claim excludes it.")
    questioned = serializers.BooleanField(
        read_only=True, help_text="Whether it takes part in its question's being questioned."
    )
    definite = serializers.BooleanField(read_only=True, help_text="Neither a doubt nor a possible.")
    state = serializers.ChoiceField(
        choices=[*(each.value for each in State), ""], read_only=True, help_text="Of the question; empty without one."
    )
    position = serializers.SerializerMethodField(help_text="The letter of its position; null where it has none.")
    origin = serializers.SerializerMethodField(
        help_text="Where the words come from (rule 4); claims of one origin share it."
    )
    because = serializers.SerializerMethodField(help_text="Why it is contested, in a sentence; empty where it is not.")

    @extend_schema_field({"type": ["string", "null"]})
    def get_position(self, state: ClaimState) -> str | None:
        """The letter."""
        return letter_of(state.position.index) if state.position else None

    @extend_schema_field({"type": "string"})
    def get_origin(self, state: ClaimState) -> str:
        """The origin with the identifier of its agent or source in place of the key."""
        origins: dict[str, str] = self.context["origins"]
        return origins.get(state.origin, "")

    @extend_schema_field({"type": "string"})
    def get_because(self, state: ClaimState) -> str:
        """The sentence."""
        because: dict[int, str] = self.context["because"]
        return because.get(state.claim_id, "")


@extend_schema_field({**TEXTS, "propertyNames": {"pattern": LANGUAGE_TAG, "maxLength": 35}})
class Wordings(Texts):
    """The statements of a claim by language."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Raises `ValidationError` at the language that is no tag, or whose text says nothing; an empty one is none."""
        texts = super().to_internal_value(data)
        wrong: dict[str, list[str]] = {}
        for language, text in texts.items():
            try:
                LANGUAGE.clean(language, None)
            except ValidationError as error:
                wrong[language] = error.messages
            if text and not is_visible(text):
                wrong[language] = [
                    _("Nothing of this can be seen. Write the claim in your own words, or leave it out.")
                ]
        if wrong:
            raise serializers.ValidationError(wrong)
        return texts

    def to_representation(self, value: Any) -> dict[str, str]:
        """The texts; of a claim on record those that are not withdrawn."""
        if isinstance(value, Mapping):
            return dict(value)
        return {each.language: each.text for each in value.all()}


class ClaimPart(Body):
    """What an attribution says on one question."""

    question = fields.reference(Claim, "question", "The question; null is not compared yet.")
    stance = fields.word(Claim, "stance", "How it stands to its answer.")
    certainty = fields.word(Claim, "certainty", "How sure the speaker put it.")
    answer = fields.text(
        Claim, "answer", "As written, in the notation of the claims table: `West > North-west`, `~200..300`."
    )
    inferred = fields.flag(Claim, "inferred", "Whether the editor, not the speaker, put it so.")
    as_of = fields.edtf(Claim, "as_of", "The moment that a figure speaks of.")
    credibility = Whole(
        required=False,
        default=6,
        min_value=1,
        max_value=6,
        help_text="1 to 6 after the Admiralty code; 6 cannot be judged.",
    )
    copied_from = fields.reference(Claim, "copied_from", "The claim from which it was copied.")
    external_id = fields.text(Claim, "external_id", "An identifier of your own; no two claims share one.")
    wordings = Wordings(required=False, default=dict, help_text="The claim in the editor's words, by language tag.")
    note = fields.text(Claim, "note", "A note of the desk.")
    make_options = Flag(
        write_only=True, required=False, default=False, help_text="Whether options that the question lacks are made."
    )


class ClaimSerializer(ClaimPart, RecordSerializer):
    """What an attribution says on one question."""

    address = "claim"

    attribution = Reference(Attribution, help_text="The attribution; kept for good.")
    question_text = Name(source="question", allow_null=True, help_text="The question's text.")
    review = serializers.ChoiceField(choices=list(Review), read_only=True, help_text="What the desk has made of it.")
    review_stale = serializers.BooleanField(read_only=True, help_text="Whether what was checked has changed since.")
    speaker = Reference(Agent, read_only=True, source="attribution.speaker", help_text="Who speaks.")
    speaker_name = Name(source="attribution.speaker", help_text="The speaker's name.")
    side_name = serializers.SerializerMethodField(
        help_text="The speaker's side at the time; empty where none is stated."
    )
    source = Reference(Source, read_only=True, source="attribution.source", help_text="The source.")
    source_title = Name(source="attribution.source", help_text="The source's title.")
    publisher_name = Name(source="attribution.source.publisher", allow_null=True, help_text="The publisher's name.")
    said_on = serializers.CharField(read_only=True, source="attribution.said_on", help_text="When it was said. EDTF.")
    published_on = serializers.CharField(
        read_only=True, source="attribution.source.published_on", help_text="When the source was published. EDTF."
    )
    understood = Understood(read_only=True, source="*", help_text="The answer as understood.")
    derived = StateOfClaim(
        source="state",
        read_only=True,
        allow_null=True,
        help_text="What the rules make of it; null where it is withdrawn.",
    )

    def get_side_name(self, claim: Claim) -> str:
        """The side's name in the reader's language."""
        side = claim.attribution.side or claim.attribution.speaker.side
        return str(Name().to_representation(side)) if side else ""


class AttributionSerializer(RecordSerializer):
    """One speaker's words as one source carries them."""

    address = "attribution"

    source = fields.reference(Attribution, "source", "The source that carries the words.")
    source_title = Name(source="source", help_text="The source's title.")
    speaker = fields.reference(Attribution, "speaker", "Who speaks.")
    speaker_name = Name(source="speaker", help_text="The speaker's name.")
    role = fields.text(Attribution, "role", "The speaker's role at the time.")
    side = fields.reference(Attribution, "side", "The speaker's side at the time.")
    on_behalf_of = fields.reference(Attribution, "on_behalf_of", "For whom the speaker speaks here.")
    document = fields.reference(Attribution, "document", "The source that the words are quoted from.")
    cue = fields.text(Attribution, "cue", "The word that carries it, such as `denied`.")
    manner = fields.word(Attribution, "manner", "How the source carries the words.")
    said_on = fields.edtf(Attribution, "said_on", "When it was said.")
    note = fields.text(Attribution, "note", "A note of the desk.")
    relays = RelaySerializer(
        many=True,
        required=False,
        default=list,
        max_length=MOST_PARTS,
        help_text="The whole chain, the relay nearest to the speaker first.",
    )


class AttributionRead(AttributionSerializer):
    """One speaker's words as one source carries them, with the identifiers of what belongs to it."""

    passages = serializers.SerializerMethodField(help_text="The identifiers of its passages.")
    claims = serializers.SerializerMethodField(help_text="The identifiers of its claims, by line.")

    def to_internal_value(self, data: Any) -> Any:
        """Raises `ValidationError` for passages and claims that are stated here: they would be passed over."""
        value = super().to_internal_value(data)
        sentence = _("What belongs to an attribution on record is changed at its own address. Take it out here.")
        stated = {
            name: [sentence]
            for name in ("passages", "claims")
            if not all(isinstance(each, str) for each in data.get(name) or [])
        }
        if stated:
            raise serializers.ValidationError(stated)
        return value

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}})
    def get_passages(self, attribution: Attribution) -> list[str]:
        """The identifiers."""
        return [str(each.uid) for each in attribution.passages.all()]

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}})
    def get_claims(self, attribution: Attribution) -> list[str]:
        """The identifiers."""
        return [str(each.uid) for each in attribution.claims.all()]


class NewAttributionSerializer(AttributionSerializer):
    """An attribution to record, with its chain, passages and claims."""

    passages = PassagePart(
        many=True, required=False, default=list, max_length=MOST_PARTS, help_text="What it rests on."
    )
    claims = ClaimPart(many=True, min_length=1, max_length=MOST_PARTS, help_text="One line a claim.")
