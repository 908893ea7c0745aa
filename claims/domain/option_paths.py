"""The ways down to an option from the broadest ones, as few as show every step between them."""

from collections.abc import Iterator, Mapping, Sequence

from claims.domain.values import Key

Above = Mapping[Key, Sequence[Key]]
"""For each option the options directly above it, in a fixed order; there are no circles."""


def paths_to(option: Key, above: Above) -> list[tuple[Key, ...]]:
    """Paths from a broadest option down to this one, which together take every step that leads to it.

    One path for an option under one other at each step; `(option,)` for one that is under none.
    """
    reached: dict[Key, Key | None] = {option: None}
    paths: list[tuple[Key, ...]] = []
    taken: set[tuple[Key, Key]] = set()
    for narrower, broader in _steps(option, above, reached):
        if (narrower, broader) not in taken:
            path = _upwards(broader, above, _downwards(narrower, reached))
            taken.update(zip(path[1:], path, strict=False))
            paths.append(path)
    return paths or [(option,)]


def _steps(option: Key, above: Above, reached: dict[Key, Key | None]) -> Iterator[tuple[Key, Key]]:
    """(narrower, broader) for every step above the option, the nearest first; `reached` says by which each was met."""
    waiting = [option]
    for narrower in waiting:
        for broader in above.get(narrower, ()):
            yield narrower, broader
            if broader not in reached:
                reached[broader] = narrower
                waiting.append(broader)


def _downwards(option: Key | None, reached: Mapping[Key, Key | None]) -> tuple[Key, ...]:
    """From this option down to the one that all began with."""
    way: list[Key] = []
    while option is not None:
        way.append(option)
        option = reached[option]
    return tuple(way)


def _upwards(option: Key, above: Above, way: tuple[Key, ...]) -> tuple[Key, ...]:
    """The way with what lies above its beginning, up to a broadest option, before it."""
    way = (option, *way)
    while broader := above.get(way[0], ()):
        way = (broader[0], *way)
    return way
