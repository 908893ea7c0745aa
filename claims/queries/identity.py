"""Who is who in the database: all the agents that were judged to be one."""

from claims.domain.identity import canonical
from claims.models import Agent
from claims.queries.cases import agents_reached


def canonical_of(key: int) -> int:
    """The agent that this one was judged to be, over any number of steps; itself where nothing was judged."""
    found = canonical(agents_reached({key}), key)
    return found if isinstance(found, int) else key


def all_the_same(key: int) -> set[int]:
    """The agents that are one with this one by what was judged, itself among them."""
    same: set[int] = set()
    fresh = {canonical_of(key)}
    while fresh:
        same |= fresh
        fresh = set(Agent.objects.filter(same_as__in=fresh).values_list("pk", flat=True)) - same
    return same
