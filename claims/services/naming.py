"""What a record is called inside a sentence: on one line, cut where it is long, with a direction of its own."""

from claims.domain.refusals import MOST_SHOWN
from claims.models import Record
from claims.wording import isolated, shortened


def called(record: Record) -> str:
    """The record's own words, to stand between quotation marks."""
    return isolated(shortened(str(record), MOST_SHOWN))
