"""What the rules look at: one question with the claims on it, as frozen values.

Keys are whatever the caller identifies rows by (the database's ids, names in a test); the rules only
compare and hash them. Every value is immutable, so a `Case` can be compared twice with the same result.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from claims.domain.vocabulary import (
    AnswerKind,
    Certainty,
    LinkKind,
    OverTime,
    Review,
    Stance,
)

Key = Hashable


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of time [begin, end): seconds since 0001-01-01T00:00:00 UTC, end not included.

    A day begins at its midnight in the desk's zone and ends at the next one.
    """

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """What claims answer, and by which measures their answers are read (rules 1 and 3).

    `broader` maps every option to the options directly above it. `tolerance` is in the question's unit
    (days for dates); None is the default of rule 1. `rounding` is in the question's unit. `window_hours`
    is set exactly when the question changes over time.
    """

    kind: AnswerKind = AnswerKind.CHOICE
    several: bool = False
    over_time: OverTime = OverTime.FIXED
    window_hours: Decimal | None = None
    tolerance: Decimal | None = None
    rounding: Decimal = Decimal(0)
    broader: Mapping[Key, frozenset[Key]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Side:
    """A group of agents; a party takes part in the events."""

    key: Key
    party: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """Who speaks or passes on. `same_as` and `speaks_for` are keys of other agents."""

    key: Key
    named: bool = True
    side: Key | None = None
    same_as: Key | None = None
    speaks_for: Key | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One or more options, of which the speaker says that one (of a several-answers question, at least one) holds.

    `only` is the `=X` of the claims table: on a question with several answers it denies the rest.
    """

    options: frozenset[Key]
    only: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Quantity:
    """The closed interval low..high in the question's unit; None is an open end. `about` as in "about 300"."""

    low: Decimal | None
    high: Decimal | None
    about: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """The days of an EDTF date: ascending, disjoint, non-adjacent stretches (first, last) of proleptic ordinals.

    Ordinals are those of `datetime.date.toordinal` (1 is 0001-01-01); both ends are included. `about` is
    true where the date carries any of EDTF's ``~ ? %``.
    """

    days: tuple[tuple[int, int], ...]
    about: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A free text in the normalised form of rule 1."""

    normalised: str


Answer = Choice | YesNo | Quantity | Date | Text


@dataclass(frozen=True, slots=True)
class Claim:
    """What one attribution says on the question, with all of the attribution that the rules look at.

    `side` is the speaker's side at the time, `said` when it was said, `as_of` the moment it speaks of,
    `published` when its source was published. `document` is the source that the speaker's words are quoted from;
    `copied_from` the claim that this one was copied from. `retracted` and `corrected` say whether such a
    record exists, `retracted_on` and `corrected_on` its date, if stated. `order` is when it was recorded,
    only to list equal things in a stable order; `written` is the answer as shown to readers.
    """

    key: Key
    speaker: Key
    source: Key
    answer: Answer
    written: str = ""
    stance: Stance = Stance.AFFIRMS
    certainty: Certainty = Certainty.PLAIN
    inferred: bool = False
    review: Review = Review.PENDING
    side: Key | None = None
    on_behalf_of: Key | None = None
    relays: tuple[Key, ...] = ()
    document: Key | None = None
    copied_from: Key | None = None
    said: Moment | None = None
    as_of: Moment | None = None
    published: Moment | None = None
    retracted: bool = False
    retracted_on: Moment | None = None
    corrected: bool = False
    corrected_on: Moment | None = None
    order: int = 0

    @property
    def definite(self) -> bool:
        """Whether the claim leaves anything closed at all (rule 1): no doubt, and not merely possible."""
        return self.stance is not Stance.DOUBTS and self.certainty is not Certainty.POSSIBLE


@dataclass(frozen=True, slots=True)
class Link:
    """What an editor says about two claims of one question: `claim` revises, disowns, or stands beside `other`."""

    kind: LinkKind
    claim: Key
    other: Key


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the rules need to know about one question.

    `agents` holds every agent that a claim names directly or through `same_as` and `speaks_for`; `sides`
    every side. `elsewhere` holds claims of other questions that a claim here was copied from. `distinct`
    are the pairs of agents that an editor has judged to be different.
    """

    question: Question
    claims: tuple[Claim, ...] = ()
    agents: Mapping[Key, Agent] = field(default_factory=dict)
    sides: Mapping[Key, Side] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    distinct: frozenset[frozenset[Key]] = frozenset()
    elsewhere: Mapping[Key, Claim] = field(default_factory=dict)
