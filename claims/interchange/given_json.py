"""Reading JSON that somebody gives us: nothing too large, too deep or unstorable gets past, and why is a sentence."""

import json
from collections import Counter
from io import SEEK_END
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models.fields import refuse_unstorable

MOST_BYTES = 64 * 1024 * 1024
MOST_DEEP = 100
MOST_BRACKETS = 2_000_000
"""Objects and lists in a document; an empty one is many times its size in memory."""


class Malformed(ValueError):  # noqa: N818 - it names what happened
    """What was given is not what it should be; the message is a sentence for whoever gave it."""


def read_json(stream: BinaryIO, *, most_bytes: int = MOST_BYTES) -> Any:
    """The JSON value of the stream, UTF-8 with or without byte order mark; raises `Malformed`.

    Refused are: more than `most_bytes` or `MOST_BRACKETS`, what is no JSON (`NaN` and the like are none), a name given
    twice in one object, nesting deeper than 100, and text that cannot be kept (NUL, halves of surrogate pairs).
    """
    return parse_json(decoded(stream, most_bytes))


def decoded(stream: BinaryIO, most_bytes: int) -> str:
    """The text of the stream, UTF-8 with or without byte order mark; raises `Malformed` where it is larger, or none."""
    rest = _rest_of(stream, most_bytes)
    content = stream.read(rest + 1) if rest <= most_bytes else None
    if content is None or len(content) > most_bytes:
        sentence = _("The file is larger than %(most)d megabytes. Split it into smaller ones.")
        raise Malformed(sentence % {"most": most_bytes // 1024 // 1024})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("Byte %(position)d of the file is not UTF-8. Save the file as UTF-8.")
        raise Malformed(sentence % {"position": error.start + 1}) from None


def _rest_of(stream: BinaryIO, most_bytes: int) -> int:
    """How many bytes are still to be read, where the stream can tell before they are; else as many as are taken."""
    if not stream.seekable():
        return most_bytes
    here = stream.tell()
    rest = stream.seek(0, SEEK_END) - here
    stream.seek(here)
    return rest


def parse_json(text: str) -> Any:
    """The JSON value of the text; refuses as `read_json` does."""
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise Malformed(_("The file holds more objects and lists than are read at once. Split it into smaller ones."))
    try:
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        sentence = _("This is not JSON: line %(line)d, column %(column)d: %(why)s.")
        raise Malformed(sentence % {"line": error.lineno, "column": error.colno, "why": error.msg}) from None
    except RecursionError:
        raise Malformed(_too_deep()) from None
    except ValueError as error:  # a number of more digits than Python reads
        raise Malformed(error if isinstance(error, Malformed) else _("A number in it is too long.")) from None
    _refuse_unkept(value)
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _times),) = Counter(name for name, _value in pairs).most_common(1)
        raise Malformed(_("“%(name)s” is given twice in one object. Give it once.") % {"name": twice})
    return found


def _refuse_constant(word: str) -> None:
    raise Malformed(_("“%(word)s” is not JSON. Write a number, or null.") % {"word": word})


def _refuse_unkept(value: Any) -> None:
    """Walk through the value, not by recursion: look how deep it is, and at each text."""
    here = [value]
    for _depth in range(MOST_DEEP):
        further: list[Any] = []
        for each in here:
            if isinstance(each, str):
                refuse_unkept_text(each)
            elif isinstance(each, dict):
                for name, part in each.items():
                    refuse_unkept_text(name)
                    further.append(part)
            elif isinstance(each, list):
                further += each
        if not further:
            return
        here = further
    raise Malformed(_too_deep())


def refuse_unkept_text(text: str) -> None:
    """Raise `Malformed` for a NUL or half of a surrogate pair."""
    try:
        refuse_unstorable(text)
    except ValidationError as error:
        raise Malformed(" ".join(error.messages)) from None


def _too_deep() -> str:
    return _("It is nested more than %(most)d levels deep, which no document of this kind is.") % {"most": MOST_DEEP}
