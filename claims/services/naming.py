"""What a record is called inside a sentence: on one line, cut where it is long, with a direction of its own."""

from collections.abc import Iterable

from claims.domain.refusals import MOST_SHOWN
from claims.models import Record
from claims.wording import isolated, shortened
from claims.wording import listed as in_a_row


def called(record: Record) -> str:
    """The record's own words, to stand between quotation marks."""
    return typed(str(record))


def typed(name: str) -> str:
    """A name as somebody typed it, to stand between quotation marks."""
    return isolated(shortened(name, MOST_SHOWN))


def listed(names: Iterable[str]) -> str:
    """Names in a row, parted as the reader's language parts them."""
    return in_a_row(map(typed, names))
