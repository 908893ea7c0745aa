"""What the reference looks at: questions, agents, claims and links as plain values, with words for kinds.

Numbers are exact (`Fraction`), days are ordinals of `datetime.date.toordinal`, moments are seconds
[begin, end). A claim carries its answer twice: as understood, and `written` as in the claims table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Question:
    """`kind` is choice, yes_no, quantity, date or text; `over_time` is fixed, grows or changes."""

    kind: str
    several: bool = False
    over_time: str = "fixed"
    window_hours: Fraction | None = None
    tolerance: Fraction | None = None
    rounding: Fraction = Fraction(0)
    broader: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Agent:
    """Who speaks or passes on; `side`, `same_as` and `speaks_for` are keys."""

    named: bool = True
    side: str | None = None
    same_as: str | None = None
    speaks_for: str | None = None


@dataclass(frozen=True)
class Choice:
    """One or more options; `only` is the notation's `=`."""

    options: frozenset[str]
    only: bool = False


@dataclass(frozen=True)
class YesNo:
    """Yes or no."""

    yes: bool


@dataclass(frozen=True)
class Quantity:
    """An interval as stated; None is an open end."""

    low: Fraction | None
    high: Fraction | None
    about: bool = False


@dataclass(frozen=True)
class Date:
    """Stretches of days (first, last), both included."""

    days: tuple[tuple[int, int], ...]
    about: bool = False


@dataclass(frozen=True)
class Text:
    """A text in its normalised form."""

    normalised: str


Answer = Choice | YesNo | Quantity | Date | Text


@dataclass(frozen=True)
class Claim:
    """One claim with all of its attribution that the rules look at; `said` and `as_of` are (begin, end)."""

    key: str
    speaker: str
    source: str
    answer: Answer
    written: str | None = None
    stance: str = "affirms"
    certainty: str = "plain"
    inferred: bool = False
    review: str = "pending"
    side: str | None = None
    on_behalf_of: str | None = None
    relays: tuple[str, ...] = ()
    document: str | None = None
    copied_from: str | None = None
    said: tuple[int, int] | None = None
    as_of: tuple[int, int] | None = None
    retracted: bool = False
    corrected: bool = False

    @property
    def definite(self) -> bool:
        """Rule 1: doubting leaves everything open, so does certainty possible; all others are definite."""
        return self.stance != "doubts" and self.certainty != "possible"


@dataclass(frozen=True)
class Link:
    """What an editor says: `claim` revises, disowns or stands beside (both_stand) `other`."""

    kind: str
    claim: str
    other: str


@dataclass(frozen=True)
class Case:
    """One question with its claims; `elsewhere` are claims of other questions that one here was copied from.

    `parties` are the keys of the sides that are parties to the events; `sides` are the keys of all sides.
    """

    question: Question
    claims: tuple[Claim, ...] = ()
    agents: Mapping[str, Agent] = field(default_factory=dict)
    sides: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    distinct: frozenset[frozenset[str]] = frozenset()
    elsewhere: Mapping[str, Claim] = field(default_factory=dict)
