"""PROV documents read: whether a file that somebody gives us is one, in a sentence where it is not."""

import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from prov import Error
from prov.model import ProvDocument, ProvElement, ProvWarning
from prov.serializers.provjson import decode_json_document

from claims.interchange.given_json import MOST_BYTES, Malformed, decoded, read_json, refuse_unkept_text

# What the library raises for what is none: its own, and where it does not look before it reads.
_REFUSED = (Error, ProvWarning, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)

_ALWAYS = ("prov", "xsd", "xsi", "_")


def read_prov_json(stream: BinaryIO) -> ProvDocument:
    """The document of a PROV-JSON stream, UTF-8; raises `Malformed` with a sentence for anything else."""
    value = read_json(stream)
    return _refusing("PROV-JSON", lambda: _decoded(value))


def read_prov_n(stream: BinaryIO) -> ProvDocument:
    """The document of a PROV-N stream by the grammar of the Recommendation; raises `Malformed` as `read_prov_json`."""
    text = decoded(stream, MOST_BYTES)
    refuse_unkept_text(text)
    return _refusing("PROV-N", lambda: ProvDocument.deserialize(content=text, format="provn", profile="strict"))


def counted(document: ProvDocument) -> dict[str, int]:
    """How many statements there are, in bundles too: entities, activities, agents, relations."""
    bundles = [document, *document.bundles]
    kinds = Counter(
        f"{record.get_type().localpart}" if isinstance(record, ProvElement) else "Relation"
        for bundle in bundles
        for record in bundle.records
    )
    return {kind: kinds[kind] for kind in ("Entity", "Activity", "Agent", "Relation")}


def _decoded(value: Any) -> ProvDocument:
    document = ProvDocument()
    try:
        decode_json_document(value, document)
    except Error:
        # Of a name whose prefix is unknown the library says that there is none.
        if unknown := next(_without_prefix(value, ()), ""):
            sentence = _("“%(name)s” begins with a prefix that is not declared. Declare it under “prefix”.")
            raise Malformed(sentence % {"name": unknown}) from None
        raise
    return document


def _without_prefix(container: Any, declared: Collection[str]) -> Iterator[str]:
    """The names of statements in a container, and in its bundles, whose prefix is not declared."""
    if not isinstance(container, dict):
        return
    own = container.get("prefix")
    known = {*_ALWAYS, *declared, *(own if isinstance(own, dict) else ())}
    for kind, statements in container.items():
        if kind == "prefix" or not isinstance(statements, dict):
            continue
        for name, statement in statements.items():
            if (name.partition(":")[0] if ":" in name else "default") not in known:
                yield name
            if kind == "bundle":
                yield from _without_prefix(statement, known)


def _refusing(kind: str, read: Callable[[], ProvDocument]) -> ProvDocument:
    """Read; what the library only warns of, because it will refuse it one day, is refused at once."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ProvWarning)
        try:
            return read()
        except _REFUSED as error:
            sentence = _("This is not %(kind)s: %(why)s.")
            raise Malformed(sentence % {"kind": kind, "why": str(error).rstrip(".")[:500]}) from None
