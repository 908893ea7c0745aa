"""What makes the document of the views: each is asked for its methods as its address has it, not as its class does."""

from __future__ import annotations

from typing import Any

from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator

READ_OR_TOLD = {"HEAD", "OPTIONS"}


class Addresses(EndpointEnumerator):
    """The addresses with the methods of each."""

    def get_allowed_methods(self, callback: Any) -> list[str]:
        """The methods that are described; one class may stand at several addresses."""
        view = callback.cls(**callback.initkwargs)
        return [method for method in view.allowed_methods if method not in READ_OR_TOLD]


class Generator(SchemaGenerator):
    """The document of the whole API."""

    endpoint_inspector_cls = Addresses


def tidied(result: dict[str, Any], **_keywords: Any) -> dict[str, Any]:
    """The document without the parts that nothing in it names."""
    schemas = result["components"]["schemas"]
    while unnamed := set(schemas) - set(_named(result)):
        for name in unnamed:
            del schemas[name]
    return result


def _named(value: Any) -> list[str]:
    """The parts that are named anywhere."""
    found: list[str] = []
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            found += [each["$ref"].rpartition("/")[2]] if isinstance(each.get("$ref"), str) else []
            left += each.values()
        elif isinstance(each, list):
            left += each
    return found
