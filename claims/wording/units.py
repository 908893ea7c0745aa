"""Common units in the reader's language, in the form that goes with their number; any other stays as it was typed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import npgettext_lazy, pgettext

from claims.wording.isolation import isolated

# In Arabic a number of two digits has another form than one of three: "n" decides, "number" is how it is written.
_WORDS: Mapping[tuple[str, ...], Any] = {
    ("hour", "hours"): npgettext_lazy("unit", "%(number)s hour", "%(number)s hours", "n"),
    ("day", "days"): npgettext_lazy("unit", "%(number)s day", "%(number)s days", "n"),
    ("week", "weeks"): npgettext_lazy("unit", "%(number)s week", "%(number)s weeks", "n"),
    ("month", "months"): npgettext_lazy("unit", "%(number)s month", "%(number)s months", "n"),
    ("year", "years"): npgettext_lazy("unit", "%(number)s year", "%(number)s years", "n"),
    ("person", "people", "persons"): npgettext_lazy("unit", "%(number)s person", "%(number)s people", "n"),
    ("family", "families"): npgettext_lazy("unit", "%(number)s family", "%(number)s families", "n"),
    ("child", "children"): npgettext_lazy("unit", "%(number)s child", "%(number)s children", "n"),
    ("fighter", "fighters"): npgettext_lazy("unit", "%(number)s fighter", "%(number)s fighters", "n"),
    ("detainee", "detainees"): npgettext_lazy("unit", "%(number)s detainee", "%(number)s detainees", "n"),
    ("death", "deaths"): npgettext_lazy("unit", "%(number)s death", "%(number)s deaths", "n"),
    ("dead",): npgettext_lazy("unit", "%(number)s dead", "%(number)s dead", "n"),
    ("killed",): npgettext_lazy("unit", "%(number)s killed", "%(number)s killed", "n"),
    ("wounded",): npgettext_lazy("unit", "%(number)s wounded", "%(number)s wounded", "n"),
    ("injured",): npgettext_lazy("unit", "%(number)s injured", "%(number)s injured", "n"),
}
_UNITS = {name: words for names, words in _WORDS.items() for name in names}

SEVERAL, MANY = 3, 100
"""Numbers whose words have no number in them: of several things, and of what is no whole number or small span."""


def with_unit(figures: str, unit: str, number: Decimal, *, span: bool = False) -> str:
    """Figures with their unit, "2 years"; the unit agrees with `number`, of a span with the number at its end.

    The word for one thing or two may have the number in it, and then stands without `figures`.
    """
    if not unit:
        return figures
    words = _words(unit)
    if words is None:
        return pgettext("number with its unit", "%(number)s %(unit)s") % {"number": figures, "unit": isolated(unit)}
    countable = number >= (SEVERAL if span else 0) and number == number.to_integral_value()
    return str(words % {"n": int(number) if countable else MANY, "number": figures})


def word_unit(unit: str) -> str:
    """The unit alone, as beside a scale: "years". As it was typed where we have no word for it."""
    words = _words(unit)
    return unit if words is None else str(words % {"n": SEVERAL, "number": ""}).strip()


def _words(unit: str) -> Any:
    return _UNITS.get(unit.strip().casefold())
