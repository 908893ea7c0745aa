"""How the handling of texts says no: a code with values, and the sentence in English.

| code | values | what was wrong |
| --- | --- | --- |
| text_empty | - | nothing but white space, or nothing at all |
| text_too_large | bytes, most_bytes | more bytes than a text may have |
| text_not_plain | format | the head of a PDF, a word processor's file, an archive, an image ... |
| text_has_nul | at | a NUL character at byte `at` |
| text_has_surrogate | at | half a surrogate pair at character `at` of a pasted text |
| text_not_in_encoding | encoding, at, byte | at byte `at` stands `byte` (hexadecimal), which `encoding` does not know |
| text_mark_disagrees | encoding, mark | asked for `encoding`, but the head of the file is the mark of another |
| text_encoding_unclear | encodings | no telling; the names of the encodings in which the bytes make a text |
| text_encoding_unknown | encodings | the bytes make a text in none of these |
| encoding_not_known | name, encodings | asked for an encoding that is not read here |
| passage_empty | - | no words to look for, or to mark |
| passage_outside | start, end, length | not a stretch of a text of `length` characters |
"""

from collections.abc import Mapping
from types import MappingProxyType

_SENTENCES = {
    "text_empty": "There is no text in it. Choose the file that holds the article, or paste its words.",
    "text_too_large": (
        "The text has {bytes} bytes; at most {most_bytes} are taken. Attach the article alone, as plain text."
    ),
    "text_not_plain": "This is {format}, not plain text. Save its words as a plain text file, or paste them.",
    "text_has_nul": (
        "Byte {at} is a NUL character, which no text has. If the file is UTF-16, name the encoding"
        " (utf-16-le or utf-16-be); otherwise save it again as plain text in UTF-8."
    ),
    "text_has_surrogate": (
        "Character {at} is half of a character and cannot be stored. Copy the text again from its source."
    ),
    "text_not_in_encoding": (
        "The text is not in {encoding}: byte {at} is {byte}, which that encoding does not allow there."
        " Name another encoding, or none."
    ),
    "text_mark_disagrees": (
        "The file begins with the mark of {mark}, so it is not in {encoding}. Name {mark}, or none."
    ),
    "text_encoding_unclear": (
        "It cannot be told in which encoding the text is. Name one in which it reads well: {encodings}."
    ),
    "text_encoding_unknown": (
        "The text is in no encoding that is read here ({encodings}). Save it again as plain text in UTF-8."
    ),
    "encoding_not_known": "{name} is not an encoding that is read here. Name one of {encodings}.",
    "passage_empty": "The passage has no words. Mark at least one word of the text.",
    "passage_outside": ("Characters {start} to {end} are not in the text, which has {length}. Mark the passage again."),
}


class TextRefusal(ValueError):  # noqa: N818 - it answers a person; no program has erred
    """A text or passage cannot be taken because of `code`; `values` say what and where; str() is the sentence."""

    code: str
    values: Mapping[str, str]

    def __init__(self, code: str, **values: str | int) -> None:
        self.code = code
        self.values = MappingProxyType({name: str(value) for name, value in values.items()})
        super().__init__(_SENTENCES[code].format_map(self.values))
