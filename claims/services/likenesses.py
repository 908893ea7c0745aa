"""Judging suspected duplicates: two agents or two sources are the same, copied, different, or it is not sure.

What is judged of agents stands where it always has: `same_as`, a `Distinction`. What was judged can be judged anew:
what said otherwise is taken back in the same change, and stays in the history.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.vocabulary import Judged
from claims.models import Agent, Change, Claim, Distinction, Likeness, Source, User
from claims.permissions import Capability, require
from claims.queries.copied_claims import claims_alike
from claims.queries.identity import all_the_same
from claims.queries.suspected import likeness_of
from claims.services.editing import keep
from claims.services.judgements import judge_distinct, judge_same, undo_distinct, undo_same
from claims.services.locations import lock_sources
from claims.services.locks import lock_agents
from claims.services.naming import called
from claims.services.transaction import change, save


def judge_agents(
    *, first: Agent, second: Agent, judged: Judged, by: User | None, reason: str, command: str = ""
) -> None:
    """Put on record what the two agents are; of the same ones the second stands for both.

    Raises:
        NotAllowed: the user may not judge agents.
        ValidationError: on `judged`, where they are the same through others; else as `judge_same` and
            `judge_distinct`; nothing is written.
        Stale: an agent was changed since it was read.
    """
    require(by, Capability.JUDGE_AGENTS)
    if judged is Judged.COPIED:
        raise ValidationError({"judged": _("Texts are copied, agents are not. Choose another judgement.")})
    with change(by=by, reason=reason, command=command) as this:
        lock_agents(this, {first.pk, second.pk})
        _take_back(this, first, second, judged)
        if judged is Judged.SAME:
            judge_same(pairs=[(first, second)], by=by, reason=reason, command=command)
        elif judged is Judged.DIFFERENT:
            judge_distinct(pairs=[(first, second)], by=by, reason=reason, command=command)
        _put_on_record(this, first, second, judged if judged is Judged.UNSURE else None, reason)


def judge_sources(
    *,
    first: Source,
    second: Source,
    judged: Judged,
    copied: Sequence[tuple[Claim, Claim]] = (),
    by: User | None,
    reason: str,
    command: str = "",
) -> None:
    """Put on record what the two sources are; nothing is moved from one to the other.

    Of each pair of `copied` the first claim was copied from the second: then both are of one origin (rule 4). The
    claims must be of the two sources, one of each, and say the same.

    Raises:
        NotAllowed: the user may not judge, or, with `copied`, not change claims.
        ValidationError: on `judged` for a source that is withdrawn, on `copied` for claims that cannot be copied from
            one another; nothing is written.
        Stale: a claim was changed since it was read.
    """
    require(by, Capability.JUDGE_AGENTS)
    with change(by=by, reason=reason, command=command) as this:
        for source in lock_sources([first.pk, second.pk]):
            if source.withdrawn:
                sentence = _("“%(source)s” is withdrawn. Judge sources that are not.") % {"source": called(source)}
                raise ValidationError({"judged": sentence})
        _refuse_copies(first, second, judged, copied)
        _put_on_record(this, first, second, judged, reason)
        for claim, original in copied:
            claim.copied_from = original
        if copied:
            keep(records=[claim for claim, _original in copied], by=by, reason=reason, command=command)


def withdraw_likenesses(
    *, likenesses: Sequence[Likeness], by: User | None, reason: str, command: str = ""
) -> list[Likeness]:
    """Take back what was judged: the pair is open again. Raises `NotAllowed`, and `Stale` as `save` does."""
    require(by, Capability.JUDGE_AGENTS)
    with change(by=by, reason=reason, command=command) as this:
        for likeness in likenesses:
            likeness.withdrawn = True
        save(this, likenesses)
    return list(likenesses)


def _take_back(this: Change, first: Agent, second: Agent, judged: Judged) -> None:
    """Take back what was judged of the agents and says otherwise."""
    if judged is not Judged.SAME:
        for one, other in ((first, second), (second, first)):
            if one.same_as_id == other.pk:
                undo_same(agents=[one], by=this.by, reason=this.reason, command=this.command)
        if second.pk in all_the_same(first.pk):
            sentence = _(
                "“%(first)s” and “%(second)s” are the same by what was judged of others. Undo that on their own pages."
            )
            raise ValidationError({"judged": sentence % {"first": called(first), "second": called(second)}})
    if judged is not Judged.DIFFERENT:
        between = Distinction.objects.current().filter(first=min(first.pk, second.pk), second=max(first.pk, second.pk))
        if distinctions := list(between):
            undo_distinct(distinctions=distinctions, by=this.by, reason=this.reason, command=this.command)


def _put_on_record(
    this: Change, one: Agent | Source, other: Agent | Source, judged: Judged | None, grounds: str
) -> None:
    """Say it of the two in their record: a new one, or the next version of the one that there is; None says nothing."""
    first, second = sorted((one, other), key=lambda record: record.pk)
    likeness = likeness_of(first, second)
    if judged is None:
        if likeness is not None and not likeness.withdrawn:
            likeness.withdrawn = True
            save(this, [likeness])
        return
    if likeness is None:
        field = "agent" if isinstance(first, Agent) else "source"
        likeness = Likeness(**{f"first_{field}": first, f"second_{field}": second})
    likeness.judged, likeness.grounds, likeness.withdrawn = judged.value, grounds.strip(), False
    save(this, [likeness])


def _refuse_copies(first: Source, second: Source, judged: Judged, copied: Sequence[tuple[Claim, Claim]]) -> None:
    """Raise `ValidationError` for claims that do not say the same in the two sources, or are copied from others."""
    if copied and judged not in {Judged.SAME, Judged.COPIED}:
        raise ValidationError(
            {"copied": _("Claims are copied where the text is. Choose no claims, or say that it is.")}
        )
    alike = {frozenset((pair.first.pk, pair.second.pk)) for pair in claims_alike(first, second)}
    for claim, original in copied:
        if frozenset((claim.pk, original.pk)) not in alike:
            sentence = _("“%(claim)s” and “%(other)s” do not say the same in the two sources any more. Choose again.")
            raise ValidationError({"copied": sentence % {"claim": called(claim), "other": called(original)}})
        if claim.copied_from_id not in {None, original.pk}:
            sentence = _("“%(claim)s” is on record as copied from another claim. Change that on its own page.")
            raise ValidationError({"copied": sentence % {"claim": called(claim)}})
