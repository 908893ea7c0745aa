"""The last turns of questions to and from contested, each with what a reader of a feed is told; some fixed queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from claims.models import Question, QuestionState, QuestionTurn, Topic
from claims.queries.contested import worded
from claims.queries.names import names_of, translated
from claims.wording import isolated, plain

MOST = 50


@dataclass(frozen=True)
class ToldTurn:
    """A turn: `reason` is why the question is contested today, empty where it is not, or turned again since."""

    uid: UUID
    question: Question
    text: str
    topic: str
    contested: bool
    at: datetime
    reason: str


def last_turns(topic: Topic | None = None) -> list[ToldTurn]:
    """The last turns of current questions, or of a topic's, the newest first.

    What a turn says today is what anybody may read today: what was on record at the time is history.
    """
    rows = QuestionTurn.objects.filter(question__withdrawn=False).select_related("question__topic")
    if topic is not None:
        rows = rows.filter(question__topic=topic)
    turns = list(rows.order_by("-at", "-id")[:MOST])
    keys = {turn.question_id for turn in turns}
    states = {row.question_id: row for row in QuestionState.objects.contested().filter(question__in=keys)}
    names = names_of(states.values())
    latest = {turn.question_id: turn.pk for turn in reversed(turns)}
    reasons = {
        latest[key]: plain(worded(state.exclusions[0]["reason"], names[key]))
        for key, state in states.items()
        if state.exclusions
    }
    return [_told(turn, reasons.get(turn.pk, "") if turn.contested else "") for turn in turns]


def _told(turn: QuestionTurn, reason: str) -> ToldTurn:
    question = turn.question
    name = question.topic and translated(question.topic.name, question.topic.translations)
    return ToldTurn(
        uid=turn.uid,
        question=question,
        text=_line(translated(question.text, question.translations)),
        topic=_line(name or ""),
        contested=turn.contested,
        at=turn.at,
        reason=reason,
    )


def _line(text: str) -> str:
    """A text on one line, without characters that XML has no way to write."""
    return plain(isolated(text))
