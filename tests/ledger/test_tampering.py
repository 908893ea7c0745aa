"""Thousands of ways to tamper with an exported journal, all found; a thousand logs that nobody touched, no alarm."""

# ruff: noqa: S311 - the same trials every time

import json
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from claims.ledger import verifier
from claims.ledger.notes import SigningKey
from tests.ledger.logs import KEY, OTHER_KEY, Log, made_up

Capture = pytest.CaptureFixture[str]
Change = Callable[[list[bytes], random.Random], list[bytes]]
TRIALS = 210
LARGEST = 16


def flip(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """One bit anywhere."""
    content = bytearray(b"".join(lines))
    content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)
    return [bytes(content)]


def cut_bytes(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """Some bytes out of the middle or the end."""
    content = b"".join(lines)
    place = choose.randrange(len(content))
    return [content[:place] + content[place + choose.randint(1, 300) :]]


def delete(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """One line."""
    place = choose.randrange(len(lines))
    return [*lines[:place], *lines[place + 1 :]]


def swap(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """Two lines."""
    one, other = choose.sample(range(len(lines)), 2)
    return [lines[{one: other, other: one}.get(place, place)] for place in range(len(lines))]


def insert(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """A line of another log."""
    place = choose.randrange(len(lines))
    return [*lines[:place], choose.choice(made_up(len(lines), choose).lines), *lines[place:]]


def duplicate(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """One line, put back anywhere before the end."""
    place = choose.randrange(len(lines))
    return [*lines[:place], choose.choice(lines), *lines[place:]]


def truncate(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """The last lines."""
    return lines[: choose.randrange(len(lines))]


def fork(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """The beginning, and from there what did not happen."""
    other = made_up(len(lines) + choose.randrange(3), choose).lines
    place = choose.randrange(len(lines))
    return [*lines[:place], *other[place:]]


def change(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """One entry's content, with salt and commitment made to fit."""
    place = choose.randrange(len(lines))
    return [*lines[:place], rewritten(lines[place], choose), *lines[place + 1 :]]


def strip(lines: list[bytes], choose: random.Random) -> list[bytes]:
    """One payload, as if it had been redacted."""
    log = Log(list(lines))
    full = [place for place, line in enumerate(lines) if not line.endswith(b'"payload":null}\n')]
    log.redact(choose.choice(full), recorded=choose.random() < 1 / 2)
    return log.lines


CHANGES: list[Change] = [flip, cut_bytes, delete, swap, insert, duplicate, truncate, fork, change, strip]


def rewritten(line: bytes, choose: random.Random) -> bytes:
    """The same entry, saying something else."""
    body, salt = b'{"before":null,"after":{"value":%d},"secrets":[]}' % choose.randrange(10**9), choose.randbytes(32)
    leaf = {**json.loads(line)["leaf"], "payload": sha256(salt + body).hexdigest()}
    log = Log()
    log.append(leaf, salt.hex(), body)
    return log.lines[0]


def renumbered(lines: list[bytes]) -> list[bytes]:
    """Lines whose numbers and entries follow one another again."""
    log = Log()
    for number, line in enumerate(lines):
        content = json.loads(line)
        body = line.split(b',"payload":', 1)[1][:-2] if content["salt"] else b""
        log.append({**content["leaf"], "n": number, "id": number + 1}, content["salt"] or "", body)
        if not content["salt"]:
            log.lines[-1] = log.lines[-1].replace(b'"salt":"","payload":}', b'"salt":null,"payload":null}')
    return log.lines


def found(folder: Path, capsys: Capture, *more: str) -> bool:
    """Whether the verifier refuses the folder, in a sentence."""
    code = verifier.main(["log", str(folder), "--key", KEY.verifier_text, *more])
    told = capsys.readouterr()
    assert code == 0 or (told.err.endswith(".\n") and told.err.count("\n") == 1), told.err
    return code == 1


@pytest.mark.parametrize("tamper", CHANGES)
def test_tampering_with_the_lines(tamper: Change, tmp_path: Path, capsys: Capture) -> None:
    choose = random.Random(tamper.__name__)
    for _ in range(TRIALS):
        log = made_up(choose.randint(2, LARGEST), choose)
        lines, log.lines = log.lines, tamper(log.lines, choose)
        if b"".join(log.lines) != b"".join(lines):
            assert found(log.write(tmp_path), capsys)


@pytest.mark.parametrize("key", [OTHER_KEY, KEY], ids=["without the key", "with the key"])
@pytest.mark.parametrize("tamper", [delete, swap, insert, duplicate, truncate, fork, change])
def test_recomputing_everything(tamper: Change, key: SigningKey, tmp_path: Path, capsys: Capture) -> None:
    """Numbers, commitments, leaves, roots and checkpoints all fit again; a checkpoint kept elsewhere does not."""
    choose = random.Random(tamper.__name__)
    kept = tmp_path / "kept.txt"
    for _ in range(TRIALS // 7):
        log = made_up(choose.randint(2, LARGEST), choose)
        kept.write_bytes(log.checkpoints[f"1-{len(log.lines)}.txt"])
        forged = Log(renumbered(tamper(log.lines, choose)))
        for _ in range(choose.randrange(3)):
            forged.sign(choose.randint(0, len(forged.lines)), key=key)
        forged.sign(key=key)
        folder = forged.write(tmp_path / "export", key)
        if forged.lines[: len(log.lines)] != log.lines:
            assert found(folder, capsys, "--checkpoint", str(kept))
        if key is OTHER_KEY:
            # Not even without one: the key that was handed out did not sign this.
            assert found(folder, capsys)


def test_tampering_with_checkpoints(tmp_path: Path, capsys: Capture) -> None:
    choose = random.Random(8032)
    for _ in range(TRIALS * 2):
        log = made_up(choose.randint(2, LARGEST), choose)
        name = choose.choice(list(log.checkpoints))
        note = bytearray(log.checkpoints[name])
        note[choose.randrange(len(note))] ^= 1 << choose.randrange(8)
        log.checkpoints[name] = bytes(note)
        assert found(log.write(tmp_path), capsys)


@pytest.mark.any_django
def test_a_thousand_clean_logs(tmp_path: Path, capsys: Capture) -> None:
    choose = random.Random(1000)
    kept = tmp_path / "kept.txt"
    for _ in range(1_000):
        log = made_up(choose.randint(0, LARGEST), choose)
        kept.write_bytes(choose.choice(list(log.checkpoints.values())))
        for _ in range(choose.randrange(3)):
            log.add()
        assert not found(log.write(tmp_path / "export"), capsys, "--checkpoint", str(kept))
