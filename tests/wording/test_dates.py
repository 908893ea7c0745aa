"""EDTF dates in words, and as written where words would say less."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from claims.wording import isolated, plain, word_date
from claims.wording.dates import is_qualified


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2015-12-05", "5 December 2015"),
        ("2015-12", "December 2015"),
        ("2015", "2015"),
        ("0622", "622"),
        ("٢٠١٥-١٢-٠٥", "5 December 2015"),
        ("2015-12-01~", "about 1 December 2015 (2015-12-01~)"),
        ("2015-12?", "perhaps December 2015 (2015-12?)"),
        ("2015%", "perhaps about 2015 (2015%)"),
        ("2015-~12-05", "about 5 December 2015 (2015-~12-05)"),
        ("201X", "2010 to 2019"),
        ("20XX", "2000 to 2099"),
        ("2015-12-XX", "December 2015, day not stated"),
        ("2015-XX", "2015, month not stated"),
        ("2015-XX-XX", "2015, month not stated"),
        ("2015-21", "spring 2015"),
        ("2015-24", "winter 2015–2016"),
        ("2015-30", "southern summer 2015–2016"),
        ("2015-33", "first quarter of 2015"),
        ("2015-41", "second half of 2015"),
        ("2015-12-05T14:30", "5 December 2015, 14:30"),
        ("2015-12-05T14:30:10Z", "5 December 2015, 14:30:10 UTC"),
        ("2015-12-05T14:30+03:00", "5 December 2015, 14:30 UTC+03:00"),
        ("2015-12-05/2016-01", "5 December 2015 to January 2016"),
        ("2015-12-05/..", "from 5 December 2015 on"),
        ("../2015-12-05", "until 5 December 2015"),
        ("2015-12-05/", "from 5 December 2015, end not known"),
        ("/2015-12-05", "until 5 December 2015, beginning not known"),
        ("2015~/2016", "about 2015 to 2016 (2015~/2016)"),
        ("[2014-05-01..2014-05-10]", "some time from 1 May 2014 to 10 May 2014"),
        ("[2014,2015-02,2016]", "2014, February 2015 or 2016"),
        ("[..2014]", "until 2014"),
        ("{2014,2015-02}", "2014 and February 2015"),
        ("{2014..2016}", "2014 to 2016"),
    ],
)
def test_is_worded_as(written: str, words: str) -> None:
    assert plain(word_date(written)) == words


@pytest.mark.parametrize(
    "written",
    ["2015-1X", "19XX-12-25", "1X15", "2015-XX-05", "2015-12-0X", "XXXX", "2015-45", "{19XX-12,2015}", "../..", "soon"],
)
def test_is_shown_as_written(written: str) -> None:
    assert word_date(written) == isolated(written)


def test_nothing_written_has_no_words() -> None:
    assert word_date("") == ""


def test_what_is_written_keeps_its_direction() -> None:
    assert word_date("2015-12~").endswith(f"({isolated('2015-12~')})")


def test_months_are_named_in_the_language_of_the_reader() -> None:
    with translation.override("ar"):
        assert "ديسمبر" in word_date("2015-12-05")


@pytest.mark.parametrize(
    ("written", "qualified"), [("2015~", True), ("2015?/2016", True), ("%2015", True), ("2015", False)]
)
def test_is_qualified(written: str, qualified: bool) -> None:
    assert is_qualified(written) is qualified


@given(st.text(alphabet="0123456789X-/~?%.,[]{}TZ:+", max_size=30))
def test_no_text_stops_it(written: str) -> None:
    assert plain(word_date(written)) or not written.strip()
