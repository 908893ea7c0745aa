"""Archives that are damaged, malformed or hostile: a sentence with the line, and nothing is written."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import transaction

from claims.interchange.archive.lines import spelled
from claims.interchange.archive.refusals import ArchiveRefused
from claims.models import User
from tests.interchange.archives import exported, first_of, imported, number_of_records, parts, sealed

pytestmark = pytest.mark.django_db

ARCHIVE = (Path(__file__).parent / "archive-1.jsonl").read_bytes()
Lines = list[Any]


def altered(of: str, /, **values: Any) -> Callable[[Lines], Lines]:
    """The first record of the type with other values."""

    def alter(lines: Lines) -> Lines:
        first_of(lines, of).update(values)
        return lines

    return alter


def raw(line: bytes) -> Callable[[Lines], Lines]:
    """This for the second line."""
    return lambda lines: [lines[0], line, *lines[2:]]


def text_altered(lines: Lines) -> Lines:
    snapshot = next(line for line in lines if line.get("content"))
    snapshot["content"] = b64encode(b"other bytes").decode()
    return lines


def in_a_circle(lines: Lines) -> Lines:
    agents = [line for line in lines if line.get("type") == "agent"]
    agents[0]["same_as"], agents[1]["same_as"] = agents[1]["uid"], agents[0]["uid"]
    return lines


def copied_in_a_circle(lines: Lines) -> Lines:
    claims = [line for line in lines if line.get("type") == "claim"]
    claims[0]["copied_from"], claims[1]["copied_from"] = claims[1]["uid"], claims[0]["uid"]
    return lines


def other_option(lines: Lines) -> Lines:
    """An option that a claim names becomes one of another question."""
    questions = [line["uid"] for line in lines if line.get("type") == "question"]
    named = [line["option"] for line in lines if line.get("type") == "claim_option" and not line["withdrawn"]]
    option = next(line for line in lines if line.get("uid") == named[-1])
    option["question"] = next(uid for uid in questions if uid != option["question"])
    return lines


SIDE = first_of(parts(ARCHIVE), "side")
NOWHERE = "00000000-0000-4000-8000-000000000000"

# What is done to the lines, and the sentence; archives are sealed anew, so that it is not the SHA-256 that tells.
MISTAKES: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "another format": (lambda lines: [{"archive": "other"}, *lines[1:]], "Line 1: This is no archive of claims"),
    "a later version": (lambda lines: [{**lines[0], "version": 2}, *lines[1:]], "Line 1: .*version 2; .* version 1"),
    "another zone": (lambda lines: [{**lines[0], "time_zone": "Asia/Damascus"}, *lines[1:]], "Set TIME_ZONE=Asia/D"),
    "more in the first line": (lambda lines: [{**lines[0], "x": 1}, *lines[1:]], "Line 1: The first line has"),
    "no JSON": (raw(b"{\n"), "Line 2: This is no JSON"),
    "no object": (raw(b"[]\n"), "Line 2: This is no JSON object"),
    "nothing in a line": (raw(b"\n"), "Line 2: This is no JSON"),
    "no type": (raw(b"{}\n"), "Line 2: The record has no type"),
    "nested": (raw(b"[" * 200_000 + b"\n"), "Line 2: This is nested too deeply"),
    "nested in objects": (raw(b'{"a":' * 30_000 + b"\n"), "Line 2: This is nested too deeply"),
    "no UTF-8": (raw(b'{"type":"\xff"}\n'), "Line 2: Byte 10 is not UTF-8"),
    "a NUL byte": (raw(b'{"type":"\0"}\n'), "Line 2: This is no JSON"),
    "half a surrogate pair": (raw(b'{"type":"\\ud800"}\n'), "Line 2: .*surrogate pair"),
    "no number": (raw(b'{"type":NaN}\n'), "Line 2: .*NaN"),
    "an endless number": (raw(b'{"type":' + b"9" * 5000 + b"}\n"), "Line 2: This is no JSON"),
    "spaces": (raw(b'{"type": "side"}\n'), "Line 2: This is not spelled as an archive is"),
    "a field twice": (raw(b'{"type":"side","type":"side"}\n'), "Line 2: This is not spelled"),
    "an unknown type": (raw(spelled({"type": "opinion"})), "Line 2: There is no type “opinion”"),
    "an unknown field": (altered("side", score=1), "Line 2: score: the type “side” has no such field"),
    "a missing field": (lambda lines: [lines[0], {"type": "side"}, *lines[2:]], "Line 2: uid, .*: missing"),
    "fields reordered": (
        lambda lines: [lines[0], dict(sorted(SIDE.items())), *lines[2:]],
        "Line 2: The fields of the type “side” stand in this order",
    ),
    "types reordered": (lambda lines: [lines[0], *reversed(lines[1:])], "Its lines were reordered"),
    "an identifier twice": (lambda lines: [lines[0], lines[1], *lines[1:]], "Line 3: uid: the archive has the side"),
    "a dangling reference": (altered("agent", side=NOWHERE), f"side: the archive has no side {NOWHERE}"),
    "a reference to another type": (altered("agent", side=first_of(parts(ARCHIVE), "agent")["uid"]), "has no side"),
    "a capital identifier": (altered("side", uid=NOWHERE.replace("a", "A").replace("8", "B")), "no identifier"),
    "a number for a text": (altered("side", name=1), "Line 2: name: not a text"),
    "a text for yes or no": (altered("side", party="yes"), "Line 2: party: neither true nor false"),
    "one for true": (altered("side", party=1), "Line 2: party: neither true nor false"),
    "null": (altered("side", name=None), "Line 2: name: null, though"),
    "empty": (altered("side", name=""), "Line 2: name: "),
    "a NUL": (altered("side", name="a\0b"), "Line 2: name: .*NUL"),
    "too long": (altered("side", name="x" * 501), "Line 2: name: .*500"),
    "a word that is none": (altered("agent", kind="robot"), "kind: "),
    "version 0": (altered("side", version=0), "Line 2: version: a version is a number from 1"),
    "a version without end": (altered("side", version=2**31 - 1), "Line 2: version: a version is a number from 1"),
    "a large number": (altered("relay", position=2**40), "position: "),
    "a spelled number": (altered("question", rounding="1.50"), "rounding: “1.50” is no number in its shortest form"),
    "a number as such": (altered("question", rounding=1), "rounding: not a text"),
    "too many digits": (altered("question", rounding="1234567890123456"), "rounding: .*digits"),
    "no moment": (altered("side", recorded_at="2016-09-19"), "recorded_at: .* no moment such as"),
    "a moment elsewhere": (altered("side", recorded_at="2016-09-19T12:00:00+02:00"), "recorded_at: .* no moment"),
    "no date": (altered("source", published_on="soon"), "published_on: "),
    "a date without bounds": (altered("question", event_on="2016"), "A date and its bounds go together"),
    "no translations": (altered("side", translations={"ar": 1}), "translations: "),
    "languages out of order": (altered("side", translations={"b": "x", "a": "y"}), "translations: the languages"),
    "other bytes": (text_altered, "content: 11 bytes with the SHA-256"),
    "no base64": (altered("snapshot", content="====!"), "content: not written in base64"),
    "an address that runs": (altered("source", url="javascript:alert(1)"), "An address begins with http"),
    "a name twice": (
        lambda lines: [lines[0], {**SIDE, "uid": NOWHERE}, *lines[1:]],
        "Line 3: name: There is a side of this name already",
    ),
    "agents in a circle": (in_a_circle, "same_as goes round in a circle"),
    "copies in a circle": (copied_in_a_circle, "copied_from goes round in a circle"),
    "another question's option": (other_option, "option of another question"),
    "no user name": (altered("finding", settled_by="two words"), "A user cannot be made: username"),
    "a NUL in a user name": (altered("finding", settled_by="a\0b"), "settled_by: .*NUL"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_refused_with_a_sentence(mistake: str) -> None:
    alter, sentence = MISTAKES[mistake]
    damaged = sealed(alter(parts(ARCHIVE)))
    with pytest.raises(ArchiveRefused, match=sentence):
        imported(damaged)
    assert (number_of_records(), User.objects.count()) == (0, 0)


def test_truncated_anywhere_or_altered_or_continued_it_is_refused() -> None:
    *_, last = ends = [at + 1 for at, byte in enumerate(ARCHIVE) if byte == ord("\n")]
    for end in (0, 10, ends[0], ends[0] + 5, ends[1], ends[-2] - 1, ends[-2], last - 1):
        with pytest.raises(ArchiveRefused, match=r"Line .*(no JSON|breaks off|part of it is missing)"):
            imported(ARCHIVE[:end])
    lines = ARCHIVE.splitlines(keepends=True)
    for altered_bytes, sentence in (
        (ARCHIVE.replace(SIDE["uid"].encode(), NOWHERE.encode()), "is not as it was written: .* SHA-256"),
        (ARCHIVE + lines[1], "others follow it"),
        (b"".join([*lines[:-1], lines[-1].replace(b'"side":', b'"side":1')]), "does not count"),
    ):
        with pytest.raises(ArchiveRefused, match=sentence):
            imported(altered_bytes)
    assert number_of_records() == 0


def test_whatever_is_altered_is_refused_or_comes_back_byte_for_byte() -> None:
    random = Random(4)  # noqa: S311 - the same archives again and again
    outcomes = set()
    for _ in range(25):
        lines = parts(ARCHIVE)
        record = random.choice(lines[1:])
        name = random.choice([name for name in record if name != "type"])
        record[name] = random.choice([None, 0, "", "yes", *(line[name] for line in lines[1:] if name in line)])
        damaged = sealed(lines)
        with transaction.atomic():
            try:
                imported(damaged)
                assert exported() == damaged
                outcomes.add("taken")
            except ArchiveRefused:
                assert number_of_records() == 0
                outcomes.add("refused")
            transaction.set_rollback(True)
    assert outcomes == {"taken", "refused"}
