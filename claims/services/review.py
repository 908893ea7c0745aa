"""Reviews: a claim is checked against its source or discarded, and a review can be opened again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.vocabulary import Review
from claims.models import Claim, User
from claims.permissions import Capability, require
from claims.queries.editors import last_editors
from claims.services.naming import called
from claims.services.refusals import Stale
from claims.services.transaction import change, save

Versions = Mapping[int, int]


def check(
    *, claims: Sequence[Claim], by: User | None, reason: str, command: str = "", versions: Versions | None = None
) -> list[Claim]:
    """Put on record that the claims say what their sources say; a stale review is up to date again. Returns them.

    `versions` maps the key of a claim to the version that the reviewer saw, where that is not the one read.

    Raises:
        NotAllowed: the user may not review.
        ValidationError: on `claims`, a sentence for each that is withdrawn or discarded, or, where a review is made
            by another (`REVIEW_BY_ANOTHER`), that the user changed last.
        Stale: a claim was changed after the reviewer saw it; nothing is written.
    """
    return _review(Review.CHECKED, claims, versions, _why_not_check, by=by, reason=reason, command=command)


def discard(
    *, claims: Sequence[Claim], by: User | None, reason: str, command: str = "", versions: Versions | None = None
) -> list[Claim]:
    """Take the claims out of the comparison (rule 2), for the reason given; they are kept. Raises as `check` does."""
    return _review(Review.DISCARDED, claims, versions, _why_not, by=by, reason=reason, command=command)


def reopen(
    *, claims: Sequence[Claim], by: User | None, reason: str, command: str = "", versions: Versions | None = None
) -> list[Claim]:
    """Let the claims wait for a review again, whatever the last one said. Raises as `check` does."""
    return _review(Review.PENDING, claims, versions, _why_not, by=by, reason=reason, command=command)


def _review(
    review: Review,
    claims: Sequence[Claim],
    versions: Versions | None,
    why_not: Callable[[Claim], str],
    *,
    by: User | None,
    reason: str,
    command: str,
) -> list[Claim]:
    require(by, Capability.REVIEW)
    with change(by=by, reason=reason, command=command) as this:
        _refuse_changed(claims, versions or {})
        not_by = {} if review is Review.PENDING else not_reviewed_by(claims, by)
        if refused := [sentence for claim in claims if (sentence := why_not(claim) or not_by.get(claim.pk, ""))]:
            raise ValidationError({"claims": refused})
        for claim in claims:
            claim.review, claim.review_stale = review.value, False
        save(this, claims)
    return list(claims)


def not_reviewed_by(claims: Iterable[Claim], by: User | None) -> dict[int, str]:
    """By key of the claim why this user does not review it: they were the last to change it, and another has to.

    Empty where the installation does not ask for that, and for a trusted command.
    """
    if by is None or not settings.REVIEW_BY_ANOTHER:
        return {}
    claims = list(claims)
    editors = last_editors(claims)
    sentence = _("You were the last to change “%(claim)s”. Somebody else has to review it.")
    return {
        claim.pk: sentence % {"claim": called(claim)} for claim in claims if by.pk in editors.get(claim.pk, frozenset())
    }


def _refuse_changed(claims: Sequence[Claim], versions: Versions) -> None:
    """Raise `Stale` where the version read is not the one that the reviewer saw; saving looks at the database's."""
    for claim in claims:
        if versions.get(claim.pk, claim.version) != claim.version:
            seen = copy(claim)
            seen.version = versions[claim.pk]
            raise Stale(seen)


def _why_not(claim: Claim) -> str:
    """Why the claim cannot be reviewed; empty where it can."""
    if claim.withdrawn:
        return _("“%(claim)s” is withdrawn and is not reviewed any more.") % {"claim": called(claim)}
    return ""


def _why_not_check(claim: Claim) -> str:
    """Besides, a list from which claims are checked must not bring back by chance what somebody discarded."""
    if not claim.withdrawn and claim.review == Review.DISCARDED:
        return _("“%(claim)s” is discarded. Reopen its review before it is checked.") % {"claim": called(claim)}
    return _why_not(claim)
