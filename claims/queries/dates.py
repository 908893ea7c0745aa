"""Dates as written, read in the desk's zone."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain.dates import ReadDate, read_date
from claims.domain.folding import fold
from claims.domain.refusals import Refusal
from claims.wording import isolated, word_refusal

_EXACT = re.compile("[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:]+(Z|[+-][0-9:]+)?)?)?)?")
_TO_THE_SECOND = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_FRACTION = re.compile("(?P<digits>[0-9]{1,6})(?P<zone>Z|[+-][0-9]{2}(?::[0-9]{2})?)?")


def desk_zone() -> ZoneInfo:
    """The zone in which the desk reads dates without one (`TIME_ZONE`)."""
    return ZoneInfo(settings.TIME_ZONE)


def date_of(text: str) -> ReadDate:
    """Read an EDTF date or time.

    Raises:
        Refusal: the text is no such date.
    """
    return read_date(text, desk_zone())


def recorded_by(text: str) -> datetime:
    """The moment before which something was recorded by what is written: the end of that day, minute or second.

    Parts of a second are read beyond EDTF, as the moments of the history have them.

    Raises:
        ValidationError: with a sentence, for what is no date, has no one end (about, ranges), or is to come.
    """
    try:
        bounds = _exact_bounds(text)
    except Refusal as refusal:
        raise ValidationError(word_refusal(refusal), code=refusal.code) from None
    if bounds is None:
        sentence = _(
            "“%(written)s” is no single moment. Write a day as in 2015-12-05, or a time as in 2015-12-05T14:30."
        )
        raise ValidationError(sentence % {"written": isolated(text)}, code="moment_not_single")
    begin, end = bounds
    if begin > timezone.now():
        sentence = _("“%(written)s” is still to come. Ask for a moment that has passed.")
        raise ValidationError(sentence % {"written": isolated(text)}, code="moment_to_come")
    return end


def _exact_bounds(text: str) -> tuple[datetime, datetime] | None:
    """From and until, which is not included; None where the date is qualified, open, or one of several."""
    whole, point, fraction = fold(text).partition(".")
    if not point:
        read = date_of(text)
        return read.bounds() if _EXACT.fullmatch(whole) else None
    match = _FRACTION.fullmatch(fraction)
    if match is None or not _TO_THE_SECOND.fullmatch(whole):
        raise Refusal("unreadable_time", {"text": text, "part": text})
    begin = date_of(whole + (match["zone"] or "")).bounds()[0] + timedelta(
        microseconds=int(match["digits"].ljust(6, "0"))
    )
    return begin, begin + timedelta(microseconds=1)
