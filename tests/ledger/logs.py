"""Exported journals, made without a database, and a Merkle tree written as RFC 6962 defines it: to test against."""

import json
import random
import shutil
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from claims.ledger import merkle
from claims.ledger.notes import SigningKey, make_checkpoint

KEY = SigningKey("provenance-0123abcd", bytes(range(32)))
OTHER_KEY = SigningKey("provenance-0123abcd", bytes(range(1, 33)))


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word; the leaves are hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:])).digest()


def reader(leaves: Sequence[bytes]) -> merkle.Read:
    """What reads the leaves and complete subtrees of a list of leaf hashes."""
    whole = tuple(leaves)

    @cache
    def read(level: int, first: int, stop: int) -> list[bytes]:
        width = 256**level
        return [naive_root(whole[index * width : (index + 1) * width]) for index in range(first, stop)]

    return read


@dataclass
class Log:
    """The lines of a journal and its checkpoints by file name."""

    lines: list[bytes] = field(default_factory=list)
    checkpoints: dict[str, bytes] = field(default_factory=dict)

    def add(self, table: str = "claims_claim", after: Any = None, seed: int = 0, **leaf: Any) -> int:
        """Add an entry; gives its number."""
        number = len(self.lines)
        row = {"id": number, "value": f"قيمة {seed} “quoted\\” \n"} if after is None else after
        salt = sha256(f"{seed} {number}".encode()).digest()
        body = json.dumps({"before": None, "after": row, "secrets": []}, ensure_ascii=False).encode()
        fields = {
            "n": number, "id": number + 1, "at": f"2026-11-22T20:38:53.{number:06}Z", "table": table,
            "key": str(number), "op": "I", "change": None if number % 3 else "01234567-89ab-cdef-0123-456789abcdef",
            "user": number % 5 or None, "payload": sha256(salt + body).hexdigest(),
        }  # fmt: skip
        self.append({**fields, **leaf}, salt.hex(), body)
        return number

    def append(self, leaf: dict[str, Any], salt: str, body: bytes) -> None:
        """Add a line of these parts."""
        written = json.dumps(leaf, ensure_ascii=False, separators=(",", ":")).encode()
        self.lines.append(b'{"leaf":%b,"salt":"%b","payload":%b}\n' % (written, salt.encode(), body))

    def redact(self, number: int, *, recorded: bool = True) -> None:
        """Take the payload of an entry away, and put that on record."""
        head = self.lines[number].split(b',"salt":')[0]
        self.lines[number] = head + b',"salt":null,"payload":null}\n'
        if recorded:
            self.add("ledger_redaction", {"id": 1, "entry_id": number + 1, "reason": "lawful"})

    def hashes(self) -> list[bytes]:
        """The leaf hashes, cut out of the lines."""
        return [sha256(b"\x00" + line.split(b',"salt":')[0].removeprefix(b'{"leaf":')).digest() for line in self.lines]

    def sign(self, size: int | None = None, origin: int = 1, key: SigningKey = KEY) -> str:
        """Make a checkpoint of all entries or of the first ones; gives its file's name."""
        size = len(self.lines) if size is None else size
        name = f"{origin}-{size}.txt"
        root = naive_root(self.hashes()[:size])
        self.checkpoints[name] = make_checkpoint(origin, size, root, key).encode()
        return name

    def restart(self, former: str, common: int, origin: int = 2) -> int:
        """Add the event that begins a new origin."""
        named = {"origin": f"{KEY.name}/{origin}", "former": self.checkpoints[former].decode(), "common": common}
        return self.add("ledger_event", {"id": 1, "kind": "new_origin", "detail": json.dumps(named)})

    def copy(self) -> "Log":
        """Another one that can be changed."""
        return Log(list(self.lines), dict(self.checkpoints))

    def write(self, folder: Path, key: SigningKey = KEY) -> Path:
        """Write the folder as it is exported, over whatever was there."""
        # Anew, not over the old files: some file systems write what is replaced to the disk first.
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "checkpoints").mkdir(parents=True)
        (folder / "journal.jsonl").write_bytes(b"".join(self.lines))
        (folder / "key.vkey").write_text(key.verifier_text + "\n")
        for name, note in self.checkpoints.items():
            (folder / "checkpoints" / name).write_bytes(note)
        return folder


def made_up(size: int, choose: random.Random) -> Log:
    """A log of so many entries and a few checkpoints, the last of which covers everything; some are redacted."""
    log, seed = Log(), choose.randrange(1 << 30)
    kept = list[int]()
    while len(log.lines) < size:
        kept.append(log.add(seed=seed))
        if len(log.lines) < size and choose.random() < 1 / 12:
            log.redact(kept.pop(choose.randrange(len(kept))))
    for _ in range(choose.randrange(4)):
        log.sign(choose.randint(0, len(log.lines)))
    log.sign()
    return log


def proof_text(line: bytes, number: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """An inclusion proof's file."""
    hashes = "".join(f"{b64encode(node).decode()}\n" for node in proof)
    return line + f"c2sp.org/tlog-proof@v1\nindex {number}\n{hashes}\n".encode() + checkpoint
