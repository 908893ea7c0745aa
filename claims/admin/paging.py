"""Pages of lists that may be long: what is not shown is not counted."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.utils.functional import cached_property

# So many rows can be paged through; who looks for something further back filters or searches.
MOST = 2_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to `MOST` rows, and ends there."""

    @cached_property
    def count(self) -> int:
        """The number of rows, `MOST` at most."""
        rows = self.object_list
        return int(rows.order_by()[:MOST].count()) if hasattr(rows, "order_by") else min(len(rows), MOST)
