"""Words of others: isolated, escaped, and passages marked in a text however they overlap."""

import html
import re

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from claims.templatetags.texts import LANES, diff_words, marked_paragraphs, prose, quote, web_address, worded
from claims.wording import isolated as isolated_text
from claims.wording import word_date

HOSTILE = '</p><script>alert("x")</script>\u202e'


def words_of(markup: str) -> str:
    """The text of the markup, without the numbers of passages."""
    return html.unescape(re.sub("<[^>]+>", "", re.sub(r'<a class="passage-number".*?</a>', "", markup)))


def test_words_in_a_line_are_isolated() -> None:
    shown = Template("{% load texts %}{% isolated text 'ar' %}").render(Context({"text": HOSTILE}))
    assert shown.startswith('<bdi lang="ar">&lt;/p&gt;')
    assert "<script" not in shown


def test_prose_is_a_paragraph_a_line_each_in_its_own_direction() -> None:
    assert prose("one\n\n  \nاثنان", "ar", "lead") == (
        '<p class="words lead" dir="auto" lang="ar">one</p><p class="words lead" dir="auto" lang="ar">اثنان</p>'
    )
    assert prose("") == ""
    assert "<script" not in prose(HOSTILE)


def test_worded_answers_have_the_direction_of_the_interface() -> None:
    assert worded("not هدنة") == '<bdi dir="ltr">not هدنة</bdi>'
    with override("ar"):
        assert worded("not هدنة") == '<bdi dir="rtl">not هدنة</bdi>'
    assert "<script" not in worded(HOSTILE)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://example.org/a?b", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:///nowhere", False),
        ("https://[", False),
        ("", False),
        (None, False),
    ],
)
def test_browsers_are_sent_to_web_addresses_only(address: str, allowed: bool) -> None:
    assert web_address(address) == (address if allowed else "")


def test_a_quote_marks_its_words_within_those_around_them() -> None:
    shown = quote("اتفاق أولي", "قال إن ", " تم", language="ar", index=1, url="/sources/1/#passage-1")
    assert words_of(shown) == "قال إن اتفاق أولي تم"
    # The block is the page's, so that its line is where the page begins; the words have a direction of their own.
    assert shown.startswith('<blockquote class="quote"><p class="words" dir="auto" lang="ar">')
    assert '<a class="quote-link" href="/sources/1/#passage-1"><mark class="marked position-b">' in shown
    assert quote("") == ""
    assert "<script" not in quote(HOSTILE, HOSTILE, HOSTILE)


def test_a_date_as_written_is_not_broken_at_its_hyphens() -> None:
    assert worded(word_date("2015-12-01~")) == (
        '<bdi dir="ltr">about 1 December 2015 (<span class="unbroken">\u20682015-12-01~\u2069</span>)</bdi>'
    )
    assert worded(f"{isolated_text('<b>')} and {isolated_text('300')}").count("unbroken") == 0
    assert "&lt;b&gt;" in worded(isolated_text("<b>"))


def test_differences_are_marked_by_more_than_colour() -> None:
    shown = diff_words([("same", "A "), ("removed", "<b>"), ("added", "word")])
    assert shown == 'A <del class="diff">&lt;b&gt;</del><ins class="diff">word</ins>'


# --- Passages in a text ----------------------------------------------------------------------------------------------


def test_a_passage_is_marked_numbered_and_given_to_its_paragraph() -> None:
    first, second = marked_paragraphs("ab cd\n\nef gh", [{"start": 7, "end": 9, "index": 2}, {"start": 3, "end": 5}])
    assert first.html == (
        'ab <a class="passage-number" id="passage-1" href="#claims-1" title="Passage 1: to its claims">1</a>'
        '<mark class="marked lane-1 position-none">cd</mark>'
    )
    assert [placed.number for placed in first.passages] == [1]
    assert '<mark class="marked lane-1 position-c">ef</mark> gh' in second.html
    assert [placed.number for placed in second.passages] == [2]


def test_overlapping_passages_run_in_lanes_of_their_own() -> None:
    (paragraph,) = marked_paragraphs("abcdef", [{"start": 0, "end": 4, "index": 0}, {"start": 2, "end": 6, "index": 1}])
    assert (
        '<mark class="marked lane-2 position-b"><mark class="marked lane-1 position-a">cd</mark></mark>'
        '<mark class="marked lane-2 position-b">ef</mark>'
    ) in paragraph.html


def test_a_passage_over_two_paragraphs_is_marked_in_both_and_listed_in_the_first() -> None:
    first, second = marked_paragraphs("abc\ndef", [{"start": 1, "end": 6}])
    assert ">bc</mark>" in first.html
    assert second.html == '<mark class="marked lane-1 position-none">de</mark>f'
    assert [len(paragraph.passages) for paragraph in (first, second)] == [1, 0]


def test_an_altered_passage_is_marked_as_such() -> None:
    (paragraph,) = marked_paragraphs("abc", [{"start": 0, "end": 3, "altered": True}])
    assert "marked-altered" in paragraph.html


@pytest.mark.parametrize("span", [(0, 0), (2, 1), (-1, 2), (2, 4), (None, None)])
def test_what_is_not_in_the_text_is_not_marked(span: tuple[int | None, int | None]) -> None:
    (paragraph,) = marked_paragraphs("abc", [{"start": span[0], "end": span[1]}])
    assert paragraph.html == "abc"
    assert paragraph.passages == ()


def test_a_hostile_text_is_escaped_piece_by_piece() -> None:
    text = "<b>&amp;</b>"
    (paragraph,) = marked_paragraphs(text, [{"start": 1, "end": 5}, {"start": 4, "end": 9}])
    assert words_of(paragraph.html) == text
    assert "<b>" not in paragraph.html


TEXTS = st.text(st.sampled_from("ab<&\n\r\u2028 ءشـ\u064b\U0001f600"), min_size=1, max_size=40)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6))
def test_no_character_is_lost_or_added_and_each_passage_is_marked_where_it_lies(
    text: str, spans: list[tuple[int, int]]
) -> None:
    passages = [{"start": start, "end": end} for start, end in spans]
    paragraphs = marked_paragraphs(text, passages)
    lines = [line.rstrip("\r\n") for line in text.splitlines(keepends=True) if line.strip()]
    assert [words_of(paragraph.html) for paragraph in paragraphs] == lines
    inside = sorted(((start, end) for start, end in spans if start < end <= len(text)), key=lambda s: (s[0], -s[1]))
    listed = [(placed.start, placed.end) for paragraph in paragraphs for placed in paragraph.passages]
    assert listed == inside[: len(listed)]
    assert all(not text[start:].strip() for start, _ in inside[len(listed) :])
    assert all(1 <= placed.lane <= LANES for paragraph in paragraphs for placed in paragraph.passages)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=8))
def test_passages_share_a_lane_only_beyond_the_last(spans: list[tuple[int, int]]) -> None:
    passages = [{"start": start, "end": start + length} for start, length in spans]
    (paragraph,) = marked_paragraphs("x" * 40, passages)
    for one in paragraph.passages:
        for other in paragraph.passages:
            if one.number < other.number and other.start < one.end and one.lane == other.lane:
                assert one.lane == LANES
