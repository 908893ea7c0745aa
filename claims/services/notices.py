"""Claims taken back: retracted by the speaker or corrected by the publisher, dated, with the passage that says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import Claim, Correction, Retraction, Snapshot, Source, User
from claims.permissions import Capability, require
from claims.services.dates import set_bounds
from claims.services.placing import place
from claims.services.transaction import change, save

N = TypeVar("N", Retraction, Correction)


@dataclass(kw_only=True)
class Notice:
    """What is to be recorded of one claim: when it was taken back (EDTF), where that stands, and in which words.

    `quote`, with the words before and after it and its `start`, stands in the text of `snapshot`, where one is named;
    then it is looked for there.
    """

    claim: Claim
    dated_on: str = ""
    source: Source | None = None
    snapshot: Snapshot | None = None
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    note: str = ""


def retract(*, notices: Sequence[Notice], by: User | None, reason: str, command: str = "") -> list[Retraction]:
    """Put on record that their speakers took claims back.

    Raises:
        NotAllowed: the user may not.
        ValidationError: by field, for the first notice that cannot be; nothing is written.
    """
    return _record(Retraction, notices, by, reason, command)


def correct(*, notices: Sequence[Notice], by: User | None, reason: str, command: str = "") -> list[Correction]:
    """Put on record that publishers corrected what they had carried. Raises as `retract` does."""
    return _record(Correction, notices, by, reason, command)


def withdraw_notices(
    *, notices: Sequence[Retraction | Correction], by: User | None, reason: str, command: str = ""
) -> list[Retraction | Correction]:
    """Withdraw retractions and corrections; they are kept, and the claims stand again if nothing else is against it.

    Raises `NotAllowed`, and `Stale` as `save` does.
    """
    require(by, Capability.REVISE)
    with change(by=by, reason=reason, command=command) as this:
        for notice in notices:
            notice.withdrawn = True
        save(this, notices)
    return list(notices)


def _record(model: type[N], notices: Sequence[Notice], by: User | None, reason: str, command: str) -> list[N]:
    require(by, Capability.REVISE)
    with change(by=by, reason=reason, command=command) as this:
        records = [_made(model, notice) for notice in notices]
        save(this, records)
    return records


def _made(model: type[N], notice: Notice) -> N:
    if Claim.objects.current().filter(pk=notice.claim.pk).first() is None:
        raise ValidationError({"claim": _("This claim is withdrawn. There is nothing to take back.")})
    record = model(
        claim=notice.claim,
        dated_on=notice.dated_on,
        source=_source(notice),
        snapshot=notice.snapshot,
        note=notice.note,
        **_passage(notice),
    )
    set_bounds(record)
    return record


def _source(notice: Notice) -> Source | None:
    """Where the notice stands: as named, or the source of the snapshot."""
    if notice.snapshot is None:
        if notice.quote and notice.source is None:
            raise ValidationError({"source": _("Choose the source in which these words stand.")})
        return notice.source
    if notice.source is not None and notice.source.pk != notice.snapshot.source_id:
        raise ValidationError({"snapshot": _("This text is of another source. Choose one of the source named.")})
    return notice.snapshot.source


def _passage(notice: Notice) -> dict[str, object]:
    """The fields of the passage; its words must stand in the text of the snapshot, where that is there."""
    if notice.snapshot is None:
        if notice.start is not None:
            raise ValidationError({"start": _("A position counts in one text only. Choose the text, or leave it out.")})
        return {"exact": notice.quote, "prefix": notice.prefix, "suffix": notice.suffix}
    if not notice.quote:
        return {}
    placed = place(
        snapshot=notice.snapshot, exact=notice.quote, prefix=notice.prefix, suffix=notice.suffix, start=notice.start
    )
    return {
        "exact": placed.exact,
        "prefix": placed.prefix,
        "suffix": placed.suffix,
        "start": placed.start,
        "end": placed.end,
    }
