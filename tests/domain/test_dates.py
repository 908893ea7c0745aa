"""Dates as written: their days, their moment in the desk's zone, their bounds, and how others are refused."""

from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claims.domain.dates import MOST_CHARACTERS, ReadDate, read_date
from claims.domain.edtf import FIRST_DAY, LAST_DAY, MOST_STRETCHES
from claims.domain.refusals import Refusal
from claims.domain.values import Moment

UTC_ZONE = ZoneInfo("UTC")
DAMASCUS = ZoneInfo("Asia/Damascus")
ZONES = [
    DAMASCUS,  # clocks are changed at midnight
    UTC_ZONE,
    *map(
        ZoneInfo,
        [
            "Africa/Cairo",
            "America/Sitka",  # moved across the date line in 1867: a day twice as long
            "America/St_Johns",  # clocks went back at one minute past midnight
            "America/Toronto",  # clocks went over midnight in 1919
            "Asia/Kathmandu",
            "Etc/GMT+12",
            "Pacific/Apia",  # has no 2011-12-30
            "Pacific/Kiritimati",
        ],
    ),
]
DAY = 86_400


def days(text: str) -> list[tuple[str, str]]:
    """The stretches of days in ISO 8601."""
    return [
        (date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat())
        for first, last in read_date(text, UTC_ZONE).date.days
    ]


def utc(moment: Moment) -> tuple[str, str]:
    beginning = datetime(1, 1, 1, tzinfo=UTC)
    begin, end = (beginning + timedelta(seconds=second) for second in (moment.begin, moment.end))
    return begin.isoformat().removesuffix("+00:00"), end.isoformat().removesuffix("+00:00")


def refusal(text: str, zone: ZoneInfo = UTC_ZONE) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_date(text, zone)
    return caught.value


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015", "2015-01-01", "2015-12-31"),
        ("2015-12", "2015-12-01", "2015-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2015-12-05", "2015-12-05", "2015-12-05"),
        (" 2015-12-05\n", "2015-12-05", "2015-12-05"),
        ("٢٠١٥-١٢-٠٥", "2015-12-05", "2015-12-05"),
        ("۲۰۱۵-۱۲-۰۵", "2015-12-05", "2015-12-05"),
        ("\u200f2015-12\u200e-05\u202c", "2015-12-05", "2015-12-05"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("0XXX", "0001-01-01", "0999-12-31"),
        ("XXXX", "0001-01-01", "9999-12-31"),
        ("2015-XX", "2015-01-01", "2015-12-31"),
        ("2015-1X", "2015-10-01", "2015-12-31"),
        ("2015-12-XX", "2015-12-01", "2015-12-31"),
        ("2015-XX-XX", "2015-01-01", "2015-12-31"),
        ("2015-12-1X", "2015-12-10", "2015-12-19"),
        ("2015-02-2X", "2015-02-20", "2015-02-28"),
        ("2012-24", "2012-12-01", "2013-02-28"),
        ("2011-28", "2011-12-01", "2012-02-29"),
        ("9999-24", "9999-12-01", "9999-12-31"),
        ("9999-05", "9999-05-01", "9999-05-31"),
        ("2014-05-01/2014-05-10", "2014-05-01", "2014-05-10"),
        ("2014/2015-06", "2014-01-01", "2015-06-30"),
        ("2014-05-01/2014-05-XX", "2014-05-01", "2014-05-31"),
        ("2014/2014-XX", "2014-01-01", "2014-12-31"),
        ("2014-06/2014-XX", "2014-06-01", "2014-12-31"),
        ("2014-06/2014-XX-05", "2014-06-01", "2014-12-05"),
        ("2012-24/2013-21", "2012-12-01", "2013-05-31"),
        ("../2015", "0001-01-01", "2015-12-31"),
        ("/2015", "0001-01-01", "2015-12-31"),
        ("2015-12/..", "2015-12-01", "9999-12-31"),
        ("2015-12/", "2015-12-01", "9999-12-31"),
        ("../..", "0001-01-01", "9999-12-31"),
        ("[2014-05-01..2014-05-10]", "2014-05-01", "2014-05-10"),
        ("[..2014]", "0001-01-01", "2014-12-31"),
        ("{2014..}", "2014-01-01", "9999-12-31"),
        ("[2014,2015]", "2014-01-01", "2015-12-31"),
        (f"[2015-12?,{'2015,' * 97}2015]", "2015-01-01", "2015-12-31"),  # as long as may be
        ("[2016,2014,2015]", "2014-01-01", "2016-12-31"),
        ("[2014,2014-05]", "2014-01-01", "2014-12-31"),
    ],
)
def test_one_stretch(text: str, first: str, last: str) -> None:
    assert days(text) == [(first, last)]


def test_every_season_and_part_of_a_year() -> None:
    northern = ["03-01 05-31", "06-01 08-31", "09-01 11-30", "12-01 02-28"]
    southern = [*northern[2:], *northern[:2]]
    quarters = ["01-01 03-31", "04-01 06-30", "07-01 09-30", "10-01 12-31"]
    thirds_and_halves = ["01-01 04-30", "05-01 08-31", "09-01 12-31", "01-01 06-30", "07-01 12-31"]
    expected = dict(enumerate([*northern, *northern, *southern, *quarters, *thirds_and_halves], 21))
    stretches = {code: days(f"2013-{code}") for code in expected}
    assert {code: f"{first[5:]} {last[5:]}" for code, [(first, last)] in stretches.items()} == expected
    assert {first[:4] for [(first, _)] in stretches.values()} == {"2013"}


def test_several_stretches() -> None:
    assert days("2004-XX-31") == [
        (f"2004-{month}-31", f"2004-{month}-31") for month in ("01", "03", "05", "07", "08", "10", "12")
    ]
    assert days("201X-02-29") == [("2012-02-29", "2012-02-29"), ("2016-02-29", "2016-02-29")]
    assert days("2015-XX-3X")[:2] == [("2015-01-30", "2015-01-31"), ("2015-03-30", "2015-03-31")]
    assert days("[2015-12-05,2015-12-07]") == [("2015-12-05", "2015-12-05"), ("2015-12-07", "2015-12-07")]
    assert days("{2015-12-05,2014..2014-02,2015-12-06,2016}") == [
        ("2014-01-01", "2014-02-28"),
        ("2015-12-05", "2015-12-06"),
        ("2016-01-01", "2016-12-31"),
    ]


@pytest.mark.parametrize(
    "text",
    ["2004-06?", "2004-06~", "2004-06%", "?2004-06", "2004~-06", "2004-~06", "~2004-?06", "2004~/2005", "[2004,2005?]"],
)
def test_a_qualifier_marks_a_date_as_about_and_widens_nothing(text: str) -> None:
    plain = text.translate(dict.fromkeys(map(ord, "?~%")))
    assert read_date(text, DAMASCUS).date.about
    assert not read_date(plain, DAMASCUS).date.about
    assert read_date(text, DAMASCUS).date.days == read_date(plain, DAMASCUS).date.days
    assert read_date(text, DAMASCUS).moment == read_date(plain, DAMASCUS).moment


def test_the_text_is_kept_as_written() -> None:
    assert read_date("  ٢٠١٥-١٢~ ", UTC_ZONE).text == "٢٠١٥-١٢~"


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2015-12-05", "2015-12-04T22:00:00", "2015-12-05T22:00:00"),
        ("2015-12-05T14:30", "2015-12-05T12:30:00", "2015-12-05T12:31:00"),
        ("2015-12-05T14:30:07", "2015-12-05T12:30:07", "2015-12-05T12:30:08"),
        ("2015-12-05T14:30Z", "2015-12-05T14:30:00", "2015-12-05T14:31:00"),
        ("2015-12-05T14:30:00Z", "2015-12-05T14:30:00", "2015-12-05T14:30:01"),
        ("2015-12-05T14:30+03:00", "2015-12-05T11:30:00", "2015-12-05T11:31:00"),
        ("2015-12-05T14:30-03", "2015-12-05T17:30:00", "2015-12-05T17:31:00"),
        ("2015-12-05T00:00+23:59", "2015-12-04T00:01:00", "2015-12-04T00:02:00"),
        ("2015-12-05T14:30+05:45", "2015-12-05T08:45:00", "2015-12-05T08:46:00"),
        # Clocks were put forward at midnight, and back again at midnight: days of 23 and 25 hours.
        ("2015-03-27", "2015-03-26T22:00:00", "2015-03-27T21:00:00"),
        ("2015-10-29", "2015-10-28T21:00:00", "2015-10-29T22:00:00"),
        ("2015", "2014-12-31T22:00:00", "2015-12-31T22:00:00"),
        ("{2015-01-01,2015-12-31}", "2014-12-31T22:00:00", "2015-12-31T22:00:00"),
        # The clocks showed this time twice: it is somewhere from the first to the end of the second.
        ("2015-10-29T23:30", "2015-10-29T20:30:00", "2015-10-29T21:31:00"),
    ],
)
def test_moments_in_the_zone_of_the_desk(text: str, begin: str, end: str) -> None:
    assert utc(read_date(text, DAMASCUS).moment) == (begin, end)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015-12-05T23:30", "2015-12-05"),
        ("2015-12-05T23:30Z", "2015-12-06"),
        ("2015-12-05T00:30+05:00", "2015-12-04"),
    ],
)
def test_a_time_has_the_day_of_the_desks_calendar(text: str, day: str) -> None:
    ordinal = date.fromisoformat(day).toordinal()
    assert read_date(text, DAMASCUS).date.days == ((ordinal, ordinal),)


def test_moments_reach_beyond_what_datetime_holds() -> None:
    west, east = ZoneInfo("Etc/GMT+12"), ZoneInfo("Etc/GMT-14")
    last_begin = (LAST_DAY - 1) * DAY
    assert read_date("9999-12-31", west).moment == Moment(last_begin + 12 * 3600, last_begin + 36 * 3600)
    assert read_date("0001-01-01", east).moment == Moment(-14 * 3600, 10 * 3600)
    assert read_date("0001-01-01T00:00:00+14:00", east).moment == Moment(-14 * 3600, 1 - 14 * 3600)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "../..", "0001-01-01T00:00", "9999-12-31T23:59:59"])
def test_bounds_of_the_first_and_last_days_can_be_shown_in_every_zone(text: str, zone: ZoneInfo) -> None:
    begin, end = read_date(text, zone).bounds()
    assert begin < end
    assert begin.tzinfo is end.tzinfo is UTC
    for shown_in in ZONES:
        assert begin.astimezone(shown_in) < end.astimezone(shown_in)


def test_bounds_stay_a_day_inside_what_datetime_holds() -> None:
    ends = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert read_date("../..", DAMASCUS).bounds() == ends
    assert read_date("0001-01-01T12:00", UTC_ZONE).bounds() == (ends[0], ends[0] + second)
    assert read_date("9999-12-31T12:00", UTC_ZONE).bounds() == (ends[1] - second, ends[1])


def test_bounds_are_the_moment() -> None:
    assert read_date("2015-12-05", DAMASCUS).bounds() == (
        datetime(2015, 12, 4, 22, tzinfo=UTC),
        datetime(2015, 12, 5, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "empty_date", {}),
        (" \u200f", "empty_date", {}),
        (f"[2015-12??,{'2015,' * 97}2015]", "long_date", {"most": "500"}),
        ("2015-02-30", "impossible_date", {"part": "2015-02-30", "field": "day", "written": "30", "most": "28"}),
        ("2016-02-30", "impossible_date", {"field": "day", "least": "1", "most": "29"}),
        ("[2014,2015-06-31]", "impossible_date", {"text": "[2014,2015-06-31]", "part": "2015-06-31", "most": "30"}),
        ("2015-00-05", "impossible_date", {"field": "month", "written": "00", "least": "1", "most": "12"}),
        ("2015-13", "impossible_date", {"field": "month", "written": "13"}),
        ("2015-21-05", "impossible_date", {"field": "month", "written": "21"}),
        ("2015-42", "impossible_date", {"field": "month", "written": "42"}),
        ("2015-12-32", "impossible_date", {"field": "day", "most": "31"}),
        ("2015-02-3X", "impossible_date", {"field": "day", "written": "3X", "most": "28"}),
        ("2015-12-05T24:00", "impossible_date", {"field": "hour", "written": "24", "least": "0", "most": "23"}),
        ("2015-12-05T23:60", "impossible_date", {"field": "minute", "written": "60"}),
        ("2015-12-05T23:59:60", "impossible_date", {"field": "second", "most": "59"}),
        ("2015-12-05T23:59+24:00", "impossible_date", {"field": "zone", "written": "+24:00"}),
        ("0000", "year_out_of_range", {"part": "0000"}),
        ("-0044-03-15", "year_out_of_range", {"part": "-0044-03-15"}),
        ("12015", "year_out_of_range", {}),
        ("Y12015", "year_out_of_range", {}),
        ("9999-12-31T23:30-12:00", "year_out_of_range", {}),
        ("2015/2014", "inverted_dates", {"part": "2015/2014", "first": "2015", "last": "2014"}),
        ("[2013,2015..2014]", "inverted_dates", {"part": "2015..2014"}),
        ("2014-06-11/2014-06", "inverted_dates", {}),
        ("2014-12-02/2014-XX", "inverted_dates", {}),
        ("2015-12-05T14:30/2015-12-06", "time_in_range", {}),
        ("[2015-12-05T14:30Z,2015-12-06]", "time_in_range", {}),
        ("XXXX-12-25", "scattered_date", {"most": str(MOST_STRETCHES)}),
        ("/", "unreadable_date", {}),
        ("[]", "unreadable_date", {}),
        ("[..]", "unreadable_date", {"part": ".."}),
        ("[2014,]", "unreadable_date", {"text": "[2014,]", "part": ""}),
        ("[2014/2015]", "unreadable_date", {"part": "2014/2015", "instead": ""}),
        ("2014..2015/2016", "unreadable_date", {"part": "2014..2015"}),
        ("199x", "unreadable_date", {"instead": "199X"}),
        ("2015/12/5", "unreadable_date", {"instead": "2015-12-05"}),
        ("2015.12.05", "unreadable_date", {"instead": "2015-12-05"}),
        ("2015-12-5", "unreadable_date", {"instead": "2015-12-05"}),
        ("2015–12–05", "unreadable_date", {"instead": "2015-12-05"}),
        ("20151205", "unreadable_date", {"instead": "2015-12-05"}),
        ("2014-2015", "unreadable_date", {"instead": "2014/2015"}),
        ("2014-05-01..2014-05-10", "unreadable_date", {"instead": "[2014-05-01..2014-05-10]"}),
        ("800", "unreadable_date", {"instead": "0800"}),
        ("2015؟", "unreadable_date", {"instead": "2015?"}),
        ("05/12/2015", "unreadable_date", {"instead": ""}),  # May or December: nobody but the writer knows
        ("2015\u00ad", "unreadable_date", {"part": "2015\N{REPLACEMENT CHARACTER}"}),
        ("2015-12-05T14:30:00.5Z", "unreadable_time", {"instead": "2015-12-05T14:30:00Z"}),
        ("2015-12-05T14:30~", "unreadable_time", {"instead": "2015-12-05~"}),
        ("2015-12-05T1430", "unreadable_time", {"instead": ""}),
        ("2015-12-05 14:30", "spaced_date", {"instead": "2015-12-05T14:30"}),
        ("[2014, 2015]", "spaced_date", {"instead": "[2014,2015]"}),
        ("the day before", "spaced_date", {"instead": ""}),
        ("5 December 2015", "month_by_name", {"part": "December", "month": "12", "instead": "2015-12-05"}),
        ("Dec 2015", "month_by_name", {"part": "Dec", "instead": "2015-12"}),
        ("٥ كَانُون الأوَّل ٢٠١٥", "month_by_name", {"part": "كانون الأول", "instead": "2015-12-05"}),
        ("اغسطس 2015", "month_by_name", {"part": "أغسطس", "instead": "2015-08"}),
        ("31 June 2015", "month_by_name", {"month": "6", "instead": ""}),
        ("Mayhem 2015", "spaced_date", {}),
    ],
)
def test_refusals_say_what_is_wrong_and_where(text: str, code: str, values: dict[str, str]) -> None:
    refused = refusal(text)
    assert (refused.code, {**refused.values, **values}) == (code, dict(refused.values))


def test_a_time_that_the_clocks_jumped_over_is_refused() -> None:
    refused = refusal("2015-03-27T00:30", DAMASCUS)
    assert (refused.code, refused.values["zone"]) == ("skipped_time", "Asia/Damascus")
    assert refusal("2011-12-30", ZoneInfo("Pacific/Apia")).code == "skipped_time"
    assert read_date("2015-03-27T00:30Z", DAMASCUS).moment.begin % DAY == 1800


# --- properties ---

ordinary_days = st.dates(max_value=date(9999, 12, 30))
zones = st.sampled_from(ZONES)
qualifiers = st.sampled_from(["", "", "?", "~", "%"])
DAYS_OF_A_CENTURY = {
    day: date.fromordinal(day).isoformat() for day in range(date(1900, 1, 1).toordinal(), date(2000, 1, 1).toordinal())
}
masked_digits = st.sampled_from(["0", "1", "2", "3", "9", "X"])


@st.composite
def simple_dates(draw: st.DrawFn) -> str:
    """A year, month or day, perhaps qualified, some digits perhaps unspecified; not every one exists."""
    parts = draw(st.dates()).isoformat().split("-")[: draw(st.integers(1, 3))]
    if draw(st.booleans()):
        place = draw(st.integers(0, len(parts) - 1))
        parts[place] = parts[place][:-1] + draw(masked_digits)
    return "-".join(parts) + draw(qualifiers)


ranges = st.tuples(simple_dates() | st.just(""), simple_dates() | st.just(""))
written_dates = st.one_of(
    simple_dates(),
    ranges.map("/".join),
    st.lists(simple_dates() | ranges.map("..".join), min_size=1, max_size=4).map(",".join).map("[{}]".format),
    st.datetimes().map(lambda moment: moment.isoformat(timespec="minutes")),
)


def read_or_refused(text: str, zone: ZoneInfo) -> ReadDate | Refusal:
    try:
        return read_date(text, zone)
    except Refusal as refused:
        return refused


@given(written_dates, zones)
def test_days_are_ascending_disjoint_and_inside_the_moment(text: str, zone: ZoneInfo) -> None:
    read = read_or_refused(text, zone)
    assume(isinstance(read, ReadDate))
    assert isinstance(read, ReadDate)
    assert read.date.days
    assert all(first <= last for first, last in read.date.days)
    assert all(left[1] + 1 < right[0] for left, right in zip(read.date.days, read.date.days[1:], strict=False))
    assert read.date.days[0][0] >= FIRST_DAY
    assert read.date.days[-1][1] <= LAST_DAY
    assert read.moment.begin < read.moment.end
    if "T" not in text:
        edges = [read_date(date.fromordinal(day).isoformat(), zone).moment for day in outer_days(read.date.days)]
        assert (edges[0].begin, edges[-1].end) == (read.moment.begin, read.moment.end)


def outer_days(stretches: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    # Without the one day that Apia never had, which is refused when it stands alone.
    skipped = date(2011, 12, 30).toordinal()
    first, last = stretches[0][0], stretches[-1][1]
    return first + (first == skipped), last - (last == skipped)


@given(ordinary_days, zones)
def test_a_day_ends_where_the_next_one_begins(day: date, zone: ZoneInfo) -> None:
    assume(abs(day - date(2011, 12, 30)) > timedelta(days=1))
    today, tomorrow = (read_date((day + timedelta(days=more)).isoformat(), zone) for more in (0, 1))
    assert today.moment.end == tomorrow.moment.begin


@given(st.datetimes(timezones=st.just(UTC)), zones)
def test_a_time_has_the_day_that_the_clocks_of_the_zone_show(moment: datetime, zone: ZoneInfo) -> None:
    assume(datetime(1, 1, 3, tzinfo=UTC) < moment < datetime(9999, 12, 29, tzinfo=UTC))
    read = read_date(moment.isoformat(timespec="seconds").replace("+00:00", "Z"), zone)
    assert read.moment.end - read.moment.begin == 1
    assert read.bounds()[0] == moment.replace(microsecond=0)
    shown = moment.astimezone(zone).toordinal()
    assert read.date.days == ((shown, shown),)


@given(
    st.tuples(masked_digits, masked_digits).map(lambda digits: "19" + "".join(digits)),
    st.tuples(st.sampled_from("01X"), masked_digits).map("".join),
    st.tuples(st.sampled_from("0123X"), masked_digits).map("".join),
)
def test_unspecified_digits_leave_the_days_that_fit(year: str, month: str, day: str) -> None:
    pattern = f"{year}-{month}-{day}"
    fitting = [day for day in DAYS_OF_A_CENTURY if fnmatchcase(DAYS_OF_A_CENTURY[day], pattern.replace("X", "?"))]
    outcome = read_or_refused(pattern, UTC_ZONE)
    if isinstance(outcome, Refusal):
        reasons = {"scattered_date"} if fitting else {"impossible_date"}
        assert outcome.code in reasons
    else:
        assert [day for first, last in outcome.date.days for day in range(first, last + 1)] == fitting


hostile = st.text(st.sampled_from("0123456789X-/[],{}.~?%T:Z+ ٠٥۹\u200f\u202e🏳️\ud800\0") | st.characters(), max_size=30)


@given(hostile | st.tuples(written_dates, hostile).map("".join), zones)
def test_anything_else_is_refused_and_never_breaks(text: str, zone: ZoneInfo) -> None:
    outcome = read_or_refused(text, zone)
    if isinstance(outcome, Refusal):
        assert "\0" not in str(outcome).encode().decode()
        instead = outcome.values.get("instead")
        assert not instead or read_date(instead, UTC_ZONE).date.days
    else:
        assert outcome.text == text.strip()
        assert len(outcome.date.days) <= MOST_STRETCHES


@pytest.mark.parametrize("filling", ["X", "0", "[", "2", "2015-", "XXXX-XX-XX,", "[XXXX-XX-", " ", "a", "T", "٠"])
def test_the_longest_texts_are_answered_at_once(filling: str) -> None:
    text = (filling * MOST_CHARACTERS)[:MOST_CHARACTERS]
    started = datetime.now(tz=UTC)
    for each in (text, f"[{text[:-2]}]"):
        with pytest.raises(Refusal):
            read_date(each, UTC_ZONE)
    assert datetime.now(tz=UTC) - started < timedelta(seconds=2)
