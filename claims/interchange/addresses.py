"""Permanent addresses: what a record is called outside this installation, and which claim an address names.

An address is `BASE_URL`, the kind of record in the plural, and its identifier: for kinds that have a page, that of
the page. Addresses of versions end with ``v/<number>/``.
"""

import re
from uuid import UUID

from django.conf import settings

from claims.models import Record

TERMS = "urn:x-provenance:terms:"
"""What names of our own vocabulary begin with; the same in every installation, so that exports of two can be joined."""

_CLAIM = re.compile(r"claims/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(?:v/[0-9]+/)?", re.ASCII)


def base() -> str:
    """What all addresses begin with, such as ``https://desk.example.org/``."""
    return str(settings.BASE_URL)


def plural(model: type[Record]) -> str:
    """The word in addresses for records of this kind, such as ``claims``."""
    return f"{model._meta.model_name}s"


def address(record: Record) -> str:
    """The address of a record, such as ``https://desk.example.org/claims/<uid>/``."""
    return f"{base()}{plural(type(record))}/{record.uid}/"


def version_address(record: Record, number: int | None = None) -> str:
    """The address of a version of a record, the newest if no other is named."""
    return f"{address(record)}v/{record.version if number is None else number}/"


def claim_named(address: str) -> UUID | None:
    """The identifier of the claim that an address of ours names, be it in one of its versions; None for any other."""
    found = _CLAIM.fullmatch(address.removeprefix(base())) if address.startswith(base()) else None
    return UUID(found[1]) if found else None
