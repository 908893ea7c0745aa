"""What is to be recorded, before it is: attributions with all that belongs to them, and what is wrong with a part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import Agent, Attribution, Claim, Snapshot
from claims.text.characters import is_visible


@dataclass(kw_only=True)
class NewClaim:
    """A claim to record: the unsaved record, its wordings by language, and whether its options may be made.

    A wording of which nothing can be seen is none.
    """

    claim: Claim
    wordings: Mapping[str, str] = field(default_factory=dict)
    make_options: bool = False

    def worded(self) -> list[tuple[str, str]]:
        """The wordings that say something, with their languages."""
        return [(language, text) for language, text in self.wordings.items() if is_visible(text)]

    def refuse_nothing(self) -> None:
        """Raise `ValidationError` for a claim without a question that has neither an answer nor a wording."""
        if self.claim.question is None and not is_visible(self.claim.answer) and not self.worded():
            raise ValidationError(
                {"answer": _("This claims nothing. Write an answer to a question, or the claim in your own words.")}
            )


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
