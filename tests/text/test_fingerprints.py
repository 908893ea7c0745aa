"""Fingerprints: the same words found again however they are set, nearly the same ones too, others not."""

import json
import random
import subprocess
import sys
import unicodedata
from itertools import combinations

import pytest

from claims.text.decoding import decode
from claims.text.fingerprints import NEAR, Fingerprint, fingerprint, unpacked
from tests.real_data import real_data
from tests.text.sample import ARABIC, TEXT


def meet(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the two are offered: they have a key in common, and resemble each other enough."""
    return bool({*one.keys()} & {*other.keys()}) and one.resemblance(other) >= NEAR


def reports() -> list[str]:
    """Texts of some hundred words by the editors of a fact-checker, on hundreds of matters."""
    lines = (real_data("data/liar-plus") / "test2.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["justification"] or "" for line in lines]
    return [text for text in texts if len(text.split()) > 120]


def altered(text: str, share: float, chance: random.Random, pool: list[str]) -> str:
    words = text.split()
    for place in chance.sample(range(len(words)), int(len(words) * share)):
        words[place] = chance.choice(pool)
    return " ".join(words)


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.upper(),
        f"\ufeff  {TEXT}\n\n",
        TEXT.replace(".", " – "),
        TEXT.replace(" ", "\u00a0 "),
    ],
)
def test_the_same_words_are_the_same_text(other: str) -> None:
    assert fingerprint(other).resemblance(fingerprint(TEXT)) == 1.0


def test_vowel_signs_tatweel_and_shapes_of_letters_make_no_difference() -> None:
    signed = ARABIC.replace("المحافظ", "المُحافِظ").replace("نهائية", "نهـــائية")
    assert fingerprint(signed).resemblance(fingerprint(ARABIC)) == 1.0
    assert fingerprint(unicodedata.normalize("NFD", ARABIC)).whole == fingerprint(ARABIC).whole


def test_short_texts_are_never_alike() -> None:
    assert fingerprint("Subscribe to our newsletter today.") == Fingerprint(5, "", ())
    assert not meet(fingerprint("Seven words are not yet a text"), fingerprint("Seven words are not yet a text"))
    one, other = fingerprint(TEXT[:150]), fingerprint(TEXT[:150] + " More")
    assert one.resemblance(other) == 0.0


def test_copies_with_another_head_foot_and_every_tenth_word_changed_are_found() -> None:
    texts, chance = reports(), random.Random(4)  # noqa: S311
    pool = " ".join(texts).split()
    missed = dict.fromkeys((0.05, 0.1), 0)
    for text in texts:
        framed = (
            f"From our own correspondent, and agencies\n\n{text}\n\nAll rights reserved. Read more about this here."
        )
        assert meet(fingerprint(text), fingerprint(framed))
        for share in missed:
            missed[share] += not meet(fingerprint(text), fingerprint(altered(text, share, chance, pool)))
    assert len(texts) > 90
    assert missed[0.05] == 0
    assert missed[0.1] <= 2


def test_different_texts_are_not_found_not_even_on_one_event() -> None:
    articles = [decode(path.read_bytes()).text for path in sorted(real_data("articles").glob("*.txt"))]
    prints = [fingerprint(text) for text in [*articles, *reports()]]
    assert prints[0].resemblance(prints[1]) < NEAR / 4
    assert [pair for pair in combinations(prints, 2) if meet(*pair)] == []


def test_a_fingerprint_is_kept_and_read_again_by_another_process() -> None:
    kept = fingerprint(TEXT * 3)
    assert unpacked(kept.words, kept.whole, kept.packed()) == kept
    program = "import sys; from claims.text.fingerprints import fingerprint as f; print(f(sys.stdin.read()).packed())"
    run = [sys.executable, "-c", program]
    done = subprocess.run(
        run, input=(TEXT * 3).encode(), capture_output=True, check=True, env={"PYTHONHASHSEED": "7", "PYTHONUTF8": "1"}
    )
    assert done.stdout.decode().strip() == kept.packed()
