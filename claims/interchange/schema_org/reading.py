"""The `ClaimReview`s in what fact-checkers publish: documents, lists, feeds, graphs of JSON-LD, scripts of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from claims.interchange.given_json import MOST_BYTES, Malformed, decoded, parse_json

Node = Mapping[str, Any]

_SCRIPT = re.compile(
    r"<script\b[^>]*\btype\s*=\s*[\"']?application/ld\+json\b[^>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL
)
# What leads from a feed, a list or a page to what is in it.
_INTO = ("@graph", "dataFeedElement", "itemListElement", "item", "mainEntity", "hasPart", "review")
_PREFIX = re.compile(r"(?:https?://schema\.org/|schema:)")


@dataclass(frozen=True)
class Review:
    """One `ClaimReview` with the line at which its document begins, and the nodes that its document knows by `@id`."""

    line: int
    node: Node
    nodes: Mapping[str, Node] = field(default_factory=dict)

    def values(self, thing: Node, name: str) -> list[Any]:
        """The values of a property, whatever prefix it is written with; references are followed within the document."""
        found: Any = next(
            (thing[key] for key in (name, f"schema:{name}", f"http://schema.org/{name}") if key in thing), []
        )
        return [self._followed(each) for each in (found if isinstance(found, list) else [found]) if each is not None]

    def things(self, thing: Node, name: str) -> list[Node]:
        """The values of a property that are things; a text is a thing of that name, an address one of that address."""
        return [_as_thing(each) for each in self.values(thing, name)]

    def text(self, thing: Node, *names: str) -> str:
        """The first text or number that one of the properties states, without the white space around it."""
        for name in names:
            for each in self.values(thing, name):
                value = each.get("@value", "") if isinstance(each, Mapping) else each
                if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
                    return str(value).strip()
        return ""

    def _followed(self, value: Any) -> Any:
        """What a value refers to, where it says no more than the `@id` of a node of the document."""
        if isinstance(value, Mapping) and set(value) <= {"@id", "@type"} and isinstance(value.get("@id"), str):
            return self.nodes.get(value["@id"], value)
        return value


def reviews_in(stream: BinaryIO) -> Iterator[Review | Malformed]:
    """The reviews of a document in its order; of a page's scripts, one that is no JSON is told and passed over.

    Raises `Malformed` where the whole is neither JSON nor a page with scripts of JSON-LD in it.
    """
    text = decoded(stream, MOST_BYTES)
    if not text.lstrip().startswith(("{", "[")) and (scripts := list(_SCRIPT.finditer(text))):
        for script in scripts:
            line = text.count("\n", 0, script.start(1)) + 1
            try:
                yield from _reviews(parse_json(script[1]), line)
            except Malformed as error:
                yield Malformed(_("The script at line %(line)d: %(why)s") % {"line": line, "why": error})
        return
    yield from _reviews(parse_json(text), 1)


def types_of(thing: Node) -> set[str]:
    """The types of a thing, without prefix."""
    kinds = thing.get("@type", [])
    return {_PREFIX.sub("", kind) for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}


def _reviews(document: Any, line: int) -> Iterator[Review]:
    nodes = _nodes(document)
    for node in _walk(document):
        if "ClaimReview" in types_of(node):
            yield Review(line, node, nodes)


def _walk(value: Any) -> Iterator[Node]:
    """The reviews, and what leads to them: not into other things, or a review would be found in what it reviews.

    Not by recursion into depth without end: JSON that is read here is at most so deep.
    """
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        if "ClaimReview" in types_of(each):
            yield each
            continue
        for name in _INTO:
            for key in (name, f"schema:{name}"):
                yield from _walk(each.get(key, []))


def _nodes(document: Any) -> dict[str, Node]:
    """Every node with an `@id` that says more than that; the first, where several have the same."""
    found: dict[str, Node] = {}
    here = [document]
    while here:
        value = here.pop()
        if isinstance(value, dict):
            identifier = value.get("@id")
            if isinstance(identifier, str) and not set(value) <= {"@id", "@type"}:
                found.setdefault(identifier, value)
            here += value.values()
        elif isinstance(value, list):
            here += value
    return found


def _as_thing(value: Any) -> Node:
    if isinstance(value, Mapping):
        return {"name": value["@value"]} if "@value" in value else value
    text = str(value).strip()
    return {"url": text} if re.match("https?://", text) else {"name": text}
