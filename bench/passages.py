"""Times the finding of hundreds of passages in a text of megabytes, as multiples of a plain `str.find` of each.

Run as `python -m bench.passages [code_points] [passages]`. The text is made up: Arabic-looking words, as often as
the words of a language are (Zipf's law), with punctuation and paragraphs.
"""

import argparse
import random
import re
import time
from collections import Counter

from claims.text.passages import Finder, Quote, quote_of

LENGTHS = (2, 3, 5, 8, 15, 30)
LETTERS = "اابتجحدرسشعفقككلللممنننهوويي"
VOCABULARY = 60_000
HEAD = "هذه فقرة جديدة في أول النص.\n"


def made_up(code_points: int, choose: random.Random) -> str:
    """A text of about so many code points."""
    words = ["".join(choose.choices(LETTERS, k=choose.randint(2, 8))) for _ in range(VOCABULARY)]
    weights = [1 / rank for rank in range(1, VOCABULARY + 1)]
    chosen = choose.choices(words, weights, k=code_points // 6)
    ends = choose.choices((" ", "، ", ".\n"), (22, 2, 1), k=len(chosen))
    return "".join(word + end for word, end in zip(chosen, ends, strict=True))


def passages_of(text: str, number: int, choose: random.Random) -> list[Quote]:
    """Passages of 2 to 30 words, from all over the text, in its order; none overlaps another."""
    words = [match.span() for match in re.finditer(r"\w+", text)]
    step = len(words) // number
    firsts = [place * step for place in range(number)]
    return [quote_of(text, words[first][0], words[first + choose.choice(LENGTHS) - 1][1]) for first in firsts]


def with_a_word_changed(text: str, quotes: list[Quote]) -> str:
    """The text with the first word of every passage changed."""
    pieces, position = [], 0
    for quote in quotes:
        start = quote.start or 0
        pieces += [text[position:start], "غيرناها"]
        position = start + len(quote.exact.split()[0])
    return "".join([*pieces, text[position:]])


def vocalised(text: str, choose: random.Random) -> str:
    """The text with vowel signs on half of its letters."""
    return "".join(letter + "\u064e" if letter.isalpha() and choose.random() < 1 / 2 else letter for letter in text)


def main() -> None:
    """Print one line a case: what became of the passages, how long it took, and how often `str.find` that is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("code_points", type=int, nargs="?", default=2_000_000)
    parser.add_argument("passages", type=int, nargs="?", default=300)
    asked = parser.parse_args()
    choose = random.Random(1)
    text = made_up(asked.code_points, choose)
    quotes = passages_of(text, asked.passages, choose)
    began = time.perf_counter()
    for quote in quotes:
        text.find(quote.exact)
    plain = time.perf_counter() - began
    print(f"{len(quotes)} passages in {len(text):,} code points ({len(text.encode()):,} bytes)")
    print(f"{'str.find':14} {plain:8.3f} s")
    cases = {
        "unchanged": text,
        "head inserted": HEAD + text,
        "vowel signs": vocalised(text, choose),
        "word changed": with_a_word_changed(text, quotes),
        "another text": made_up(asked.code_points, random.Random(2)),
    }
    for name, changed in cases.items():
        began = time.perf_counter()
        finder = Finder(changed)
        outcomes = Counter(finder.find(quote).outcome.value for quote in quotes)
        took = time.perf_counter() - began
        print(f"{name:14} {took:8.3f} s  {took / plain:8.1f} x  {dict(outcomes)}")


if __name__ == "__main__":
    main()
