"""What records are found by: the words of their names, and what they share with others that may be the same."""

from __future__ import annotations

from collections.abc import Iterable

from claims.models import Record
from claims.services.suspecting import renew_suspicions
from claims.services.words import renew_words


def renew_lookups(written: Iterable[tuple[type[Record], int]]) -> None:
    """Renew both for the records that were written, in the change that wrote them."""
    keys = list(written)
    renew_words(keys)
    renew_suspicions(keys)
