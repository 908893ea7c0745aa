"""Locks on what a change judges before it writes, so that two changes at once do not each miss the other."""

from collections.abc import Collection

from claims.models import Agent, Change
from claims.queries.cases import agents_reached


def lock_agents(this: Change, keys: Collection[int]) -> None:
    """Make other judgements wait that bear on these agents, on whom they are the same as, or on whom they speak for.

    Two judgements at the same time could otherwise close a circle that neither sees. `this` must be open.
    """
    locked: set[object] = set()
    while (reached := set(agents_reached(set(keys)))) - locked:
        wanted = [key for key in reached | set(keys) if isinstance(key, int)]
        locked = set(
            Agent.objects.filter(pk__in=wanted)
            .order_by("pk")
            .select_for_update(no_key=True)
            .values_list("pk", flat=True)
        )
