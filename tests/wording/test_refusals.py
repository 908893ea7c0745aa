"""Refusals tell a person what is wrong, in which piece, and what to write instead."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.identity import CircleError, canonical, circle_in
from claims.domain.notation import read_answer
from claims.domain.refusals import Refusal
from claims.domain.values import Agent, Key
from claims.domain.vocabulary import AnswerKind
from claims.text.decoding import Encoding, decode
from claims.text.refusals import TextRefusal
from claims.wording import plain, word_circle, word_refusal
from claims.wording.refusals import Relation

CAIRO = ZoneInfo("Africa/Cairo")


def refused(kind: AnswerKind, text: str) -> str:
    """The sentence with which an answer is refused."""
    with pytest.raises(Refusal) as caught:
        read_answer(kind, text, CAIRO)
    return plain(word_refusal(caught.value))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,5", "“1,5” can be read as 1.5 and as 15. Write the one that is meant in just these digits."),
        (
            "300 fighters",
            "“fighters” is no figure. Write the number alone, in figures; its unit is stated with the question.",
        ),
        ("1e5", "“1e5” has an exponent. Write all digits of the number."),
        ("NaN", "“NaN” is no number. For a range without an end write >=200 or <=60."),
        (
            "9" * 26,
            f"“{'9' * 26}” has more digits than can be kept: 25 before the decimal point, 15 after it. Round it.",
        ),
        ("9" * 300, f"“{'9' * 79}…” is longer than the 200 characters of a number. Write the number alone."),
        (">200", "“>200” leaves out 200 itself, but a range includes its ends. If that is meant, write “>=200”."),
        ("~<60", "“~<60” leaves out 60 itself, but a range includes its ends. If that is meant, write “~<=60”."),
        ("200..", "“200..” is a range with one end. If that is meant, write “>=200”."),
        ("-5-3", "The hyphen in “-5-3” may part two numbers or be a minus sign. If that is meant, write “-5..3”."),
        ("300..200", "“300..200” runs from the higher number to the lower. Write the lower one first."),
        (
            "200..~300",
            "“200..~300” has the sign for “about” inside. Write it once, at the beginning, for the whole: ~200..300.",
        ),
        ("1.2.3", "“1.2.3” cannot be read as a number. Write one such as 300, 200..300, >=200, <=60, ~2000."),
    ],
)
def test_a_number_is_refused(text: str, sentence: str) -> None:
    assert refused(AnswerKind.QUANTITY, text) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2015-02-30", "“2015-02-30” has the day 30; days go from 1 to 28 there. Correct it."),
        ("2015-13/2016", "“2015-13” has the month 13; months go from 1 to 12. Correct it."),
        ("2015-12-05T25:00", "“2015-12-05T25:00” has the hour 25; hours go from 0 to 23. Correct it."),
        ("2015-12-05T23:60", "“2015-12-05T23:60” has the minute 60; minutes go from 0 to 59. Correct it."),
        ("2015-12-05T23:59:60", "“2015-12-05T23:59:60” has the second 60; seconds go from 0 to 59. Correct it."),
        (
            "2015-12-05T12:00+24",
            "“2015-12-05T12:00+24” has the zone +24; zones go from -23:59 to +23:59. Correct it.",
        ),
        (
            "5 December 2015",
            (
                "“5 December 2015” names a month by its name, “December”. Write months as numbers, after the year."
                " If that is meant, write “2015-12-05”."
            ),
        ),
        (
            "2015 - 12",
            "“2015 - 12” has a space inside, and a date has none. If that is meant, write “2015-12”.",
        ),
        (
            "20151205",
            (
                "“20151205” cannot be read as a date. Write year, month and day as in 2015-12-05, or less of it:"
                " 2015-12, 2015. If that is meant, write “2015-12-05”."
            ),
        ),
        (
            "soon",
            (
                "“soon” cannot be read as a date. Write year, month and day as in 2015-12-05, or less of it: 2015-12,"
                " 2015."
            ),
        ),
        ("12015", "The year of “12015” cannot be kept. Write one from 0001 to 9999, in four digits."),
        ("2016/2015", "“2016/2015” runs backwards: “2015” is before “2016”. Write the earlier date first."),
        (
            "2015-12-05T10:00/2016",
            (
                "“2015-12-05T10:00/2016” has a time in a range or set, which are made of whole days. Leave the time"
                " out, or write one day with its time."
            ),
        ),
        (
            "XXXX-12-25",
            (
                "“XXXX-12-25” leaves more than 400 separate stretches of days open. Say more of the year, or write a"
                " range."
            ),
        ),
        (
            "2023-04-28T00:30",
            (
                "“2023-04-28T00:30” never was by the clocks of Africa/Cairo, which were put forward over it. Write"
                " another time, or the one of another zone with that zone, as in 2015-12-05T14:30Z."
            ),
        ),
    ],
)
def test_a_date_is_refused(text: str, sentence: str) -> None:
    assert refused(AnswerKind.DATE, text) == sentence


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (AnswerKind.YES_NO, "perhaps", "“perhaps” is neither yes nor no. Write one of the two."),
        (AnswerKind.YES_NO, " ", "The answer is empty. Write yes or no."),
        (AnswerKind.CHOICE, "", "The answer is empty. Write the name of an option."),
        (AnswerKind.TEXT, "", "The answer is empty. Write it in words."),
        (
            AnswerKind.TEXT,
            "...",
            "“...” has no letter, digit or sign by which it could be compared. Write the answer in words.",
        ),
        (
            AnswerKind.CHOICE,
            "West > > North",
            (
                "A name is missing in “West > > North”, beside “>” or “|”. Write it, or remove the sign; one that"
                " belongs to a name has a backslash before it."
            ),
        ),
        (
            AnswerKind.CHOICE,
            "West\\",
            (
                "“West\\” ends with a backslash that stands before nothing. Remove it; one that belongs to the name is"
                " written twice."
            ),
        ),
        (
            AnswerKind.CHOICE,
            "West > West",
            "“West > West” names “West” twice. Write each name once, from the broadest to the one meant.",
        ),
    ],
)
def test_an_answer_is_refused(kind: AnswerKind, text: str, sentence: str) -> None:
    assert refused(kind, text) == sentence


@pytest.mark.parametrize(
    ("content", "encoding", "sentence"),
    [
        (b"", None, "There is no text in it. Choose the file that has the words of the source, or paste them."),
        (
            b"%PDF-1.7 ...",
            None,
            "This is a PDF file, not plain text. Save its words as a plain text file, or paste them.",
        ),
        (
            b"a" * (5 * 1024 * 1024 + 1),
            None,
            ("The text has 5,242,881 bytes, and at most 5,242,880 are taken. Attach the words of the source alone."),
        ),
        (
            b"caf\xe9",
            Encoding.UTF_8,
            (
                "The text is not in utf-8, which does not know byte 3 (0xE9). Choose another encoding, or none to"
                " have it recognised."
            ),
        ),
    ],
)
def test_a_text_is_refused(content: bytes, encoding: Encoding | None, sentence: str) -> None:
    with pytest.raises(TextRefusal) as caught:
        decode(content, encoding)
    assert plain(word_refusal(caught.value)) == sentence


@given(st.sampled_from(AnswerKind), st.text() | st.text(alphabet="0123456789.,-~><=/XT:+[]{} |\\٣،"))
def test_whatever_is_refused_has_a_sentence(kind: AnswerKind, text: str) -> None:
    try:
        read_answer(kind, text, CAIRO)
    except Refusal as refusal:
        sentence = word_refusal(refusal)
        assert sentence[-1] == "."
        assert sentence.count("\u2068") == sentence.count("\u2069")
        sentence.encode()


def test_what_was_written_stays_inert_and_isolated() -> None:
    refusal = Refusal("not_yes_or_no", {"text": "%(sign)s <b>\u202e\u2069\n"})
    assert word_refusal(refusal) == "“\u2068%(sign)s <b>���\u2069” is neither yes nor no. Write one of the two."
    refusal_of_text = TextRefusal("encoding_not_known", name="\u2069<i>\n" + "x" * 100, encodings="utf-8")
    assert word_refusal(refusal_of_text).startswith("“\u2068<i> " + "x" * 70)
    assert len(word_refusal(refusal_of_text)) < 180


def test_a_code_without_a_sentence_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        word_refusal(Refusal("no_such_code"))


def named(key: object) -> str:
    """The names of the agents and options in circles."""
    return {"a": "Sham", "b": "شام", "c": "A>B"}[str(key)]


@pytest.mark.parametrize(
    ("relation", "sentence"),
    [
        (
            "same_as",
            "Agents would be the same in a circle: Sham, then شام, then Sham. Take one of these judgements back.",
        ),
        (
            "speaks_for",
            "Agents would speak for each other in a circle: Sham, then شام, then Sham. Take one of these out.",
        ),
        (
            "broader",
            "Options would be broader than themselves: Sham, then شام, then Sham. Take one of these steps out.",
        ),
        (
            "copied_from",
            "Claims would be copied from themselves: Sham, then شام, then Sham. Take one of these steps out.",
        ),
    ],
)
def test_a_circle_is_refused(relation: Relation, sentence: str) -> None:
    assert plain(word_circle(["a", "b", "a"], relation, named)) == sentence


def test_circles_come_from_the_rules() -> None:
    agents: dict[Key, Agent] = {"a": Agent("a", same_as="b"), "b": Agent("b", same_as="a")}
    with pytest.raises(CircleError) as caught:
        canonical(agents, "a")
    assert "Sham, then شام, then Sham" in plain(word_circle(caught.value.keys, "same_as", named))
    found = circle_in({"a": frozenset({"c"}), "c": frozenset({"a"})})
    assert "Sham, then A>B, then Sham" in plain(word_circle(found or [], "broader", named))


def test_a_long_circle_is_cut_in_the_middle() -> None:
    sentence = plain(word_circle([*range(20), 0], "broader", str))
    assert "0, then 1, then 2, then 3, then 4, then 5, then …, then 0." in sentence
