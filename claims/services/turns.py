"""Noting that questions became contested, or stopped, in the change that turned them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db.models import QuerySet

from claims.models import Change, QuestionState, QuestionTurn


def contested_among(questions: Collection[int]) -> set[int]:
    """Those of the questions that are contested as the derived tables have it."""
    if not questions:
        return set()
    return set(QuestionState.objects.contested().filter(question__in=questions).values_list("question", flat=True))


@contextmanager
def turns_noted(this: Change, questions: Collection[int]) -> Iterator[None]:
    """Note which of the questions turn, to contested or from it, while their derived state is renewed."""
    before = contested_among(questions)
    yield
    turned = before ^ contested_among(questions)
    if not turned:
        return
    turns: QuerySet[QuestionTurn] = QuerySet(QuestionTurn)  # past the guard, which refuses everybody else
    turns.bulk_create(
        QuestionTurn(question_id=key, contested=key not in before, at=this.moment, change=this.uid)
        for key in sorted(turned)
    )
