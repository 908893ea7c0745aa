"""Names taken apart for comparison: the words that count, in one order of things for Arabic and Latin letters.

What does not tell agents apart is left out (articles, titles, "son of"), and what is one name in two words is joined:
Abd al-Rahman, Abu Bakr, Nasr Allah, Nur al-Din.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from claims.text.characters import WORD
from claims.text.normalising import search_form

MOST_CHARACTERS = 500
_LONGEST_ACRONYM = 5
_LEAST_AFTER_ARTICLE = 3
_GLUED_ARTICLE = re.compile(r"\b(Al|El)(?=[A-Z][a-z])")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_ROMAN = re.compile(r"\b(?:I{2,3}|I?V|VI{1,3}|I?X|XI{1,3})\b(?!\.)")
_APOSTROPHES = re.compile("['`´‘’ʻʼʽʾʿ′]")
_ARTICLE = re.compile(r"\b[aeu](?:l|sh|s|dh|d|r|n|th|t|z)-(?=\w)")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_NUMBERED = re.compile(r"(\d+)(?:st|nd|rd|th)?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DROPPED = _words("al el ul the of for and in at de la le du der von van و في من على")
_SON_OF = _words("bin ibn ben bint بن ابن بنت")
_TITLES = _words(
    "dr doctor mr mrs ms prof professor sheikh shaikh shaykh sheik hajj haji hajji imam ayatollah eng sir his her"
    " excellency دكتور شيخ استاذ استاذه مهندس حاج حاجه امام ايه"
)
# Of persons alone: "General Electric" and "Prime Minister's Office" are not names with a title.
_OFFICES = _words(
    "general gen colonel col major maj captain capt lieutenant lt brigadier brig president prime minister king queen"
    " prince princess emir foreign defence defense secretary ambassador senator governor mayor"
    " spokesman spokeswoman spokesperson"
    " رييس وزير محافظ ملك امير لواء عميد عقيد مقدم رايد نقيب ملازم فريق ركن سيد سيده سفير ناطق متحدث"
)
_WITH_NEXT = _words("abd abdul abdel abdal abdol abu abou abo om um umm عبد ابو ام")
_WITH_LAST = _words("allah lah ullah din deen dine eddin eddine uddin aldin aldine eldin eldine eldeen aldeen له دين")
_ORDINALS = {
    word: str(number)
    for number, words in enumerate(
        (
            "first اول اولي",
            "second ثاني ثانيه",
            "third ثالث ثالثه",
            "fourth رابع رابعه",
            "fifth خامس خامسه",
            "sixth سادس سادسه",
            "seventh سابع سابعه",
            "eighth ثامن ثامنه",
            "ninth تاسع تاسعه",
            "tenth عاشر عاشره",
        ),
        start=1,
    )
    for word in words.split()
}
_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr"}
_ROMANS = {"II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10"}
FILLERS = _words(
    "inc ltd llc plc co corp corporation company gmbh news network agency channel tv television website online official"
    " media group شبكه قناه وكاله اخبار موقع"
)
"""What an organisation's name may have more than the same organisation's other name."""
_GOD = {"الله": "له", "allah": "lah"}
_ARABIC_SERVANT = re.compile(r"عبدال(\w{2,})")
_ARABIC_OF_GOD = re.compile(r"(\w{2,})الله")
_SERVANT = re.compile(r"abd(?:[aeiou]l|[aeiou](?=(r|s|n|d|z|t)\1))(?=\w{2})")
_OF_GOD = re.compile(r"(\w{3,}?)[aou]l+ah?$")
_OF_FAITH = re.compile(r"(\w{2,}?)[aeou](?:l|d)d?(?:ine?|een)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared.

    `form` is its search form as written, `words` those that count, in order; `numbers` what tells one brigade, one
    Charles from another; `acronyms` those of the words that are spoken letter by letter; `joined` all letters in one;
    `listed` says that the family name stands first, before a comma.
    """

    form: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    acronyms: frozenset[str]
    joined: str
    listed: bool

    @property
    def core(self) -> tuple[str, ...]:
        """The words without those that a name may have or not."""
        return tuple(word for word in self.words if word not in FILLERS)


@lru_cache(maxsize=1 << 14)
def read_name(text: str, *, person: bool) -> Name:
    """Take a name apart; of a person the office is left out, too ("President", "العميد")."""
    text = _APOSTROPHES.sub("", text[:MOST_CHARACTERS])
    text = _DOTTED.sub(lambda match: match.group().replace(".", "") + " ", text)
    form = search_form(text)
    text = _ROMAN.sub(lambda match: _ROMANS.get(match.group(), match.group()), text)
    acronyms = _acronyms(text)
    whole = "".join(WORD.findall(search_form(text).translate(_LETTERS)))
    text = _GLUED_ARTICLE.sub(r"\1-", text)
    plain = _ARTICLE.sub(" ", search_form(text).translate(_LETTERS)).replace("_", " ")
    every = [_without_article(word) for word in WORD.findall(plain)]
    numbers, words = _numbers(every, person=person)
    kept = [word for place, word in enumerate(words) if word not in _DROPPED and not (place and word in _SON_OF)]
    counted = _joined(_untitled(kept or words, person=person))
    return Name(form, tuple(counted), numbers, acronyms & {*counted}, whole, "," in text or "،" in text)


def _acronyms(text: str) -> frozenset[str]:
    """The words in capitals, unless all the name is."""
    words = WORD.findall(text)
    upper = [word for word in words if word.isupper() and word.isalpha() and 1 < len(word) <= _LONGEST_ACRONYM]
    shouted = len(words) > 1 and all(word.isupper() or not word.isalpha() for word in words)
    return frozenset() if shouted else frozenset(map(search_form, upper))


def _without_article(word: str) -> str:
    if word in _GOD:
        return _GOD[word]
    rest = word.removeprefix("ال")
    return rest if len(rest) >= _LEAST_AFTER_ARTICLE else word


def _numbers(words: list[str], *, person: bool) -> tuple[tuple[str, ...], list[str]]:
    """The numbers among the words, sorted, and the other words; a person may be called Thani, which means second."""
    numbers, others = [], []
    for word in words:
        if match := _NUMBERED.fullmatch(word):
            numbers.append(match.group(1).lstrip("0") or "0")
        elif word in _GENERATIONS:
            numbers.append(_GENERATIONS[word])
        elif word in _ORDINALS and not person:
            numbers.append(_ORDINALS[word])
        else:
            others.append(word)
    return tuple(sorted(numbers)), others


def _untitled(words: list[str], *, person: bool) -> list[str]:
    """The words without titles before them; a name that is nothing else keeps them."""
    titles = _TITLES | _OFFICES if person else _TITLES
    start = 0
    while start < len(words) and words[start] in titles:
        start += 1
    return words[start:] or words


def _joined(words: list[str]) -> list[str]:
    """The words, those that are one name in two made one."""
    joined: list[str] = []
    ahead = ""
    for number, word in enumerate(words):
        if not ahead and word in _WITH_NEXT and number + 1 < len(words):
            ahead = _servant(word)
        elif not ahead and joined and word in _WITH_LAST:
            joined[-1] += _last(word)
        else:
            joined.append(ahead + _single(word))
            ahead = ""
    return [*joined, ahead] if ahead else joined


def _servant(word: str) -> str:
    """Abdul, Abdel and Abd are one."""
    return "abd" if word.startswith("abd") else word


def _last(word: str) -> str:
    if word in {"له", "دين"}:
        return word
    return "lah" if word.endswith("lah") else "din"


def _single(word: str) -> str:
    """A word with what is written together taken as where it is written apart."""
    if match := _ARABIC_SERVANT.fullmatch(word):
        word = f"عبد{match.group(1)}"
    elif match := _ARABIC_OF_GOD.fullmatch(word):
        word = f"{match.group(1)}له"
    elif match := _SERVANT.match(word):
        word = f"abd{word[match.end() :]}"
    if match := _OF_GOD.fullmatch(word):
        return f"{match.group(1)}lah"
    if match := _OF_FAITH.fullmatch(word):
        return f"{match.group(1)}din"
    return word
