"""Refusals in sentences for the person who must act: what is wrong, in which piece, and what to write instead.

Takes whatever carries a code with values: `claims.domain.refusals.Refusal` and the refusals of `claims.text`. Which
codes there are, and when they are raised, stands in the docstrings of the modules that raise them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Literal, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext

from claims.domain.refusals import MOST_SHOWN
from claims.domain.values import Key
from claims.wording.isolation import isolated, shortened
from claims.wording.refusal_sentences import CIRCLES, EMPTY_ANSWERS, FORMATS, IMPOSSIBLE, INSTEAD, SENTENCES, STEP

Relation = Literal["same_as", "speaks_for", "broader", "copied_from"]

LISTED_STEPS = 8

_COUNT = re.compile("[0-9,]+")


class Refused(Protocol):
    """A code of `claims.domain` or `claims.text`, and what it was about."""

    @property
    def code(self) -> str: ...

    @property
    def values(self) -> Mapping[str, str]: ...


def word_refusal(refusal: Refused) -> str:
    """What is wrong, in which piece, and what to write instead; the piece is cut at `MOST_SHOWN` characters.

    Raises KeyError for a code that no module of `claims.domain` or `claims.text` lists.
    """
    values = {**refusal.values, "instead": _proposed(refusal)}
    shown = {name: _shown(value) for name, value in values.items()}
    sentences = [_sentence(refusal) % shown]
    if values["instead"]:
        sentences.append(INSTEAD % shown)
    return " ".join(sentences)


def word_circle(keys: Sequence[Key], relation: Relation, name: Callable[[Key], str]) -> str:
    """The sentence for a `CircleError`, or a circle that was found: `keys` is the way round, `name` names each."""
    steps = [isolated(shortened(name(key), MOST_SHOWN)) for key in keys]
    if len(steps) > LISTED_STEPS:
        steps = [*steps[: LISTED_STEPS - 2], "…", steps[-1]]
    return CIRCLES[relation] % {"way": reduce(lambda way, step: STEP % {"way": way, "next": step}, steps)}


def _sentence(refusal: Refused) -> str | Promise:
    if refusal.code == "impossible_date":
        return IMPOSSIBLE[refusal.values["field"]]
    if refusal.code == "empty_answer":
        return EMPTY_ANSWERS[refusal.values["kind"]]
    return SENTENCES[refusal.code]


def _proposed(refusal: Refused) -> str:
    """What to write instead: as the refusal proposes it, or put together from its values; empty where nothing is."""
    values = refusal.values
    match refusal.code:
        case "strict_bound":
            return values["text"].replace(values["sign"], f"{values['sign']}=", 1)
        case "signed_hyphen_range":
            return f"{values['low']}..{values['high']}"
        case _:
            return values.get("instead", "")


def _shown(value: str) -> str:
    """A value as the sentence has it: counts are ours, and so are the names of formats, which have translations."""
    if value in FORMATS:
        return gettext(value)
    return value if _COUNT.fullmatch(value) else isolated(shortened(value, MOST_SHOWN))
