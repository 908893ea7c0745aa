"""Single-rule mutations of the domain: small falsifications of which every one must turn a test red."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """A falsified rule: in the file, `old` (which must be there exactly once) becomes `new`."""

    rule: str
    file: str
    old: str
    new: str


def mutations_of(file: str, *changes: tuple[str, str, str]) -> tuple[Mutation, ...]:
    """The mutations (rule, old, new) of one file."""
    return tuple(Mutation(rule, file, old, new) for rule, old, new in changes)
