"""Pages of lists that may be long: what is not shown is not counted."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

# So many rows can be paged through; who looks for something further back filters or searches.
MOST = 2_000
# So many of a search: where one row in fifty has the word, fifty are read for each that is counted.
MOST_FOUND = 200


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to `MOST` rows, and ends there."""

    @cached_property
    def count(self) -> int:
        """The number of rows, `MOST` at most."""
        rows = self.object_list
        return int(rows.order_by()[:MOST].count()) if hasattr(rows, "order_by") else min(len(rows), MOST)


class FoundPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to `MOST_FOUND` rows in their order: along the index that the list itself is read by."""

    @cached_property
    def count(self) -> int:
        """The number of rows, `MOST_FOUND` at most."""
        rows: Any = self.object_list
        return int(rows[:MOST_FOUND].count()) if hasattr(rows, "order_by") else min(len(rows), MOST_FOUND)
