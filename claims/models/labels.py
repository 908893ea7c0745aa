"""What the vocabulary's fixed values are called on screens, and the choices of fields made from them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import (
    AgentKind,
    AnswerKind,
    Aspect,
    Certainty,
    LinkKind,
    Manner,
    Medium,
    Outcome,
    OverTime,
    Review,
    Stance,
    Standing,
    State,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Choices = list[tuple[str, StrPromise]]

LABELS: dict[StrEnum, StrPromise] = {
    AgentKind.PERSON: _("person"),
    AgentKind.ORGANISATION: _("organisation"),
    AgentKind.OUTLET: _("outlet"),
    AgentKind.UNNAMED: _("unnamed"),
    Medium.ARTICLE: _("article"),
    Medium.POST: _("post"),
    Medium.BROADCAST: _("broadcast"),
    Medium.DOCUMENT: _("document"),
    Manner.QUOTED: _("quoted"),
    Manner.PARAPHRASED: _("paraphrased"),
    Manner.OWN_VOICE: _("own voice"),
    AnswerKind.CHOICE: _("choice"),
    AnswerKind.YES_NO: _("yes or no"),
    AnswerKind.QUANTITY: _("quantity"),
    AnswerKind.DATE: _("date"),
    AnswerKind.TEXT: _("text"),
    OverTime.FIXED: _("fixed"),
    OverTime.GROWS: _("grows"),
    OverTime.CHANGES: _("changes"),
    Aspect.TERMS: _("terms"),
    Aspect.FORECAST: _("forecast"),
    Aspect.OUTCOME: _("outcome"),
    Aspect.STATE_OF_AFFAIRS: _("state of affairs"),
    Stance.AFFIRMS: _("affirms"),
    Stance.DENIES: _("denies"),
    Stance.DOUBTS: _("doubts"),
    Certainty.PLAIN: _("plain"),
    Certainty.PROBABLE: _("probable"),
    Certainty.POSSIBLE: _("possible"),
    Review.PENDING: _("pending"),
    Review.CHECKED: _("checked"),
    Review.DISCARDED: _("discarded"),
    LinkKind.REVISES: _("revises"),
    LinkKind.BOTH_STAND: _("both stand"),
    LinkKind.DISOWNS: _("disowns"),
    Standing.STANDING: _("standing"),
    Standing.DISCARDED: _("discarded"),
    Standing.RETRACTED: _("retracted"),
    Standing.CORRECTED: _("corrected"),
    Standing.REVISED: _("revised"),
    State.CONTESTED: _("contested"),
    State.QUESTIONED: _("questioned"),
    State.UNRESOLVED: _("unresolved"),
    State.SEVERAL_ORIGINS: _("several origins"),
    State.SINGLE_ORIGIN: _("single origin"),
    State.COMPATIBLE: _("compatible"),
    State.TENTATIVE: _("tentative"),
    State.UNANSWERED: _("unanswered"),
    Outcome.UNCHECKED: _("unchecked"),
    Outcome.EXACT: _("exact"),
    Outcome.MOVED: _("moved"),
    Outcome.ALTERED: _("altered"),
    Outcome.LOST: _("lost"),
}

# Grades after the Admiralty code (rule 8); credibility is never read as a verdict on the claim.
RELIABILITY: Choices = [
    ("A", _("A: completely reliable")),
    ("B", _("B: usually reliable")),
    ("C", _("C: fairly reliable")),
    ("D", _("D: not usually reliable")),
    ("E", _("E: unreliable")),
    ("F", _("F: reliability cannot be judged")),
]
CREDIBILITY: list[tuple[int, StrPromise]] = [
    (1, _("1: confirmed by other sources")),
    (2, _("2: probably so")),
    (3, _("3: possibly so")),
    (4, _("4: doubtful")),
    (5, _("5: improbable")),
    (6, _("6: cannot be judged")),
]


def choices(words: type[StrEnum]) -> Choices:
    """The values of an enumeration with their labels, in the order of the vocabulary."""
    return [(word.value, LABELS[word]) for word in words]
