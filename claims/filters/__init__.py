"""Filters of lists: what may be asked, how it narrows a list, and how it says itself in words."""

from claims.filters.claims import Asked, ClaimFilters

__all__ = ["Asked", "ClaimFilters"]
