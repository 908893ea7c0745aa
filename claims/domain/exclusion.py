"""Which claims exclude each other: rule 1 between what they leave open, and rule 3 where the answer moves with time.

`exclusion_masks` answers for all items at once, as bit masks (see `bitsets`): intervals are sorted, never paired.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from claims.domain.bitsets import at_least, at_most
from claims.domain.leaves_open import Open, is_among, leaves_open, share_an_answer
from claims.domain.spans import Spans
from claims.domain.values import Claim, Moment, Question
from claims.domain.vocabulary import OverTime

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Held:
    """What is compared of a claim: the answers it leaves open, read as definite, and the moment it speaks of."""

    open: Open
    moment: Moment | None = None


def held(question: Question, claim: Claim) -> Held:
    """What the claim holds. The moment it speaks of is its `as_of`, else when it was said (rule 3)."""
    return Held(leaves_open(question, claim.stance, claim.answer), claim.as_of or claim.said)


def exclude(question: Question, first: Held, second: Held) -> bool:
    """Whether two held answers exclude each other by rules 1 and 3."""
    return bool(exclusion_masks(question, [first, second], [1, 2])[0] & 2)


def exclusion_masks(question: Question, items: Sequence[Held], bits: Sequence[int]) -> list[int]:
    """For each item the mask of the items that it excludes; `bits[i]` is the bit of item i.

    Fixed: no answer is in both. Changes: so, and less than the window lies between the moments. Grows: of two moments
    of which one is later, every later value is below every earlier one; otherwise as fixed.
    """
    apart = _apart(items, bits)
    if question.over_time is OverTime.CHANGES:
        near = near_masks(question, items, bits)
        return [mask & close for mask, close in zip(apart, near, strict=True)]
    if question.over_time is OverTime.GROWS and items and isinstance(items[0].open, Spans):
        return _shrunk(items, bits, apart)
    return apart


def among_masks(outers: Sequence[Open], inners: Sequence[Open], bits: Sequence[int]) -> list[int]:
    """For each outer set the mask of the inner sets that lie within it; `bits[i]` is the bit of inner set i."""
    if outers and isinstance(outers[0], Spans):
        return _spans_among(outers, [inner for inner in inners if isinstance(inner, Spans)], bits)
    by_open: dict[Open, int] = {}
    for inner, bit in zip(inners, bits, strict=True):
        by_open[inner] = by_open.get(inner, 0) | bit
    known: dict[Open, int] = {}
    for outer in outers:
        if outer not in known:
            known[outer] = sum(mask for inner, mask in by_open.items() if is_among(inner, outer))
    return [known[outer] for outer in outers]


def near_masks(question: Question, items: Sequence[Held], bits: Sequence[int]) -> list[int]:
    """For each item the mask of those within its window on a question that changes; unknown moments are within."""
    everything = sum(bits)
    if question.over_time is not OverTime.CHANGES:
        return [everything] * len(items)
    window = int((question.window_hours or 0) * SECONDS_AN_HOUR)
    dated = [(item.moment, bit) for item, bit in zip(items, bits, strict=True) if item.moment]
    dated_bits = [bit for _, bit in dated]
    beginning_at_least = at_least([moment.begin for moment, _ in dated], dated_bits)
    ended_by = at_most([moment.end for moment, _ in dated], dated_bits)
    return [
        everything & ~(beginning_at_least(item.moment.end + window) | ended_by(item.moment.begin - window))
        if item.moment
        else everything
        for item in items
    ]


def _apart(items: Sequence[Held], bits: Sequence[int]) -> list[int]:
    """For each item the mask of those with which it shares no answer (rule 1)."""
    if items and isinstance(items[0].open, Spans):
        return _spans_apart([item.open for item in items if isinstance(item.open, Spans)], bits)
    by_open: dict[Open, int] = {}
    for item, bit in zip(items, bits, strict=True):
        by_open[item.open] = by_open.get(item.open, 0) | bit
    apart = dict.fromkeys(by_open, 0)
    for first, second in combinations(by_open, 2):
        if not share_an_answer([first, second]):
            apart[first] |= by_open[second]
            apart[second] |= by_open[first]
    return [apart[item.open] for item in items]


def _spans_apart(sets: Sequence[Spans], bits: Sequence[int]) -> list[int]:
    """Two stretches are apart when one ends before the other begins, or when one lies in a gap of the other."""
    above = at_least([spans.low for spans in sets], bits)
    below = at_most([spans.high for spans in sets], bits)
    apart = [above(spans.high) | below(spans.low) for spans in sets]
    gapped = [number for number, spans in enumerate(sets) if len(spans.stretches) > 1]
    for number in gapped:
        inside = 0
        for low, high in sets[number].gaps():
            inside |= above(low) & below(high)
        apart[number] |= inside
        for other, bit in enumerate(bits):
            if bit & inside:
                apart[other] |= bits[number]
    for first, second in combinations(gapped, 2):
        if not sets[first] & sets[second]:
            apart[first] |= bits[second]
            apart[second] |= bits[first]
    return apart


def _spans_among(outers: Sequence[Open], inners: Sequence[Spans], bits: Sequence[int]) -> list[int]:
    """A set in one piece lies within another when it lies in one of its stretches; the few others are tried each."""
    whole = [(inner, bit) for inner, bit in zip(inners, bits, strict=True) if len(inner.stretches) == 1]
    above = at_least([inner.low for inner, _ in whole], [bit for _, bit in whole])
    below = at_most([inner.high for inner, _ in whole], [bit for _, bit in whole])
    pieces = [(inner, bit) for inner, bit in zip(inners, bits, strict=True) if len(inner.stretches) > 1]
    masks = []
    for outer in outers:
        mask = sum(bit for inner, bit in pieces if is_among(inner, outer))
        for low, high in outer.stretches if isinstance(outer, Spans) else ():
            mask |= above(low) & below(high)
        masks.append(mask)
    return masks


def _shrunk(items: Sequence[Held], bits: Sequence[int], apart: Sequence[int]) -> list[int]:
    """What grows never falls: a later claim excludes an earlier one when it lies wholly below it (rule 3)."""
    spans = [item.open for item in items if isinstance(item.open, Spans)]
    above = at_least([each.low for each in spans], bits)
    below = at_most([each.high for each in spans], bits)
    dated = [(item.moment, bit) for item, bit in zip(items, bits, strict=True) if item.moment]
    dated_bits = [bit for _, bit in dated]
    later = at_least([moment.begin for moment, _ in dated], dated_bits)
    earlier = at_most([moment.end for moment, _ in dated], dated_bits)
    masks = []
    for item, each, unordered in zip(items, spans, apart, strict=True):
        after = later(item.moment.end) if item.moment else 0
        before = earlier(item.moment.begin) if item.moment else 0
        masks.append(
            (after & below(each.low)) | (before & above(each.high)) | (unordered & ~after & ~before),
        )
    return masks
