"""Whether two names may be names of one agent, how strongly, and why; and the keys by which such names meet.

Offered to an editor, never acted upon. Every word has to be matched: "Free Syrian Army" and "Syrian Arab Army" share
two words and are two armies. What may differ is the alphabet and the transliteration, the order, titles, an initial for
a first name, one slip of the pen, a person's middle names, and "News" or "Agency" in the name of an organisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

from claims.text.names import FILLERS, Name, read_name
from claims.text.sounds import begins_like, coarse_form, initial_of, sound_alike, sounds_of

THRESHOLD = 70
"""Of a hundred: two names less alike than this are not offered."""
MOST_WORDS = 8
"""Of a longer name only the whole is looked up."""
_LEAST_FOR_SLIP = 6
"""Letters of a word in which one may be wrong: Iraq and Iran are two countries."""
_LEAST_CONSONANTS = 3
"""Of a name of one word that is recognised by its sound alone."""
_MOST_FURTHER = 2
_TWO = 2


class Match(IntEnum):
    """How two words match; the value is what it takes from a hundred."""

    EQUAL = 0
    SOUND = 4
    SLIP = 12
    INITIAL = 15


REORDERED, FURTHER, UNTITLED, RESPACED = 10, 8, 2, 4


@dataclass(frozen=True, slots=True)
class Alike:
    """That two names may be of one agent: `strength` out of 100, and the codes of what they differ in."""

    strength: int
    reasons: tuple[str, ...]


def alike(first: str, second: str, *, person: bool) -> Alike | None:
    """How much alike the names are, if enough to be offered; `person` where either is said to be a person's.

    The codes are `same_name`, or those of `same_words`, `other_spacing`, `transliterated`, `misspelt`, `initials`,
    `other_order`, `further_words`.
    """
    one, other = read_name(first, person=person), read_name(second, person=person)
    if one.numbers != other.numbers or not one.words or not other.words:
        return None
    if one.form == other.form:
        return Alike(100, ("same_name",))
    if one.words == other.words:
        return Alike(100 - UNTITLED, ("same_words",))
    if len(one.joined) >= MOST_WORDS and one.joined == other.joined:
        return Alike(100 - RESPACED, ("other_spacing",))
    shorter, longer = sorted((one, other), key=lambda name: len(name.words))
    pairs = _matched(shorter, longer)
    if pairs is None:
        return None
    found = _weighed(shorter, longer, pairs, person=person)
    return found if found is not None and found.strength >= THRESHOLD else None


def best(names: Iterable[str], others: Sequence[str], *, person: bool) -> tuple[Alike, str, str] | None:
    """The two of the names that are most alike, if any are enough; of equals the first."""
    found = [
        (result, name, other) for name in names for other in others if (result := alike(name, other, person=person))
    ]
    return max(found, key=lambda each: each[0].strength, default=None)


def name_keys(text: str) -> set[str]:
    """The keys of a name: names that `alike` finds alike have one in common, however they are written.

    Of a name with many words, one may be left out or wrong; of two words, one may be an initial.
    """
    return set(_keys(read_name(text, person=False))) | set(_keys(read_name(text, person=True)))


# --- matching words -----------------------------------------------------------------------------------------------

Pairs = dict[int, tuple[int, Match]]


def _matched(shorter: Name, longer: Name) -> Pairs | None:
    """For each word of the shorter name, by place, that of the longer one and how they match; None where one has none.

    The surest matches are made first; at most one is a slip, and one an initial.
    """
    pairs: Pairs = {}
    taken: set[int] = set()
    for kind in Match:
        for place, word in enumerate(shorter.words):
            if place in pairs:
                continue
            for other_place, other in enumerate(longer.words):
                if other_place not in taken and _match(kind, word, other, shorter.acronyms | longer.acronyms):
                    pairs[place] = (other_place, kind)
                    taken.add(other_place)
                    break
    kinds = [kind for _place, kind in pairs.values()]
    if len(pairs) < len(shorter.words) or kinds.count(Match.SLIP) > 1 or kinds.count(Match.INITIAL) > 1:
        return None
    return pairs


def _match(kind: Match, word: str, other: str, acronyms: frozenset[str]) -> bool:
    if kind is Match.EQUAL:
        return word == other
    if word in acronyms or other in acronyms:
        return False
    initials = (len(word) == 1) + (len(other) == 1)
    if kind is Match.INITIAL:
        return initials == 1 and (begins_like(word, other) if len(word) == 1 else begins_like(other, word))
    if initials:
        return False
    if kind is Match.SOUND:
        return sound_alike(word, other)
    return min(len(word), len(other)) >= _LEAST_FOR_SLIP and word[0] == other[0] and OSA.distance(word, other) == 1


def _weighed(shorter: Name, longer: Name, pairs: Pairs, *, person: bool) -> Alike | None:
    """What the matches amount to; None where they are too little to go by."""
    kinds = [kind for _place, kind in pairs.values()]
    sure = [place for place, (_other, kind) in pairs.items() if kind in {Match.EQUAL, Match.SOUND}]
    if not sure or (len(pairs) == 1 and not _rests_on_one(shorter.words[0], kinds[0])):
        return None
    strength, reasons = 100, []
    for kind, code in ((Match.SOUND, "transliterated"), (Match.SLIP, "misspelt"), (Match.INITIAL, "initials")):
        if number := kinds.count(kind):
            strength -= kind if kind is Match.SOUND else kind * number
            reasons.append(code)
    places = [pairs[place][0] for place in sorted(pairs)]
    if places != sorted(places):
        if not (shorter.listed or longer.listed) and _loosely(shorter, longer, pairs):
            return None
        strength -= UNTITLED if shorter.listed or longer.listed else REORDERED
        reasons.append("other_order")
    if len(longer.words) > len(shorter.words):
        if not _may_go_further(shorter, longer, pairs, person=person):
            return None
        strength -= FURTHER
        reasons.append("further_words")
    return Alike(strength, tuple(reasons) or ("same_words",))


def _loosely(shorter: Name, longer: Name, pairs: Pairs) -> bool:
    """Whether a word is matched by more than its letters within one alphabet: in another order, that is chance."""
    matched = ((shorter.words[place], longer.words[other], kind) for place, (other, kind) in pairs.items())
    return any(kind is not Match.EQUAL and one.isascii() == other.isascii() for one, other, kind in matched)


def _rests_on_one(word: str, kind: Match) -> bool:
    """Whether one matching word is enough: the same letters, or enough consonants to be more than chance."""
    return kind is Match.EQUAL or any(len(sound.consonants) >= _LEAST_CONSONANTS for sound in sounds_of(word))


def _may_go_further(shorter: Name, longer: Name, pairs: Pairs, *, person: bool) -> bool:
    """Whether the longer name may be the same with more words: fillers, or a person's in the middle or at the end."""
    taken = {place for place, _kind in pairs.values()}
    further = [word for place, word in enumerate(longer.words) if place not in taken]
    if all(word in FILLERS for word in further):
        return any(word not in FILLERS for word in shorter.words)
    last = pairs[len(shorter.words) - 1][0]
    ends = pairs[0][0] == 0 and last in {len(longer.words) - 1, len(shorter.words) - 1}
    initial = any(kind is Match.INITIAL for _place, kind in pairs.values()) or any(len(w) == 1 for w in shorter.words)
    return person and len(pairs) > 1 and ends and not initial and len(further) <= _MOST_FURTHER


# --- keys ---------------------------------------------------------------------------------------------------------


def _keys(name: Name) -> Iterator[str]:
    coarse = [coarse_form(word) for word in name.words]
    numbers = ",".join(name.numbers)
    yield f"joined {name.joined}"
    for words in (coarse, [coarse_form(word) for word in name.core]):
        if words:
            yield _key(words, numbers)
    if len(coarse) == _TWO:
        for place, word in enumerate(name.words):
            yield f"{_key([coarse[1 - place]], numbers)} {initial_of(word)}."
    elif _TWO < len(coarse) <= MOST_WORDS:
        yield _key([coarse[0], coarse[-1]], numbers)
        yield _key(coarse[:2], numbers)
        for left_out in range(len(coarse)):
            yield _key(coarse[:left_out] + coarse[left_out + 1 :], numbers)


def _key(words: Iterable[str], numbers: str) -> str:
    return f"{' '.join(sorted(words))}|{numbers}"
