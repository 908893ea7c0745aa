"""Reviews that no longer hold: what was checked has changed since, or no longer stands in the text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q

from claims.domain.vocabulary import Review
from claims.models import (
    Attribution,
    Change,
    Claim,
    ClaimOption,
    ClaimWording,
    Passage,
    Record,
    Relay,
)
from claims.services.transaction import save

# What a reviewer checks against the source; notes, grades and the place in a list are not among it.
CHECKED_OF_CLAIM = ("question_id", "stance", "certainty", "answer", "inferred", "as_of", "copied_from_id")
CHECKED_OF_ATTRIBUTION = (
    "source_id",
    "speaker_id",
    "role",
    "side_id",
    "on_behalf_of_id",
    "document_id",
    "cue",
    "manner",
    "said_on",
)


def mark_stale(this: Change, claims: Iterable[Claim]) -> list[Claim]:
    """Mark the reviews of those of the claims that are checked as stale; return the claims newly marked.

    Raises `Stale` for a claim that was changed since it was read.
    """
    marked = [
        claim for claim in claims if claim.review == Review.CHECKED and not claim.review_stale and not claim.withdrawn
    ]
    for claim in marked:
        claim.review_stale = True
    save(this, marked)
    return marked


def stale_after(this: Change) -> list[Claim]:
    """Mark the reviews that what the change has written so far makes stale; return the claims newly marked.

    A review is stale where the claim was checked before the change and the change wrote what was checked: fields of
    the claim or of its attribution, or any wording, option, relay or passage. To be called after the last save. The
    claims are read anew: one that is in memory elsewhere is not the present version any more.
    """
    touched = _rewritten(this, Claim, CHECKED_OF_CLAIM)
    touched |= _wholes(this, ClaimWording) | _wholes(this, ClaimOption)
    attributions = _rewritten(this, Attribution, CHECKED_OF_ATTRIBUTION)
    attributions |= _wholes(this, Relay) | _wholes(this, Passage)
    if not touched and not attributions:
        return []
    claims = list(
        Claim.objects.current()
        .filter(Q(pk__in=touched) | Q(attribution__in=attributions), review=Review.CHECKED.value, review_stale=False)
        .exclude(recorded_at=this.moment)
        .order_by("pk")
    )
    return mark_stale(this, _checked_before(this, claims))


def _checked_before(this: Change, claims: Sequence[Claim]) -> list[Claim]:
    """Those of the claims that this change did not check itself."""
    before = _before(this, Claim, [claim.pk for claim in claims if (Claim, claim.pk) in this.written])
    return [claim for claim in claims if claim.pk not in before or before[claim.pk].review == Review.CHECKED]


def _rewritten(this: Change, model: type[Record], fields: Sequence[str]) -> set[int]:
    """The records of which this change has changed one of the fields; those that it made are left out."""
    keys = _written(this, model)
    before = _before(this, model, keys)
    now = model.objects.filter(pk__in=keys).exclude(recorded_at=this.moment)
    return {
        row.pk
        for row in now
        if row.pk not in before or any(getattr(row, field) != getattr(before[row.pk], field) for field in fields)
    }


def _before(this: Change, model: type[Record], keys: Collection[int]) -> dict[int, Any]:
    """The last version of each record from before the change, by key; none for a record that it made."""
    if not keys:
        return {}
    versions = model.history.filter(history_date__lt=this.moment).latest_of(keys)
    return {version.id: version for version in versions}


def _wholes(this: Change, part: type[Record]) -> set[int]:
    """What the parts that this change has written are part of."""
    keys = _written(this, part)
    return set(part.objects.filter(pk__in=keys).values_list(f"{part.part_of}_id", flat=True)) if keys else set()


def _written(this: Change, model: type[Record]) -> list[int]:
    return [key for written, key in this.written if written is model]
