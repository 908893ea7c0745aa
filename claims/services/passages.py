"""Passages added to attributions that are on record, many in one change."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from claims.models import Attribution, Change, Passage, User
from claims.permissions import Capability, require
from claims.services.editing import change_attribution
from claims.services.placing import Placed, place
from claims.services.recording import NewPassage
from claims.services.refusals import NotInOnePiece
from claims.services.transaction import change, part, require_whole


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one passage: the place where its words stand, and whether it was on record already.

    Where it was refused, there is no place but the reason.
    """

    placed: Placed | None = None
    known: bool = False
    refused: ValidationError | None = None


@dataclass(frozen=True, kw_only=True)
class ForAttribution:
    """A passage to add, and the attribution that rests on it."""

    attribution: Attribution
    passage: NewPassage


def add_passages(
    *,
    passages: Sequence[ForAttribution],
    by: User | None,
    reason: str,
    command: str = "",
    skip_refused: bool = False,
    dry_run: bool = False,
) -> list[Added]:
    """Add passages whose words stand in the text of their snapshot; returns what became of each, in their order.

    Where one is refused nothing is written, unless `skip_refused`; with `dry_run` nothing is written anyhow. What is
    on record already is left alone, and reviews of the claims that rest on a new passage become stale.

    Raises:
        NotAllowed: the user may not revise.
    """
    require(by, Capability.REVISE)
    if not passages:
        return []

    def attempt(*, in_one_piece: bool) -> list[Added]:
        added: list[Added] = []
        with suppress(_Undone), change(by=by, reason=reason, command=command, in_one_piece=in_one_piece) as this:
            added = [_add(this, each, by=by, reason=reason) for each in passages]
            require_whole(this)
            if dry_run or (not skip_refused and any(each.refused for each in added)):
                raise _Undone
        return added

    try:
        return attempt(in_one_piece=True)
    except NotInOnePiece:
        return attempt(in_one_piece=False)


class _Undone(Exception):  # noqa: N818 - it names what happened
    """Nothing of the change is to stay."""


def _add(this: Change, new: ForAttribution, *, by: User | None, reason: str) -> Added:
    passage = new.passage
    try:
        placed = place(
            snapshot=passage.snapshot,
            exact=passage.exact,
            prefix=passage.prefix,
            suffix=passage.suffix,
            start=passage.start,
        )
        if _on_record(new, placed):
            return Added(placed, known=True)
        with part(this):
            attribution = Attribution.objects.get(pk=new.attribution.pk)
            change_attribution(attribution=attribution, passages=[passage], by=by, reason=reason)
    except ValidationError as error:
        return Added(refused=error)
    return Added(placed)


def _on_record(new: ForAttribution, placed: Placed) -> bool:
    """Whether the attribution rests on these words in this place already."""
    same = Passage.objects.current().filter(attribution=new.attribution, snapshot=new.passage.snapshot)
    return bool(same.filter(exact=placed.exact, start=placed.start).exists())
