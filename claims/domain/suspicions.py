"""Which two records are suspected to be one, or to carry one text, and why: offered to an editor, never acted upon.

Agents are suspected by their names. Sources are suspected to be one publication for the same address, the same title,
publisher and date, or the same text of one publisher; the same text under two publishers is a copy (rule 4), for
origins are counted, not outlets. Unnamed agents are never suspected: that two are distinct, or may be one, is rule 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from claims.domain.vocabulary import Suspected
from claims.text.addresses import canonical_address
from claims.text.fingerprints import NEAR, Fingerprint
from claims.text.likely_names import best, name_keys
from claims.text.normalising import search_form

MOST_SHARING = 50
"""A key that more records share pairs none of them: it is a common name, and says nothing."""
MOST_NAMES = 30
"""Of an agent with more names, the first are compared."""
_WORDS_OF_TITLE = 2
_SAME_ADDRESS, _SAME_TITLE = 100, 90


@dataclass(frozen=True, slots=True)
class Ground:
    """What speaks for a suspicion: a code, and the values that its sentence needs."""

    code: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What two records are suspected of, how strongly (of 100), and on what grounds."""

    kind: Suspected
    strength: int
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class AgentLooks:
    """What an agent is compared by: its names, and whether it is said to be a person."""

    names: tuple[str, ...]
    person: bool

    def keys(self) -> Iterator[str]:
        """What agents that may be one have in common."""
        for name in self.names[:MOST_NAMES]:
            yield from name_keys(name)


@dataclass(frozen=True, slots=True)
class SourceLooks:
    """What a source is compared by: address, title, publisher (its key), date as written, and its texts.

    `hashes` are the SHA-256 of its snapshots, of those without their text too.
    """

    url: str
    title: str
    publisher: int | None
    published_on: str
    texts: tuple[Fingerprint, ...]
    hashes: frozenset[str]

    @property
    def address(self) -> str:
        """The address in the form in which two of one page are equal."""
        return canonical_address(self.url)

    @property
    def imprint(self) -> str:
        """Title, publisher and date, where all are stated and the title has more than one word."""
        form = search_form(self.title)
        if self.publisher is None or not self.published_on or len(form.split()) < _WORDS_OF_TITLE:
            return ""
        return f"{self.publisher} {self.published_on} {form}"

    def keys(self) -> Iterator[str]:
        """What sources that may be one, or carry one text, have in common."""
        if self.address:
            yield f"address {self.address}"
        if self.imprint:
            yield f"imprint {self.imprint}"
        for digest in self.hashes:
            yield f"bytes {digest}"
        for text in self.texts:
            yield from text.keys()


def hashed(key: str) -> int:
    """A key as it is kept: 63 bits of it, so that tables and indexes stay small."""
    return int.from_bytes(blake2b(key.encode(errors="surrogatepass"), digest_size=8).digest(), "big") >> 1


def suspect_agents(first: AgentLooks, second: AgentLooks) -> Suspicion | None:
    """What speaks for two agents being one, if their names are alike enough."""
    found = best(first.names[:MOST_NAMES], second.names[:MOST_NAMES], person=first.person or second.person)
    if found is None:
        return None
    alike, name, other = found
    grounds = (Ground(code, {"first": name, "second": other}) for code in alike.reasons)
    return Suspicion(Suspected.AGENTS, alike.strength, tuple(grounds))


def suspect_sources(first: SourceLooks, second: SourceLooks) -> Suspicion | None:
    """What speaks for two sources being one, or for one carrying the text of the other."""
    grounds: list[Ground] = []
    strength = 0
    if first.address and first.address == second.address:
        grounds.append(Ground("same_address", {"address": first.address}))
        strength = _SAME_ADDRESS
    if first.imprint and first.imprint == second.imprint:
        grounds.append(Ground("same_title", {"title": first.title}))
        strength = max(strength, _SAME_TITLE)
    kind = Suspected.SOURCES
    if resemblance := _resemblance(first, second):
        percent = int(resemblance * 100)
        grounds.append(Ground("same_text" if resemblance == 1 else "similar_text", {"percent": percent}))
        apart = first.publisher is not None and second.publisher is not None and first.publisher != second.publisher
        kind = Suspected.COPIES if apart and not strength else kind
        strength = max(strength, percent)
    return Suspicion(kind, strength, tuple(grounds)) if grounds else None


def _resemblance(first: SourceLooks, second: SourceLooks) -> float:
    """That of the two texts that are most alike; 0 where none are alike enough."""
    if first.hashes & second.hashes:
        return 1.0
    found = max((one.resemblance(other) for one in first.texts for other in second.texts), default=0.0)
    return found if found >= NEAR else 0.0
