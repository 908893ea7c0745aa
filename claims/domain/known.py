"""A question as known on a date: only what had been said or published by then (rule 6)."""

from dataclasses import replace

from claims.domain.values import Case, Claim, Moment


def as_known_on(case: Case, date: Moment) -> Case:
    """The case with the claims said or published by the end of the date, and what had been taken back by then.

    A claim whose moments are both unknown cannot be shown to have been known, and is left out. A retraction or
    correction without a date counts. What is left out may still be what a known claim was copied from.
    """
    known = tuple(
        replace(
            claim,
            retracted=claim.retracted and _by(claim.retracted_on, date, unknown=True),
            corrected=claim.corrected and _by(claim.corrected_on, date, unknown=True),
        )
        for claim in case.claims
        if _is_known(claim, date)
    )
    unknown = {claim.key: claim for claim in case.claims if not _is_known(claim, date)}
    return replace(case, claims=known, elsewhere={**case.elsewhere, **unknown})


def _is_known(claim: Claim, date: Moment) -> bool:
    """Whether the claim was said, or its source published, by then."""
    return _by(claim.said, date, unknown=False) or _by(claim.published, date, unknown=False)


def _by(moment: Moment | None, date: Moment, *, unknown: bool) -> bool:
    """Whether the moment had passed at the end of the date."""
    return unknown if moment is None else moment.end <= date.end
