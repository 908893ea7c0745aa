"""What is to be recorded, before it is: attributions with all that belongs to them, and what is wrong with a part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from claims.models import Agent, Attribution, Claim, Snapshot


@dataclass(kw_only=True)
class NewClaim:
    """A claim to record: the unsaved record, its wordings by language, and whether its options may be made."""

    claim: Claim
    wordings: Mapping[str, str] = field(default_factory=dict)
    make_options: bool = False


@dataclass(kw_only=True)
class NewRelay:
    """One hop of the chain to record."""

    agent: Agent
    cue: str = ""


@dataclass(kw_only=True)
class NewPassage:
    """A passage to record; where the snapshot's text is there, the words must be found in it."""

    snapshot: Snapshot
    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None


@dataclass(kw_only=True)
class NewAttribution:
    """An attribution to record: the unsaved record with all that belongs to it.

    Where the attribution is on record already, what is named here is added to it.
    """

    attribution: Attribution
    relays: Sequence[NewRelay] = ()
    passages: Sequence[NewPassage] = ()
    claims: Sequence[NewClaim] = ()


# Which part of a recording: the number of the attribution, the kind of the part, its number.
Part = tuple[int, str, int]
Refusals = dict[Part, ValidationError]


class LinesRefused(ValidationError):  # noqa: N818 - it answers a person
    """What is wrong in which part of a recording: `parts` maps ("claims", 1) and the like to errors by field."""

    def __init__(self, parts: Mapping[Part, ValidationError]) -> None:
        self.parts = parts
        super().__init__([message for error in parts.values() for message in error.messages])
