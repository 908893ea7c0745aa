"""EDTF text -> days and moment: what a date says, in days for comparing and in seconds for ordering.

A date, and a time without a zone, is read in the desk's zone (rule 6). The grammar is that of
`claims.domain.edtf`; what it refuses is refused here with the whole text as the value `text` and, where one
can be told, `instead`: the same date in a form that is read. Refusals of this module's own:

==============  ======================================================================================
code            values
==============  ======================================================================================
empty_date      -
long_date       text, most: longer than `most` characters
spaced_date     text, instead: white space inside
month_by_name   text, part (the name), month (its number), instead
skipped_time    text, zone: the desk's clocks were put forward over this time, or this whole day
==============  ======================================================================================
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from claims.domain.date_advice import advised
from claims.domain.edtf import FIRST_DAY, LAST_DAY, Stretch, Time, read_days
from claims.domain.folding import fold
from claims.domain.refusals import Refusal
from claims.domain.values import Date, Moment

MOST_CHARACTERS = 500
SECONDS_OF_A_DAY = 86_400

_EARLIEST = SECONDS_OF_A_DAY
_LATEST = (LAST_DAY - 1) * SECONDS_OF_A_DAY
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_QUALIFIERS = frozenset("?~%")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as written (trimmed), its days in the desk's zone, and its whole extent in seconds.

    A date-time has the day on which the desk's calendar stood; its moment is that minute or second.
    """

    text: str
    date: Date
    moment: Moment

    def bounds(self) -> tuple[datetime, datetime]:
        """The moment as UTC datetimes for database columns: from, and until, which is not included.

        They stay a day inside what `datetime` can hold, so that any zone can show them; they are never equal.
        """
        return _bounds(self.moment.begin, self.moment.end)


@lru_cache(maxsize=4096)
def _bounds(begin: int, end: int) -> tuple[datetime, datetime]:
    begin = min(max(begin, _EARLIEST), _LATEST - 1)
    end = min(max(end, begin + 1), _LATEST)
    return _BEGINNING + timedelta(seconds=begin), _BEGINNING + timedelta(seconds=end)


@lru_cache(maxsize=4096)
def read_date(text: str, zone: ZoneInfo) -> ReadDate:
    """Read an EDTF date as written. `zone` is the desk's. Raises `Refusal`, see the module's table."""
    folded = fold(text)
    if not folded:
        raise Refusal("empty_date")
    if len(folded) > MOST_CHARACTERS:
        raise Refusal("long_date", {"text": folded, "most": str(MOST_CHARACTERS)})
    try:
        days = read_days(folded)
        moment = _of_time(days, zone) if isinstance(days, Time) else _of_days(days, zone)
        if isinstance(days, Time):
            days = _days_of(moment, zone, folded)
    except Refusal as refusal:
        raise advised(refusal, folded) from None
    return ReadDate(text.strip(), Date(days, about=not _QUALIFIERS.isdisjoint(folded)), moment)


def _of_days(days: tuple[Stretch, ...], zone: ZoneInfo) -> Moment:
    """From the first midnight to the one after the last day."""
    moment = Moment(_midnight(days[0][0], zone), _midnight(days[-1][1] + 1, zone))
    if moment.begin >= moment.end:
        raise Refusal("skipped_time", {"zone": str(zone)})
    return moment


def _midnight(day: int, zone: ZoneInfo) -> int:
    """The second at which a day begins; `day` may be the one after 9999-12-31.

    A midnight that the clocks jump over is read by the clock before the jump; of two the first is taken.
    """
    local = datetime.fromordinal(min(day, LAST_DAY))
    if day > LAST_DAY:
        local += timedelta(seconds=SECONDS_OF_A_DAY - 1)
    return (day - FIRST_DAY) * SECONDS_OF_A_DAY - _offset(local, zone)


def _of_time(time: Time, zone: ZoneInfo) -> Moment:
    """The minute or second; where the desk's clocks showed it twice, from the first to the second one's end."""
    second = (time.day - FIRST_DAY) * SECONDS_OF_A_DAY + time.second
    if time.offset is not None:
        return Moment(second - time.offset, second - time.offset + time.length)
    local = datetime.fromordinal(time.day) + timedelta(seconds=time.second)
    first = second - _offset(local, zone)
    again = second - _offset(local.replace(fold=1), zone)
    if again < first:
        raise Refusal("skipped_time", {"zone": str(zone)})
    return Moment(first, again + time.length)


def _days_of(moment: Moment, zone: ZoneInfo, text: str) -> tuple[Stretch, ...]:
    """The day of the desk's calendar in which a minute or second lies, or two where it lies in both."""
    first, last = sorted(_day_at(second, zone) for second in (moment.begin, moment.end - 1))
    if first < FIRST_DAY or last > LAST_DAY:
        raise Refusal("year_out_of_range", {"part": text})
    return ((first, last),)


def _day_at(second: int, zone: ZoneInfo) -> int:
    instant = _BEGINNING + timedelta(seconds=min(max(second, _EARLIEST), _LATEST))
    return (second + _offset(instant.astimezone(zone), zone)) // SECONDS_OF_A_DAY + FIRST_DAY


def _offset(local: datetime, zone: ZoneInfo) -> int:
    """Seconds east of Greenwich on the clocks of a zone that show `local`."""
    offset = local.replace(tzinfo=zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
