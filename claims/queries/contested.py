"""Which questions are contested and why, from the stored states: what the command line and the start page tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from claims.domain.reasons import Reason
from claims.domain.vocabulary import Stance
from claims.models import URGENCY, ClaimState, Position, QuestionState, Topic
from claims.queries.names import RecordNames, names_of
from claims.wording import plain, word_answer, word_reason


@dataclass(frozen=True)
class ToldPosition:
    """One position with the identifiers of its claims; `worded` is its answer in words."""

    answer: str
    stance: str
    worded: str
    claims: tuple[str, ...]
    origins: int
    origins_most: int
    sources: int


@dataclass(frozen=True)
class ToldQuestion:
    """One question as told: its state, positions, and the exclusions with the reason in a sentence."""

    uid: str
    topic: str
    question: str
    answer_kind: str
    state: str
    across_sides: bool
    claims: int
    origins: int
    positions: tuple[ToldPosition, ...]
    exclusions: tuple[tuple[tuple[int, ...], str], ...]
    exclusions_total: int
    reasons: tuple[str, ...]


def find_topic(name_or_uid: str) -> Topic | None:
    """The topic of this name or identifier."""
    topics = Topic.objects.current()
    try:
        by_uid: Topic | None = topics.filter(uid=UUID(name_or_uid)).first()
    except ValueError:
        by_uid = None
    found: Topic | None = by_uid or topics.filter(name=name_or_uid).first()
    return found


def states(*, topic: Topic | None = None, contested_only: bool = True) -> QuerySet[QuestionState]:
    """The states of current questions, the most urgent first, then by topic and text."""
    rows = QuestionState.objects.filter(question__withdrawn=False).select_related("question__topic")
    if topic is not None:
        rows = rows.filter(question__topic=topic)
    if contested_only:
        rows = rows.contested()
    return rows


def told(rows: Iterable[QuestionState]) -> list[ToldQuestion]:
    """The questions of these states, told; a fixed number of queries."""
    by_question = {row.question_id: row for row in rows}
    names = names_of(by_question.values())
    positions = _positions(names)
    questions = [_told(row, positions[key], names[key]) for key, row in by_question.items()]
    return sorted(questions, key=lambda each: (-URGENCY[each.state], each.topic, each.question))


def worded(reason: dict[str, Any], names: RecordNames) -> str:
    """A stored reason as a sentence."""
    return word_reason(Reason(reason["code"], reason["values"]), names)


def _told(row: QuestionState, positions: list[ToldPosition], names: RecordNames) -> ToldQuestion:
    question = row.question
    return ToldQuestion(
        uid=str(question.uid),
        topic=question.topic.name if question.topic else "",
        question=question.text,
        answer_kind=question.kind,
        state=row.state,
        across_sides=row.across_sides,
        claims=row.claims,
        origins=row.origins_fewest,
        positions=tuple(positions),
        exclusions=tuple((tuple(each["positions"]), plain(worded(each["reason"], names))) for each in row.exclusions),
        exclusions_total=row.exclusions_total,
        reasons=tuple(plain(worded(each, names)) for each in row.reasons),
    )


def _positions(names: Mapping[int, RecordNames]) -> dict[int, list[ToldPosition]]:
    claims: dict[int, list[str]] = defaultdict(list)
    rows = ClaimState.objects.filter(question__in=names, position__isnull=False).order_by("claim")
    for position, uid in rows.values_list("position", "claim__uid"):
        claims[position].append(str(uid))
    positions: dict[int, list[ToldPosition]] = defaultdict(list)
    for row in Position.objects.filter(question__in=names).order_by("question", "index"):
        positions[row.question_id].append(
            ToldPosition(
                answer=row.answer,
                stance=row.stance,
                worded=plain(word_answer(names[row.question_id].question, row.answer, stance=Stance(row.stance))),
                claims=tuple(claims[row.pk]),
                origins=row.origins_fewest,
                origins_most=row.origins_most,
                sources=row.sources,
            )
        )
    return positions
