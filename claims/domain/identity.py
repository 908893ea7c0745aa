"""Who is who: agents judged to be the same, and whom an agent speaks for."""

from collections.abc import Mapping

from claims.domain.values import Agent, Key


class CircleError(ValueError):
    """A relation that must not lead back to where it started does; `keys` is the way round."""

    def __init__(self, keys: list[Key]) -> None:
        self.keys = keys
        super().__init__(" > ".join(str(key) for key in keys))


def canonical(agents: Mapping[Key, Agent], key: Key) -> Key:
    """The agent that this one was judged to be the same as, over any number of steps.

    Raises:
        CircleError: the judgements lead back to an agent already passed.
    """
    passed = [key]
    while (agent := agents.get(passed[-1])) is not None and agent.same_as is not None:
        if agent.same_as in passed:
            raise CircleError([*passed, agent.same_as])
        passed.append(agent.same_as)
    return passed[-1]


def represented(agents: Mapping[Key, Agent], key: Key) -> Key:
    """The organisation or outlet at the end of "speaks for", or the agent itself.

    Raises:
        CircleError: the relation leads back to an agent already passed.
    """
    passed = [canonical(agents, key)]
    while (agent := agents.get(passed[-1])) is not None and agent.speaks_for is not None:
        following = canonical(agents, agent.speaks_for)
        if following in passed:
            raise CircleError([*passed, following])
        passed.append(following)
    return passed[-1]


def circle_in(above: Mapping[Key, frozenset[Key]]) -> list[Key] | None:
    """A circle in a relation such as "broader", as the keys on the way round, or None."""
    done: set[Key] = set()
    for start in above:
        path: list[Key] = []
        waiting: list[tuple[Key, bool]] = [(start, False)]
        while waiting:
            key, leaving = waiting.pop()
            if leaving:
                path.pop()
                done.add(key)
            elif key in path:
                return [*path[path.index(key) :], key]
            elif key not in done:
                path.append(key)
                waiting.append((key, True))
                waiting.extend((parent, False) for parent in sorted(above.get(key, ()), key=str))
    return None
