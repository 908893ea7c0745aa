"""Verifies an exported journal and proofs about it from files alone, trusting neither the software nor its database.

`log FOLDER [--checkpoint FILE]`, `inclusion PROOF [--checkpoint FILE]`, `consistency OLD NEW PROOF`, with `--key KEY`.
Exits with 0 where everything holds, 1 and a sentence where something does not, 2 where called wrongly. Hashes: RFC
6962, 2.1. Proofs: RFC 9162, 2.1.3.2, 2.1.4.2. Checkpoints: C2SP's tlog-checkpoint, Ed25519. Numbers count from 0.
"""

import argparse
import json
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial, reduce
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.stderr.write("The verifier needs the package “cryptography”; install it with pip.\n")
    raise SystemExit(2) from None

Keys = dict[tuple[str, bytes], bytes]  # Ed25519 keys by the name and the four bytes by which signatures name them.
LONGEST_LINE, EMPTY_ROOT, decode_json = 1 << 28, sha256(b"").digest(), json.JSONDecoder().raw_decode
COUNT, UUID = "(?:0|[1-9][0-9]{0,18})", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TEXT = r'"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00[01][0-9a-f])[^"\\\x00-\x1f]*)*"'
# A leaf is hashed as it stands in its line, so it can be cut out without being read as JSON: it has this one spelling.
LEAF = (
    rf'{{"n":({COUNT}),"id":({COUNT}),"at":"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{6}}Z","table":"([a-z0-9_]+)",'
    rf'"key":({TEXT}),"op":"([IUDA])","change":(?:"{UUID}"|null),"user":(?:{COUNT}|null),"payload":"([0-9a-f]{{64}})"}}'
)
LINE = re.compile(rf'{{"leaf":({LEAF}),"salt":(?:"([0-9a-f]{{64}})"|null),"payload":'.encode())


class Refused(Exception):  # noqa: N818 - it answers a person
    """What is wrong and where, in a sentence."""


def refuse(sentence: str) -> NoReturn:
    """Raise a refusal, also in the middle of an expression."""
    raise Refused(sentence)


def decoded(text: str, what: str = "A hash of the proof", length: int = 32) -> bytes:
    """So many bytes from base64, which has to be in its one proper spelling."""
    with suppress(ValueError):
        if len(found := b64decode(text, validate=True)) == length and b64encode(found).decode() == text:
            return found
    return refuse(f"{what} is not {length} bytes in base64.")


def parse_keys(texts: Iterable[str]) -> Keys:
    """The keys that `<name>+<key id in hexadecimal>+<base64 of 0x01 and the Ed25519 key>` spell, all of one name."""
    keys: Keys = {}
    for text in texts:
        name, key_id, encoded = [*text.strip().split("+", 2), "", ""][:3]
        typed = decoded(encoded, "The last part of a verifier key", 33)
        identifier = sha256(f"{name}\n".encode(errors="replace") + typed).digest()[:4]
        if typed[0] != 1 or identifier.hex() != key_id or any(name != other for other, _ in keys):
            refuse("A verifier key was miscopied, is not of Ed25519, or is of another log than the one before.")
        keys[name, identifier] = typed[1:]
    return keys


def parent(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def climb(index: int, last: int, proof: Sequence[bytes], new: bytes, old: bytes) -> tuple[bytes, bytes]:
    """The roots that a proof leads to from a node in the row that ends with `last`: of all, of what ends with it."""
    for sibling in proof:
        _more = last or refuse("The proof is too long for these sizes.")
        if index & 1 or index == last:
            new, old = parent(sibling, new), parent(sibling, old)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            new = parent(new, sibling)
        index, last = index >> 1, last >> 1
    return (new, old) if last == 0 else refuse("The proof is too short for these sizes.")


class Checkpoint(NamedTuple):
    """What a log was when this was signed: its size and root; `number` tells its origins apart, `where` names it."""

    number: int
    size: int
    root: bytes
    where: str

    @classmethod
    def open(cls, note: bytes | Path, keys: Keys, where: str = "Checkpoint") -> "Checkpoint":
        """The one in a note, or in a file, that is signed with one of the keys."""
        if isinstance(note, Path):
            where, note = f"{where} {note.name!a}", note.read_bytes()
        text, _, last = note.decode(errors="replace").rpartition("\n\n")
        if re.search("[\0-\t\v-\x1f\ufffd]", text) or not re.fullmatch(r"(— [^\s+]+ [A-Za-z0-9+/]{8,}=*\n)+", last):
            refuse(f"{where} is not a signed note: a text, an empty line and signatures.")
        signer = ""
        for _, name, value in map(str.split, last[:-1].split("\n")):
            if public := keys.get((name, b64decode(value[:8])[:4])):
                signer, signature = name, decoded(value, f"{where}: the signature", 68)[4:]
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(signature, f"{text}\n".encode())
                except InvalidSignature:
                    refuse(f"{where} was changed or forged: the signature of {name} does not fit.")
        found = re.fullmatch(rf"([^\n]+)/([1-9][0-9]{{0,8}})\n({COUNT})\n([^\n]+)(?:\n[^\n]+)*", text)
        if not found or found[1] != signer:
            refuse(f"{where} is no checkpoint of this log: its origin, its signature and the key do not fit together.")
        named = f"{where} ({found[1]}/{found[2]}, {found[3]} entries)"
        return cls(int(found[2]), int(found[3]), decoded(found[4], f"{where}: the root"), named)

    def check_inclusion(self, index: int, leaf: bytes, proof: Sequence[bytes]) -> None:
        """Refuse what does not prove that the entry with this leaf hash has the number `index`."""
        if not 0 <= index < self.size or climb(index, self.size - 1, proof, leaf, leaf)[0] != self.root:
            refuse(f"The proof does not lead from number {index}, as it stands here, to the root of {self.where}.")

    def check_extends(self, old: "Checkpoint", proof: Sequence[bytes]) -> None:
        """Refuse what does not prove that the log begins with that of an older checkpoint."""
        if self.number != old.number or self.size < old.size:
            refuse(f"{self.where} cannot extend {old.where}: it has fewer entries or is of another origin.")
        if old.size in (0, self.size):
            roots = b"" if proof else self.root, self.root if old.size else EMPTY_ROOT
        else:
            # First comes the largest subtree at the end of the old tree, left out where it is all of the old tree.
            below = (old.size & -old.size).bit_length() - 1
            first, *rest = [*([] if old.size >> below > 1 else [old.root]), *proof] or refuse("The proof is empty.")
            roots = climb(old.size - 1 >> below, self.size - 1 >> below, rest, first, first)
        if roots != (self.root, old.root):
            refuse(f"The proof does not show that {self.where} extends {old.where}.")


def read_line(line: bytes) -> tuple[re.Match[bytes], bytes, Any]:
    """The fields of an entry's line, its leaf hash, and its payload, None where redacted; refuses what does not fit."""
    found = LINE.match(line)
    if found is None or line[-2:] != b"}\n":
        refuse("This is not an entry as it was exported; it was changed or cut short.")
    (leaf, commitment, salt), body = found.group(1, 7, 8), line[found.end() : -2]
    if salt and sha256(bytes.fromhex(salt.decode()) + body).hexdigest().encode() != commitment:
        refuse("The payload is not what the entry commits to; it was changed after it was recorded.")
    try:
        leaf.decode()
        payload, end = decode_json(text := body.decode())
    except (ValueError, RecursionError):
        refuse("This is not JSON in UTF-8.")
    proper = type(payload) is dict and payload.keys() >= {"before", "after"} if salt else body == b"null"
    if end != len(text) or not proper:
        refuse("The payload is neither redacted nor one object with “before” and “after”.")
    return found, sha256(b"\x00" + leaf).digest(), payload


class Journal:
    """A journal being read, and what it has shown so far."""

    def __init__(self, keys: Keys, given: Sequence[Checkpoint], found: Sequence[Checkpoint]) -> None:
        self.keys, self.given, self.checkpoints, self.size, self.redacted = keys, given, [*given, *found], 0, 0
        self.covered = max(self.checkpoints).size  # by the newest origin
        self.roots, self.unexplained = {0: EMPTY_ROOT}, dict[int, int]()
        self.links: dict[int, tuple[int, Checkpoint]] = {}  # by origin: entries in common, the former's last checkpoint

    def read(self, path: Path) -> None:
        """Check every line, and keep the roots at the sizes of the checkpoints; shows progress on a terminal."""
        # Of the entries already seen, `ids` keeps one bit each, 512 of them in a number.
        sizes, peaks, ids = {found.size for found in self.checkpoints}, list[bytes](), dict[int, int]()
        with path.open("rb") as file:
            for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b"")):
                if not number & 0x3FFF and sys.stderr.isatty():
                    print(f"{file.tell() / path.stat().st_size:4.0%}", end="\r", file=sys.stderr, flush=True)
                try:
                    found, node, payload = read_line(line)
                    if int(found[2]) != number:
                        refuse(f"The number is {int(found[2])}, not {number}; lines were removed, added or moved.")
                    entry = int(found[3])
                    if (seen := ids.get(entry >> 9, 0)) >> (entry & 511) & 1:
                        refuse(f"Entry {entry} is in the journal twice.")
                    ids[entry >> 9] = seen | 1 << (entry & 511)
                    if payload is None:
                        self.unexplained[entry] = number
                    elif found[4] in (b"ledger_redaction", b"ledger_event") and found[6] == b"I":
                        self.note(number, payload["after"])
                except Refused as refused:
                    raise Refused(f"Line {number + 1}: {refused}") from None
                self.size = rest = number + 1
                while not rest & 1:
                    node, rest = parent(peaks.pop(), node), rest >> 1
                peaks.append(node)
                if self.size in sizes:
                    self.roots[self.size] = reduce(lambda right, left: parent(left, right), reversed(peaks))

    def note(self, number: int, row: Any) -> None:
        """Take from a row of the ledger's own what it says about a redaction or an origin."""
        match row:
            case {"entry_id": int(entry)} if entry in self.unexplained and number < self.covered:
                print(f"Number {self.unexplained.pop(entry)} (entry {entry}) is redacted; number {number} records it.")
                self.redacted += 1
            case {"kind": "new_origin", "detail": detail}:
                # Anyone can write such a row: one that does not fit links nothing, of several the strictest counts.
                with suppress(Refused, ValueError, TypeError, LookupError, AttributeError, RecursionError):
                    detail = json.loads(detail) if type(detail) is str else detail
                    former = Checkpoint.open(detail["former"].encode(), self.keys, f"The one in number {number}")
                    origin, common = former.number + 1, detail["common"]
                    covered = min((found.size for found in self.checkpoints if found.number >= origin), default=0)
                    if number < covered and self.links.get(origin, (-1,))[0] < common <= min(number, former.size):
                        self.links[origin] = common, former

    def judge(self, *, accept: bool) -> Iterator[str]:
        """Hold the checkpoints against what was read; gives what there is to say."""
        for entry, number in self.unexplained.items():
            refuse(f"Number {number} (entry {entry}) has lost its payload; nothing under a later checkpoint says why.")
        agreed = checked = 0
        for found in sorted(self.checkpoints, key=lambda found: found.size):
            common = min((link[0] for origin, link in self.links.items() if origin > found.number), default=found.size)
            if found.size > common:
                former = self.links.get(found.number + 1, (0, found))[1]
                if found.size >= former.size and found[:3] != former[:3]:
                    refuse(f"{found.where} is not what the log names as the last of its former origin: a fork.")
                if found in self.given and not accept:
                    refuse(f"{found.where} covers entries lost to a backup; if you know why, --accept-restored.")
                yield f"{found.where} covers entries that were given up for a backup with only {common} of them."
            elif found.number > 1 and found.number not in self.links:
                refuse(f"{found.where} is of an origin that no entry before it links to the former one.")
            elif found.size > self.size:
                refuse(f"{found.where} covers more than the {self.size} entries of the journal: its end was cut off.")
            elif self.roots[found.size] != found.root:
                refuse(f"{found.where} differs: of numbers {agreed} to {found.size - 1}, something was changed.")
            else:
                agreed, checked = found.size, checked + 1
        late = f"; {self.size - agreed} entries after the last are not covered" if self.size > agreed else ""
        yield f"{self.size} entries, {self.redacted} redacted, agree with {checked} checkpoints{late}."


def log(paths: Sequence[Path], keys: Keys, asked: argparse.Namespace) -> Iterator[str]:
    """Verify an exported folder."""
    given = [Checkpoint.open(path, keys, "Your checkpoint") for path in asked.checkpoint]
    found = [Checkpoint.open(path, keys) for path in sorted(paths[0].glob("checkpoints/*.txt"))]
    if not given and not found:
        refuse("There is no checkpoint, neither in the folder nor given: nothing holds the journal to what it was.")
    journal = Journal(keys, given, found)
    journal.read(paths[0] / "journal.jsonl")
    yield from journal.judge(accept=asked.accept_restored)
    if not given:
        yield "All checkpoints are the folder's own: give one with --checkpoint that was kept elsewhere."


def inclusion(paths: Sequence[Path], keys: Keys, asked: argparse.Namespace) -> Iterator[str]:
    """Verify that one entry is in the log: its line of the export, followed by a C2SP tlog-proof."""
    line, _newline, rest = paths[0].read_bytes().partition(b"\n")
    head, _blank, note = rest.partition(b"\n\n")
    form = rf"c2sp\.org/tlog-proof@v1\n(?:extra [^\n]*\n)?index ({COUNT})((?:\n[^\n]+)*)"
    found, (fields, leaf, payload) = re.fullmatch(form, head.decode(errors="replace")), read_line(line + b"\n")
    if not found or int(found[1]) != int(fields[2]):
        refuse("What follows the entry's line is not a tlog-proof for its number.")
    checkpoint = Checkpoint.open(note, keys, "The checkpoint of the proof")
    checkpoint.check_inclusion(int(found[1]), leaf, [decoded(text) for text in found[2].split()])
    for kept in (Checkpoint.open(path, keys, "your checkpoint") for path in asked.checkpoint):
        if kept[:3] != checkpoint[:3]:
            refuse(f"{checkpoint.where} is not {kept.where}: verify with “consistency” that one extends the other.")
    what = (b"%b of %b %b" % fields.group(6, 4, 5)).decode() + ", redacted" * (payload is None)
    yield f"Number {found[1]} (entry {int(fields[3])}), {what}, is in the log. {checkpoint.where}."


def consistency(paths: Sequence[Path], keys: Keys, _: argparse.Namespace) -> Iterator[str]:
    """Verify that nothing was changed between two checkpoints."""
    old, new = (Checkpoint.open(path, keys) for path in paths[:2])
    new.check_extends(old, [decoded(text) for text in paths[2].read_text("ascii", "replace").splitlines()])
    yield f"{new.where} extends {old.where}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["log", "inclusion", "consistency"])
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="what to verify")
    parser.add_argument("--key", action="append", default=[], help="the log's public key; again for each later one")
    parser.add_argument("--trust-folder-key", action="store_true", help="take the key that lies in the folder")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="one that you kept")
    parser.add_argument("--accept-restored", action="store_true", help="a backup was restored, and you know why")
    asked = parser.parse_args(arguments)
    verify, number = {"log": (log, 1), "inclusion": (inclusion, 1), "consistency": (consistency, 3)}[asked.what]
    if len(asked.paths) != number or not (asked.key or (asked.trust_folder_key and verify is log)):
        parser.error(f"{asked.what} takes {number} PATH and the log's public key with --key")
    try:
        if not asked.key:
            print("Warning: with the key of the folder itself nothing shows who made the folder.", file=sys.stderr)
            asked.key = (asked.paths[0] / "key.vkey").read_text("utf-8").splitlines()
        for sentence in verify(asked.paths, parse_keys(asked.key), asked):
            print(sentence)
    except (Refused, OSError, UnicodeError) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
