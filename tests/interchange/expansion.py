"""JSON-LD as an independent processor (PyLD) understands it, with contexts that lie here: nothing is fetched.

The contexts are our own short writing of what the vocabularies say of the terms that we use, so that a term that we
write and they do not have is dropped, and seen.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyld import jsonld

FOLDER = Path(__file__).parent / "contexts"
CONTEXTS = {"http://www.w3.org/ns/anno.jsonld": "annotation.jsonld", "https://schema.org": "schema_org.jsonld"}


def load(url: str, _options: object) -> dict[str, Any]:
    """The context of that address; any other is an error, as it would be without a network."""
    document = json.loads((FOLDER / CONTEXTS[url]).read_text(encoding="utf-8"))
    return {"contextUrl": None, "documentUrl": url, "contentType": "application/ld+json", "document": document}


def expanded(document: Any) -> Any:
    """The document with every term as the IRI that it stands for."""
    return jsonld.expand(document, {"documentLoader": load})


def nothing_dropped(document: Any) -> bool:
    """Whether the expansion has as many properties as the document, each of them an IRI, and every text and number."""
    result = expanded(document)
    properties = [name for name in names(result) if not name.startswith("@")]
    assert [name for name in properties if ":" not in name] == []
    written = [name for name in names(document) if not name.startswith("@") and name not in {"id", "type"}]
    missing = Counter(leaves(document)) - Counter(leaves(result))
    return len(properties) == len(written) and not missing


def names(value: Any) -> Iterator[str]:
    """The names of all properties, those of the context left out."""
    if isinstance(value, list):
        for part in value:
            yield from names(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name != "@context":
                yield name
                yield from names(part)


def leaves(value: Any) -> Iterator[str | int]:
    """All texts and numbers but types, motivations and purposes, which become IRIs."""
    if isinstance(value, list):
        for part in value:
            yield from leaves(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in {"@context", "type", "@type", "motivation", "purpose"}:
                yield from leaves(part)
    else:
        yield value
