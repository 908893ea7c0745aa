"""Names for tests of sentences: records given by hand, in place of those that queries read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from claims.domain.values import Key
from claims.wording import ClaimWords, PositionWords, QuestionWords


@dataclass(frozen=True)
class KnownNames:
    """Implements `claims.wording.Names` from mappings."""

    question: QuestionWords = field(default_factory=QuestionWords)
    positions: Sequence[PositionWords] = ()
    claims: Mapping[Key, ClaimWords] = field(default_factory=dict)
    agents: Mapping[Key, str] = field(default_factory=dict)

    def position(self, index: int) -> PositionWords:
        return self.positions[index]

    def claim(self, key: Key) -> ClaimWords:
        return self.claims[key]

    def agent(self, key: Key) -> str:
        return self.agents[key]
