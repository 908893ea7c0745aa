"""Keys, signed notes and checkpoints as they are made; `verifier` reads them.

Keys and notes are C2SP's signed-note with Ed25519, the private key in the form of Go's `sumdb/note`; checkpoints are
C2SP's tlog-checkpoint.
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claims.ledger.verifier import Checkpoint, Refused, decoded, parse_keys

__all__ = ["Checkpoint", "Refused", "SigningKey", "make_checkpoint", "open_checkpoint", "parse_keys"]

ED25519 = b"\x01"
SEED, HASH = 32, 32
PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True)
class SigningKey:
    """A private key with its name, which says whose log it signs."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a name that a signature's line cannot hold."""
        if not re.fullmatch(r"[^\s+\x00-\x1f\ud800-\udfff]+", self.name):
            raise Refused("A key's name is at least one character, without spaces and without “+”.")

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """A new key."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """The key that `PRIVATE+KEY+<name>+<key id>+<base64>` spells; raises Refused, without quoting any of it."""
        written = text.strip()
        name, _, rest = written.removeprefix(PRIVATE).partition("+")
        key_id, _, encoded = rest.partition("+")
        typed = decoded(encoded, "The last part of the signing key", 1 + SEED)
        if not written.startswith(PRIVATE) or not typed.startswith(ED25519):
            raise Refused("The signing key is not an Ed25519 key in the form PRIVATE+KEY+name+id+key.")
        key = cls(name, typed[1:])
        if key.id.hex() != key_id:
            raise Refused("The signing key was miscopied: its name, its id and its last part do not fit together.")
        return key

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._private.public_key().public_bytes_raw()

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def private_text(self) -> str:
        """The key as it is kept; whoever has it signs as the log."""
        return f"{PRIVATE}{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.seed).decode()}"

    @property
    def verifier_text(self) -> str:
        """The public key as it is handed out."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    def sign(self, text: str) -> str:
        """The signed note of a text, which ends with a line feed and has no other control characters."""
        if not text.endswith("\n") or re.search("[\\x00-\\x09\\x0b-\\x1f\\ud800-\\udfff]", text):
            raise Refused("A note is text whose last line is ended, without other control characters.")
        signature = b64encode(self.id + self._private.sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signature}\n"

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def make_checkpoint(origin: int, size: int, root: bytes, key: SigningKey) -> str:
    """The signed note which states that the log of the key's name, in this origin (from 1), has this size and root.

    Whether it extends what was signed before is for the caller to check. Raises ValueError for what cannot be a tree.
    """
    if origin < 1 or size < 0 or len(root) != HASH:
        raise ValueError(f"Origin {origin}, {size} entries and a root of {len(root)} bytes are no checkpoint.")
    return key.sign(f"{key.name}/{origin}\n{size}\n{b64encode(root).decode()}\n")


def open_checkpoint(note: str, verifier_text: str, where: str = "The checkpoint") -> Checkpoint:
    """The checkpoint in a note signed with the key of this verifier text; raises Refused where it is anything else."""
    return Checkpoint.open(note.encode(errors="replace"), parse_keys([verifier_text]), where)
