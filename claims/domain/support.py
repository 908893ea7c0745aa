"""Support: how many independent origins stand behind each position (rules 3, 4 and 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.domain.bitsets import Groups, members
from claims.domain.exclusion import Held, among_masks, near_masks
from claims.domain.origins import Count, Traced, count
from claims.domain.positions import Grouped
from claims.domain.values import Case, Claim, Key
from claims.domain.vocabulary import OverTime, Stance


@dataclass(frozen=True, slots=True)
class Support:
    """What stands behind one position: its origins, whether they are of two parties, the claims that support it."""

    origins: Count
    across_sides: bool
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Claims that are alike for support: same position, moment, origin, and whether they affirm."""

    position: int
    held: Held
    traced: Traced
    affirms: bool


def support(case: Case, positions: Sequence[Grouped], traced: Mapping[Key, Traced]) -> list[Support]:
    """The support of every position.

    A definite claim supports its own position and, affirming, every affirmed position whose answers include all of its
    own. On a question that changes, one claim of the position and the supporters inside its window are counted, where
    that gives the most.
    """
    claims_of = _entries(case, positions, traced)
    entries = list(claims_of)
    origins = list(dict.fromkeys(entry.traced for entry in entries))
    number_of = {origin: number for number, origin in enumerate(origins)}
    groups = Groups([number_of[entry.traced] for entry in entries])
    supporting = _supporting(positions, entries, groups.bits)
    near = near_masks(case.question, [entry.held for entry in entries], groups.bits)
    windows: list[set[int]] = [set() for _ in positions]
    for entry, close in zip(entries, near, strict=True):
        windows[entry.position].add(supporting[entry.position] & close)
    entry_at = dict(zip(groups.bits, entries, strict=True))
    counted: dict[int, tuple[Count, bool]] = {}
    found = []
    for masks in windows:
        for mask in masks:
            if (touched := groups.touched(mask)) not in counted:
                counted[touched] = _counted(case, [origins[number] for number in groups.numbers(touched)])
        results = {mask: counted[groups.touched(mask)] for mask in masks}
        best = max(results, key=lambda mask: (results[mask][0].fewest, results[mask][0].most, mask.bit_count()))
        behind = [claim for bit in members(best) for claim in claims_of[entry_at[1 << bit]]]
        across = any(crossed for _, crossed in results.values())
        found.append(Support(results[best][0], across, tuple(sorted(behind, key=lambda claim: claim.order))))
    return found


def _entries(case: Case, positions: Sequence[Grouped], traced: Mapping[Key, Traced]) -> dict[_Entry, list[Claim]]:
    """The claims of all positions, those that are alike put together; moments only where the question has a window."""
    claims_of: dict[_Entry, list[Claim]] = {}
    windowed = case.question.over_time is OverTime.CHANGES
    for number, position in enumerate(positions):
        for claim in position.claims:
            held = Held(position.open, (claim.as_of or claim.said) if windowed else None)
            entry = _Entry(number, held, traced[claim.key], claim.stance is Stance.AFFIRMS)
            claims_of.setdefault(entry, []).append(claim)
    return claims_of


def _supporting(positions: Sequence[Grouped], entries: Sequence[_Entry], bits: Sequence[int]) -> list[int]:
    """For each position the mask of the entries that support it, at any time."""
    own = [0] * len(positions)
    for entry, bit in zip(entries, bits, strict=True):
        own[entry.position] |= bit
    affirming = [(entry.held.open, bit) for entry, bit in zip(entries, bits, strict=True) if entry.affirms]
    affirmed = [number for number, position in enumerate(positions) if position.affirmed]
    within = among_masks(
        [positions[number].open for number in affirmed],
        [opened for opened, _ in affirming],
        [bit for _, bit in affirming],
    )
    for number, mask in zip(affirmed, within, strict=True):
        own[number] |= mask
    return own


def _counted(case: Case, traced: Sequence[Traced]) -> tuple[Count, bool]:
    """How many origins these are, and whether two of them are of different sides that are parties."""
    counts = count(traced, case.distinct)
    parties = {each.side for each in traced if each.side in case.sides and case.sides[each.side].party}
    return counts, len(parties) > 1 and counts.fewest > 1
