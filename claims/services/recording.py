"""Recording: an attribution with its chain, passages and claims in one go, or many of them in one change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import (
    Agent,
    Attribution,
    Change,
    Claim,
    ClaimWording,
    Passage,
    Record,
    Relay,
    Snapshot,
    User,
)
from claims.permissions import Capability, require
from claims.services.preparing import prepare
from claims.services.transaction import change, save


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
    """An attribution to record: the unsaved record with all that belongs to it."""

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


def record(
    *, attributions: Sequence[NewAttribution], by: User | None, reason: str, command: str = ""
) -> list[Attribution]:
    """Record attributions with their chains, passages and claims, all or none.

    Raises:
        NotAllowed: the user may not record.
        LinesRefused: what is wrong, by attribution, part and field; nothing is written.
    """
    require(by, Capability.RECORD)
    with change(by=by, reason=reason, command=command) as this:
        refused: Refusals = {}
        for number, new in enumerate(attributions):
            _record_one(this, number, new, refused)
        if refused:
            raise LinesRefused(refused)
    return [new.attribution for new in attributions]


def add_claims(
    *, attribution: Attribution, claims: Sequence[NewClaim], by: User | None, reason: str, command: str = ""
) -> list[Claim]:
    """Record further claims of an attribution that is on record; raises as `record` does."""
    require(by, Capability.RECORD)
    with change(by=by, reason=reason, command=command) as this:
        refused: Refusals = {}
        first = Claim.objects.filter(attribution=attribution).count()
        for line, new in enumerate(claims):
            new.claim.line = first + line
            attempt(refused, (0, "claims", line), partial(record_claim, this, attribution, new))
        if refused:
            raise LinesRefused(refused)
    return [new.claim for new in claims]


def _record_one(this: Change, number: int, new: NewAttribution, refused: Refusals) -> None:
    """Record one attribution; what is refused is collected, so that all of it can be shown at once."""
    if not new.claims:
        refused[number, "attribution", 0] = ValidationError(_("Record at least one claim of this attribution."))
    whole = new.attribution
    if not attempt(refused, (number, "attribution", 0), lambda: keep_prepared(this, whole)):
        return
    for hop, each in enumerate(new.relays):
        relay = Relay(attribution=whole, position=hop, agent=each.agent, cue=each.cue)
        attempt(refused, (number, "relays", hop), partial(keep_prepared, this, relay))
    for span, passage in enumerate(new.passages):
        attempt(refused, (number, "passages", span), partial(record_passage, this, whole, passage))
    for line, claim in enumerate(new.claims):
        claim.claim.line = line
        attempt(refused, (number, "claims", line), partial(record_claim, this, whole, claim))


def keep_prepared(this: Change, record: Record, *, make_options: bool = False) -> None:
    """Prepare and save one record with the rows that belong to it."""
    later = prepare(this, record, make_options=make_options)
    save(this, [record])
    save(this, later())


def record_claim(this: Change, attribution: Attribution, new: NewClaim) -> None:
    """Save one new claim of the attribution with its options and wordings."""
    new.claim.attribution = attribution
    keep_prepared(this, new.claim, make_options=new.make_options)
    wordings = [ClaimWording(claim=new.claim, language=each, text=text) for each, text in new.wordings.items() if text]
    save(this, wordings)


def record_passage(this: Change, attribution: Attribution, new: NewPassage) -> None:
    """Save one new passage of the attribution; its words must stand in the snapshot's text, where that is there."""
    passage = Passage(
        attribution=attribution,
        snapshot=new.snapshot,
        exact=new.exact,
        prefix=new.prefix,
        suffix=new.suffix,
        start=new.start,
    )
    keep_prepared(this, passage)


def attempt(refused: Refusals, part: Part, step: Callable[[], None]) -> bool:
    """Take the step; keep what it is refused for under its part, its writes undone."""
    try:
        with transaction.atomic():
            step()
    except ValidationError as error:
        refused[part] = error
        return False
    return True
