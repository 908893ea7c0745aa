"""Words of others on our pages: isolated in their own direction, quoted, marked where claims rest on them, compared."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext

from claims.templatetags.marks import attribute, isolated, position_class

register = template.Library()

ISOLATED = re.compile("(\u2068[^\u2068\u2069]*\u2069)")
WRITTEN_DATE = re.compile("\u2068[0-9X~?%-]{5,12}\u2069")
# Three lines below a line of text are what the eye can follow; a fourth passage shares the third line.
LANES = 3

register.simple_tag(isolated)


@register.simple_tag
def prose(text: str, language: str = "", style: str = "") -> SafeString:
    """Somebody's words as a block of their own, a paragraph a line; `style` is one or more further classes."""
    lines = [line for line in text.splitlines() if line.strip()]
    return format_html_join(
        "",
        '<p class="words{}" dir="auto"{}>{}</p>',
        ((f" {style}" if style else "", language_of(language), line) for line in lines),
    )


@register.simple_tag
def worded(text: str) -> SafeString:
    """An answer or sentence of `claims.wording` within a line, in the direction of the interface.

    A date as written, which the wording isolates, is never broken at its hyphens.
    """
    pieces = ((WRITTEN_DATE.fullmatch(piece), piece) for piece in ISOLATED.split(text))
    html = format_html_join(
        "",
        "{}",
        ((format_html('<span class="unbroken">{}</span>', piece) if date else piece,) for date, piece in pieces),
    )
    return format_html('<bdi dir="{}">{}</bdi>', "rtl" if get_language_bidi() else "ltr", html)


def language_of(language: str) -> SafeString:
    """The `lang` attribute, with its leading space, where the language is known."""
    return format_html(' lang="{}"', language) if language else SafeString("")


@register.filter
def web_address(url: str) -> str:
    """The address if a browser may be sent there (http, https); empty for anything else, such as javascript:."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


@register.simple_tag
def quote(
    exact: str, prefix: str = "", suffix: str = "", *, language: str = "", index: Any = None, url: str = ""
) -> SafeString:
    """The words that a claim rests on, marked in the pattern of position `index`, with the words around them.

    The block begins where the page does, the words in it where their own script does.
    """
    if not exact:
        return SafeString("")
    marked = format_html('<mark class="marked {}">{}</mark>', position_class(index), exact)
    return format_html(
        '<blockquote class="quote"><p class="words" dir="auto"{}>{}{}{}</p></blockquote>',
        language_of(language),
        format_html('<span class="quote-context">{}</span>', prefix) if prefix else "",
        format_html('<a class="quote-link" href="{}">{}</a>', url, marked) if url else marked,
        format_html('<span class="quote-context">{}</span>', suffix) if suffix else "",
    )


@register.simple_tag
def diff_words(parts: Iterable[tuple[str, str]]) -> SafeString:
    """One side of a comparison of two texts: parts are (``same`` | ``added`` | ``removed``, text)."""
    tags = {"same": "{}", "added": '<ins class="diff">{}</ins>', "removed": '<del class="diff">{}</del>'}
    return format_html_join("", "{}", ((format_html(tags[kind], text),) for kind, text in parts))


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage with its place on the page: a number in reading order and a lane of its own among its neighbours."""

    number: int
    lane: int
    start: int
    end: int
    passage: Any


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of a source's text, its passages marked, and those of them that begin in it."""

    html: SafeString
    passages: tuple[Placed, ...]


@register.simple_tag
def marked_paragraphs(text: str, passages: Iterable[Any]) -> list[Paragraph]:
    """The text as paragraphs with every passage marked; overlapping ones run in lanes of their own.

    A passage is a mapping or object with `start` and `end` (code points, end exclusive), and optionally `index` (of the
    position whose pattern it takes) and `altered`. Whatever lies outside the text is left out. Blank lines
    make no paragraph, but keep the passages that begin in them for the next one.
    """
    waiting = place(passages, len(text))[::-1]
    paragraphs: list[Paragraph] = []
    running: list[Placed] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if line.strip():
            begun = []
            while waiting and waiting[-1].start < end:
                begun.append(waiting.pop())
            running = [one for one in running if one.end > start] + begun
            paragraphs.append(Paragraph(marked(line.rstrip("\r\n"), start, running), tuple(begun)))
        start = end
    return paragraphs


def place(passages: Iterable[Any], length: int) -> list[Placed]:
    """The passages that lie in a text of `length`, in reading order, each with the first lane that is free there."""
    spans = [(attribute(one, "start"), attribute(one, "end"), one) for one in passages]
    inside = [span for span in spans if span[0] != "" and span[1] != "" and 0 <= span[0] < span[1] <= length]
    inside.sort(key=lambda span: (span[0], -span[1]))
    free_from = [0] * LANES
    placed = []
    for number, (start, end, passage) in enumerate(inside, start=1):
        lane = next((lane for lane in range(LANES) if free_from[lane] <= start), LANES - 1)
        free_from[lane] = max(free_from[lane], end)
        placed.append(Placed(number, lane + 1, start, end, passage))
    return placed


def marked(line: str, offset: int, running: Sequence[Placed]) -> SafeString:
    """The line, which begins at `offset` of the text, cut wherever a passage begins or ends, each piece marked."""
    here = [one for one in running if one.start < offset + len(line)]
    edges = {0, len(line)}
    for one in here:
        edges |= {max(one.start - offset, 0), min(one.end - offset, len(line))}
    cuts = sorted(edges)
    pieces = []
    for begin, end in pairwise(cuts):
        covering = [one for one in here if one.start <= offset + begin and one.end >= offset + end]
        pieces.append((numbers(covering, offset + begin), underlined(line[begin:end], covering)))
    return format_html_join("", "{}{}", pieces)


def numbers(covering: Sequence[Placed], begin: int) -> SafeString:
    """The numbers of the passages that begin here, each leading to its claims in the margin."""
    return format_html_join(
        "",
        '<a class="passage-number" id="passage-{0}" href="#claims-{0}" title="{1}">{0}</a>',
        (
            (one.number, gettext("Passage %(number)s: to its claims") % {"number": one.number})
            for one in covering
            if one.start == begin
        ),
    )


def underlined(text: str, covering: Sequence[Placed]) -> SafeString:
    """The piece of text with a line below it for every passage that covers it, the first lane innermost."""
    html: SafeString | str = text
    for one in sorted(covering, key=lambda placed: placed.lane):
        html = format_html(
            '<mark class="marked lane-{} {}{}">{}</mark>',
            one.lane,
            position_class(attribute(one.passage, "index")),
            " marked-altered" if attribute(one.passage, "altered") else "",
            html,
        )
    return format_html("{}", html)
