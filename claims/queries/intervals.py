"""Positions of a quantity or date question as stretches of a line, for a picture: what each leaves open by rule 1."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims.domain.leaves_open import AFTER_LAST_DAY, FIRST_DAY, leaves_open
from claims.domain.notation import read_answer
from claims.domain.refusals import Refusal
from claims.domain.spans import ABOVE_ALL, BELOW_ALL, Cut, Spans
from claims.domain.values import Date, Quantity
from claims.domain.values import Question as Measures
from claims.domain.vocabulary import AnswerKind, OverTime
from claims.models import Question
from claims.queries.comparisons import Reading, ReadPosition
from claims.queries.dates import desk_zone


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `low` to `high`, both included (days, or numbers of the question's unit); None is an open end."""

    index: int
    low: date | Decimal | None
    high: date | Decimal | None


def stretches_of(question: Question, reading: Reading) -> list[Stretch]:
    """The stretches of the positions shown, in their order; none for questions of other kinds."""
    if question.kind not in (AnswerKind.QUANTITY, AnswerKind.DATE):
        return []
    return [stretch for position in reading.positions for stretch in _of_position(question, position)]


def _of_position(question: Question, position: ReadPosition) -> Iterator[Stretch]:
    kind = AnswerKind(question.kind)
    try:
        answer = read_answer(kind, position.answer, desk_zone())
    except Refusal:  # an answer recorded before the question got its present kind has no place on the line
        return
    measures = Measures(kind, over_time=OverTime.FIXED, tolerance=question.tolerance, rounding=question.rounding)
    if not isinstance(answer, Quantity | Date):
        return
    opened = leaves_open(measures, position.stance, answer)
    if isinstance(opened, Spans):
        for low, high in opened.stretches:
            yield Stretch(position.index, *(_days(low, high) if kind is AnswerKind.DATE else _numbers(low, high)))


def _numbers(low: Cut, high: Cut) -> tuple[Decimal | None, Decimal | None]:
    return None if low == BELOW_ALL else low[0], None if high == ABOVE_ALL else high[0]


def _days(low: Cut, high: Cut) -> tuple[date | None, date | None]:
    """The first and last day: a stretch of days ends before the day of its upper cut."""
    first = None if low <= FIRST_DAY else date.fromordinal(int(low[0]))
    return first, None if high >= AFTER_LAST_DAY else date.fromordinal(int(high[0]) - 1)
