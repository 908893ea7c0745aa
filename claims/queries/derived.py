"""What the derived tables should hold of questions: worked out from the records, for writing it and for checking it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Max

from claims.domain.comparison import Comparison, compare
from claims.domain.identity import canonical
from claims.domain.leaves_open import EXACT, Open
from claims.domain.origins import Origin
from claims.domain.reasons import Reason
from claims.domain.values import Case, Key
from claims.domain.vocabulary import Review, Standing
from claims.models import URGENCY, Claim
from claims.queries.cases import load_cases

Row = dict[str, Any]

SPEAKERS_NAMED = 5
"""Of so many speakers of a position the first claims are kept, so that they can be named without reading the others."""


@dataclass(frozen=True)
class QuestionRows:
    """The derived rows of one question.

    `positions` are in order, `index` left out; `claims` maps a claim's key to what the rules make of it, with
    `position` the number of its position or None.
    """

    state: Row
    positions: list[Row]
    claims: dict[int, Row]


def rows_of_questions(question_ids: Collection[int]) -> Iterator[tuple[int, QuestionRows]]:
    """For each question what its state, positions and claims should hold."""
    for key, _case, _comparison, rows in compared_questions(question_ids):
        yield key, rows


def compared_questions(question_ids: Collection[int]) -> Iterator[tuple[int, Case, Comparison, QuestionRows]]:
    """For each question its case, what the rules make of it, and the rows that say so."""
    if not question_ids:
        return
    latest = dict(
        Claim.objects.current()
        .filter(question__in=question_ids)
        .values_list("question")
        .annotate(latest=Max("recorded_at"))
        .values_list("question", "latest")
    )
    for key, case in load_cases(question_ids).items():
        comparison = compare(case)
        state = {**_state_row(comparison), "judged": bool(case.distinct), "latest_claim_at": latest.get(key)}
        rows = QuestionRows(state=state, positions=_position_rows(case, comparison), claims=_claim_rows(comparison))
        yield key, case, comparison, rows


def unasked_row(review: str) -> Row:
    """What the rules make of a claim without a question: it stands or was discarded, and is compared with nothing."""
    discarded = review == Review.DISCARDED
    return {**UNCOMPARED, "standing": (Standing.DISCARDED if discarded else Standing.STANDING).value}


UNCOMPARED: Mapping[str, Any] = {
    "standing": Standing.STANDING.value,
    "revised_by_id": None,
    "position_id": None,
    "contested": False,
    "questioned": False,
    "state": "",
    "state_rank": 0,
    "origin": "",
    "origin_side_id": None,
}


def reason_json(reason: Reason) -> Row:
    """A reason as the database keeps it: tuples become lists."""
    return {
        "code": reason.code,
        "values": {name: list(value) if isinstance(value, tuple) else value for name, value in reason.values.items()},
    }


def open_key(opened: Open) -> str:
    """What stands for a set of answers in the database: equal sets have equal keys, different ones different keys."""
    values = [_plain(getattr(opened, field.name)) for field in fields(opened)]
    return sha256(json.dumps([type(opened).__name__, *values]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The value in lists, texts and numbers; sets are sorted, and equal numbers written alike."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(EXACT.plus(value).normalize(EXACT)) if isinstance(value, Decimal) else value


def origin_key(origin: Origin) -> str:
    """An origin as the database keeps it; `origin_of` reads it."""
    return f"{'document' if origin.document else 'named' if origin.named else 'unnamed'}:{origin.key}"


def origin_of(key: str) -> Origin:
    """The origin that `origin_key` wrote."""
    kind, _, number = key.partition(":")
    return Origin(int(number), named=kind != "unnamed", document=kind == "document")


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


def _position_rows(case: Case, comparison: Comparison) -> list[Row]:
    inferred = {claim.key for claim in case.claims if claim.inferred}
    shared = _sharing(comparison)
    speaker = {claim.key: canonical(case.agents, claim.speaker) for claim in case.claims}
    return [
        {
            "answer": position.answer,
            "stance": position.stance.value,
            "claims": len(position.claims),
            "origins_fewest": position.origins.fewest,
            "origins_most": position.origins.most,
            "sources": position.sources,
            **_speakers_row(position.claims, speaker),
            "contested": position.contested,
            "leaves_open": open_key(position.open),
            "inferred": inferred.issuperset(position.claims),
            "shared": number in shared,
        }
        for number, position in enumerate(comparison.positions)
    ]


def _speakers_row(claims: Iterable[Key], speaker: Mapping[Key, Key]) -> Row:
    """How many speakers the claims have, and of the first few of them the first claim."""
    first: dict[Key, Key] = {}
    for claim in claims:
        first.setdefault(speaker[claim], claim)
    return {"speakers": len(first), "first_claims": list(first.values())[:SPEAKERS_NAMED]}


def _sharing(comparison: Comparison) -> set[int]:
    """The positions that claims of other positions support, and those other positions."""
    shared: set[int] = set()
    for number, position in enumerate(comparison.positions):
        supporting = {comparison.position_of[claim] for claim in position.supporters}
        if supporting != {number}:
            shared |= {number, *supporting}
    return shared


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
            "origin": origin_key(comparison.traced[key].origin),
            "origin_side_id": comparison.traced[key].side,
        }
        for key, standing in comparison.standing.items()
        if isinstance(key, int)
    }
