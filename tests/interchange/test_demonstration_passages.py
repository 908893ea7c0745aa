"""The demonstration beside the two articles: quotes stand where they are said to, and our wording is our own."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from tests.interchange.demonstration import EXTRA, ROWS
from tests.real_data import real_data

ARTICLES = ("articles/002_f3c799d357b97f0c.txt", "articles/000_80ce11c145007b05.txt")


def words(text: str) -> list[str]:
    """The text's words without vowel signs, tatweel, punctuation and case, to compare wording with wording."""
    letters = (letter for letter in unicodedata.normalize("NFKC", text) if not unicodedata.combining(letter))
    return re.findall(r"\w+", "".join(letters).replace("\N{ARABIC TATWEEL}", "").casefold())


def runs(text: str, length: int = 5) -> set[tuple[str, ...]]:
    """All runs of that many words in the text."""
    each = words(text)
    return {tuple(each[start : start + length]) for start in range(len(each) - length + 1)}


def wordings() -> Iterator[str]:
    """Every sentence of ours in the two files; names, titles of sources and quotes are not among them."""
    for row in ROWS:
        yield from (row["statement"], row["statement@ar"])
    for record in (*EXTRA["topics"], *EXTRA["questions"], *EXTRA["sides"], *EXTRA["sources"]):
        yield record.get("note", "")
        yield from record.get("translations", {}).values()
    for question in EXTRA["questions"]:
        for option in question.get("options", ()):
            yield from option["translations"].values()


@pytest.fixture(scope="module")
def articles() -> dict[str, str]:
    """The texts of the two articles by the SHA-256 of their bytes."""
    contents = [real_data(name).read_bytes() for name in ARTICLES]
    return {hashlib.sha256(content).hexdigest(): content.decode("utf-8") for content in contents}


def test_quotes_are_a_few_words() -> None:
    quotes = {(row["text_sha256"], row["start"], row["quote"]) for row in ROWS}
    assert {len(quote.split()) for _, _, quote in quotes} <= set(range(2, 8))
    assert max(len(row.get(column, "")) for row in ROWS for column in ("prefix", "suffix")) <= 12


def test_every_quote_stands_where_the_row_says_once_and_in_whole_words(articles: Mapping[str, str]) -> None:
    for row in ROWS:
        text, quote, start = articles[row["text_sha256"]], row["quote"], int(row["start"])
        assert text[start : start + len(quote)] == quote, row["id"]
        assert text.count(row.get("prefix", "") + quote + row.get("suffix", "")) == 1, row["id"]
        around = f" {text} "[start], f" {text} "[start + len(quote) + 1]
        assert not any(character.isalnum() for character in around), row["id"]


def test_the_snapshots_are_of_the_articles(articles: Mapping[str, str]) -> None:
    for source in EXTRA["sources"]:
        text = articles[source["snapshot"]["text_sha256"]]
        assert source["snapshot"]["bytes"] == len(text.encode())
        assert source["snapshot"]["code_points"] == len(text)


def test_no_wording_of_ours_shares_five_words_in_a_row_with_the_articles(articles: Mapping[str, str]) -> None:
    theirs = set().union(*(runs(text) for text in articles.values()))
    assert [wording for wording in wordings() if runs(wording) & theirs] == []


def test_all_quotes_together_are_a_small_part_of_the_articles(articles: Mapping[str, str]) -> None:
    quoted: dict[str, set[int]] = defaultdict(set)
    for row in ROWS:
        start = int(row["start"])
        quoted[row["text_sha256"]].update(range(start, start + len(row["quote"])))
    for sha256, text in articles.items():
        assert len(quoted[sha256]) < len(text) / 3
