"""The Web Annotation Data Model as rules: what an annotation, a page or a collection must be, and what else it may not.

Properties and types that the model does not know are let pass, as it wants it (2.1: other vocabularies may be used).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.interchange.given_json import Malformed
from claims.interchange.web_annotation import CONTEXT

Check = Callable[[Any, str], None]
Thing = Mapping[str, Any]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_DATE_TIME = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
GROUPS = ("Choice", "Composite", "List", "Independents")
"""Sets of bodies or targets (3.2.7, 3.2.8): one of these types, and its items."""
DIRECTIONS = ("ltr", "rtl", "auto")


class Invalid(Malformed):
    """An annotation that is none; `where` is the path to what is wrong, as in ``target.selector``."""

    def __init__(self, where: str, sentence: str, section: str) -> None:
        self.where = where
        values = {"where": where, "sentence": sentence, "section": section}
        super().__init__(_("%(where)s: %(sentence)s (Web Annotation Data Model, %(section)s).") % values)


def check_document(value: Any) -> None:
    """Refuse what is neither an annotation (3.1), nor a page (5.2) or collection (5.1) of them. Raises `Invalid`."""
    thing = _object(value, "annotation")
    contexts = thing.get("@context")
    if CONTEXT not in (contexts if isinstance(contexts, list) else [contexts]):
        sentence = _("the context must be, or contain, %(context)s")
        raise Invalid("@context", sentence % {"context": CONTEXT}, "3.1")
    types = _types(thing)
    if "AnnotationCollection" in types:
        check_collection(thing)
    elif "AnnotationPage" in types:
        check_page(thing, "page")
    else:
        check_annotation(thing, "annotation")


def check_collection(thing: Thing) -> None:
    """A collection: what it is called, how many annotations it has, its first and last page (5.1)."""
    at_most_one(thing, "id", check_iri, "", "5.1")
    at_most_one(thing, "total", _check_count, "", "5.1")
    at_most_one(thing, "last", check_reference, "", "5.1")
    at_most_one(thing, "first", _check_first, "", "5.1")
    _check_life(thing, "")


def _check_first(value: Any, where: str) -> None:
    if isinstance(value, dict):
        check_page(value, where)
    else:
        check_iri(value, where)


def check_page(thing: Thing, where: str) -> None:
    """A page: its place among pages, and its annotations in order (5.2)."""
    at_most_one(thing, "id", check_iri, where, "5.2")
    at_most_one(thing, "startIndex", _check_count, where, "5.2")
    for name in ("partOf", "next", "prev"):
        at_most_one(thing, name, check_reference, where, "5.2")
    if not isinstance(thing.get("items"), list):
        raise Invalid(f"{where}.items", _("a page has a list of annotations"), "5.2")
    for number, item in enumerate(thing["items"]):
        if not isinstance(item, str):
            check_annotation(_object(item, f"items[{number}]"), f"items[{number}]")


def check_annotation(thing: Thing, where: str) -> None:
    """An annotation: one identifier, its type, one target at least (3.1), either bodies or one `bodyValue` (3.2.5)."""
    exactly_one(thing, "id", check_iri, where, "3.1")
    if "Annotation" not in _types(thing):
        raise Invalid(f"{where}.type", _("one type must be “Annotation”"), "3.1")
    if not listed(thing, "target"):
        raise Invalid(f"{where}.target", _("there must be a target"), "3.1")
    if "bodyValue" in thing:
        if "body" in thing:
            raise Invalid(f"{where}.bodyValue", _("there is a body already; one of the two must go"), "3.2.5")
        exactly_one(thing, "bodyValue", check_text, where, "3.2.5")
    each(thing, "body", check_resource, where)
    each(thing, "target", check_resource, where)
    each(thing, "motivation", check_text, where)
    each(thing, "stylesheet", check_reference, where)
    _check_life(thing, where)


def check_resource(value: Any, where: str) -> None:
    """A body or target: an address, a text (3.2.4), a specific resource (4), a set (3.2.7), or a resource (3.2.1)."""
    if isinstance(value, str):
        check_iri(value, where)
        return
    thing = _object(value, where)
    types = _types(thing)
    groups = [kind for kind in GROUPS if kind in types]
    if groups or "items" in thing:
        _check_group(thing, groups, where)
    elif "TextualBody" in types or "value" in thing:
        exactly_one(thing, "value", check_text, where, "3.2.4")
        at_most_one(thing, "id", check_iri, where, "3.2.4")
    elif "SpecificResource" in types or "source" in thing:
        check_specific(thing, where)
    else:
        exactly_one(thing, "id", check_iri, where, "3.2.1")
    _check_described(thing, where)


def _check_group(thing: Thing, groups: list[str], where: str) -> None:
    if len(groups) != 1:
        raise Invalid(f"{where}.type", _("a set is one of %(kinds)s") % {"kinds": ", ".join(GROUPS)}, "3.2.7")
    if not listed(thing, "items"):
        raise Invalid(f"{where}.items", _("there must be an item"), "3.2.7")
    each(thing, "items", check_resource, where)


def check_specific(thing: Thing, where: str) -> None:
    """A specific resource: one source, and what narrows it down (4)."""
    exactly_one(thing, "source", check_resource, where, "4.1")
    at_most_one(thing, "id", check_iri, where, "4.1")
    each(thing, "selector", check_selector, where)
    each(thing, "state", check_state, where)
    each(thing, "styleClass", check_text, where)
    each(thing, "renderedVia", check_reference, where)
    each(thing, "scope", check_reference, where)


def check_selector(value: Any, where: str) -> None:
    """A selector by its kind (4.2), and what refines it (4.2.9)."""
    if isinstance(value, str):
        check_iri(value, where)
        return
    thing = _object(value, where)
    at_most_one(thing, "id", check_iri, where, "4.2")
    for kind in _types(thing):
        for name, (check, needed, section) in SELECTORS.get(kind, {}).items():
            (exactly_one if needed else at_most_one)(thing, name, check, where, section)
        if kind in {"TextPositionSelector", "DataPositionSelector"} and thing["start"] > thing["end"]:
            raise Invalid(f"{where}.end", _("the end is before the start"), "4.2.5")
    each(thing, "refinedBy", check_refinement, where)


def check_state(value: Any, where: str) -> None:
    """A state by its kind (4.3), and what refines it (4.3.3)."""
    if isinstance(value, str):
        check_iri(value, where)
        return
    thing = _object(value, where)
    at_most_one(thing, "id", check_iri, where, "4.3")
    for name in ("sourceDate", "sourceDateStart", "sourceDateEnd"):
        each(thing, name, check_moment, where)
    if ("sourceDateStart" in thing) != ("sourceDateEnd" in thing):
        raise Invalid(f"{where}.sourceDateStart", _("start and end are given together"), "4.3.1")
    each(thing, "cached", check_reference, where)
    if "HttpRequestState" in _types(thing):
        exactly_one(thing, "value", check_text, where, "4.3.2")
    each(thing, "refinedBy", check_refinement, where)


def check_refinement(value: Any, where: str) -> None:
    """A selector or a state, whichever it says that it is."""
    kinds = _types(value) if isinstance(value, dict) else []
    (check_state if any(kind.endswith("State") for kind in kinds) else check_selector)(value, where)


def _check_described(thing: Thing, where: str) -> None:
    """Format, language and direction (3.2.1), purpose (3.3.5), and who made it when (3.3.1)."""
    each(thing, "format", check_text, where)
    each(thing, "language", check_text, where)
    at_most_one(thing, "processingLanguage", check_text, where, "3.2.1")
    at_most_one(thing, "textDirection", _check_direction, where, "3.2.1")
    each(thing, "purpose", check_text, where)
    each(thing, "accessibility", check_text, where)
    _check_life(thing, where)


def _check_life(thing: Thing, where: str) -> None:
    """Who made it, by what, when (3.3.1); for whom (3.3.3); under which rights, and from where (3.3.6, 3.3.7)."""
    for name in ("creator", "generator", "audience"):
        each(thing, name, check_reference, where)
    for name in ("created", "modified", "generated"):
        at_most_one(thing, name, check_moment, where, "3.3.1")
    each(thing, "rights", check_iri, where)
    each(thing, "via", check_iri, where)
    at_most_one(thing, "canonical", check_iri, where, "3.3.7")


# --- properties: how often, and what ----------------------------------------------------------------------------------


def listed(thing: Thing, name: str) -> list[Any]:
    """The values of a property, of which JSON-LD writes a single one without a list."""
    value = thing.get(name, [])
    return value if isinstance(value, list) else [value]


def each(thing: Thing, name: str, check: Check, where: str) -> None:
    """Any number of values, each as `check` wants it."""
    for number, value in enumerate(listed(thing, name)):
        place = f"[{number}]" if isinstance(thing[name], list) else ""
        check(value, f"{where}.{name}{place}".lstrip("."))


def at_most_one(thing: Thing, name: str, check: Check, where: str, section: str) -> None:
    """No value, or one that is not in a list."""
    if name in thing:
        path = f"{where}.{name}".lstrip(".")
        if isinstance(thing[name], list):
            raise Invalid(path, _("there may be one at most"), section)
        check(thing[name], path)


def exactly_one(thing: Thing, name: str, check: Check, where: str, section: str) -> None:
    """One value that is not in a list."""
    if name not in thing:
        raise Invalid(f"{where}.{name}".lstrip("."), _("there must be one"), section)
    at_most_one(thing, name, check, where, section)


def check_iri(value: Any, where: str) -> None:
    """An absolute IRI (2.1)."""
    if not isinstance(value, str) or not _IRI.fullmatch(value):
        raise Invalid(where, _("must be an address (IRI), such as https://example.org/1"), "2.1")


def check_reference(value: Any, where: str) -> None:
    """An address, or an object that may have one."""
    if isinstance(value, dict):
        at_most_one(value, "id", check_iri, where, "2.1")
    else:
        check_iri(value, where)


def check_text(value: Any, where: str) -> None:
    """A text."""
    if not isinstance(value, str):
        raise Invalid(where, _("must be one text"), "2.1")


def check_moment(value: Any, where: str) -> None:
    """An `xsd:dateTime` with a time zone; the model wants UTC, others write their own, and both say the same."""
    try:
        stated = isinstance(value, str) and bool(_DATE_TIME.fullmatch(value)) and datetime.fromisoformat(value)
    except ValueError:
        stated = False
    if not stated:
        raise Invalid(where, _("must be a moment, such as 2016-09-20T12:00:00Z"), "3.3.1")


def _check_count(value: Any, where: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Invalid(where, _("must be a whole number, 0 or more"), "2.1")


def _check_direction(value: Any, where: str) -> None:
    if value not in DIRECTIONS:
        raise Invalid(where, _("must be one of %(words)s") % {"words": ", ".join(DIRECTIONS)}, "3.2.1")


def _object(value: Any, where: str) -> Thing:
    if not isinstance(value, dict):
        raise Invalid(where, _("must be an object"), "2.1")
    return value


def _types(thing: Thing) -> list[str]:
    return [kind for kind in listed(thing, "type") if isinstance(kind, str)]


SELECTORS: Mapping[str, Mapping[str, tuple[Check, bool, str]]] = {
    "FragmentSelector": {"value": (check_text, True, "4.2.1"), "conformsTo": (check_iri, False, "4.2.1")},
    "CssSelector": {"value": (check_text, True, "4.2.2")},
    "XPathSelector": {"value": (check_text, True, "4.2.3")},
    "TextQuoteSelector": {
        "exact": (check_text, True, "4.2.4"),
        "prefix": (check_text, False, "4.2.4"),
        "suffix": (check_text, False, "4.2.4"),
    },
    "TextPositionSelector": {"start": (_check_count, True, "4.2.5"), "end": (_check_count, True, "4.2.5")},
    "DataPositionSelector": {"start": (_check_count, True, "4.2.6"), "end": (_check_count, True, "4.2.6")},
    "SvgSelector": {"value": (check_text, False, "4.2.7")},
    "RangeSelector": {
        "startSelector": (check_selector, True, "4.2.8"),
        "endSelector": (check_selector, True, "4.2.8"),
    },
}
"""For each kind of selector its properties: how each is checked, whether it must be there, and the section."""
