"""How a word of a name sounds, roughly: its consonants and the vowels between, the same for Arabic and Latin letters.

Transliteration writes one name in many ways (Gaddafi, Qadhafi, القذافي) and different names alike (Mahmoud and Mohammed
have the same consonants). So each consonant is a set of the sounds it may stand for, and each gap between two says
which vowels it may hold, short or long: Arabic writes the long ones, Latin letters write all and seldom say which are
long. Two words sound alike where no consonant and no gap contradicts the other's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

LEAST_SIMILAR = 0.5
"""Of two words in Latin letters, the share of letters that need no edit; below, the same sounds are chance."""

_LATIN = re.compile(r"[a-z]+")
_ARABIC = re.compile("[\u0621-\u064aپچژڤگ]+")
_SILENT_H, _TEH_MARBUTA = re.compile(r"\w[aeiou]h$"), re.compile(r"\w\wه$")
_ANY = frozenset("aiu")
_NONE: frozenset[str] = frozenset()


def _table(text: str) -> dict[str, str]:
    """Letters with the sounds that they may stand for, as "d: d dh | z: z"."""
    return {letter.strip(): sounds.strip() for letter, sounds in (entry.split(":") for entry in text.split("|"))}


_LATIN_SOUNDS = {letter: letter for letter in "bfhjlmnprstvwy"} | _table(
    "d: d dh | dh: dh d z | z: z dh | th: th t dh | dj: j | g: g j q | gh: gh g | k: k q | ck: k | q: q k | c: k q"
    " | kh: kh k h | x: k s | sh: sh | sch: sh | ch: ch sh kh | tch: ch | ph: f"
)
_ARABIC_SOUNDS = _table(
    "ب: b p | پ: p b | ت: t | ط: t | ث: th t s | ج: j g | چ: ch | ح: h | خ: kh h | د: d | ذ: dh d z th | ض: d dh z"
    " | ظ: z dh d th | ز: z | ژ: j | ر: r | س: s | ص: s | ش: sh ch | غ: gh g | ف: f v | ڤ: v f | ق: q k g | ك: k | گ: g"
    " | ل: l | م: m | ن: n | ه: h | ي: y | و: w v"
)
# What records are looked up by: one letter for all sounds that may stand for one another; h comes and goes.
_COARSE = {
    **dict.fromkeys(("b", "p"), "B"),
    **dict.fromkeys(("t", "th", "d", "dh", "z"), "T"),
    **dict.fromkeys(("s", "sh", "ch"), "S"),
    **dict.fromkeys(("j", "g", "gh", "q", "k", "kh"), "K"),
    **dict.fromkeys(("f", "v"), "F"),
    "h": "",
    **{letter: letter.upper() for letter in "lmnrwy"},
}
# ث may be read as s, ch as kh, و as v: what they are looked up by is what they are.
_PREFERRED = "TSWBKFLMNRY"
_GRAPHEMES = re.compile("|".join(sorted(_LATIN_SOUNDS, key=len, reverse=True)) + "|.")
_LATIN_VOWELS = {"a": _ANY & {"a"}, "e": _ANY, "i": _ANY & {"i"}, "o": _ANY & {"u"}, "u": _ANY & {"u"}}
_GLIDES = {"w": "u", "y": "i"}
_LONG = {
    **dict.fromkeys(("ou", "oo", "ow", "aw", "au", "ew"), "u"),
    **dict.fromkeys(("ei", "ey", "ai", "ay", "ee", "ie"), "i"),
    "aa": "a",
}
_ARABIC_VOWELS = {"ا": "a", "و": "u", "ي": "i"}
_CARRIERS = "اعءئؤ"


@dataclass(frozen=True, slots=True)
class Gap:
    """The vowels that may stand in one place: if short, and if long; `empty` if none is written."""

    short: frozenset[str]
    long: frozenset[str]
    empty: bool = False

    def admits(self, other: Gap) -> bool:
        """Whether some vowel may stand in both."""
        return bool(self.short & other.short or self.long & other.long)


UNWRITTEN = Gap(_ANY, _NONE, empty=True)


@dataclass(frozen=True, slots=True)
class Sound:
    """One reading of a word: `gaps` has one more than `consonants`; `coarse` is what it is looked up by."""

    consonants: tuple[frozenset[str], ...]
    gaps: tuple[Gap, ...]
    coarse: str

    @property
    def begins_with_vowel(self) -> bool:
        """Whether a vowel stands before the first consonant."""
        return not self.gaps[0].empty

    def contradicts(self, other: Sound) -> bool:
        """Whether the two cannot be one word."""
        if len(self.consonants) != len(other.consonants) or self.begins_with_vowel != other.begins_with_vowel:
            return True
        pairs = zip(self.consonants, other.consonants, strict=True)
        if not all(mine & theirs for mine, theirs in pairs):
            return True
        return not all(mine.admits(theirs) for mine, theirs in zip(self.gaps, other.gaps, strict=True))


@lru_cache(maxsize=1 << 16)
def sounds_of(word: str) -> tuple[Sound, ...]:
    """How a word in search form may sound; nothing for one that is neither in Latin nor in Arabic letters alone.

    A final h may be heard (Salah, صلاح) or not (Abdallah), and teh marbuta may be a t (Jabhat, جبهة): such words have
    two readings.
    """
    if _LATIN.fullmatch(word):
        return (_latin(word), _latin(word[:-1])) if _SILENT_H.search(word) else (_latin(word),)
    if _ARABIC.fullmatch(word):
        return (_arabic(word), _arabic(f"{word[:-1]}ت")) if _TEH_MARBUTA.search(word) else (_arabic(word),)
    return ()


def sound_alike(first: str, second: str) -> bool:
    """Whether two words in search form may be one word, written twice."""
    if first == second:
        return True
    latin = _LATIN.fullmatch(first) and _LATIN.fullmatch(second)
    if latin and Levenshtein.normalized_similarity(first, second) < LEAST_SIMILAR:
        return False
    return any(not one.contradicts(other) for one in sounds_of(first) for other in sounds_of(second))


def coarse_form(word: str) -> str:
    """The letters by which words are looked up that may sound alike; the word itself where nothing is known of it."""
    sounds = sounds_of(word)
    return sounds[0].coarse if sounds and sounds[0].coarse not in {"", "A"} else word


def initial_of(word: str) -> str:
    """The class of the first sound: "A" for any vowel, "H" for a breath, else the letter of `coarse_form`."""
    sounds = sounds_of(word)
    if not sounds:
        return word[:1]
    sound = sounds[0]
    if sound.begins_with_vowel or not sound.consonants:
        return "A"
    return _coarse(sound.consonants[0]) or "H"


def begins_like(initial: str, word: str) -> bool:
    """Whether the word may be what the initial, one letter, stands for."""
    for one in sounds_of(initial):
        for other in sounds_of(word):
            if not one.consonants:
                if other.begins_with_vowel and one.gaps[0].admits(other.gaps[0]):
                    return True
            elif not other.begins_with_vowel and other.consonants and one.consonants[0] & other.consonants[0]:
                return True
    return initial == word[:1]


def _sound(consonants: list[frozenset[str]], gaps: list[Gap]) -> Sound:
    coarse = "".join(_coarse(each) for each in consonants)
    return Sound(tuple(consonants), tuple(gaps), coarse if gaps[0].empty else f"A{coarse}")


def _coarse(sounds: frozenset[str]) -> str:
    """The letter of a consonant: where it may be several, the first of them in an order that both alphabets keep."""
    letters = {_COARSE.get(sound, sound) for sound in sounds} - {""}
    return min(letters, key=_PREFERRED.find, default="")


def _latin(word: str) -> Sound:
    consonants: list[frozenset[str]] = []
    gaps: list[Gap] = []
    written, last = "", ""
    for match in _GRAPHEMES.finditer(word):
        grapheme, following = match.group(), word[match.end() : match.end() + 1]
        if grapheme in _LATIN_VOWELS or (grapheme in _GLIDES and (consonants or written or not following)):
            written += grapheme
            last = ""
            continue
        if grapheme == last:
            continue
        sounds = "s" if grapheme == "c" and following in {"e", "i", "y"} else _LATIN_SOUNDS[grapheme]
        parts = [sounds] if grapheme != "x" else sounds.split()
        for part in parts:
            gaps.append(_latin_gap(written))
            consonants.append(frozenset(part.split()))
            written = ""
        last = grapheme
    return _sound(consonants, [*gaps, _latin_gap(written)])


def _latin_gap(written: str) -> Gap:
    if not written:
        return UNWRITTEN
    if written in _LONG:
        return Gap(_NONE, frozenset(_LONG[written]))
    if written == "e":
        return Gap(_ANY, _ANY - {"u"})
    vowels = frozenset().union(*(_LATIN_VOWELS.get(each) or {_GLIDES[each]} for each in written))
    return Gap(vowels if len(written) == 1 else _NONE, vowels)


def _arabic(word: str) -> Sound:
    consonants: list[frozenset[str]] = []
    gaps: list[Gap] = []
    written = ""
    for place, letter in enumerate(word):
        final = place == len(word) - 1
        glide = letter in "وي" and (consonants or written)
        if letter in _CARRIERS or glide or (letter == "ه" and final and place):
            written += letter
            continue
        gaps.append(_arabic_gap(written, first=not consonants))
        consonants.append(frozenset(_ARABIC_SOUNDS.get(letter, letter).split()))
        written = ""
    return _sound(consonants, [*gaps, _arabic_gap(written, first=not consonants, final=True)])


def _arabic_gap(written: str, *, first: bool, final: bool = False) -> Gap:
    """At the beginning alef only carries the vowel; at the end yeh may be alef maksura, and heh stand for an a."""
    if not written:
        return UNWRITTEN
    if first or set(written) <= set("عءئؤ"):
        return Gap(_ANY, _ANY)
    if final:
        vowels = frozenset("".join({"ي": "ia", "ه": "a"}.get(each) or _ARABIC_VOWELS.get(each, "") for each in written))
        return Gap(vowels, vowels)
    vowels = frozenset(_ARABIC_VOWELS[each] for each in written if each in _ARABIC_VOWELS)
    return Gap(_NONE, vowels)
