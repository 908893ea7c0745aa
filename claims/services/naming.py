"""What a record is called inside a sentence: on one line, cut where it is long, with a direction of its own."""

from collections.abc import Iterable

from django.utils.translation import pgettext

from claims.domain.refusals import MOST_SHOWN
from claims.models import Record
from claims.wording import isolated, shortened


def called(record: Record) -> str:
    """The record's own words, to stand between quotation marks."""
    return typed(str(record))


def typed(name: str) -> str:
    """A name as somebody typed it, to stand between quotation marks."""
    return isolated(shortened(name, MOST_SHOWN))


def listed(names: Iterable[str]) -> str:
    """Names in a row, parted as the reader's language parts them."""
    return pgettext("between items of a list", ", ").join(map(typed, names))
