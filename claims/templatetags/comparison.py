"""How the comparison of a question is laid out: side by side, in a grid or as a ledger, and what stands between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django import template

from claims.templatetags.marks import attribute

register = template.Library()

# Columns are read against each other up to three; cards up to eight, one for every colour; beyond that, a list.
SIDE_BY_SIDE = 3
GRID = 8
PAIR = 2
# A table of who excludes whom can be taken in at a glance up to this size.
MATRIX = 12


@register.filter
def comparison_layout(positions: Sequence[Any]) -> str:
    """``side-by-side``, ``grid`` or ``ledger``, by the number of positions."""
    if len(positions) <= SIDE_BY_SIDE:
        return "side-by-side"
    return "grid" if len(positions) <= GRID else "ledger"


@dataclass(frozen=True, slots=True)
class Column:
    """A position in its place: what it excludes, and whether it excludes the one that follows (None after the last)."""

    position: Any
    excludes: tuple[int, ...]
    excludes_next: bool | None


@register.simple_tag
def comparison_columns(positions: Sequence[Any], exclusions: Iterable[Any]) -> list[Column]:
    """Positions (with `index`) with what each excludes by pair; an exclusion has `positions`, a list of indexes."""
    excluded = pairs(exclusions)
    indexes = [attribute(position, "index") for position in positions]
    return [
        Column(
            position,
            tuple(other for other in indexes if frozenset((index, other)) in excluded),
            None if following is None else frozenset((index, following)) in excluded,
        )
        for position, index, following in zip_longest(positions, indexes, indexes[1:])
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of exclusions: for every position the relation ``self``, ``excludes`` or ``both``."""

    index: int
    relations: tuple[str, ...]


@register.simple_tag
def exclusion_matrix(positions: Sequence[Any], exclusions: Iterable[Any]) -> list[Row]:
    """Who excludes whom as rows; empty where bands between columns say it already, or a table would be too large."""
    if not SIDE_BY_SIDE < len(positions) <= MATRIX:
        return []
    excluded = pairs(exclusions)
    indexes = [attribute(position, "index") for position in positions]
    return [Row(one, tuple(relation(one, other, excluded) for other in indexes)) for one in indexes]


def relation(one: int, other: int, excluded: set[frozenset[int]]) -> str:
    """How two positions stand to each other."""
    if one == other:
        return "self"
    return "excludes" if frozenset((one, other)) in excluded else "both"


def pairs(exclusions: Iterable[Any]) -> set[frozenset[int]]:
    """The exclusions of two positions; an irreducible set of more excludes by no pair."""
    found = (frozenset(attribute(exclusion, "positions")) for exclusion in exclusions)
    return {pair for pair in found if len(pair) == PAIR}
