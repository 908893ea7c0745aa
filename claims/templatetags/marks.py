"""Marks: the signs for states, positions, reviews, and the chain from a speaker to a source.

Each tag is a function that returns safe HTML; the admin calls the same functions for its columns. Shapes come from
`static/claims/marks.svg`, looks from `static/claims/marks.css`. Shape and word carry the meaning, colour only helps.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, get_language_info, gettext, pgettext

from claims import wording
from claims.domain.origins import Count
from claims.domain.vocabulary import (
    AgentKind,
    AnswerKind,
    Aspect,
    Certainty,
    Manner,
    Medium,
    Outcome,
    Review,
    Stance,
    Standing,
    State,
)

register = template.Library()

POSITION_STYLES = "abcdefgh"
ENUMERATIONS: Mapping[str, type[StrEnum]] = {
    "agent": AgentKind,
    "answer": AnswerKind,
    "aspect": Aspect,
    "certainty": Certainty,
    "manner": Manner,
    "medium": Medium,
    "outcome": Outcome,
    "review": Review,
    "stance": Stance,
    "standing": Standing,
    "state": State,
}

register.filter("position_letter", wording.letter_of)
register.simple_tag(wording.explain_state, name="state_meaning")


@register.filter
def word(value: str, kind: str) -> str:
    """The reader's word for a value of the vocabulary: ``{{ claim.stance|word:"stance" }}``; nothing for an empty one.

    `kind` is a key of `ENUMERATIONS`. Raises ValueError for a value that the kind does not have.
    """
    return wording.word(ENUMERATIONS[kind](value)) if value else ""


@register.simple_tag
def sign(name: str) -> SafeString:
    """The shape `name` of the sprite, for the eye only: a word has to stand beside it."""
    return format_html(
        '<svg class="sign sign-{0}" width="1em" height="1em" aria-hidden="true" focusable="false">'
        '<use href="{1}#{0}"></use></svg>',
        name,
        static("claims/marks.svg"),
    )


@register.simple_tag
def state_mark(
    state: str,
    *,
    fewest: int | None = None,
    most: int | None = None,
    across_sides: bool = False,
    shape_only: bool = False,
) -> SafeString:
    """The mark of a question's state: shape, word and class `mark-<state>`.

    `fewest` and `most` are the numbers of origins, shown for `several_origins` only. With `shape_only` the word is
    kept for screen readers and as a tool tip. An empty state is that of a claim without a question.
    Raises ValueError for a word that is no state.
    """
    if not state:
        return format_html('<span class="mark mark-unanswered">{}</span>', gettext("Not compared yet"))
    text = wording.word_state(state, None if is_absent(fewest) else count(fewest, most))
    note = gettext("across sides") if across_sides and state == State.SEVERAL_ORIGINS else ""
    return format_html(
        '<span class="mark mark-{0}{1}"{2}>{3}<span class="mark-word">{4}{5}</span></span>',
        state,
        " mark-shape-only" if shape_only else "",
        format_html(' title="{}"', text) if shape_only else "",
        sign(state),
        text,
        format_html('<span class="mark-note">{}{}</span>', comma(), note) if note else "",
    )


@register.simple_tag
def origins(fewest: int, most: int | None = None) -> str:
    """The number of origins in words: "1 origin", "1–2 origins"."""
    return wording.word_origins(count(fewest, most))


def count(fewest: Any, most: Any) -> Count:
    """The numbers of origins; one number alone is both."""
    return Count(int(fewest), int(fewest if is_absent(most) else most))


def is_absent(value: object) -> bool:
    """Whether a template gave nothing: a variable that is not there arrives as an empty text."""
    return value is None or value == ""


@register.filter
def position_class(index: Any) -> str:
    """The class that gives a position its colour and pattern; they repeat after eight, letters never do.

    Words that belong to no position are marked in grey, also within something that has a position's colour.
    """
    return "position-none" if is_absent(index) else f"position-{POSITION_STYLES[int(index) % len(POSITION_STYLES)]}"


@register.simple_tag
def position_badge(index: Any, url: str = "", answer: str = "") -> SafeString:
    """The letter of a position in its colour and pattern, a link where `url` is given, with `answer` as its tool tip.

    Without an index there is no position (the claim does not stand, or leaves everything open) and nothing is shown.
    """
    if is_absent(index):
        return SafeString("")
    return format_html(
        '<{0} class="badge {1}"{2}{3}><span class="visually-hidden">{4} </span>{5}</{0}>',
        SafeString("a" if url else "span"),
        position_class(index),
        format_html(' href="{}"', url) if url else "",
        format_html(' title="{}"', answer) if answer else "",
        gettext("Position"),
        wording.letter_of(index),
    )


@register.simple_tag
def review_mark(review: str, stale: bool = False) -> SafeString:
    """Where a claim stands in review; a review is stale when something changed after it was checked."""
    parts = [
        format_html(
            '<span class="review review-{0}">{1}<span>{2}</span></span>',
            review,
            sign(review),
            wording.word(Review(review)),
        )
    ]
    if stale:
        parts.append(
            format_html(
                ' <span class="review review-stale">{}<span>{}</span></span>',
                sign("stale"),
                gettext("Review out of date"),
            )
        )
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag
def chain(hops: Iterable[Any]) -> SafeString:
    """The way of the words, speaker first, source last, with arrows in reading direction.

    A hop is a name, or a mapping or object with `name` and optionally `url`, `language` (of the name), `side` and
    `cue`. Whoever listens or copies gets "one of the negotiators, through Sham Network, through Al Jazeera".
    """
    hops_html = (hop_html(hop, through=number > 0) for number, hop in enumerate(hops))
    return format_html('<span class="chain">{}</span>', format_html_join(" ", "{}", ((hop,) for hop in hops_html)))


def hop_html(hop: Any, *, through: bool) -> SafeString:
    """One hop of a chain: its name, a link where it has an address, its side in brackets and its cue."""
    if isinstance(hop, str):
        hop = {"name": hop}
    name = isolated(attribute(hop, "name"), attribute(hop, "language"))
    url, side, cue = attribute(hop, "url"), attribute(hop, "side"), attribute(hop, "cue")
    spoken = pgettext("chain of attribution", "through")
    return format_html(
        '{}<span class="chain-hop">{}{}{}{}</span>',
        format_html('<span class="visually-hidden">{}{} </span>', comma(), spoken) if through else "",
        sign("arrow") if through else "",
        format_html('<a href="{}">{}</a>', url, name) if url else name,
        format_html(' <bdi class="side-name">{}</bdi>', side) if side else "",
        format_html(' <bdi class="chain-cue"{}>{}</bdi>', foreign(cue), cue) if cue else "",
    )


def foreign(text: str) -> SafeString:
    """The `lang` attribute for words in the script of another language of the interface than the reader's.

    In what language somebody typed them is not recorded; a voice that reads Arabic aloud cannot read Latin letters.
    """
    directions = (unicodedata.bidirectional(character) for character in text)
    first = next((each for each in directions if each in {"L", "R", "AL"}), None)
    if first is None or (first != "L") == get_language_bidi():
        return SafeString("")
    known = (code for code, _name in settings.LANGUAGES if get_language_info(code)["bidi"] == (first != "L"))
    return format_html(' lang="{}"', next(known, ""))


def comma() -> str:
    """What parts the items of a list in the reader's language."""
    return pgettext("between items of a list", ", ")


def isolated(text: Any, language: Any = "") -> SafeString:
    """Somebody else's words within a line of ours: neither can turn the other's direction."""
    return format_html("<bdi{}>{}</bdi>", format_html(' lang="{}"', language) if language else "", text)


def attribute(thing: Any, name: str) -> Any:
    """The entry of a mapping or the attribute of an object, as templates read them; empty where there is none."""
    found = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
    return "" if found is None else found
