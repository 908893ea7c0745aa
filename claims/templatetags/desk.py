"""The admin's start page: the desk at a glance."""

from enum import StrEnum
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.text import capfirst

from claims.domain.vocabulary import State
from claims.models import Question, Record, User
from claims.permissions import Capability, may
from claims.queries.names import translated
from claims.queries.overview import Counted, counted, in_state, summaries
from claims.queries.reviews import out_of_date, pending
from claims.queries.suspected import ORDER, ToldPair, pairs_with, suspected, told_pairs
from claims.wording import word, word_date

register = template.Library()

LISTED = 5


@register.filter
def kind_of_record(record: Record) -> str:
    """What kind of record it is, as a heading: "Retraction"."""
    return str(capfirst(record._meta.verbose_name))


@register.filter
def word_of(value: StrEnum) -> str:
    """What a value of the vocabulary is called."""
    return word(value)


@register.filter
def dated(text: str) -> str:
    """A date as written, in words."""
    return word_date(text)


@register.filter
def in_reader_language(question: Question) -> str:
    """The question as the reader's language has it, where it is recorded in it."""
    return translated(question.text, question.translations)


@register.simple_tag
def waiting_for_review() -> Counted:
    """How many claims nobody has reviewed yet."""
    return counted(pending())


@register.simple_tag
def reviews_out_of_date() -> Counted:
    """How many claims were checked and are to be checked again."""
    return counted(out_of_date())


@register.simple_tag
def may_review(user: User | AnonymousUser) -> bool:
    """Whether the user may review claims."""
    return may(user, Capability.REVIEW)


@register.simple_tag
def may_judge(user: User | AnonymousUser) -> bool:
    """Whether the user may judge suspected duplicates."""
    return may(user, Capability.JUDGE_AGENTS)


@register.simple_tag
def suspected_duplicates() -> Counted:
    """How many pairs of suspected duplicates nobody has judged yet."""
    return counted(suspected(), *ORDER)


@register.simple_tag
def suspected_with(record: Record) -> list[ToldPair]:
    """The first few pairs of the record with others that are suspected to be the same, and not judged yet."""
    return told_pairs(pairs_with(str(record._meta.model_name), record.pk)[:LISTED])


@register.simple_tag
def may_audit(user: User | AnonymousUser | str) -> bool:
    """Whether the user may read the log of all changes; a page of an error may know of no user."""
    return bool(user) and not isinstance(user, str) and may(user, Capability.AUDIT)


@register.simple_tag
def may_export(user: User | AnonymousUser | str) -> bool:
    """Whether the user may take what the page shows away with them; a page of an error may know of no user."""
    return bool(user) and not isinstance(user, str) and may(user, Capability.EXPORT)


@register.simple_tag
def contested_questions() -> dict[str, Any]:
    """How many questions are contested and questioned, and the newest of the contested in a line each."""
    rows = in_state(State.CONTESTED)
    return {
        "count": counted(rows),
        "questioned": counted(in_state(State.QUESTIONED)),
        "newest": summaries(list(rows[:LISTED])),
    }
