"""Recording: an attribution with its chain, passages and claims in one go, or many of them in one change."""

from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError

from claims.models import Attribution, Change, Claim, ClaimWording, Passage, Record, User
from claims.permissions import Capability, require
from claims.services.batches import Batch
from claims.services.drafts import (
    LinesRefused,
    NewAttribution,
    NewClaim,
    NewPassage,
    NewRelay,
    Part,
    Refusals,
)
from claims.services.preparing import prepare
from claims.services.transaction import change, part, save

__all__ = [
    "LinesRefused",
    "NewAttribution",
    "NewClaim",
    "NewPassage",
    "NewRelay",
    "Part",
    "Refusals",
    "add_claims",
    "attempt",
    "keep_prepared",
    "record",
    "record_claim",
    "record_passage",
]


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
        _keep(this, attributions)
    return [new.attribution for new in attributions]


def add_claims(
    *, attribution: Attribution, claims: Sequence[NewClaim], by: User | None, reason: str, command: str = ""
) -> list[Claim]:
    """Record further claims of an attribution that is on record; raises as `record` does."""
    require(by, Capability.RECORD)
    with change(by=by, reason=reason, command=command) as this:
        if claims:
            _keep(this, [NewAttribution(attribution=attribution, claims=claims)])
    return [new.claim for new in claims]


def _keep(this: Change, attributions: Sequence[NewAttribution]) -> None:
    batch = Batch(this, attributions)
    if batch.prepare():
        raise LinesRefused(batch.refused)
    batch.save()


def keep_prepared(this: Change, record: Record, *, make_options: bool = False) -> None:
    """Prepare and save one record with the rows that belong to it."""
    later = prepare(this, record, make_options=make_options)
    save(this, [record])
    save(this, later())


def record_claim(this: Change, attribution: Attribution, new: NewClaim) -> None:
    """Save one new claim of the attribution with its options and wordings."""
    new.refuse_nothing()
    new.claim.attribution = attribution
    keep_prepared(this, new.claim, make_options=new.make_options)
    save(this, [ClaimWording(claim=new.claim, language=each, text=text) for each, text in new.worded()])


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


def attempt(this: Change, refused: Refusals, where: Part, step: Callable[[], None]) -> bool:
    """Take the step; keep what it is refused for under its part of the form, its writes undone."""
    try:
        with part(this):
            step()
    except ValidationError as error:
        refused[where] = error
        return False
    return True
