"""The moment that a page is read of: for its banner, and for what only the present has."""

from dataclasses import dataclass
from datetime import timedelta

from django import template
from django.conf import settings
from django.utils import timezone

from claims.queries.recorded import past
from claims.wording import isolated, word_date

register = template.Library()


@dataclass(frozen=True, slots=True)
class ShownPast:
    """The moment as asked for and in words, by the clocks of `zone`; `whole` where a day or more was asked for."""

    written: str
    worded: str
    zone: str
    whole: bool


@register.simple_tag
def moment_read() -> ShownPast | None:
    """The moment that the page is read of; None in the present."""
    then = past()
    if then is None:
        return None
    whole = "T" not in then.written
    last = timezone.localtime(then.until - timedelta(microseconds=1))
    worded = word_date(then.written if whole else f"{last:%Y-%m-%dT%H:%M:%S}")
    return ShownPast(then.written, worded, isolated(settings.TIME_ZONE), whole)
