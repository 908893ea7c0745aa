"""Which sources are one publication by what was judged: a document quoted from two records of it is one origin."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q

from claims.domain.vocabulary import Judged
from claims.models import Likeness


def one_publication(keys: set[int]) -> dict[int, int]:
    """For each source with all that are judged the same as it, over any number of steps, the first recorded of them.

    Sources of which nothing of the kind was judged are left out.
    """
    same = _same_as_any(keys)
    stands_for: dict[int, int] = {}
    for start in sorted(same):
        waiting = [start] if start not in stands_for else []
        while waiting:
            key = waiting.pop()
            if key not in stands_for:
                stands_for[key] = start
                waiting.extend(same[key])
    return stands_for


def all_of_publications(keys: set[int]) -> set[int]:
    """The sources with all that are judged the same as one of them."""
    return keys | one_publication(keys).keys()


def _same_as_any(keys: set[int]) -> dict[int, set[int]]:
    """For each source reached from these which others are judged the same: a query a step, and steps are few."""
    judged = Likeness.objects.current().filter(judged=Judged.SAME.value)
    same: dict[int, set[int]] = defaultdict(set)
    passed: set[int] = set()
    fresh = keys
    while fresh:
        passed |= fresh
        for one, other in judged.filter(Q(first_source__in=fresh) | Q(second_source__in=fresh)).values_list(
            "first_source", "second_source"
        ):
            same[one].add(other)
            same[other].add(one)
        fresh = same.keys() - passed
    return same
