"""Rule 2 by asking every claim about every other: which claims stand, and who revises those that do not."""

from tests.domain.reference.exclusion import Comparer
from tests.domain.reference.origins import Registry, party_relays
from tests.domain.reference.records import Claim


def revisers(comparer: Comparer, registry: Registry, earlier: Claim) -> frozenset[str]:
    """The keys of all claims that revise this one."""
    return frozenset(
        later.key
        for later in comparer.case.claims
        if later.key != earlier.key
        and in_force(later)
        and (
            linked(comparer, "revises", later, earlier)
            or (not kept_by_editor(comparer, later, earlier) and revises_by_itself(comparer, registry, later, earlier))
        )
    )


def in_force(claim: Claim) -> bool:
    """Whether a claim may revise others: not discarded, retracted or corrected."""
    return claim.review != "discarded" and not claim.retracted and not claim.corrected


def linked(comparer: Comparer, kind: str, claim: Claim, other: Claim) -> bool:
    """Whether an editor's link of the kind leads from the claim to the other."""
    return any((link.kind, link.claim, link.other) == (kind, claim.key, other.key) for link in comparer.case.links)


def kept_by_editor(comparer: Comparer, one: Claim, other: Claim) -> bool:
    """Whether an editor lets both stand, or the one disowns the other, of which both stand."""
    return any(
        linked(comparer, kind, first, second)
        for kind in ("both_stand", "disowns")
        for first, second in ((one, other), (other, one))
    )


def revises_by_itself(comparer: Comparer, registry: Registry, later: Claim, earlier: Claim) -> bool:
    """Whether a later claim revises an earlier one without a link."""
    return (
        registry.canonical(later.speaker) == registry.canonical(earlier.speaker)
        and registry.agent(later.speaker).named
        and later.said is not None
        and earlier.said is not None
        and later.said[0] >= earlier.said[1]
        and not party_relays(registry, later)
        and not party_relays(registry, earlier)
        and (later.review == "checked" or earlier.review == "pending")
        and replaces(comparer, later, earlier)
    )


def replaces(comparer: Comparer, later: Claim, earlier: Claim) -> bool:
    """Whether a definite claim excludes the earlier, follows a doubt or possible, or words it anew."""
    if not later.definite:
        return False
    if not earlier.definite:
        return True
    other_text = (
        comparer.question.kind == "text"
        and later.stance == earlier.stance == "affirms"
        and later.answer != earlier.answer
    )
    return other_text or comparer.excludes(later, earlier)


def standing(claim: Claim, revised_by: frozenset[str]) -> str:
    """The standing of a claim: the first of the grounds that applies."""
    if claim.review == "discarded":
        return "discarded"
    if claim.retracted:
        return "retracted"
    if claim.corrected:
        return "corrected"
    return "revised" if revised_by else "standing"
