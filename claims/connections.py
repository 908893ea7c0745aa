"""What a connection is told when it is made."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# Records that were made together, and claims of one source, have their moments in common.
MOST_KNOWN = 1_000


def remember_moments(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Have moments that were read already not be taken apart again: that was a tenth of an import's computing."""
    if connection.vendor == "postgresql":
        _remember_as_loaded(connection)
    else:
        _remember_as_converted(connection)


def _remember_as_loaded(connection: BaseDatabaseWrapper) -> None:
    """PostgreSQL's driver makes moments of the bytes that it is sent."""
    adapters = connection.connection.adapters
    oid = adapters.types["timestamptz"].oid
    base: Any = adapters.get_loader(oid, 0)
    known: Callable[[bytes], datetime] = lru_cache(MOST_KNOWN)(base(oid, connection.connection).load)

    class Remembering(base):  # type: ignore[misc]
        def load(self, data: Any) -> datetime:
            return known(bytes(data))

    adapters.register_loader("timestamptz", Remembering)


def _remember_as_converted(connection: BaseDatabaseWrapper) -> None:
    """For SQLite Django makes them, of a time without a zone."""
    operations: Any = connection.ops
    convert = type(operations).convert_datetimefield_value
    known = lru_cache(MOST_KNOWN)(lambda told: convert(operations, told, None, connection))
    operations.convert_datetimefield_value = lambda told, _expression, _connection: known(told)
