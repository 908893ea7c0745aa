"""What became of a passage when it was looked for in a text."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a passage in a snapshot's text; `claims/text/passages.py` says when which applies."""

    UNCHECKED = "unchecked"
    """Nobody has looked: the text is not there yet."""
    EXACT = "exact"
    """The words stand where they stood."""
    MOVED = "moved"
    """The words stand, elsewhere in the text."""
    ALTERED = "altered"
    """Other words stand in their place."""
    LOST = "lost"
    """No trace of them."""
