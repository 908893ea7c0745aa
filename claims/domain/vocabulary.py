"""The words of the vocabulary that have a fixed list of values, as enumerations.

The values are what the database, the claims table, the command line and the JSON carry; how they are
worded for a reader is `claims/wording.py`'s business.
"""

from enum import StrEnum

from claims.text.outcome import Outcome as Outcome  # noqa: PLC0414 - a word of the vocabulary, defined below it


class AgentKind(StrEnum):
    """What an agent is. An unnamed agent is one agent per name and source."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    UNNAMED = "unnamed"


class Medium(StrEnum):
    """The form in which a source was published."""

    ARTICLE = "article"
    POST = "post"
    BROADCAST = "broadcast"
    DOCUMENT = "document"


class Manner(StrEnum):
    """How a source carries a speaker's words (after PolNeAR)."""

    QUOTED = "quoted"
    PARAPHRASED = "paraphrased"
    OWN_VOICE = "own_voice"


class AnswerKind(StrEnum):
    """What an answer to a question looks like."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    QUANTITY = "quantity"
    DATE = "date"
    TEXT = "text"


class OverTime(StrEnum):
    """How a question's answer may move while time passes (rule 3)."""

    FIXED = "fixed"
    GROWS = "grows"
    CHANGES = "changes"


class Aspect(StrEnum):
    """What a question is about."""

    TERMS = "terms"
    FORECAST = "forecast"
    OUTCOME = "outcome"
    STATE_OF_AFFAIRS = "state_of_affairs"


class Stance(StrEnum):
    """How a claim stands to its answer (after FactBank)."""

    AFFIRMS = "affirms"
    DENIES = "denies"
    DOUBTS = "doubts"


class Certainty(StrEnum):
    """How sure the speaker put it (after FactBank)."""

    PLAIN = "plain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Review(StrEnum):
    """What the desk has made of a claim so far."""

    PENDING = "pending"
    CHECKED = "checked"
    DISCARDED = "discarded"


class LinkKind(StrEnum):
    """What an editor says about two claims on one question."""

    REVISES = "revises"
    BOTH_STAND = "both_stand"
    DISOWNS = "disowns"


class Standing(StrEnum):
    """Whether a claim counts, and if not, why (rule 2)."""

    STANDING = "standing"
    DISCARDED = "discarded"
    RETRACTED = "retracted"
    CORRECTED = "corrected"
    REVISED = "revised"


class State(StrEnum):
    """The state of a question (rule 5), in the order in which the rule asks for them."""

    CONTESTED = "contested"
    QUESTIONED = "questioned"
    UNRESOLVED = "unresolved"
    SEVERAL_ORIGINS = "several_origins"
    SINGLE_ORIGIN = "single_origin"
    COMPATIBLE = "compatible"
    TENTATIVE = "tentative"
    UNANSWERED = "unanswered"


class Suspected(StrEnum):
    """What two records are suspected of: one agent recorded twice, one publication twice, one text in two."""

    AGENTS = "agents"
    SOURCES = "sources"
    COPIES = "copies"


class Judged(StrEnum):
    """What an editor made of two records that are suspected; `copied` is said of sources alone."""

    SAME = "same"
    COPIED = "copied"
    DIFFERENT = "different"
    UNSURE = "unsure"
