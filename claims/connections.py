"""What a connection to PostgreSQL is told when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from datetime import datetime

# Records that were made together, and claims of one source, have their moments in common.
MOST_KNOWN = 1_000


def remember_moments(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Have moments that were read already not be taken apart again: that was a tenth of an import's computing."""
    if connection.vendor != "postgresql":
        return
    adapters = connection.connection.adapters
    base: Any = adapters.get_loader(adapters.types["timestamptz"].oid, 0)

    known: dict[bytes, datetime] = {}

    class Remembering(base):  # type: ignore[misc]
        def load(self, data: Any) -> datetime:
            told = bytes(data)
            if told not in known:
                if len(known) >= MOST_KNOWN:
                    known.clear()
                known[told] = super().load(data)
            return known[told]

    adapters.register_loader("timestamptz", Remembering)
