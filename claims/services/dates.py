"""Bounds beside dates: every EDTF date as written gets its begin and end in UTC, or is refused on its field."""

from functools import cache

from django.core.exceptions import ValidationError

from claims.domain.refusals import Refusal
from claims.models import Record
from claims.queries.dates import date_of
from claims.wording import word_refusal

# A date as written and the two columns that hold its bounds.
TRIPLES = (
    ("said_on", "said_from", "said_until"),
    ("published_on", "published_from", "published_until"),
    ("event_on", "event_from", "event_until"),
    ("dated_on", "dated_from", "dated_until"),
    ("as_of", "as_of_from", "as_of_until"),
)


@cache
def _dates_of(model: type[Record]) -> tuple[tuple[str, str, str], ...]:
    """Those of the dates that the table has."""
    names = {field.name for field in model._meta.concrete_fields}
    return tuple(each for each in TRIPLES if each[0] in names)


def set_bounds(record: Record) -> None:
    """Set the bounds of every date that the record carries.

    Raises:
        ValidationError: by field, for what is no EDTF date.
    """
    errors = {}
    for written, begin, end in _dates_of(type(record)):
        text = getattr(record, written).strip()
        setattr(record, written, text)
        try:
            bounds = date_of(text).bounds() if text else (None, None)
        except Refusal as refusal:
            errors[written] = word_refusal(refusal)
            continue
        setattr(record, begin, bounds[0])
        setattr(record, end, bounds[1])
    if errors:
        raise ValidationError(errors)
