"""The fold under which two wordings are the same words, with the way back to where each character stood.

The fold drops vowel signs, tatweel, direction and zero-width characters; takes presentation forms, ligatures
and full-width forms apart (NFKD) and everything else to NFD, so that NFC and NFD meet; makes any run of white
space and line ends one space; and makes quotation marks and hyphens of all shapes the plain ones. It is
NFD because decomposing needs no look at the neighbours but for the order of combining marks. Letters that
differ stay different: alef is not alef with hamza, and case is kept.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from claims.text.characters import MOST_MARKS, SILENT, TATWEEL, VOWEL_SIGNS

_SILENT = re.compile(f"[{SILENT}]+")
_ATTACHED = re.compile(f"[{VOWEL_SIGNS}{TATWEEL}]*")
_RESHAPED = ("<initial>", "<medial>", "<final>", "<isolated>", "<wide>", "<narrow>", "<noBreak>")
_LIGATURES = range(0xFB00, 0xFB50)
_PLAIN = {
    **dict.fromkeys("“”„‟«»″〝〞", '"'),
    **dict.fromkeys("‘’‚‛‹›′", "'"),
    **dict.fromkeys("\u2010\u2011", "-"),
    "…": "...",
}
_COPIED = -1
"""In place of an end: from here on folded and original run in step, character by character."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text beside its original.

    The three arrays run in step and ascend. Entry i says where in the folded text it begins (`_places`) and
    the stretch of the original that it comes from (`_begins`, `_ends`): one folded character, or, where
    the end is `_COPIED`, all characters up to the next entry, one for one.
    """

    text: str
    original: str
    _places: "array[int]"
    _begins: "array[int]"
    _ends: "array[int]"

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """The stretch [begin, end) of the original that the folded stretch [begin, end) comes from.

        Both in code points; the folded stretch is not empty. Vowel signs and tatweel after the last letter
        belong to it. Where the stretch is whole (`is_whole`), its fold is the folded stretch again.
        """
        last = self._source(end - 1)[1]
        attached = _ATTACHED.match(self.original, last)
        return self._source(begin)[0], attached.end() if attached else last

    def is_whole(self, begin: int, end: int) -> bool:
        """Whether the folded stretch takes no character of the original apart: no ligature, no accented letter."""
        if begin > 0 and self._source(begin)[0] < self._source(begin - 1)[1]:
            return False
        return end == len(self.text) or not (
            unicodedata.combining(self.text[end]) or self._source(end)[0] < self._source(end - 1)[1]
        )

    def place(self, offset: int) -> int:
        """About where in the folded text the original's character at `offset` went."""
        entry = bisect_left(self._begins, offset)
        if entry < len(self._begins) and self._begins[entry] == offset:
            return self._places[entry]
        if entry == 0:
            return 0
        following = self._places[entry] if entry < len(self._places) else len(self.text)
        step = offset - self._begins[entry - 1] if self._ends[entry - 1] == _COPIED else 1
        return min(self._places[entry - 1] + step, following)

    def _source(self, place: int) -> tuple[int, int]:
        entry = bisect_right(self._places, place) - 1
        begin, end = self._begins[entry], self._ends[entry]
        if end == _COPIED:
            begin += place - self._places[entry]
            end = begin + 1
        return begin, end


def fold(text: str) -> Folded:
    """`text` folded, with its map. Takes time linear in its length; most of it is copied in long stretches."""
    table = _table(text)
    characters = "[" + re.escape("".join(table)) + "]" if table else "(?!)"
    changing = re.compile(f" *{characters}(?:{characters}| )*|  +")
    runs: dict[str, list[tuple[str, int, int]]] = {}
    pieces: list[str] = []
    places, begins, ends = array("q"), array("q"), array("q")
    place = position = 0
    for match in changing.finditer(text):
        run, start = match.group(), match.start()
        if start > position:
            places.append(place)
            begins.append(position)
            ends.append(_COPIED)
            pieces.append(text[position:start])
            place += start - position
        if run not in runs:
            runs[run] = _folded_run(run, table)
        for character, begin, end in runs[run]:
            places.append(place)
            begins.append(start + begin)
            ends.append(start + end)
            pieces.append(character)
            place += 1
        position = match.end()
    if position < len(text):
        places.append(place)
        begins.append(position)
        ends.append(_COPIED)
        pieces.append(text[position:])
    return Folded("".join(pieces), text, places, begins, ends)


def folded(text: str) -> str:
    """`text` folded, without the map. The fold of a fold is itself."""
    return fold(text).text


def _table(text: str) -> dict[str, str]:
    """The characters of `text` that the fold changes, or whose order among their like it looks at."""
    changed = {character: _fold_character(character) for character in set(text)}
    return {
        character: fold for character, fold in changed.items() if fold != character or unicodedata.combining(character)
    }


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    if _SILENT.fullmatch(character):
        return ""
    if character in _PLAIN:
        return _PLAIN[character]
    reshaped = unicodedata.decomposition(character).startswith(_RESHAPED) or ord(character) in _LIGATURES
    return _SILENT.sub("", unicodedata.normalize("NFKD" if reshaped else "NFD", character))


def _folded_run(run: str, table: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Of each folded character of a run: itself, and where in the run its original begins and ends."""
    result: list[tuple[str, int, int]] = []
    for at, character in enumerate(run):
        for each in table.get(character, character):
            if each == " " and result and result[-1][0] == " ":
                result[-1] = (" ", result[-1][1], at + 1)
            else:
                result.append((each, at, at + 1))
    if sum(unicodedata.combining(each) > 0 for each, _, _ in result) > 1:
        _order_marks(result)
    return result


def _order_marks(result: list[tuple[str, int, int]]) -> None:
    """Put combining marks that follow one another into canonical order (Unicode 3.11); they become one stretch."""
    first = 0
    while first < len(result):
        last = first
        while last < len(result) and unicodedata.combining(result[last][0]):
            last += 1
        if 1 < last - first <= MOST_MARKS:
            marks = sorted((each for each, _, _ in result[first:last]), key=unicodedata.combining)
            begin, end = result[first][1], result[last - 1][2]
            result[first:last] = [(mark, begin, end) for mark in marks]
        first = max(last, first + 1)
