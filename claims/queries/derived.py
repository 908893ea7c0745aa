"""What the derived tables should hold: worked out from the records, for writing them and for checking them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Prefetch, QuerySet

from claims.domain.comparison import Comparison, compare
from claims.domain.identity import canonical
from claims.domain.reasons import Reason
from claims.domain.vocabulary import Certainty, Review, Stance, Standing
from claims.models import URGENCY, AgentName, Claim, ClaimWording, Passage
from claims.queries.cases import agents_reached, load_cases
from claims.text.normalising import search_tokens

Row = dict[str, Any]
LONGEST_TOKEN = 100


@dataclass(frozen=True)
class QuestionRows:
    """The derived rows of one question; `claims` maps a claim's key to its `RULE_FIELDS`, with `position` an index."""

    state: Row
    positions: list[Row]
    claims: dict[int, Row]


def rows_of_questions(question_ids: Collection[int]) -> Iterator[tuple[int, QuestionRows]]:
    """For each question what its state, positions and claims should hold."""
    latest = dict(
        Claim.objects.current()
        .filter(question__in=question_ids)
        .values_list("question")
        .annotate(latest=Max("recorded_at"))
        .values_list("question", "latest")
    )
    for key, case in load_cases(question_ids).items():
        comparison = compare(case)
        yield (
            key,
            QuestionRows(
                state={**_state_row(comparison), "latest_claim_at": latest.get(key)},
                positions=_position_rows(comparison),
                claims=_claim_rows(comparison),
            ),
        )


def rows_of_claims(claim_ids: Collection[int]) -> Iterator[tuple[int, Row, frozenset[str]]]:
    """For each current claim the keys that lists filter by, and the words that it is found by."""
    claims = list(_listed(claim_ids))
    agents = agents_reached({claim.attribution.speaker_id for claim in claims})
    for claim in claims:
        attribution = claim.attribution
        source = attribution.source
        row = {
            "question_id": claim.question_id,
            "topic_id": claim.question.topic_id if claim.question else None,
            "source_id": source.pk,
            "publisher_id": source.publisher_id,
            "speaker_id": canonical(agents, attribution.speaker_id),
            "side_id": attribution.side_id or attribution.speaker.side_id,
            "language": source.language,
            "review": claim.review,
            "stance": claim.stance,
            "definite": claim.stance != Stance.DOUBTS and claim.certainty != Certainty.POSSIBLE,
            "said_from": attribution.said_from,
            "published_from": source.published_from,
            "recorded_at": claim.recorded_at,
            "has_passage": bool(attribution.passages.all()),
        }
        yield claim.pk, row, _tokens(claim)


def unasked_row(claim: Claim) -> Row:
    """What the rules make of a claim without a question: it stands or was discarded, and is compared with nothing."""
    discarded = claim.review == Review.DISCARDED
    return {**UNCOMPARED, "standing": (Standing.DISCARDED if discarded else Standing.STANDING).value}


UNCOMPARED: Mapping[str, Any] = {
    "standing": Standing.STANDING.value,
    "revised_by_id": None,
    "position_id": None,
    "contested": False,
    "questioned": False,
    "state": "",
    "state_rank": 0,
}


def reason_json(reason: Reason) -> Row:
    """A reason as the database keeps it: tuples become lists."""
    return {
        "code": reason.code,
        "values": {name: list(value) if isinstance(value, tuple) else value for name, value in reason.values.items()},
    }


def _state_row(comparison: Comparison) -> Row:
    return {
        "state": comparison.state.value,
        "across_sides": comparison.across_sides,
        "inferred_only": comparison.inferred_only,
        "claims": comparison.standing_claims,
        "origins_fewest": comparison.origins.fewest,
        "origins_most": comparison.origins.most,
        "exclusions_total": comparison.exclusions_total,
        "exclusions": [
            {"positions": list(exclusion.positions), "reason": reason_json(exclusion.reason)}
            for exclusion in comparison.exclusions
        ],
        "reasons": [reason_json(reason) for reason in comparison.reasons],
    }


def _position_rows(comparison: Comparison) -> list[Row]:
    return [
        {
            "answer": position.answer,
            "stance": position.stance.value,
            "claims": len(position.claims),
            "origins_fewest": position.origins.fewest,
            "origins_most": position.origins.most,
            "sources": position.sources,
            "contested": position.contested,
        }
        for position in comparison.positions
    ]


def _claim_rows(comparison: Comparison) -> dict[int, Row]:
    questioning = comparison.questioned | {challenge.claim for challenge in comparison.challenges}
    rank = URGENCY[comparison.state.value]
    return {
        key: {
            "standing": standing.value,
            "revised_by_id": comparison.revised_by.get(key),
            "position": comparison.position_of.get(key),
            "contested": key in comparison.contested,
            "questioned": key in questioning,
            "state": comparison.state.value,
            "state_rank": rank,
        }
        for key, standing in comparison.standing.items()
        if isinstance(key, int)
    }


def _listed(claim_ids: Collection[int]) -> QuerySet[Claim]:
    claims: QuerySet[Claim] = (
        Claim.objects.current()
        .filter(pk__in=claim_ids)
        .select_related("attribution__source__publisher", "attribution__speaker", "question__topic")
        .prefetch_related(
            Prefetch("wordings", ClaimWording.objects.current()),
            Prefetch("attribution__passages", Passage.objects.current()),
            Prefetch("attribution__speaker__names", AgentName.objects.current()),
        )
    )
    return claims


def _tokens(claim: Claim) -> frozenset[str]:
    """The words of the statements, the answer, the quotes, the speaker, the source and the question."""
    attribution = claim.attribution
    texts = [
        claim.answer,
        attribution.speaker.name,
        attribution.source.title,
        claim.question.text if claim.question else "",
        *(wording.text for wording in claim.wordings.all()),
        *(passage.exact for passage in attribution.passages.all()),
        *(name.text for name in attribution.speaker.names.all()),
        *(claim.question.translations.values() if claim.question else ()),
    ]
    return frozenset(token[:LONGEST_TOKEN] for text in texts for token in search_tokens(text))
