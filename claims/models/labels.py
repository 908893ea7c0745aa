"""What the vocabulary's fixed values are called on screens, and the choices of fields made from them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from claims.wording.words import WORDS

if TYPE_CHECKING:
    from django.utils.functional import Promise
    from django_stubs_ext import StrPromise

    Choices = list[tuple[str, str | Promise]]

# Grades after the Admiralty code (rule 8); credibility is never read as a verdict on the claim.
RELIABILITY: Choices = [
    ("A", _("A: completely reliable")),
    ("B", _("B: usually reliable")),
    ("C", _("C: fairly reliable")),
    ("D", _("D: not usually reliable")),
    ("E", _("E: unreliable")),
    ("F", _("F: reliability cannot be judged")),
]
CREDIBILITY: list[tuple[int, StrPromise]] = [
    (1, _("1: confirmed by other sources")),
    (2, _("2: probably so")),
    (3, _("3: possibly so")),
    (4, _("4: doubtful")),
    (5, _("5: improbable")),
    (6, _("6: cannot be judged")),
]


def choices(words: type[StrEnum]) -> Choices:
    """The values of an enumeration with their labels, in the order of the vocabulary."""
    return [(word.value, WORDS[words][word]) for word in words]
