"""Sets of numbers or days as stretches of a line, with exact ends.

A *cut* is a place between two neighbouring points of the line: (v, 0) lies just below v, (v, 1) just above it.
The stretch from (a, 0) to (b, 1) is the closed interval a..b, to (b, 0) the one without b. So complements need
no special case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

Cut = tuple[Decimal, int]

BELOW_ALL: Cut = (Decimal("-Infinity"), 0)
ABOVE_ALL: Cut = (Decimal("Infinity"), 1)


@dataclass(frozen=True, slots=True)
class Spans:
    """A set of points of a line: ascending stretches (low cut, high cut) that neither touch nor overlap."""

    stretches: tuple[tuple[Cut, Cut], ...]

    @classmethod
    def of(cls, stretches: Iterable[tuple[Cut, Cut]]) -> "Spans":
        """The union of any stretches; empty ones vanish, touching ones are joined."""
        joined: list[tuple[Cut, Cut]] = []
        for low, high in sorted(stretches):
            if low >= high:
                continue
            if joined and low <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], high))
            else:
                joined.append((low, high))
        return cls(tuple(joined))

    def __bool__(self) -> bool:
        """Whether any point is in the set."""
        return bool(self.stretches)

    @property
    def low(self) -> Cut:
        """The cut below the lowest point; the set must not be empty."""
        return self.stretches[0][0]

    @property
    def high(self) -> Cut:
        """The cut above the highest point; the set must not be empty."""
        return self.stretches[-1][1]

    def gaps(self) -> list[tuple[Cut, Cut]]:
        """The stretches between the set's own, without the two beyond its ends."""
        return [(left[1], right[0]) for left, right in zip(self.stretches, self.stretches[1:], strict=False)]

    def complement(self, low: Cut, high: Cut) -> "Spans":
        """All points between the two cuts that are not in the set."""
        if not self.stretches:
            return Spans.of([(low, high)])
        return Spans.of([(low, self.low), *self.gaps(), (self.high, high)])

    def __and__(self, other: "Spans") -> "Spans":
        """The points in both."""
        return Spans.of(
            (max(a, c), min(b, d)) for a, b in self.stretches for c, d in other.stretches if a < d and c < b
        )

    def __le__(self, other: "Spans") -> bool:
        """Whether every point is also in the other set."""
        return all(any(c <= a and b <= d for c, d in other.stretches) for a, b in self.stretches)
