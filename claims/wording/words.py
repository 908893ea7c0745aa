"""What the vocabulary's fixed values are called, and what a state and the outcome for a passage mean."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from claims.domain.origins import Count
from claims.domain.vocabulary import (
    AgentKind,
    AnswerKind,
    Aspect,
    Certainty,
    Judged,
    LinkKind,
    Manner,
    Medium,
    Outcome,
    OverTime,
    Review,
    Stance,
    Standing,
    State,
    Suspected,
)

Words = Mapping[str, str | Promise]

# By enumeration, for members of different ones are equal where their values are: both reviews and standings know
# "discarded". Each has a context, for one English word may need several in another language.
WORDS: Mapping[type[StrEnum], Words] = {
    AgentKind: {
        AgentKind.PERSON: pgettext_lazy("agent", "Person"),
        AgentKind.ORGANISATION: pgettext_lazy("agent", "Organisation"),
        AgentKind.OUTLET: pgettext_lazy("agent", "Outlet"),
        AgentKind.UNNAMED: pgettext_lazy("agent", "Unnamed source"),
    },
    Medium: {
        Medium.ARTICLE: pgettext_lazy("medium", "Article"),
        Medium.POST: pgettext_lazy("medium", "Post"),
        Medium.BROADCAST: pgettext_lazy("medium", "Broadcast"),
        Medium.DOCUMENT: pgettext_lazy("medium", "Document"),
    },
    Manner: {
        Manner.QUOTED: pgettext_lazy("manner", "quoted"),
        Manner.PARAPHRASED: pgettext_lazy("manner", "paraphrased"),
        Manner.OWN_VOICE: pgettext_lazy("manner", "own voice"),
    },
    AnswerKind: {
        AnswerKind.CHOICE: pgettext_lazy("kind of answer", "choice"),
        AnswerKind.YES_NO: pgettext_lazy("kind of answer", "yes or no"),
        AnswerKind.QUANTITY: pgettext_lazy("kind of answer", "quantity"),
        AnswerKind.DATE: pgettext_lazy("kind of answer", "date"),
        AnswerKind.TEXT: pgettext_lazy("kind of answer", "text"),
    },
    OverTime: {
        OverTime.FIXED: pgettext_lazy("answer over time", "fixed"),
        OverTime.GROWS: pgettext_lazy("answer over time", "grows"),
        OverTime.CHANGES: pgettext_lazy("answer over time", "changes"),
    },
    Aspect: {
        Aspect.TERMS: pgettext_lazy("aspect", "terms"),
        Aspect.FORECAST: pgettext_lazy("aspect", "forecast"),
        Aspect.OUTCOME: pgettext_lazy("aspect", "outcome"),
        Aspect.STATE_OF_AFFAIRS: pgettext_lazy("aspect", "state of affairs"),
    },
    Stance: {
        Stance.AFFIRMS: pgettext_lazy("stance", "affirms"),
        Stance.DENIES: pgettext_lazy("stance", "denies"),
        Stance.DOUBTS: pgettext_lazy("stance", "doubts"),
    },
    Certainty: {
        Certainty.PLAIN: pgettext_lazy("certainty", "plainly"),
        Certainty.PROBABLE: pgettext_lazy("certainty", "as probable"),
        Certainty.POSSIBLE: pgettext_lazy("certainty", "as possible"),
    },
    Review: {
        Review.PENDING: pgettext_lazy("review", "Pending"),
        Review.CHECKED: pgettext_lazy("review", "Checked"),
        Review.DISCARDED: pgettext_lazy("review", "Discarded"),
    },
    LinkKind: {
        LinkKind.REVISES: pgettext_lazy("link", "revises"),
        LinkKind.BOTH_STAND: pgettext_lazy("link", "stands beside"),
        LinkKind.DISOWNS: pgettext_lazy("link", "disowns"),
    },
    Standing: {
        Standing.STANDING: pgettext_lazy("standing", "Stands"),
        Standing.DISCARDED: pgettext_lazy("standing", "Discarded in review"),
        Standing.RETRACTED: pgettext_lazy("standing", "Retracted by the speaker"),
        Standing.CORRECTED: pgettext_lazy("standing", "Corrected by the publisher"),
        Standing.REVISED: pgettext_lazy("standing", "Revised by a later claim"),
    },
    State: {
        State.CONTESTED: pgettext_lazy("state", "Contested"),
        State.QUESTIONED: pgettext_lazy("state", "Questioned"),
        State.UNRESOLVED: pgettext_lazy("state", "Unresolved wording"),
        State.SEVERAL_ORIGINS: pgettext_lazy("state", "Several origins"),
        State.SINGLE_ORIGIN: pgettext_lazy("state", "Single origin"),
        State.COMPATIBLE: pgettext_lazy("state", "Compatible"),
        State.TENTATIVE: pgettext_lazy("state", "Tentative"),
        State.UNANSWERED: pgettext_lazy("state", "Unanswered"),
    },
    Outcome: {
        Outcome.UNCHECKED: pgettext_lazy("passage", "Not looked for yet"),
        Outcome.EXACT: pgettext_lazy("passage", "Found as recorded"),
        Outcome.MOVED: pgettext_lazy("passage", "Found at another place"),
        Outcome.ALTERED: pgettext_lazy("passage", "Found altered"),
        Outcome.LOST: pgettext_lazy("passage", "Not found"),
    },
    Suspected: {
        Suspected.AGENTS: pgettext_lazy("suspected", "One agent twice"),
        Suspected.SOURCES: pgettext_lazy("suspected", "One publication twice"),
        Suspected.COPIES: pgettext_lazy("suspected", "One text in two publications"),
    },
    Judged: {
        Judged.SAME: pgettext_lazy("judged", "Same"),
        Judged.COPIED: pgettext_lazy("judged", "Copied text"),
        Judged.DIFFERENT: pgettext_lazy("judged", "Different"),
        Judged.UNSURE: pgettext_lazy("judged", "Unsure"),
    },
}

_STATES_EXPLAINED: Words = {
    State.CONTESTED: _("Claims that stand exclude each other."),
    State.QUESTIONED: _(
        "No claims exclude each other outright, but one is doubted by another speaker, or excludes what another holds"
        " possible."
    ),
    State.UNRESOLVED: _("The texts differ, and whether their meanings do is for a reader to judge."),
    State.SEVERAL_ORIGINS: _("One answer is supported from two or more independent origins."),
    State.SINGLE_ORIGIN: _("All definite claims come from one origin, however many sources carry them."),
    State.COMPATIBLE: _("The claims do not exclude each other, and no answer has two independent origins."),
    State.TENTATIVE: _("Only doubts and possibilities have been voiced."),
    State.UNANSWERED: _("No claim stands."),
}
_ACROSS_SIDES = _("One answer is supported from independent origins on different sides of the events.")

_OUTCOMES_EXPLAINED: Words = {
    Outcome.UNCHECKED: _("Nobody has looked for the passage: its text is not here yet."),
    Outcome.EXACT: _("The words stand in the text where they were recorded."),
    Outcome.MOVED: _("The words stand in the text, but at another place than recorded."),
    Outcome.ALTERED: _("Other words stand in place of the recorded ones: the claim has to be reviewed again."),
    Outcome.LOST: _("The text has no trace of the words: the claim has to be reviewed again."),
}

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def word(value: StrEnum) -> str:
    """What a value of the vocabulary is called: `word(Stance.DENIES)`. Raises KeyError for other enumerations."""
    return str(WORDS[type(value)][value])


def word_state(state: str, origins: Count | None = None) -> str:
    """The short form: "Contested", "Several origins (2)"; `origins` is shown for `several_origins` alone.

    Raises ValueError for what is no state's value.
    """
    state = State(state)
    if state is State.SEVERAL_ORIGINS and origins is not None:
        return f"{word(state)} ({span_of(origins)})"
    return word(state)


def explain_state(state: str, *, across_sides: bool = False) -> str:
    """The long form: a sentence that says what the state means. Raises ValueError for what is no state's value."""
    state = State(state)
    if state is State.SEVERAL_ORIGINS and across_sides:
        return str(_ACROSS_SIDES)
    return str(_STATES_EXPLAINED[state])


def word_outcome(outcome: str) -> str:
    """The short form of what became of a passage: "Found altered". Raises ValueError for what is no outcome's value."""
    return word(Outcome(outcome))


def explain_outcome(outcome: str) -> str:
    """The long form of what became of a passage: a sentence. Raises ValueError for what is no outcome's value."""
    return str(_OUTCOMES_EXPLAINED[Outcome(outcome)])


def word_origins(origins: Count) -> str:
    """The number of origins: "1 origin", "1–2 origins" where the sides allow more than one number (rule 4)."""
    if origins.fewest == origins.most:
        return ngettext("%(number)s origin", "%(number)s origins", origins.most) % {"number": origins.most}
    # A sentence of its own: languages with a dual say "two origins" in one word, which has no room for a span.
    return ngettext("%(span)s origin", "%(span)s origins", origins.most) % {"span": span_of(origins)}


def span_of(origins: Count) -> str:
    return str(origins.most) if origins.fewest == origins.most else f"{origins.fewest}\N{EN DASH}{origins.most}"


def letter_of(index: int) -> str:
    """A, B ... Z, AA, AB ...: the letter of the position at `index`, counted from 0."""
    letters = ""
    number = index + 1
    while number > 0:
        number, rest = divmod(number - 1, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return letters
