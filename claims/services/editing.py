"""Editing what is on record: single records, and attributions with their chain and claims; stale reviews follow."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, QuerySet
from django.utils.translation import gettext as _

from claims.models import (
    Agent,
    AgentName,
    Attribution,
    Change,
    Claim,
    ClaimWording,
    Option,
    OptionBroader,
    Passage,
    Question,
    Record,
    Relay,
    Side,
    Source,
    Topic,
    User,
)
from claims.permissions import Capability, require
from claims.services.recording import (
    LinesRefused,
    NewClaim,
    NewPassage,
    NewRelay,
    Refusals,
    attempt,
    keep_prepared,
    record_claim,
    record_passage,
)
from claims.services.staleness import stale_after
from claims.services.transaction import change, save
from claims.text.characters import is_visible

# The tables that `keep` writes; reviews, links, notices, judgements, findings and texts have services of their own.
KEPT: tuple[type[Record], ...] = (
    Side,
    Agent,
    AgentName,
    Source,
    Topic,
    Question,
    Option,
    OptionBroader,
    Attribution,
    Relay,
    Passage,
    Claim,
    ClaimWording,
)


def keep(
    *, records: Sequence[Record], by: User | None, reason: str, command: str = "", make_options: bool = False
) -> list[Record]:
    """Save new and changed records in the order given, each prepared and checked.

    Raises:
        NotAllowed: the user may not record, or not change what is on record.
        LinesRefused: what is wrong, under ((0, "records", its number)); nothing is written.
        Stale: somebody else changed one of them in the meantime.
    """
    for record in records:
        require(by, Capability.RECORD if record._state.adding else Capability.REVISE)
        if type(record) not in KEPT:
            raise TypeError(f"{type(record).__name__} has a service of its own.")
    refused: Refusals = {}
    with change(by=by, reason=reason, command=command) as this:
        for number, record in enumerate(records):
            if not (refused and _is_of_unsaved(record)):
                _attempt_keeping(this, refused, number, record, make_options=make_options)
        if refused:
            raise LinesRefused(refused)
        stale_after(this)
    return list(records)


def change_attribution(
    *,
    attribution: Attribution,
    relays: Sequence[NewRelay] | None = None,
    passages: Sequence[NewPassage | Passage] = (),
    claims: Sequence[NewClaim] = (),
    by: User | None,
    reason: str,
    command: str = "",
) -> Attribution:
    """Change an attribution with its chain, passages and claims; claims and passages not named stay as they are.

    `relays` is the whole chain as it should be, or None to leave it. A claim that is on record is changed, a new one
    is added. Raises as `keep` does, with the parts of `recording.record`.
    """
    require(by, Capability.REVISE)
    refused: Refusals = {}
    with change(by=by, reason=reason, command=command) as this:
        attempt(this, refused, (0, "attribution", 0), partial(keep_prepared, this, attribution))
        if relays is not None:
            attempt(this, refused, (0, "relays", 0), partial(set_relays, this, [(attribution, relays)]))
        for span, passage in enumerate(passages):
            step: Callable[[], None] = (
                partial(keep_prepared, this, passage)
                if isinstance(passage, Passage)
                else partial(record_passage, this, attribution, passage)
            )
            attempt(this, refused, (0, "passages", span), step)
        for line, new in enumerate(claims):
            attempt(this, refused, (0, "claims", line), partial(_keep_claim, this, attribution, new))
        if refused:
            raise LinesRefused(refused)
        stale_after(this)
    return attribution


def set_relays(this: Change, chains: Sequence[tuple[Attribution, Sequence[NewRelay]]]) -> None:
    """Make each chain what it should be: hops are changed in place, added, or withdrawn at the end."""
    stored = {(row.attribution_id, row.position): row for row in _rows_of(Relay.objects.current(), chains)}
    rows: list[Record] = []
    for attribution, relays in chains:
        for position, new in enumerate(relays):
            row = stored.pop((attribution.pk, position), None) or Relay(attribution=attribution, position=position)
            row.agent, row.cue = new.agent, new.cue
            rows.append(row)
    for left in stored.values():
        left.withdrawn = True
        rows.append(left)
    save(this, sorted(rows, key=_is_new))


def set_wordings(this: Change, worded: Sequence[tuple[Claim, Mapping[str, str]]]) -> None:
    """Make the claims' wordings in these languages what they should be; one that says nothing is withdrawn."""
    stored = {(row.claim_id, row.language): row for row in _rows_of(ClaimWording.objects.all(), worded)}
    rows: list[Record] = []
    for claim, wordings in worded:
        for language, written in wordings.items():
            row, text = stored.get((claim.pk, language)), written if is_visible(written) else ""
            if row is None and text:
                rows.append(ClaimWording(claim=claim, language=language, text=text))
            elif row is not None:
                row.withdrawn = not text
                row.text = text or row.text
                rows.append(row)
    save(this, sorted(rows, key=_is_new))


def _rows_of(rows: QuerySet[Any], wholes: Sequence[tuple[Record, object]]) -> QuerySet[Any]:
    """Those of the rows that are part of the first of each pair."""
    keys = [whole.pk for whole, _parts in wholes]
    return rows.filter(**{f"{rows.model.part_of}__among": keys}) if keys else rows.none()


def _is_new(record: Record) -> bool:
    return record._state.adding


def _is_of_unsaved(record: Record) -> bool:
    """Whether it refers to a record that could not be saved before it; of such a one nothing more can be said."""
    keys = [field for field in record._meta.concrete_fields if isinstance(field, ForeignKey)]
    others = [getattr(record, key.name) for key in keys if key.is_cached(record)]
    return any(other is not None and other.pk is None for other in others)


def _attempt_keeping(this: Change, refused: Refusals, number: int, record: Record, *, make_options: bool) -> None:
    def step() -> None:
        if isinstance(record, Claim):
            _refuse_reviewing(record)
        keep_prepared(this, record, make_options=make_options)

    attempt(this, refused, (0, "records", number), step)


def _keep_claim(this: Change, attribution: Attribution, new: NewClaim) -> None:
    if new.claim._state.adding:
        new.claim.line = Claim.objects.filter(attribution=attribution).count()
        record_claim(this, attribution, new)
        return
    _refuse_reviewing(new.claim)
    keep_prepared(this, new.claim, make_options=new.make_options)
    set_wordings(this, [(new.claim, new.wordings)])
    bare = new.claim.question is None and not new.claim.withdrawn
    if bare and not ClaimWording.objects.current().filter(claim=new.claim).exists():
        new.refuse_nothing()


def _refuse_reviewing(claim: Claim) -> None:
    """Reviews are made by those who review, with a service of their own."""
    before = "pending" if claim._state.adding else Claim.objects.values_list("review", flat=True).get(pk=claim.pk)
    if claim.review != before:
        raise ValidationError({"review": _("A review is made by a reviewer, not while editing the claim.")})
