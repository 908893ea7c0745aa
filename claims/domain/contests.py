"""Exclusions: which positions no answer satisfies together, listed with reasons, and which claims are so contested."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from claims.domain.exclusion import exclusion_masks
from claims.domain.identity import canonical
from claims.domain.leaves_open import Open, share_an_answer
from claims.domain.positions import Grouped, Layout
from claims.domain.reasons import Reason, why_excluded
from claims.domain.values import Case, Claim, Key, Question
from claims.domain.vocabulary import AnswerKind, OverTime

LISTED = 100


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two positions that no answer satisfies, or one irreducible set of positions, with the reason."""

    positions: tuple[int, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Contest:
    """All exclusions of a question: the first `LISTED`, their number, and the claims that are part of any."""

    exclusions: tuple[Exclusion, ...] = ()
    total: int = 0
    claims: frozenset[Key] = frozenset()
    inferred_only: bool = False
    torn: tuple[tuple[Key, Key, Key], ...] = ()


def contest(case: Case, positions: Sequence[Grouped], layout: Layout) -> Contest:
    """The exclusions between positions. `torn` are speakers carried with two claims that exclude each other."""
    masks = exclusion_masks(case.question, layout.items, layout.groups.bits)
    touched = [0] * len(positions)
    for item, mask in enumerate(masks):
        touched[layout.position_of_item[item]] |= layout.groups.touched(mask)
    total = sum(mask.bit_count() for mask in touched) // 2
    if not total:
        return _irreducible(case, positions)
    pairs = (
        (first, second)
        for first, mask in enumerate(touched)
        for second in layout.groups.numbers(mask)
        if first < second
    )
    exclusions = tuple(_exclusion(case, positions, layout, masks, pair) for pair in islice(pairs, LISTED))
    contested = frozenset(claim.key for item, mask in enumerate(masks) if mask for claim in layout.claims[item])
    return Contest(
        exclusions=exclusions,
        total=total,
        claims=contested,
        inferred_only=_no_stated_pair(layout, masks) and _stated_hold_together(case.question, positions),
        torn=_torn(case, layout, masks),
    )


def irreducible_set(opens: Sequence[Open]) -> list[int] | None:
    """The numbers of sets that no answer is in all of, while one is in all but any one of them; None if all share one.

    From the front, the set with which the first ones stop sharing an answer is needed; it is kept, and the search goes
    on among those before it, until the kept ones alone share none.
    """
    if share_an_answer(opens):
        return None
    kept: list[int] = []
    upper = len(opens)
    while not kept or share_an_answer([opens[number] for number in kept]):
        needed = bisect_left(
            range(upper + 1),
            True,
            lo=1 if not kept else 0,
            key=lambda size: not share_an_answer([opens[n] for n in (*kept, *range(size))]),
        )
        upper = needed - 1
        kept.append(upper)
    return sorted(kept)


def _irreducible(case: Case, positions: Sequence[Grouped]) -> Contest:
    """Where no pair excludes, the positions may still not hold all together."""
    if not positions or not _judged_together(case.question):
        return Contest()
    numbers = irreducible_set([position.open for position in positions])
    if numbers is None:
        return Contest()
    return Contest(
        (Exclusion(tuple(numbers), Reason("no_answer_in_all", {"positions": tuple(numbers)})),),
        1,
        frozenset(claim.key for number in numbers for claim in positions[number].claims),
        inferred_only=_stated_hold_together(case.question, positions),
    )


def _judged_together(question: Question) -> bool:
    """Whether more than two positions are held against each other at once: never texts, never over time."""
    return question.kind is not AnswerKind.TEXT and question.over_time is OverTime.FIXED


def _stated_hold_together(question: Question, positions: Sequence[Grouped]) -> bool:
    """Whether some answer is left open by all that was stated rather than inferred."""
    stated = [position.open for position in positions if not all(claim.inferred for claim in position.claims)]
    return not stated or not _judged_together(question) or share_an_answer(stated)


def _exclusion(
    case: Case, positions: Sequence[Grouped], layout: Layout, masks: Sequence[int], pair: tuple[int, int]
) -> Exclusion:
    """One exclusion, with a pair of claims that shows it: stated before inferred, the oldest records first."""
    first, second = (positions[number] for number in pair)
    witnesses = (
        (one, other)
        for one in sorted(first.claims, key=_plainest)
        for other in sorted(second.claims, key=_plainest)
        if masks[layout.item_of[one.key]] & layout.groups.bits[layout.item_of[other.key]]
    )
    one, other = next(witnesses)
    code = why_excluded(case, one, other, (first.open, second.open))
    return Exclusion(pair, Reason(code, {"positions": pair, "first": one.key, "second": other.key}))


def _plainest(claim: Claim) -> tuple[bool, int]:
    """Stated claims before inferred ones, then by record."""
    return claim.inferred, claim.order


def _no_stated_pair(layout: Layout, masks: Sequence[int]) -> bool:
    """Whether no two claims that were stated exclude each other."""
    stated = [any(not claim.inferred for claim in claims) for claims in layout.claims]
    all_stated = sum(bit for bit, each in zip(layout.groups.bits, stated, strict=True) if each)
    return not any(mask & all_stated for mask, each in zip(masks, stated, strict=True) if each)


def _torn(case: Case, layout: Layout, masks: Sequence[int]) -> tuple[tuple[Key, Key, Key], ...]:
    """Speakers carried with two answers that exclude each other, each with the first such pair of claims."""
    by_speaker: dict[Key, list[Claim]] = defaultdict(list)
    for claims in layout.claims:
        for claim in claims:
            by_speaker[canonical(case.agents, claim.speaker)].append(claim)
    torn = []
    for speaker, claims in by_speaker.items():
        bits = {claim.key: layout.groups.bits[layout.item_of[claim.key]] for claim in claims}
        own = 0
        for bit in bits.values():
            own |= bit
        for claim in sorted(claims, key=lambda each: each.order):
            against = masks[layout.item_of[claim.key]] & own
            if against:
                other = next(each for each in claims if bits[each.key] & against)
                torn.append((speaker, claim.key, other.key))
                break
    return tuple(torn[:LISTED])
