"""Bodies of requests: JSON as RFC 8259 has it, read strictly and within limits, or refused with a sentence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import BaseParser

from claims.api.problems import Kind, Problem
from claims.models.fields import refuse_unstorable

JSON = "application/json"
MOST_BYTES = 1024 * 1024
"""More than any record needs; what is parsed of so much stays below some tens of megabytes."""
DEEPEST = 12
LONGEST_NUMBER = 400


def refuse_unread(request: HttpRequest) -> None:
    """Refuse a body for what its headers say, before any of it is read: its length, and what it is.

    Raises `Problem` (413), `UnsupportedMediaType`.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length[:20]) > MOST_BYTES:
        raise _too_large()
    if length != "0" and (request.content_type or "").lower() != JSON:
        raise exceptions.UnsupportedMediaType(request.content_type or "")


class JsonBody(BaseParser):  # type: ignore[misc]
    """Reads a body of at most `MOST_BYTES`; numbers with a point are exact."""

    media_type = JSON

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The value in the body. Raises `Problem` (400, 413)."""
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise _too_large()
        return read_json(content)


def read_json(content: bytes) -> Any:
    """The value that the bytes say, in UTF-8.

    Raises `Problem` for what is no JSON, nested too deeply, for names that are stated twice, numbers that are none, and
    text that cannot be kept (NUL, half of a surrogate pair).
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _malformed(_("Byte %(place)d of the body is not UTF-8.") % {"place": error.start + 1}) from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_repeats,
            parse_float=_number,
            parse_int=_whole,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise _malformed(
            _("The body is no JSON: it cannot be read on at line %(line)d, column %(column)d.") % place
        ) from None
    except RecursionError:
        raise _too_deep() from None
    _refuse_contents(value)
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _times),) = Counter(name for name, _value in pairs).most_common(1)
        raise _malformed(_("“%(name)s” is stated twice in one object. State it once.") % {"name": _shown(twice)})
    return found


def _number(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise _malformed(_("A number in the body has more than %(most)d characters.") % {"most": LONGEST_NUMBER})
    return Decimal(text)


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise _malformed(_("A number in the body has more than %(most)d characters.") % {"most": LONGEST_NUMBER})
    return int(text)


def _no_constant(name: str) -> NoReturn:
    raise _malformed(_("“%(name)s” is no number of JSON.") % {"name": name})


def _refuse_contents(value: Any) -> None:
    """Refuse what is nested too deeply, and texts that no database keeps; not by recursion, which a bomb would end."""
    level: list[Any] = [value]
    for _depth in range(DEEPEST + 1):
        below: list[Any] = []
        for each in level:
            if isinstance(each, str):
                _refuse_text(each)
            elif isinstance(each, Mapping):
                below += [*each.keys(), *each.values()]
            elif isinstance(each, list):
                below += each
        level = below
        if not level:
            return
    raise _too_deep()


def _refuse_text(text: str) -> None:
    try:
        refuse_unstorable(text)
    except ValidationError as error:
        raise _malformed(error.messages[0]) from None


def _shown(name: str) -> str:
    return name[:80].encode(errors="replace").decode()


def _malformed(detail: str) -> Problem:
    return Problem(Kind.MALFORMED, detail)


def _too_deep() -> Problem:
    return _malformed(_("The body is nested more than %(most)d levels deep.") % {"most": DEEPEST})


def _too_large() -> Problem:
    sentence = _("The body has more than %(most)s bytes. Send less at once; larger texts are attached in the admin.")
    return Problem(Kind.TOO_LARGE, sentence % {"most": f"{MOST_BYTES:,}"})
