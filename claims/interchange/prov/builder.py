"""The document under construction: what things are called in it, and that each is told once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from prov.constants import PROV
from prov.identifier import Namespace, QualifiedName
from prov.model import Literal, ProvDocument

from claims.interchange.addresses import TERMS, base, plural
from claims.models import (
    Agent,
    Attribution,
    Claim,
    Correction,
    Finding,
    Passage,
    Question,
    Record,
    Relay,
    Retraction,
    Side,
    Snapshot,
    Source,
    Topic,
)

KINDS: tuple[type[Record], ...] = (
    Agent,
    Attribution,
    Claim,
    Correction,
    Finding,
    Passage,
    Question,
    Relay,
    Retraction,
    Side,
    Snapshot,
    Source,
    Topic,
)
LABEL, TYPE, VALUE, ROLE = PROV["label"], PROV["type"], PROV["value"], PROV["role"]
_TAG = re.compile("[A-Za-z]+(-[A-Za-z0-9]+)*", re.ASCII)

Attributes = list[tuple[QualifiedName, Any]]


class Builder:
    """A PROV document, and the names of things in it: the addresses of records, shortened by a prefix for each kind.

    `editors` says whether users are named. `has` tells what was told already, since many claims share a source.
    """

    def __init__(self, *, editors: bool) -> None:
        self.document = ProvDocument()
        self.editors = editors
        self.term = self._space("terms", TERMS)
        self.site = self._space("site", base())
        self.change = self._space("change", f"{base()}changes/")
        self.user = self._space("user", f"{base()}users/")
        self._spaces = {kind: self._space(str(kind._meta.model_name), f"{base()}{plural(kind)}/") for kind in KINDS}
        self._told: set[QualifiedName] = set()

    def _space(self, prefix: str, uri: str) -> Namespace:
        return self.document.add_namespace(prefix, uri)

    def name(self, record: Record, more: str = "") -> QualifiedName:
        """What the record is called; `more` continues its address, as in ``v/2/``."""
        return self.named(type(record), record.uid, more)

    def named(self, kind: type[Record], uid: object, more: str = "") -> QualifiedName:
        """What the record of that kind and identifier is called."""
        return self._spaces[kind][f"{uid}/{more}"]

    def first(self, name: QualifiedName) -> bool:
        """Whether nothing was told under this name yet; from now on something was."""
        if name in self._told:
            return False
        self._told.add(name)
        return True

    def stated(self, attributes: Iterable[tuple[str, Any]]) -> Attributes:
        """Attributes of our own vocabulary, without those that state nothing."""
        return [(self.term[name], value) for name, value in attributes if value not in {None, ""}]

    def labels(self, texts: Iterable[tuple[str, str]]) -> Attributes:
        """Names for people, each with its language where that is known: (language, text)."""
        return [(LABEL, in_language(text, language)) for language, text in texts if text]


def in_language(text: str, language: str) -> str | Literal:
    """The text, marked with its language where that is a tag as PROV-N has it (3.7.3.2)."""
    return Literal(text, langtag=language) if _TAG.fullmatch(language) else text
