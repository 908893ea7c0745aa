"""Texts of sources: attached byte for byte, with every passage of the source looked for in what was attached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.refusals import Refusal
from claims.models import Change, Claim, Passage, PassageLocation, Snapshot, SnapshotContent, Source, User
from claims.permissions import Capability, require
from claims.queries.dates import date_of
from claims.queries.texts import has_text, texts_of
from claims.services.locations import locate_in, lock_sources, relocate
from claims.services.placing import Placed, place
from claims.services.staleness import mark_stale
from claims.services.transaction import add_contents, change, save
from claims.text.decoding import Encoding, decode, encoding_named, pasted, refuse_size, sha256_of
from claims.text.outcome import Outcome
from claims.text.refusals import TextRefusal
from claims.wording import word_refusal

__all__ = ["Attached", "Placed", "attach_pasted", "attach_text", "locate", "place"]

# Refusals for which a person names another encoding rather than another file.
OF_THE_ENCODING = frozenset(
    {"encoding_not_known", "text_encoding_unclear", "text_mark_disagrees", "text_not_in_encoding"}
)
OUT_OF_PLACE = frozenset({Outcome.ALTERED.value, Outcome.LOST.value})


@dataclass(frozen=True, slots=True)
class Attached:
    """What came of attaching a text.

    `known` says that the source had this very text already; `results` what became in it of each current passage of
    the source, in the order recorded; `stale` the claims whose review this made stale.
    """

    snapshot: Snapshot
    known: bool
    results: tuple[PassageLocation, ...]
    stale: tuple[Claim, ...]


def attach_text(
    *,
    source: Source,
    content: bytes,
    encoding: str | None = None,
    captured_on: str = "",
    archive_url: str = "",
    by: User | None,
    reason: str,
    command: str = "",
) -> Attached:
    """Attach the bytes of a file as a text of the source, as captured at `captured_on` (EDTF), and find its passages.

    A snapshot known by its hash gets its text; other bytes become a new snapshot. The same bytes again are the same
    snapshot; naming another `encoding` for them has them read again. Where the text is the source's newest, the
    reviews of claims whose passage is altered or lost in it become stale.

    Raises:
        NotAllowed: the user may not attach texts.
        ValidationError: by field, for bytes that are no text, an encoding they are not in, a date that is none.
    """
    require(by, Capability.ATTACH_TEXTS)
    _refuse(content, captured_on)
    with change(by=by, reason=reason, command=command) as this:
        if lock_sources([source.pk])[0].withdrawn:
            raise ValidationError({"source": _("This source is withdrawn. Attach the text to one that is not.")})
        digest = sha256_of(content)
        stored = Snapshot.objects.filter(source=source, sha256=digest).first()
        snapshot = stored or Snapshot(source=source, sha256=digest)
        known = stored is not None and not stored.withdrawn and has_text(stored)
        read_as = snapshot.encoding if known else None
        snapshot.encoding = _encoding(content, encoding or snapshot.encoding)
        _describe(this, snapshot, length=len(content), captured_on=captured_on, archive_url=archive_url)
        save(this, [snapshot])
        results = _put_in(this, snapshot, content)
        stale = _mark_out_of_place(this, snapshot, results) if snapshot.encoding != read_as else []
    return Attached(snapshot, known, tuple(results), tuple(stale))


def attach_pasted(
    *,
    source: Source,
    text: str,
    captured_on: str = "",
    archive_url: str = "",
    by: User | None,
    reason: str,
    command: str = "",
) -> Attached:
    """Attach a text that was pasted, kept as UTF-8 with LF line ends; as `attach_text`, but refused on `text`."""
    require(by, Capability.ATTACH_TEXTS)
    try:
        content = pasted(text)
        decode(content, Encoding.UTF_8)
    except TextRefusal as refusal:
        raise ValidationError({"text": word_refusal(refusal)}) from None
    return attach_text(
        source=source,
        content=content,
        encoding=Encoding.UTF_8,
        captured_on=captured_on,
        archive_url=archive_url,
        by=by,
        reason=reason,
        command=command,
    )


def locate(this: Change, passages: Sequence[Passage]) -> list[PassageLocation]:
    """Look for passages that `this` has recorded, changed or withdrawn in every text of their source."""
    return relocate(passages)


def _refuse(content: bytes, captured_on: str) -> None:
    """Raise `ValidationError` for more than a text may have, and for a date that is none."""
    try:
        refuse_size(len(content))
    except TextRefusal as refusal:
        raise ValidationError({"content": word_refusal(refusal)}) from None
    try:
        if captured_on.strip():
            date_of(captured_on)
    except Refusal as refusal:
        raise ValidationError({"captured_on": word_refusal(refusal)}) from None


def _encoding(content: bytes, named: str) -> str:
    """The encoding of the bytes: the one named, where they are in it, or else the one recognised."""
    try:
        return decode(content, encoding_named(named) if named else None).encoding.value
    except TextRefusal as refusal:
        field = "encoding" if refusal.code in OF_THE_ENCODING else "content"
        raise ValidationError({field: word_refusal(refusal)}) from None


def _describe(this: Change, snapshot: Snapshot, *, length: int, captured_on: str, archive_url: str) -> None:
    """Add to the snapshot what was not known of it; what it says already cannot be said otherwise."""
    for field, stated in (("captured_on", captured_on.strip()), ("archive_url", archive_url.strip())):
        recorded = getattr(snapshot, field)
        if stated and recorded not in {"", stated}:
            sentence = _("This text is on record already with “%(recorded)s”. Leave this empty.") % {
                "recorded": recorded
            }
            raise ValidationError({field: sentence})
        setattr(snapshot, field, recorded or stated)
    snapshot.length, snapshot.withdrawn = length, False
    if snapshot.captured_at is None:
        snapshot.captured_at, snapshot.captured_by = this.moment, this.by


def _put_in(this: Change, snapshot: Snapshot, content: bytes) -> list[PassageLocation]:
    """Give the snapshot its bytes, if it has none, and look for the source's passages in it."""
    passages = _passages_of(snapshot.source)
    if not has_text(snapshot):
        add_contents(this, [SnapshotContent(snapshot=snapshot, content=content)])
        # In the other texts, passages of this one can now be looked for with the words around them.
        relocate([passage for passage in passages if passage.snapshot_id == snapshot.pk])
    return locate_in(snapshot, passages)


def _passages_of(source: Source) -> list[Passage]:
    return list(
        Passage.objects.current()
        .filter(attribution__source=source, attribution__withdrawn=False)
        .select_related("attribution")
        .order_by("pk")
    )


def _mark_out_of_place(this: Change, snapshot: Snapshot, results: Sequence[PassageLocation]) -> list[Claim]:
    """Mark the reviews of the claims whose passage the source's newest text does not have as it was recorded."""
    if texts_of(snapshot.source)[-1].pk != snapshot.pk:
        return []
    attributions = {each.passage.attribution_id for each in results if each.outcome in OUT_OF_PLACE}
    return mark_stale(this, Claim.objects.current().filter(attribution__in=attributions).order_by("pk"))
