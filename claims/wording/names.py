"""What a sentence needs to know about the records it speaks of; queries provide it, the sentences word it.

Everything is as recorded, nothing worded or isolated before: answers in the notation of the claims table, dates as
EDTF. Names and titles are in the reader's language where the records have them in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from claims.domain.values import Key
from claims.domain.vocabulary import AnswerKind, Certainty, Stance


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """What wording an answer takes of its question; measures are in the question's unit, for dates in days.

    `labels` maps an option's label as recorded to the one to show; a label that is not in it is shown as it is.
    """

    kind: AnswerKind = AnswerKind.CHOICE
    unit: str = ""
    tolerance: Decimal | None = None
    rounding: Decimal = Decimal(0)
    window_hours: Decimal | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """One claim: who said what, how, where (the source's title) and when (`said`, and `as_of` of a figure)."""

    speaker: str
    written: str
    stance: Stance = Stance.AFFIRMS
    certainty: Certainty = Certainty.PLAIN
    inferred: bool = False
    source: str = ""
    said: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class PositionWords:
    """One position: its answer and stance as the comparison has them, and who holds it.

    `speakers` are the first of them, to be named in this order; `speakers_total` is how many there are, where not all
    are among these.
    """

    written: str
    stance: Stance = Stance.AFFIRMS
    speakers: tuple[str, ...] = ()
    inferred: bool = False
    speakers_total: int = 0


class Names(Protocol):
    """The records behind one question's comparison."""

    @property
    def question(self) -> QuestionWords:
        """The question itself."""
        ...

    def position(self, index: int) -> PositionWords:
        """The position at that place of the comparison's list, counted from 0."""
        ...

    def claim(self, key: Key) -> ClaimWords:
        """The claim of that key."""
        ...

    def agent(self, key: Key) -> str:
        """The name of the agent of that key."""
        ...
