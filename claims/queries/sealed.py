"""Where entries stand in the tree, and which signed checkpoint covers each: what the proof of a change is made of."""

from __future__ import annotations

import os
from collections.abc import Collection

from django.conf import settings

from claims.ledger.checkpoints import Shelf, shelf
from claims.ledger.entries import as_sealed, sealed
from claims.ledger.proofs import Place, places

__all__ = ["Place", "is_altered", "kept_shelf", "places_of"]


def kept_shelf() -> Shelf | None:
    """The folder of checkpoints; None where this installation keeps none, or lets the server read none."""
    folder = settings.AUDIT_CHECKPOINTS
    hidden = not folder or (os.path.exists(folder) and not os.access(folder, os.R_OK | os.X_OK))  # noqa: PTH110
    return None if hidden else shelf()


def places_of(entries: Collection[int]) -> dict[int, Place]:
    """The place of each of these entries that has one: one query."""
    return places(entries, kept_shelf())


def is_altered(number: int) -> bool:
    """Whether the entry at this place of the tree says something else than was sealed, or is gone: one query."""
    found = next(sealed(number, number + 1), None)
    return found is None or not as_sealed(found)
