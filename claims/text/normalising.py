"""Forms in which wordings are compared: the answer form of rule 1, and the search form with its light stems.

No form is ever stored in place of a text: offsets and hashes are of what the source published.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from claims.text.characters import INVISIBLE, MARKS, MOST_MARKS, SILENT, WORD

_TOO_MANY_MARKS = re.compile(f"([{MARKS}]{{{MOST_MARKS}}})[{MARKS}]+")
_SILENT = re.compile(f"[{SILENT}]+")
_SPACE = re.compile(r"\s")
_UNSEEN = re.compile(f"[{INVISIBLE}\\x00-\\x1f\\x7f-\\x9f]+")
_FINAL_PUNCTUATION = ".,;:!?…\u2025،؛؟۔‼⁇⁈⁉。、॥।՝։٭"

# The accents of Latin, Greek and Cyrillic; maddah and hamza, which make alef of آ أ إ, waw of ؤ, yeh of ئ.
_ACCENTS = re.compile("[\u0300-\u036f\u0653-\u0655]+")
_SEARCHED_AS = str.maketrans(
    {"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك"}
    | {chr(first + digit): str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
)

# Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval" (2007), stemmer light10,
# on letters as the search form leaves them.
_AND = "و"
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_LEAST_STEM = 2
_LEAST_AFTER_AND = 3
_ARABIC = re.compile("[\u0620-\u064a]+")


def visible_form(text: str) -> str:
    """`text` as it is seen: NFC, every space a plain one, without control, direction and zero-width characters.

    Two texts with one visible form cannot be told apart by a reader. The form of a form is itself.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _UNSEEN.sub("", _SPACE.sub(" ", _TOO_MANY_MARKS.sub(r"\1", text)))
    return unicodedata.normalize("NFC", text)


def answer_form(text: str) -> str:
    """`text` in the normalised form of rule 1, in which free-text answers are the same or differ.

    NFKC, case-folded, without vowel signs, tatweel, direction and zero-width characters; white space
    collapsed and gone at the ends; final punctuation (of a sentence: brackets and quotes stay) dropped.
    The form of a form is itself.
    """
    return _settled(text, _answer_step)


def search_form(text: str) -> str:
    """`text` as the search column holds it and as queries are put: the answer form with more letters alike.

    Besides, accents are dropped, alef, waw and yeh lose hamza and maddah, alef maksura is yeh, teh marbuta
    is heh, Persian yeh and kaf are the Arabic ones, and Arabic-Indic digits are ASCII. Words that differ fold
    together here, so it is for searching only. The form of a form is itself.
    """
    return _settled(text, _search_step)


def light_stem(word: str) -> str:
    """The light stem of one word in search form: without conjunction, article and one suffix of each kind.

    A word that is not Arabic is its own stem. The conjunction goes after the article as well as before it:
    a root that begins with waw then loses it in every form, so that the forms still meet.
    """
    if not _ARABIC.fullmatch(word):
        return word
    word = _without_head(word)
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST_STEM:
            word = word.removesuffix(suffix)
    return word


def search_tokens(text: str) -> list[str]:
    """What to index of `text`: of each word, in order, its search form and, where that differs, its stem."""
    words = _words(text)
    if text.isascii():  # then each word is its own stem
        return words
    return [token for word in words for token in dict.fromkeys((word, light_stem(word)))]


def search_stems(query: str) -> list[str]:
    """What to look for: one stem a word of `query`; every indexed form of the word carries it as a token."""
    return [light_stem(word) for word in _words(query)]


@dataclass(frozen=True, slots=True)
class Sought:
    """One word looked for while it is typed: a token begins with one of `beginnings`, or is `stem`."""

    beginnings: tuple[str, ...]
    stem: str


def name_tokens(text: str) -> list[str]:
    """What to index of a name that is looked up while it is typed: of each word its search form and stem.

    Between the two stands the word without conjunction and article, so that each of its beginnings finds it.
    """
    return [token for word in _words(text) for token in dict.fromkeys((word, _without_head(word), light_stem(word)))]


def search_beginnings(query: str) -> list[Sought]:
    """What to look for, of each word of `query` once: with and without article as a beginning, and the whole stem."""
    words = dict.fromkeys(_words(query))
    return [Sought(tuple(dict.fromkeys((word, _without_head(word)))), light_stem(word)) for word in words]


def _words(text: str) -> list[str]:
    return WORD.findall(search_form(text))


def _without_head(word: str) -> str:
    """The word without conjunction and article; as it is where it is not Arabic."""
    if not _ARABIC.fullmatch(word):
        return word
    word = _without_and(word)
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _LEAST_STEM:
            return _without_and(word.removeprefix(article))
    return word


def _without_and(word: str) -> str:
    return word[1:] if word.startswith(_AND) and len(word) > _LEAST_AFTER_AND else word


def _settled(text: str, step: Callable[[str], str]) -> str:
    """`step` until nothing changes: what one part of a step removes can let another part act again."""
    if text.isascii():  # most names and much of the text: all forms of it come to this
        return _trimmed(text.lower())
    text = _TOO_MANY_MARKS.sub(r"\1", text)
    while (next_text := step(text)) != text:
        text = next_text
    return text


def _answer_step(text: str) -> str:
    # Before NFKC too: it would make a vowel sign's presentation form a space with the sign.
    text = unicodedata.normalize("NFKC", _SILENT.sub("", text))
    text = _SILENT.sub("", text.casefold())
    return _trimmed(text)


def _trimmed(text: str) -> str:
    """The text with single spaces, none at the ends, and no final punctuation."""
    return " ".join(text.split()).rstrip(_FINAL_PUNCTUATION + " ")


def _search_step(text: str) -> str:
    letters = unicodedata.normalize("NFKD", _answer_step(text))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", letters)).translate(_SEARCHED_AS)
