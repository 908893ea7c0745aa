"""Real texts and annotations: two Arabic articles, and a page that was annotated in 2016."""

import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from claims.text.decoding import Encoding, decode
from claims.text.outcome import Outcome
from claims.text.passages import Finder, Quote, quote_of
from tests.real_data import real_data

HEAD = "حمص - يوم الثلاثاء\n\n"


def article(number: int) -> str:
    return decode(sorted(real_data("articles").glob("*.txt"))[number].read_bytes()).text


def quotes_of(text: str, words: int) -> list[Quote]:
    """Passages of so many words, from all over the text."""
    places = [match.span() for match in re.finditer(r"\w+", text)]
    step = max(len(places) // 25, 1)
    return [
        quote_of(text, places[first][0], places[first + words - 1][1])
        for first in range(step, len(places) - words - step, step)
    ]


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("encoding", [Encoding.UTF_8, Encoding.UTF_16_LE, Encoding.UTF_16_BE, Encoding.WINDOWS_1256])
def test_articles_are_recognised_in_every_encoding(number: int, encoding: Encoding) -> None:
    text = article(number)
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("words", [1, 2, 3, 6, 12, 40])
class TestArticles:
    """Every passage of an article, after what may happen to it."""

    def test_exact(self, number: int, words: int) -> None:
        text = article(number)
        finder = Finder(text)
        for quote in quotes_of(text, words):
            match = finder.find(quote)
            assert (match.outcome, match.start, match.end) == (Outcome.EXACT, quote.start, quote.end)

    def test_moved(self, number: int, words: int) -> None:
        text = article(number)
        finder = Finder(HEAD + text)
        for quote in quotes_of(text, words):
            match = finder.find(quote)
            assert (match.outcome, match.start) == (Outcome.MOVED, (quote.start or 0) + len(HEAD))
            assert not match.ambiguous

    def test_altered(self, number: int, words: int) -> None:
        text = article(number)
        for quote in quotes_of(text, words):
            inside = [match.span() for match in re.finditer(r"\w+", quote.exact)][words // 2]
            new = quote.exact[: inside[0]] + "غيرناها" + quote.exact[inside[1] :]
            match = Finder(HEAD + text[: quote.start] + new + text[quote.end :]).find(quote)
            assert (match.outcome, match.found) == (Outcome.ALTERED, new)

    def test_spelt_otherwise(self, number: int, words: int) -> None:
        text = article(number)
        vocalised = re.sub(r"(?<=[بتسفقلمن])(?=\w)", "\u064e", text)
        stretched = re.sub(r"(?<=[سصفقكلمن])(?=[اتدرهي])", "\u0640", text)
        shaped = text.replace("لا", "ﻻ").replace("ة ", "ﺓ ")
        finders = [Finder(each) for each in (vocalised, stretched, shaped, unicodedata.normalize("NFD", text))]
        for quote in quotes_of(text, words):
            for finder in finders:
                match = finder.find(quote)
                assert (match.outcome in {Outcome.EXACT, Outcome.MOVED}, match.ambiguous) == (True, False)

    def test_lost_in_the_other_article(self, number: int, words: int) -> None:
        finder = Finder(article(1 - number))
        matches = [finder.find(quote) for quote in quotes_of(article(number), words)]
        assert {match.outcome for match in matches} == {Outcome.LOST}


class _Text(HTMLParser):
    """The text of a page, as `textContent` of its body has it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside |= tag == "body"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.pieces.append(data)


def page(folder: Path) -> str:
    parser = _Text()
    parser.feed((folder / "wikipedia-regression-testing.html").read_text(encoding="utf-8"))
    return "".join(parser.pieces)


def test_annotations_of_a_page_are_found_by_their_selectors() -> None:
    folder = real_data("data/textquote-anchoring")
    rows = json.loads((folder / "wikipedia-regression-testing.json").read_text(encoding="utf-8"))["rows"]
    finder = Finder(page(folder))
    found = 0
    for row in rows:
        selectors = {each["type"]: each for each in row["target"][0]["selector"]}
        quoted, place = selectors["TextQuoteSelector"], selectors["TextPositionSelector"]
        match = finder.find(Quote(quoted["exact"], quoted["prefix"], quoted["suffix"], place["start"], place["end"]))
        assert (match.outcome in {Outcome.EXACT, Outcome.MOVED}, match.ambiguous) == (True, False)
        assert match.found.split() == quoted["exact"].split()
        found += 1
    assert found == 5
