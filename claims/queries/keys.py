"""Asking for rows by their keys: of rows that were made together the keys lie side by side."""

from collections.abc import Collection

from django.db.models import Q


def stretch(keys: Collection[int]) -> tuple[int, int] | None:
    """The lowest and the highest of the keys, where all between them are among them; else None."""
    different = set(keys)
    if not different:
        return None
    lowest, highest = min(different), max(different)
    return (lowest, highest) if highest - lowest + 1 == len(different) else None


def among(name: str, keys: Collection[int]) -> Q:
    """The condition that the field `name` has one of these keys.

    A stretch is asked for by its ends: a list of thousands takes longer to hand over than to look up.
    """
    ends = stretch(keys)
    return Q(**{f"{name}__among": keys}) if ends is None else Q(**{f"{name}__gte": ends[0], f"{name}__lte": ends[1]})
