"""The `ClaimReview`s in what fact-checkers publish: documents, lists, feeds, graphs of JSON-LD, scripts of pages."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from claims.interchange.given_json import MOST_BYTES, Malformed, decoded, parse_json

Node = Mapping[str, Any]

_SCRIPT = re.compile(
    r"<script\b[^>]*\btype\s*=\s*[\"']?application/ld\+json\b[^>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL
)
# How a document of JSON-LD begins, and a page: a claims table has neither in its first bytes.
_MARKED = re.compile(rb'^\s*[\[{].*"@(?:context|type|graph|id)"', re.DOTALL)
_PAGE = re.compile(rb"^\s*<(?:!doctype html|html|head|script)\b", re.IGNORECASE)
# What leads from a feed, a list or a page to what is in it.
_INTO = ("@graph", "dataFeedElement", "itemListElement", "item", "mainEntity", "hasPart", "review")
_PREFIX = re.compile(r"(?:https?://schema\.org/|schema:)")


@dataclass(frozen=True)
class Review:
    """One `ClaimReview`, and the nodes that its document knows by `@id`."""

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

    def whole(self) -> list[Node]:
        """The review, and all nodes that it refers to, or that these refer to."""
        found: dict[str, Node] = {}
        here: list[Any] = [self.node]
        while here:
            value = here.pop()
            if isinstance(value, Mapping):
                identifier = value.get("@id")
                if isinstance(identifier, str) and identifier in self.nodes and identifier not in found:
                    found[identifier] = self.nodes[identifier]
                    here.append(found[identifier])
                here += value.values()
            elif isinstance(value, list):
                here += value
        return [self.node, *(node for node in found.values() if node is not self.node)]

    def _followed(self, value: Any) -> Any:
        """What a value refers to, where it says no more than the `@id` of a node of the document."""
        if isinstance(value, Mapping) and set(value) <= {"@id", "@type"} and isinstance(value.get("@id"), str):
            return self.nodes.get(value["@id"], value)
        return value


def is_begun(head: bytes) -> bool:
    """Whether a file that begins so is JSON-LD, or a page that may have some in it."""
    bare = head.removeprefix(BOM_UTF8)
    return bool(_MARKED.match(bare) or _PAGE.match(bare))


def reviews_in(stream: BinaryIO) -> Iterator[Review | Malformed]:
    """The reviews of a document in its order; a script of a page, or a line, that is no JSON is told and passed over.

    Raises `Malformed` where the whole is neither JSON, nor JSON line by line, nor a page with scripts of JSON-LD in it.
    """
    text = decoded(stream, MOST_BYTES)
    if not text.lstrip().startswith(("{", "[")) and (scripts := list(_SCRIPT.finditer(text))):
        told = _("The script at line %(line)d: %(why)s")
        parts = [(text.count("\n", 0, script.start(1)) + 1, script[1]) for script in scripts]
    elif lines := _lines(text):
        told, parts = _("Line %(line)d: %(why)s"), lines
    else:
        yield from _reviews(parse_json(text))
        return
    for line, part in parts:
        try:
            yield from _reviews(parse_json(part))
        except Malformed as error:
            yield Malformed(told % {"line": line, "why": error})


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines (number, text) of JSON Lines; none where the text is anything else."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) < 2 or not lines[0][1].rstrip().endswith("}"):  # noqa: PLR2004 - one line is a document
        return []
    try:
        parse_json(lines[0][1])
    except Malformed:
        return []
    return lines


def types_of(thing: Node) -> set[str]:
    """The types of a thing, without prefix."""
    kinds = thing.get("@type", [])
    return {_PREFIX.sub("", kind) for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}


def _reviews(document: Any) -> Iterator[Review]:
    nodes = _nodes(document)
    for node in _walk(document):
        if "ClaimReview" in types_of(node):
            yield Review(node, nodes)


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
