"""Who changed last what a reviewer checks: the claim itself, and the attribution that it is part of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import groupby

from claims.models import Attribution, Claim

# The fields that a review writes, as they stand in a version: the review, and whether it is out of date.
Reviewed = tuple[str, bool]


def last_editors(claims: Collection[Claim]) -> dict[int, frozenset[int]]:
    """By key of the claim the keys of the users who changed it or its attribution last; a command has none.

    A version that a review made is nobody's change of the claim. Takes two queries, however many claims there are.
    """
    editors: defaultdict[int, set[int]] = defaultdict(set)
    attributions: defaultdict[int, list[int]] = defaultdict(list)
    for claim in claims:
        attributions[claim.attribution_id].append(claim.pk)
    rows = Claim.history.filter(id__in=[claim.pk for claim in claims]).order_by("id", "history_date", "history_id")
    for key, versions in groupby(
        rows.values_list("id", "review", "review_stale", "history_user_id"), key=lambda row: row[0]
    ):
        editors[key].add(_last([((review, stale), user) for _key, review, stale, user in versions]))
    newest = Attribution.history.filter(id__in=attributions).order_by("id", "history_date", "history_id")
    for key, user in dict(newest.values_list("id", "history_user_id")).items():
        for claim_key in attributions[key]:
            editors[claim_key].add(user)
    return {key: frozenset(users) - {None} for key, users in editors.items()}


def _last(versions: Sequence[tuple[Reviewed, int]]) -> int:
    """The user of the newest version that no review made."""
    first, *later = versions
    editor, before = first[1], first[0]
    for after, user in later:
        if not _made_by_review(before, after):
            editor = user
        before = after
    return editor


def _made_by_review(before: Reviewed, after: Reviewed) -> bool:
    """Whether the review differs, or is up to date again; an edit leaves it, or makes it out of date."""
    return before[0] != after[0] or (before[1] and not after[1])
