"""Why two records are suspected to be one, or to carry one text: a sentence for every code."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.wording.isolation import isolated, shortened

MOST_SHOWN = 120

GROUNDS: Mapping[str, str | Promise] = {
    "same_name": _("Both are called %(first)s."),
    "same_words": _("%(first)s and %(second)s are the same words, but for titles and articles."),
    "other_spacing": _("%(first)s and %(second)s are the same letters, written together or apart."),
    "transliterated": _("%(first)s and %(second)s may be one name, spelt or transliterated in two ways."),
    "misspelt": _("%(first)s and %(second)s differ in one letter of a word."),
    "initials": _("In one of %(first)s and %(second)s an initial stands where the other has a name."),
    "other_order": _("%(first)s and %(second)s have their words in another order."),
    "further_words": _("One of %(first)s and %(second)s has words that the other leaves out."),
    "same_address": _("Their addresses lead to the same page: %(address)s"),
    "same_title": _("Both are called %(title)s, with the same publisher and date."),
    "same_text": _("Their texts are the same words."),
    "similar_text": _("Their texts are alike to about %(percent)s%%."),
}


def word_ground(code: str, values: Mapping[str, object]) -> str:
    """The sentence for what speaks for a suspicion. Raises `KeyError` for a code that `GROUNDS` does not list."""
    shown = {
        name: isolated(shortened(value, MOST_SHOWN)) if isinstance(value, str) else value
        for name, value in values.items()
    }
    return str(GROUNDS[code]) % shown
