"""The topics that a change bore on, written down for the log of changes."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from claims.ledger.models import LoggedChange
from claims.models import Change, ChangeTopic, ClaimState, Question, Topic


def topics_of(this: Change, questions: Collection[int]) -> set[int]:
    """The topics of these questions, those written themselves, and those that written questions had before.

    To be called before the lists of claims are renewed: they still know the topic that a question had.
    """
    rewritten = {key for model, key in this.written if model is Question}
    keys: set[int | None] = set()
    if questions:
        keys |= set(Question.objects.filter(pk__in=questions).values_list("topic", flat=True).distinct())
    if rewritten:
        keys |= set(ClaimState.objects.filter(question__in=rewritten).values_list("topic", flat=True).distinct())
    return {key for model, key in this.written if model is Topic} | {key for key in keys if key is not None}


def log_topics(uid: UUID, topics: Collection[int]) -> None:
    """Note the topics of a change that is on record; nothing where it wrote nothing."""
    if not topics:
        return
    key = LoggedChange.objects.filter(uid=uid).values_list("pk", flat=True).first()
    if key is not None:
        ChangeTopic.objects.bulk_create(ChangeTopic(change_id=key, topic_id=topic) for topic in sorted(topics))
