"""The stand-alone verifier: what it confirms, what it refuses and in which words, and that it stands alone."""

# ruff: noqa: S311 - the same trials every time

import random
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from claims.ledger import verifier
from claims.ledger.merkle import Tree
from tests.ledger.logs import KEY, OTHER_KEY, Log, made_up, proof_text, reader

Capture = pytest.CaptureFixture[str]
VKEY = ["--key", KEY.verifier_text]


def verified(*arguments: str | Path) -> int:
    return verifier.main([*map(str, arguments), *VKEY])


def refusal(capsys: Capture, *arguments: str | Path) -> str:
    """The sentence with which it was refused."""
    capsys.readouterr()
    assert verified(*arguments) == 1
    return capsys.readouterr().err.strip()


@pytest.fixture
def log() -> Log:
    """Ten entries, signed at five and at ten."""
    made = Log()
    for _ in range(10):
        made.add()
    made.sign(5)
    made.sign(10)
    return made


@pytest.fixture
def kept(log: Log, tmp_path: Path) -> Path:
    """The last checkpoint, kept elsewhere."""
    path = tmp_path / "kept.txt"
    path.write_bytes(log.checkpoints["1-10.txt"])
    return path


def test_a_whole_log(log: Log, kept: Path, tmp_path: Path, capsys: Capture) -> None:
    folder = log.write(tmp_path / "export")
    assert verified("log", folder, "--checkpoint", kept) == 0
    assert capsys.readouterr() == ("10 entries, 0 redacted, agree with 3 checkpoints.\n", "")
    assert verified("log", folder) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("All checkpoints are the folder's own")
    log.add()
    log.add()
    log.write(folder)
    assert verified("log", folder, "--checkpoint", kept) == 0
    assert "; 2 entries after the last are not covered." in capsys.readouterr().out


def test_an_empty_log(tmp_path: Path, capsys: Capture) -> None:
    log = Log()
    log.sign()
    assert verified("log", log.write(tmp_path)) == 0
    assert capsys.readouterr().out.startswith("0 entries, 0 redacted, agree with 1 checkpoints.")


def test_without_a_checkpoint_nothing_is_confirmed(tmp_path: Path, capsys: Capture) -> None:
    log = Log()
    log.add()
    assert refusal(capsys, "log", log.write(tmp_path)).startswith("There is no checkpoint")


def test_what_is_missing_is_named(tmp_path: Path, capsys: Capture) -> None:
    log = Log()
    log.sign()
    (log.write(tmp_path) / "journal.jsonl").unlink()
    assert "journal.jsonl" in refusal(capsys, "log", tmp_path)
    assert "absent.txt" in refusal(capsys, "log", tmp_path, "--checkpoint", tmp_path / "absent.txt")
    assert "absent" in refusal(capsys, "inclusion", tmp_path / "absent")


def test_wrong_calls(tmp_path: Path, capsys: Capture) -> None:
    of_a_log = [["log"], ["log", "a", "b", *VKEY], ["log", "a"]]
    for arguments in (
        [],
        *of_a_log,
        ["audit", "a", *VKEY],
        ["consistency", *VKEY],
        ["inclusion", "a", "--trust-folder-key"],
    ):
        with pytest.raises(SystemExit) as left:
            verifier.main(arguments)
        assert left.value.code == 2
    capsys.readouterr()
    assert verifier.main(["log", str(tmp_path), "--key", "nonsense"]) == 1
    assert capsys.readouterr().err == "The last part of a verifier key is not 33 bytes in base64.\n"


def test_the_key_of_the_folder_is_taken_only_when_asked_for(log: Log, tmp_path: Path, capsys: Capture) -> None:
    folder = log.write(tmp_path)
    assert verifier.main(["log", str(folder), "--trust-folder-key"]) == 0
    assert capsys.readouterr().err.startswith("Warning: with the key of the folder itself nothing shows who made")
    theirs = Log()
    theirs.add()
    theirs.sign(key=OTHER_KEY)
    theirs.write(folder, OTHER_KEY)
    assert verifier.main(["log", str(folder), "--trust-folder-key"]) == 0
    assert "do not fit together" in refusal(capsys, "log", folder)
    # Where a key is given, the folder's does not count.
    assert "do not fit together" in refusal(capsys, "log", folder, "--trust-folder-key")


def test_the_sentences_say_where(log: Log, kept: Path, tmp_path: Path, capsys: Capture) -> None:
    def told(change: Any) -> str:
        changed = log.copy()
        change(changed)
        return refusal(capsys, "log", changed.write(tmp_path / "export"), "--checkpoint", kept)

    def rewritten(changed: Log) -> None:
        rest, changed.lines = changed.lines[4:], changed.lines[:3]
        changed.add(seed=1)
        changed.lines += rest

    assert told(lambda log: log.lines.__setitem__(6, log.lines[6][:-9] + b"\n")).startswith(
        "Line 7: This is not an ent"
    )
    assert told(lambda log: log.lines.pop(3)).startswith("Line 4: The number is 4, not 3; lines were removed")
    assert told(lambda log: log.lines.pop()) == (
        "Your checkpoint 'kept.txt' (provenance-0123abcd/1, 10 entries) covers more than the 9 entries of the journal:"
        " its end was cut off."
    )
    changed = log.lines[2].replace("قيمة".encode(), b"value")
    assert told(lambda log: log.lines.__setitem__(2, changed)).startswith(
        "Line 3: The payload is not what the entry com"
    )
    assert told(rewritten) == (
        "Checkpoint '1-5.txt' (provenance-0123abcd/1, 5 entries) differs: of numbers 0 to 4, something was changed."
    )
    assert "of numbers 5 to 9, something" in told(lambda log: log.lines.__setitem__(7, made(7)))
    assert told(lambda log: log.checkpoints.update({"1-5.txt": b"?"})).startswith(
        "Checkpoint '1-5.txt' is not a signed"
    )
    forged = log.checkpoints["1-5.txt"].replace(b"/1\n5\n", b"/1\n6\n")
    assert "'1-5.txt' was changed or forged" in told(lambda log: log.checkpoints.update({"1-5.txt": forged}))


def made(number: int) -> bytes:
    """A line of another log, with this number."""
    other = Log()
    for _ in range(number + 1):
        other.add(seed=9)
    return other.lines[number]


def test_an_entry_in_the_journal_twice(tmp_path: Path, capsys: Capture) -> None:
    log = Log()
    for identifier in (1, 3, 2, 513, 1 << 62, 3):
        log.add(id=identifier)
    log.sign()
    assert refusal(capsys, "log", log.write(tmp_path)) == "Line 6: Entry 3 is in the journal twice."
    log.lines.pop()
    log.checkpoints.clear()
    log.sign()
    assert verified("log", log.write(tmp_path)) == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"table": "No Table"}, "This is not an entry"),
        ({"op": "X"}, "This is not an entry"),
        ({"at": "2026-11-22 20:38:53Z"}, "This is not an entry"),
        ({"user": -1}, "This is not an entry"),
        ({"extra": 1}, "This is not an entry"),
        ({"change": "01234567"}, "This is not an entry"),
        ({"n": "0"}, "This is not an entry"),
        ({"n": 1}, "The number is 1, not 0"),
    ],
)
def test_leaves_of_another_form(change: dict[str, Any], told: str, tmp_path: Path, capsys: Capture) -> None:
    log = Log()
    log.add(**change)
    log.sign()
    assert refusal(capsys, "log", log.write(tmp_path)).startswith(f"Line 1: {told}")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"before":null,"after":{}},"payload":{}', "The payload is neither"),
        (b'{"before":null}', "The payload is neither"),
        (b"[]", "The payload is neither"),
        (b"null", "The payload is neither"),
        (b'{"before":null,"after":{}', "This is not JSON"),
        (b"\xff", "This is not JSON"),
        (b"[" * 100_000, "This is not JSON"),
        (b"1" * 10_000, "This is not JSON"),
    ],
    ids=range(8),
)
def test_payloads_that_are_committed_to_but_not_one_object(
    body: bytes, told: str, tmp_path: Path, capsys: Capture
) -> None:
    log, salt = Log(), bytes(32)
    leaf = {"n": 0, "id": 1, "at": "2026-11-22T20:38:53.000000Z", "table": "claims_claim", "key": "1", "op": "I",
            "change": None, "user": None, "payload": verifier.sha256(salt + body).hexdigest()}  # fmt: skip
    log.append(leaf, salt.hex(), body)
    log.sign()
    assert refusal(capsys, "log", log.write(tmp_path)).startswith(f"Line 1: {told}")


def test_every_text_may_be_a_key(tmp_path: Path) -> None:
    log = Log()
    for key in ('"', "\\", "\n", "\u0001", "a\u2028b", "مفتاح", ""):
        log.add(key=key)
    log.sign()
    assert verified("log", log.write(tmp_path)) == 0


def test_redactions(log: Log, tmp_path: Path, capsys: Capture) -> None:
    log.redact(2)
    log.sign()
    assert verified("log", log.write(tmp_path)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Number 2 (entry 3) is redacted; number 10 records it."
    assert lines[1] == "11 entries, 1 redacted, agree with 3 checkpoints."
    log.redact(5, recorded=False)
    told = "Number 5 (entry 6) has lost its payload; nothing under a later checkpoint says why."
    assert refusal(capsys, "log", log.write(tmp_path)) == told
    # A record that nobody signed might be anyone's.
    log.add("ledger_redaction", {"entry_id": 6, "reason": "?"})
    assert refusal(capsys, "log", log.write(tmp_path)) == told
    log.sign()
    assert verified("log", log.write(tmp_path)) == 0
    # The record of a redaction is not redacted itself, and does not come before.
    log.redact(10)
    log.sign()
    assert "Number 2 (entry 3) has lost its payload" in refusal(capsys, "log", log.write(tmp_path))
    early = Log()
    early.add("ledger_redaction", {"entry_id": 2, "reason": "soon"})
    early.add()
    early.redact(1, recorded=False)
    early.sign()
    assert "Number 1 (entry 2) has lost its payload" in refusal(capsys, "log", early.write(tmp_path))


def restored() -> tuple[Log, bytes]:
    """A log that went on from a backup with six of ten entries, and the former origin's last checkpoint."""
    first = Log()
    for _ in range(10):
        first.add()
    first.sign(4)
    first.sign(10)
    log = Log(first.lines[:6], dict(first.checkpoints))
    log.restart("1-10.txt", 6)
    for _ in range(5):
        log.add(seed=2)
    log.sign(origin=2)
    return log, first.checkpoints["1-10.txt"]


def test_a_log_that_went_on_from_a_backup(tmp_path: Path, capsys: Capture) -> None:
    log, last = restored()
    kept = tmp_path / "kept.txt"
    kept.write_bytes(last)
    folder = log.write(tmp_path / "export")
    assert verified("log", folder) == 0
    out = capsys.readouterr().out
    assert "'1-10.txt' (provenance-0123abcd/1, 10 entries) covers entries that were given up" in out
    assert "12 entries, 0 redacted, agree with 2 checkpoints." in out
    # Who holds what was given up, is told, and decides.
    assert "if you know why, --accept-restored" in refusal(capsys, "log", folder, "--checkpoint", kept)
    assert verified("log", folder, "--checkpoint", kept, "--accept-restored") == 0
    kept.write_bytes(log.checkpoints["1-4.txt"])
    assert verified("log", folder, "--checkpoint", kept) == 0


def test_what_is_common_with_the_former_origin_is_checked(tmp_path: Path, capsys: Capture) -> None:
    log, _last = restored()
    rest, log.lines = log.lines[2:], log.lines[:1]
    log.add(seed=7)
    log.lines += rest
    log.sign(origin=2)
    assert "'1-4.txt' (provenance-0123abcd/1, 4 entries) differs" in refusal(capsys, "log", log.write(tmp_path))


def test_an_origin_without_its_link(tmp_path: Path, capsys: Capture) -> None:
    log, _last = restored()
    folder = tmp_path / "export"
    # The event is missing, or speaks of more entries than there are; or it comes after the first checkpoint.
    for common in (None, 7, -1):
        wrong = Log(log.lines[:6], {"1-4.txt": log.checkpoints["1-4.txt"], "1-10.txt": log.checkpoints["1-10.txt"]})
        wrong.add() if common is None else wrong.restart("1-10.txt", common)
        wrong.sign(origin=2)
        del wrong.checkpoints["1-10.txt"]
        assert "is of an origin that no entry before it links" in refusal(capsys, "log", wrong.write(folder))
    late = Log(log.lines[:6], {"1-10.txt": log.checkpoints["1-10.txt"], "1-4.txt": log.checkpoints["1-4.txt"]})
    late.sign(origin=2)
    late.restart("1-10.txt", 6)
    late.sign(origin=2)
    assert "links to the former one" in refusal(capsys, "log", late.write(folder))


def test_an_event_alone_excuses_nothing(log: Log, tmp_path: Path, capsys: Capture) -> None:
    # Whoever writes to the database can add the event, but cannot sign for the new origin.
    changed = Log(log.lines[:3], dict(log.checkpoints))
    changed.restart("1-10.txt", 0)
    for _ in range(8):
        changed.add(seed=3)
    assert "differs" in refusal(capsys, "log", changed.write(tmp_path))
    # And what does not fit is passed over.
    former = log.checkpoints["1-5.txt"].decode()
    details = ["[" * 9_999, "1", "{}", {"former": 1}, {"former": "x", "common": 1}, {"former": former, "common": [1]},
               '{"former": "\\ud800", "common": 1}', None]  # fmt: skip
    for detail in details:
        log.add("ledger_event", {"kind": "new_origin", "detail": detail})
    log.add("ledger_event", [1])
    log.sign()
    assert verified("log", log.write(tmp_path)) == 0


def test_a_fork_of_the_former_origin(tmp_path: Path, capsys: Capture) -> None:
    log, _last = restored()
    other = Log()
    for _ in range(12):
        other.add(seed=5)
    kept = tmp_path / "kept.txt"
    for size in (10, 12):
        kept.write_bytes(other.checkpoints[other.sign(size)])
        told = refusal(capsys, "log", log.write(tmp_path / "export"), "--checkpoint", kept, "--accept-restored")
        assert told.endswith("is not what the log names as the last of its former origin: a fork.")


def test_an_origin_after_the_next(tmp_path: Path, capsys: Capture) -> None:
    second, _last = restored()
    third = Log(second.lines[:5], dict(second.checkpoints))
    third.restart("2-12.txt", 5, origin=3)
    third.sign(origin=3)
    assert verified("log", third.write(tmp_path)) == 0
    assert "6 entries, 0 redacted, agree with 2 checkpoints." in capsys.readouterr().out


def test_proofs(tmp_path: Path, capsys: Capture) -> None:
    log = made_up(40, random.Random(3))
    redacted = next(place for place, line in enumerate(log.lines) if line.endswith(b'"payload":null}\n'))
    name = log.sign()
    tree = Tree(reader(log.hashes()), len(log.lines))
    path = tmp_path / "entry.tlog-proof"
    for number, line in enumerate(log.lines):
        text = proof_text(line, number, tree.inclusion_proof(number), log.checkpoints[name])
        path.write_bytes(text)
        assert verified("inclusion", path) == 0
        path.write_bytes(text.replace(b"@v1\n", b"@v1\nextra eA==\n"))
        assert verified("inclusion", path) == 0
    out = capsys.readouterr().out
    size = len(log.lines)
    assert f", is in the log. The checkpoint of the proof (provenance-0123abcd/1, {size} entries)." in out
    assert re.search(r'^Number 1 \(entry 2\), [IUD] of \w+ "\d+", is in the log', out, re.MULTILINE)
    assert re.search(rf"^Number {redacted} .*, redacted, is in the log", out, re.MULTILINE)
    text = proof_text(log.lines[7], 7, tree.inclusion_proof(7), log.checkpoints[name])
    path.write_bytes(text.replace(b"index 7", b"index 6"))
    assert refusal(capsys, "inclusion", path) == "What follows the entry's line is not a tlog-proof for its number."
    path.write_bytes(proof_text(made(7), 7, tree.inclusion_proof(7), log.checkpoints[name]))
    assert refusal(capsys, "inclusion", path).startswith("The proof does not lead from number 7, as it stands here")
    path.write_bytes(text)
    own, earlier = tmp_path / "own.txt", tmp_path / "earlier.txt"
    own.write_bytes(log.checkpoints[name])
    earlier.write_bytes(log.checkpoints[log.sign(5)])
    assert verified("inclusion", path, "--checkpoint", own) == 0
    assert "verify with “consistency”" in refusal(capsys, "inclusion", path, "--checkpoint", earlier)
    for place in range(0, len(text), 2):
        path.write_bytes(text[:place] + bytes([text[place] ^ 1 << place % 8]) + text[place + 1 :])
        assert refusal(capsys, "inclusion", path).endswith(".")
        path.write_bytes(text[:place])
        assert refusal(capsys, "inclusion", path).endswith(".")


def test_consistency(tmp_path: Path, capsys: Capture) -> None:
    log = made_up(30, random.Random(4))
    old, new, proof = (tmp_path / name for name in ("old.txt", "new.txt", "proof.txt"))
    new.write_bytes(log.checkpoints[log.sign()])
    for size in range(len(log.lines) + 1):
        old.write_bytes(log.checkpoints[log.sign(size)])
        hashes = Tree(reader(log.hashes()), len(log.lines)).consistency_proof(size)
        proof.write_text("".join(f"{b64encode(node).decode()}\n" for node in hashes))
        assert verified("consistency", old, new, proof) == 0
    assert "extends" in capsys.readouterr().out
    old.write_bytes(log.checkpoints[log.sign(5)])
    assert "cannot extend" in refusal(capsys, "consistency", new, old, proof)
    assert "The proof is empty" in refusal(capsys, "consistency", old, new, proof)
    proof.write_bytes("é\n".encode())
    assert "A hash of the proof is not 32 bytes" in refusal(capsys, "consistency", old, new, proof)


def test_garbage_is_refused_without_a_traceback(log: Log, tmp_path: Path, capsys: Capture) -> None:
    choose = random.Random(5)
    folder = log.write(tmp_path / "export")
    files = [folder / "journal.jsonl", *sorted(folder.glob("checkpoints/*"))]
    garbage = tmp_path / "garbage"
    for turn in range(300):
        content = bytearray(choose.choice(files).read_bytes())
        for _ in range(choose.randrange(1, 9)):
            place = choose.randrange(len(content) + 1)
            content[place : place + choose.randrange(9)] = choose.choice(
                (choose.randbytes(5), b"\n\n", b'"', b"null", b"{", "—".encode(), b"9" * 5_000, b"\xff", b"\0")
            )
        garbage.write_bytes(content if turn % 3 else choose.randbytes(turn))
        assert refusal(capsys, "inclusion", garbage)
        assert refusal(capsys, "consistency", files[1], garbage, garbage)
        assert refusal(capsys, "log", folder, "--checkpoint", garbage)
        shutil.copy(garbage, folder / "journal.jsonl")
        assert refusal(capsys, "log", folder)
        files[0].write_bytes(b"".join(log.lines))


def test_it_stands_alone(log: Log, tmp_path: Path) -> None:
    folder = log.write(tmp_path / "export")
    alone = shutil.copy(verifier.__file__, tmp_path)
    # -I: neither the folder it is started in nor an environment variable adds to the path.
    command = [sys.executable, "-I", "-W", "error", str(alone), "log", str(folder), *VKEY]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("10 entries, 0 redacted, agree with 2 checkpoints.")
    probe = (
        f"import runpy, sys; sys.argv[1:] = {command[5:]!r}\n"
        f"try: runpy.run_path({str(alone)!r}, run_name='__main__')\n"
        "except SystemExit as left: print(left.code, {'claims', 'django'} & {*sys.modules})"
    )
    command = [sys.executable, "-I", "-c", probe]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 set()"
    # Without its one dependency it says what is missing.
    command = [sys.executable, "-I", "-S", str(alone), "log", str(folder), *VKEY]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "The verifier needs the package “cryptography”; install it with pip.\n"
