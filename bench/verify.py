"""Times the verifying of an exported journal against merely reading it (`json.loads` of each line), and its memory.

Run as `python -m bench.verify [entries]`. The journal is made up, of about 600 bytes an entry, every fiftieth entry in
Arabic, with checkpoints, redactions and sign-ins. Each way of reading it is a process of its own, whose seconds of
computing and whose memory are told.
"""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from claims.ledger import verifier
from claims.ledger.merkle import Frontier, leaf_hash
from claims.ledger.notes import SigningKey, make_checkpoint

ENTRIES = 1_000_000
CHECKPOINTS = 100
OF_A_CHANGE = 4
ARABIC, SIGN_IN, REDACTED = 50, 97, 10_000
WORDS = ["the figure", "was given", "by an official", "who asked", "for no name", "and corrected", "it", "a day later"]
TIMES = 3
RUNNER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
LINES = "import sys\nfor line in open(sys.argv[1], 'rb'): pass"
PARSED = "import json, sys\nfor line in open(sys.argv[1], 'rb'): json.loads(line)"


def row(number: int, version: int, choose: random.Random) -> dict[str, object]:
    """What the journal holds of one claim's row."""
    note = "قال مسؤول لم يذكر اسمه" if number % ARABIC == 0 else " ".join(choose.choices(WORDS, k=3))
    return {
        "id": number, "version": version, "question_id": number // 20, "source_id": number // 9, "value": number % 997,
        "state": "reviewed", "said_on": "2023-05~", "note": note,
    }  # fmt: skip


def payload(number: int, choose: random.Random) -> tuple[str, dict[str, object]]:
    """The table and the content of an entry."""
    if number % REDACTED == 1 and number > REDACTED:
        return "ledger_redaction", {
            "before": None,
            "after": {"entry_id": number - 1, "reason": "lawful"},
            "secrets": [],
        }
    if number % SIGN_IN == 0 and number % REDACTED:
        return "ledger_event", {
            "before": None,
            "after": {"kind": "sign_in", "detail": "{}", "name": "desk"},
            "secrets": [],
        }
    return "claims_claim", {"before": row(number, 1, choose), "after": row(number, 2, choose), "secrets": []}


def lines(entries: int, tree: Frontier) -> Iterator[bytes]:
    """The lines of the journal; the tree grows with them."""
    choose = random.Random(1)
    for number in range(entries):
        table, content = payload(number + 1, choose)
        body, salt = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), choose.randbytes(32)
        leaf = json.dumps({
            "n": number, "id": number + 1, "at": f"2026-11-22T20:38:53.{number % 1_000_000:06}Z", "table": table,
            "key": str(number), "op": "I" if table.startswith("ledger") else "U",
            "change": str(UUID(int=number // OF_A_CHANGE << 80 | 1)), "user": number % 9 or None,
            "payload": sha256(salt + body).hexdigest(),
        }, separators=(",", ":")).encode()  # fmt: skip
        tree.extend([leaf_hash(leaf)])
        redacted = (number + 1) % REDACTED == 0 and number + 1 < entries
        rest = b"null" if redacted else b'"%b"' % salt.hex().encode()
        yield b'{"leaf":%b,"salt":%b,"payload":%b}\n' % (leaf, rest, b"null" if redacted else body)


def export(folder: Path, entries: int) -> str:
    """Write a journal with checkpoints; gives the key."""
    key, tree = SigningKey.generate("provenance-bench"), Frontier()
    (folder / "checkpoints").mkdir()
    with (folder / "journal.jsonl").open("wb") as file:
        for line in lines(entries, tree):
            file.write(line)
            if tree.size % max(entries // CHECKPOINTS, 1) == 0 or tree.size == entries:
                note = make_checkpoint(1, tree.size, tree.root(), key)
                (folder / "checkpoints" / f"1-{tree.size}.txt").write_text(note)
    return key.verifier_text


def measured(command: list[str]) -> tuple[float, float]:
    """The seconds of computing that a command took, and the most memory that it took, in MB."""
    # From a small process: a child's memory is never told as less than that of the process which began it.
    runner = [sys.executable, "-S", "-c", RUNNER, sys.executable, *command]
    told = subprocess.run(runner, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), int(told[1]) / 1024


def main() -> None:
    """Print one line a way of reading: seconds, memory, and its speed as a multiple of that of reading the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int, nargs="?", default=ENTRIES)
    entries = parser.parse_args().entries
    with TemporaryDirectory() as name:
        folder = Path(name)
        key = export(folder, entries)
        journal = folder / "journal.jsonl"
        size = journal.stat().st_size
        print(f"{entries:,} entries, {size / 1e6:,.0f} MB, {size / entries:.0f} bytes each; best of {TIMES}")
        cases = {
            "lines only": ["-c", LINES, str(journal)],
            "json.loads": ["-c", PARSED, str(journal)],
            "verifier log": [str(verifier.__file__), "log", name, "--key", key],
        }
        # By turns, so that all suffer alike from what else the machine does.
        rounds = [{case: measured(command) for case, command in cases.items()} for _ in range(TIMES)]
        best = {case: min(turn[case][0] for turn in rounds) for case in cases}
        for case, took in best.items():
            memory = max(turn[case][1] for turn in rounds)
            print(
                f"{case:14} {took:8.2f} s  {memory:6.0f} MB  {best['json.loads'] / took:6.2f} x the speed of json.loads"
            )


if __name__ == "__main__":
    main()
