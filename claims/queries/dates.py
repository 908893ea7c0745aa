"""Dates as written, read in the desk's zone."""

from zoneinfo import ZoneInfo

from django.conf import settings

from claims.domain.dates import ReadDate, read_date


def desk_zone() -> ZoneInfo:
    """The zone in which the desk reads dates without one (`TIME_ZONE`)."""
    return ZoneInfo(settings.TIME_ZONE)


def date_of(text: str) -> ReadDate:
    """Read an EDTF date or time.

    Raises:
        Refusal: the text is no such date.
    """
    return read_date(text, desk_zone())
