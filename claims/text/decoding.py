"""From bytes as they were given to the text in them, and the hash by which they are known.

Recognition is strict: an encoding is taken when the bytes can hardly be anything else, and otherwise a person
is asked. Offsets everywhere are code points of the decoded text, without byte order mark, line ends as given.
"""

import codecs
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from claims.text.characters import ARABIC_VOWEL_SIGNS, INVISIBLE, TATWEEL, WORD, has_word
from claims.text.refusals import TextRefusal

MAX_BYTES = 5 * 1024 * 1024
"""Bytes that a text may have: a book. More is a mistake or an attack."""


class Encoding(StrEnum):
    """What is read. All but the last are recognised where evident; the last is read only where asked for."""

    UTF_8 = "utf-8"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    WINDOWS_1256 = "windows-1256"
    WINDOWS_1252 = "windows-1252"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text (str, without byte order mark), the encoding it was in, and whether it had such a mark."""

    text: str
    encoding: Encoding
    bom: bool


def sha256_of(content: bytes) -> str:
    """The SHA-256 of the bytes as given: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def pasted(text: str) -> bytes:
    """The bytes by which a pasted text is kept and hashed: UTF-8, its CRLF and CR line ends made LF.

    Browsers submit line ends as CRLF whatever the source had. Raises TextRefusal for half a surrogate pair.
    """
    try:
        return text.replace("\r\n", "\n").replace("\r", "\n").encode()
    except UnicodeEncodeError as error:
        raise TextRefusal("text_has_surrogate", at=error.start) from error


def refuse_size(size: int) -> None:
    """Raise TextRefusal where a text of `size` bytes is too large; ask before reading an upload."""
    if size > MAX_BYTES:
        raise TextRefusal("text_too_large", bytes=f"{size:,}", most_bytes=f"{MAX_BYTES:,}")


def encoding_named(name: str) -> Encoding:
    """The encoding that a person named, by any name that Python knows it by. Raises TextRefusal for others."""
    try:
        return _BY_CODEC[codecs.lookup(name.strip()).name]
    except (LookupError, ValueError) as error:
        raise TextRefusal("encoding_not_known", name=name, encodings=", ".join(Encoding)) from error


def decode(content: bytes, encoding: Encoding | None = None) -> Decoded:
    """The text in `content`: in the encoding asked for, or else in the one recognised.

    Raises TextRefusal, whose str() is the sentence for the person who attached it: too large, empty, not
    plain text, NUL characters, not in the encoding asked for, or none recognised (with the candidates).
    """
    refuse_size(len(content))
    if not content:
        raise TextRefusal("text_empty")
    marked = next((each for each in _BY_MARK if content.startswith(_BY_MARK[each])), None)
    _refuse_format(content)
    if marked and encoding not in {None, marked}:
        raise TextRefusal("text_mark_disagrees", encoding=encoding, mark=marked)
    chosen = marked or encoding or _recognised(content)
    text = _in_encoding(content, chosen, len(_BY_MARK[marked]) if marked else 0)
    if not has_word(text):
        raise TextRefusal("text_empty")
    return Decoded(text, chosen, marked is not None)


_BY_CODEC = {codecs.lookup(each).name: each for each in Encoding}

_BY_MARK = {
    Encoding.UTF_8: codecs.BOM_UTF8,
    Encoding.UTF_16_LE: codecs.BOM_UTF16_LE,
    Encoding.UTF_16_BE: codecs.BOM_UTF16_BE,
}

_FORMATS = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or a word processor's file (docx, odt)",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "a word processor's file (doc)",
    b"{\\rtf": "a word processor's file (RTF)",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG\r\n\x1a\n": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    codecs.BOM_UTF32_LE: "UTF-32 text",
    codecs.BOM_UTF32_BE: "UTF-32 text",
}


def _refuse_format(content: bytes) -> None:
    for head, name in _FORMATS.items():
        if content.startswith(head):
            raise TextRefusal("text_not_plain", format=name)


def _in_encoding(content: bytes, encoding: Encoding, mark: int) -> str:
    try:
        text = content[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + mark
        raise TextRefusal("text_not_in_encoding", encoding=encoding, at=at, byte=f"0x{content[at]:02X}") from error
    if "\0" in text:
        at = len(text[: text.index("\0")].encode(encoding)) + mark
        raise TextRefusal("text_has_nul", at=at)
    return text


# Recognition ------------------------------------------------------------------------------------------------

# Control characters that no text has; tab, line ends and form feed are white space.
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f]")

# What Arabic and European articles are written with. U+2000 is left out: the space of the other byte order.
_FAMILIAR = re.compile(
    "[\t-\r -~\u00a0-\u024f\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u200b-\u2060\u20ac\ufb50-\ufdff\ufe70-\ufeff]"
)
_FAMILIAR_SHARE = 0.95

_ARABIC_LETTER = re.compile("[\u0621-\u063a\u0641-\u064a\u067e\u0686\u0698\u06a9\u06af]")
_ARABIC_WORD = re.compile(f"[{ARABIC_VOWEL_SIGNS}{TATWEEL}{INVISIBLE}\u0621-\u06d3]+")
# In running Arabic or Persian they are more than half of all letters; in bytes of another encoding, a fifth.
_COMMON_LETTERS = re.compile("[اليمنوره]")
_COMMON_SHARE = 0.4
_LEAST_LETTERS = 20


def _recognised(content: bytes) -> Encoding:
    """The first encoding that the bytes evidently are in. Raises TextRefusal where they are in none."""
    for encoding in Encoding:
        if _evident(content, encoding):
            return encoding
    if b"\0" in content:
        raise TextRefusal("text_has_nul", at=content.index(b"\0"))
    candidates = list(_possible(content))
    code = "text_encoding_unclear" if candidates else "text_encoding_unknown"
    raise TextRefusal(code, encodings=", ".join(candidates or Encoding))


def _possible(content: bytes) -> Iterator[Encoding]:
    """The encodings in which the bytes are a text without control characters."""
    for encoding in Encoding:
        text = _text_or_none(content, encoding)
        if text is not None and not _CONTROL.search(text):
            yield encoding


def _evident(content: bytes, encoding: Encoding) -> bool:
    text = _text_or_none(content, encoding)
    if text is None or _CONTROL.search(text):
        return False
    match encoding:
        case Encoding.UTF_8:
            return True  # bytes of another encoding that are valid UTF-8 by chance are next to impossible
        case Encoding.UTF_16_LE | Encoding.UTF_16_BE:
            return _count(_FAMILIAR, text) >= _FAMILIAR_SHARE * len(text)
        case Encoding.WINDOWS_1256:
            return _reads_as_arabic(text)
        case Encoding.WINDOWS_1252:
            return False  # nearly any bytes are a text in it


def _text_or_none(content: bytes, encoding: Encoding) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _count(characters: re.Pattern[str], text: str) -> int:
    return sum(times for character, times in Counter(text).items() if characters.match(character))


def _reads_as_arabic(text: str) -> bool:
    """Whether the words are Arabic or ASCII ones, none mixed, and the Arabic ones of the letters usual there."""
    letters = _count(_ARABIC_LETTER, text)
    if letters < _LEAST_LETTERS or _count(_COMMON_LETTERS, text) < _COMMON_SHARE * letters:
        return False
    words = (word for word in WORD.findall(text) if not word.isascii())
    return all(_ARABIC_WORD.fullmatch(word) for word in words)
