"""The comparison of a question as JSON: positions, exclusions and reasons in codes and in words, findings, origins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers

from claims.api import rows
from claims.api.claim_records import Wordings
from claims.api.fields import Moment, Name, Reference
from claims.api.judgement_records import FindingSerializer
from claims.domain.reasons import Reason
from claims.domain.vocabulary import Stance, Standing, State
from claims.models import Agent, Claim, Question, QuestionState, Source
from claims.queries.comparison_names import PageNames, names_for
from claims.queries.comparisons import Reading
from claims.queries.recorded_states import work_out_claims
from claims.wording import letter_of, plain, word_answer, word_reason, word_state

# Values of reasons that are keys of claims, and of agents.
CLAIMS = ("first", "second", "claim", "other")
AGENTS = ("speaker",)
MOST_FINDINGS = 50


class ReasonSerializer(serializers.Serializer):  # type: ignore[misc]
    """One reason (rule 7)."""

    code = serializers.CharField(help_text="The code; docs/rules.md has the rules.")
    values = serializers.DictField(
        help_text="The values: identifiers of claims and agents, numbers of positions, counts."
    )
    sentence = serializers.CharField(help_text="The same in words, in the reader's language.")


class ExclusionSerializer(ReasonSerializer):
    """Positions that no answer satisfies together, and why."""

    positions = serializers.ListField(child=serializers.IntegerField(), help_text="Their numbers in `positions`.")


class PositionSerializer(serializers.Serializer):  # type: ignore[misc]
    """The definite standing claims that leave the same answers open."""

    index = serializers.IntegerField(help_text="Its number, from 0.")
    letter = serializers.CharField(help_text="Its letter, by which claims are filtered.")
    answer = serializers.CharField(help_text="In the notation of the claims table.")
    stance = serializers.ChoiceField(choices=list(Stance), help_text="Affirmed or denied.")
    words = serializers.CharField(help_text="Both in words, in the reader's language.")
    claims_total = serializers.IntegerField(help_text="How many claims it has.")
    origins_fewest = serializers.IntegerField(help_text="From how many origins at the fewest (rule 4).")
    origins_most = serializers.IntegerField(help_text="From how many at the most.")
    sources = serializers.IntegerField(help_text="In how many sources.")
    claims = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="The first of them, as they were recorded; they stand in `claims` below.",
    )


class ClaimBrief(serializers.Serializer):  # type: ignore[misc]
    """A claim that the comparison speaks of, as it stands in it."""

    uid = serializers.UUIDField(help_text="The identifier.")
    standing = serializers.SerializerMethodField(help_text="Whether it counts here (rule 2).")
    revised_by = serializers.SerializerMethodField(help_text="The claim that revises it; null where none does.")
    origin = serializers.SerializerMethodField(help_text="Where the words come from; claims of one origin share it.")
    stance = serializers.CharField(help_text="How it stands to its answer.")
    certainty = serializers.CharField(help_text="How sure the speaker put it.")
    answer = serializers.CharField(help_text="As written.")
    inferred = serializers.BooleanField(help_text="Whether the editor put it so.")
    review = serializers.CharField(help_text="What the desk has made of it.")
    wordings = Wordings(help_text="In the editor's words, by language tag.")
    speaker = Reference(Agent, source="attribution.speaker", help_text="Who speaks.")
    speaker_name = Name(source="attribution.speaker", help_text="The speaker's name.")
    source = Reference(Source, source="attribution.source", help_text="The source.")
    source_title = Name(source="attribution.source", help_text="The source's title.")
    said_on = serializers.CharField(source="attribution.said_on", help_text="When it was said. EDTF.")
    published_on = serializers.CharField(
        source="attribution.source.published_on", help_text="When it was published. EDTF."
    )

    def get_standing(self, claim: Claim) -> str:
        """How it stands in this reading."""
        standing: Standing = self.context["standing"].get(claim.pk, Standing.STANDING)
        return standing.value

    def get_revised_by(self, claim: Claim) -> UUID | None:
        """The identifier of the later claim."""
        by = self.context["revised_by"].get(claim.pk)
        return self.context["uids"].get(by)  # type: ignore[no-any-return]

    def get_origin(self, claim: Claim) -> str:
        """The origin."""
        state = getattr(claim, "state", None)
        return str(self.context["origins"].get(state.origin, "")) if state else ""


class ComparisonSerializer(serializers.Serializer):  # type: ignore[misc]
    """What the rules make of a question: now, as known on a date, or as recorded on a moment."""

    question = serializers.UUIDField(help_text="The question.")
    question_text = serializers.CharField(help_text="Its text.")
    as_known_on = serializers.CharField(allow_null=True, help_text="The date asked for.")
    as_recorded_on = serializers.CharField(allow_null=True, help_text="The moment asked for.")
    state = serializers.ChoiceField(choices=[each.value for each in State], help_text="Rule 5.")
    state_words = serializers.CharField(help_text="The state in words.")
    across_sides = serializers.BooleanField(help_text="Whether the origins belong to different parties.")
    inferred_only = serializers.BooleanField(help_text="Whether the contest rests on inferred claims alone.")
    claims_total = serializers.IntegerField(help_text="How many claims stand.")
    positions = PositionSerializer(many=True, help_text="At most 60.")
    positions_total = serializers.IntegerField(help_text="How many there are.")
    exclusions = ExclusionSerializer(many=True, help_text="At most 100.")
    exclusions_total = serializers.IntegerField(help_text="How many there are.")
    reasons = ReasonSerializer(many=True, help_text="Why the question is in its state.")
    tentative = serializers.ListField(child=serializers.UUIDField(), help_text="Doubts and possibles; the first few.")
    tentative_total = serializers.IntegerField(help_text="How many there are.")
    fallen = serializers.ListField(child=serializers.UUIDField(), help_text="Claims that count no more; the first few.")
    fallen_total = serializers.IntegerField(help_text="How many there are.")
    findings = FindingSerializer(many=True, help_text="Settlements by editors, the newest first.")
    claims = ClaimBrief(many=True, help_text="The claims that are named above.")
    latest_claim_at = Moment(
        allow_null=True, help_text="When the newest claim came in; later than a finding, it is out of date."
    )


def compared(question: Question, reading: Reading, *, known_on: str = "", recorded_on: str = "") -> Any:
    """The comparison as JSON; read within the moment that it is of."""
    names = names_for(question, reading)
    keys = _keys(reading)
    work_out_claims(keys)
    shown = rows.claims().in_bulk(keys)
    uids = {key: claim.uid for key, claim in shown.items()}
    said = _Said(names, uids, _agents(reading))
    findings = rows.findings().filter(question=question, withdrawn=False).order_by("-settled_on", "-pk")
    context = {
        "standing": reading.standing,
        "revised_by": reading.revised_by,
        "uids": uids,
        "origins": rows.origins([state for claim in shown.values() if (state := getattr(claim, "state", None))]),
    }
    value = {
        "question": question.uid,
        "question_text": Name().to_representation(question),
        "as_known_on": known_on or None,
        "as_recorded_on": recorded_on or None,
        "state": reading.state.value,
        "state_words": plain(word_state(reading.state)),
        "across_sides": reading.across_sides,
        "inferred_only": reading.inferred_only,
        "claims_total": reading.claims,
        "positions": [_position(each, names, uids) for each in reading.positions],
        "positions_total": reading.positions_total,
        "exclusions": [{"positions": each["positions"], **said.reason(each["reason"])} for each in reading.exclusions],
        "exclusions_total": reading.exclusions_total,
        "reasons": [said.reason(each) for each in reading.reasons],
        "tentative": [uids[key] for key in reading.tentative.shown if key in uids],
        "tentative_total": reading.tentative.total,
        "fallen": [uids[key] for key in reading.fallen.shown if key in uids],
        "fallen_total": reading.fallen.total,
        "findings": list(findings[:MOST_FINDINGS]),
        "claims": [shown[key] for key in keys if key in shown],
        "latest_claim_at": _latest_claim(question),
    }
    return ComparisonSerializer(value, context=context).data


def _latest_claim(question: Question) -> Any:
    return QuestionState.objects.filter(question=question).values_list("latest_claim_at", flat=True).first()


class _Said:
    """Reasons with identifiers in place of keys, and in words."""

    def __init__(self, names: PageNames, claims: Mapping[int, UUID], agents: Mapping[int, UUID]) -> None:
        self.names, self.claims, self.agents = names, claims, agents

    def reason(self, reason: Mapping[str, Any]) -> dict[str, Any]:
        """One reason."""
        values = {name: self._value(name, value) for name, value in reason["values"].items()}
        sentence = plain(word_reason(Reason(reason["code"], reason["values"]), self.names))
        return {"code": reason["code"], "values": values, "sentence": sentence}

    def _value(self, name: str, value: Any) -> Any:
        named = self.claims if name in CLAIMS else self.agents if name in AGENTS else None
        return value if named is None else str(named.get(value, ""))


def _position(position: Any, names: PageNames, uids: Mapping[int, UUID]) -> dict[str, Any]:
    return {
        "index": position.index,
        "letter": letter_of(position.index),
        "answer": position.answer,
        "stance": position.stance.value,
        "words": plain(word_answer(names.question, position.answer, stance=position.stance)),
        "claims_total": position.claims,
        "origins_fewest": position.origins.fewest,
        "origins_most": position.origins.most,
        "sources": position.sources,
        "claims": [uids[key] for key in position.shown if key in uids],
    }


def _reasons(reading: Reading) -> Iterable[Mapping[str, Any]]:
    return [*reading.reasons, *(each["reason"] for each in reading.exclusions)]


def _keys(reading: Reading) -> Sequence[int]:
    """The claims that the comparison shows or speaks of."""
    mentioned = [reason["values"][name] for reason in _reasons(reading) for name in CLAIMS if name in reason["values"]]
    revising = [reading.revised_by[key] for key in reading.shown if key in reading.revised_by]
    return list(dict.fromkeys([*reading.shown, *mentioned, *revising]))


def _agents(reading: Reading) -> dict[int, UUID]:
    keys = {reason["values"][name] for reason in _reasons(reading) for name in AGENTS if name in reason["values"]}
    return dict(Agent.objects.filter(pk__in=keys).values_list("pk", "uid"))
