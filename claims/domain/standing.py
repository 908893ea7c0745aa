"""Rule 2: which claims stand, and which later claim of the same speaker revises which earlier one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.domain.bitsets import at_least, members
from claims.domain.exclusion import exclusion_masks, held
from claims.domain.identity import canonical
from claims.domain.origins import has_relay_of_another_party
from claims.domain.values import Case, Claim, Key, Text
from claims.domain.vocabulary import LinkKind, Review, Stance, Standing


@dataclass(frozen=True, slots=True)
class Standings:
    """How every claim of a case stands; `revised_by` names the claim that revises a revised one."""

    of: Mapping[Key, Standing]
    revised_by: Mapping[Key, Key]

    def standing(self, claims: Sequence[Claim]) -> list[Claim]:
        """Those of the claims that stand."""
        return [claim for claim in claims if self.of[claim.key] is Standing.STANDING]


def standings(case: Case) -> Standings:
    """All claims stand but those discarded, retracted, corrected, or revised by a later claim of the same speaker."""
    of = {claim.key: _taken_back(claim) for claim in case.claims}
    revised_by: dict[Key, Key] = {}
    for link in case.links:
        if link.kind is LinkKind.REVISES and of.get(link.claim) is Standing.STANDING:
            revised_by.setdefault(link.other, link.claim)
    by_speaker: dict[Key, list[Claim]] = defaultdict(list)
    for claim in case.claims:
        if of[claim.key] is Standing.STANDING:
            by_speaker[canonical(case.agents, claim.speaker)].append(claim)
    for speaker, claims in by_speaker.items():
        agent = case.agents.get(speaker)
        if len(claims) > 1 and agent is not None and agent.named:
            for earlier, later in _revisions(case, claims):
                revised_by.setdefault(earlier, later)
    for key in revised_by:
        if of.get(key) is Standing.STANDING:
            of[key] = Standing.REVISED
    return Standings(of, {key: by for key, by in revised_by.items() if of.get(key) is Standing.REVISED})


def _taken_back(claim: Claim) -> Standing:
    """Whether the claim was taken out by itself, before any other claim is looked at."""
    if claim.review is Review.DISCARDED:
        return Standing.DISCARDED
    if claim.retracted:
        return Standing.RETRACTED
    if claim.corrected:
        return Standing.CORRECTED
    return Standing.STANDING


def _revisions(case: Case, claims: Sequence[Claim]) -> list[tuple[Key, Key]]:
    """The pairs (earlier, later) of one named speaker's claims in which the later revises the earlier without a link.

    The later must be definite and exclude the earlier, follow any doubt or possible, or affirm another free text; its
    moment of saying must not begin before the other's has ended; neither may have come through another party; and it
    must be checked, or the earlier pending. The first that does so is the one named.
    """
    direct = [c for c in claims if c.said is not None and not has_relay_of_another_party(case, c)]
    direct.sort(key=lambda c: (c.said.begin if c.said else 0, c.order))
    bits = [1 << number for number in range(len(direct))]
    excluded = exclusion_masks(case.question, [held(case.question, c) for c in direct], bits)
    definite = sum(bit for c, bit in zip(direct, bits, strict=True) if c.definite)
    checked = sum(bit for c, bit in zip(direct, bits, strict=True) if c.review is Review.CHECKED)
    said_from = at_least([c.said.begin if c.said else 0 for c in direct], bits)
    other_text = _other_texts(direct, bits)
    both_stand = _both_stand(case, {claim.key: bit for claim, bit in zip(direct, bits, strict=True)})
    pairs = []
    for number, earlier in enumerate(direct):
        revising = excluded[number] | other_text[number] if earlier.definite else definite
        revising &= definite & said_from(earlier.said.end if earlier.said else 0) & ~both_stand[earlier.key]
        if earlier.review is not Review.PENDING:
            revising &= checked
        if revising:
            pairs.append((earlier.key, direct[next(members(revising))].key))
    return pairs


def _other_texts(claims: Sequence[Claim], bits: Sequence[int]) -> list[int]:
    """For each claim that affirms a free text the mask of those that affirm another one."""
    by_text: dict[str, int] = defaultdict(int)
    texts = [
        claim.answer.normalised if isinstance(claim.answer, Text) and claim.stance is Stance.AFFIRMS else None
        for claim in claims
    ]
    for text, bit in zip(texts, bits, strict=True):
        if text is not None:
            by_text[text] |= bit
    affirmed = sum(by_text.values())
    return [affirmed & ~by_text[text] if text is not None else 0 for text in texts]


def _both_stand(case: Case, bits: Mapping[Key, int]) -> Mapping[Key, int]:
    """For each claim the mask of those beside which an editor lets it stand; what is disowned stands beside it too."""
    masks: dict[Key, int] = defaultdict(int)
    for link in case.links:
        if link.kind in (LinkKind.BOTH_STAND, LinkKind.DISOWNS):
            masks[link.claim] |= bits.get(link.other, 0)
            masks[link.other] |= bits.get(link.claim, 0)
    return masks
