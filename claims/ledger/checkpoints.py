"""Checkpoints: what the tree was, signed, and kept in a folder outside the database (`AUDIT_CHECKPOINTS`).

The folder is the memory of the signer: it signs nothing that does not extend the last that it signed. It holds
`<origin number>-<size>.txt` for each checkpoint, `origin`, `key.vkey`, and `signing.key` unless that lies elsewhere.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from claims.ledger import events
from claims.ledger.entries import as_sealed, read_hashes, sealed, size
from claims.ledger.merkle import Tree
from claims.ledger.notes import Refused, SigningKey, make_checkpoint, open_checkpoint
from claims.ledger.sealing import Progress, seal

__all__ = ["Kept", "Refused", "Shelf", "Unset", "checkpoint", "new_origin", "shelf"]

NAME = re.compile(r"([1-9][0-9]{0,8})-(0|[1-9][0-9]{0,18})\.txt")
ORIGIN = re.compile(r"(\S+)/([1-9][0-9]{0,8})\n?")


class Unset(Refused):
    """The installation is not set up with a folder for checkpoints."""


class Kept(NamedTuple):
    """A checkpoint on file: the number of its origin, and how many entries it covers; in the order of both."""

    number: int
    size: int
    folder: Path

    @property
    def path(self) -> Path:
        """Its file."""
        return self.folder / f"{self.number}-{self.size}.txt"

    def __str__(self) -> str:
        return f"Checkpoint {self.path.name}"


class Shelf:
    """The folder of checkpoints, with the key that signs them."""

    def __init__(self, folder: Path, key: Path | None = None) -> None:
        self.folder = folder
        self.key = key or folder / "signing.key"

    def kept(self) -> list[Kept]:
        """All checkpoints on file, by their names, oldest first."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 - a Path for each of 100,000 files takes half a second
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(Kept(int(name[1]), int(name[2]), self.folder) for name in map(NAME.fullmatch, names) if name)

    def number(self) -> int:
        """The number of the present origin."""
        return self._origin()[1]

    def public_key(self) -> str:
        """The key that verifies, as outsiders are given it."""
        if self.key.exists() and os.access(self.key, os.R_OK):
            return self.signer().verifier_text
        try:  # whoever only reads, the web server say, need not have what signs
            return (self.folder / "key.vkey").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return self.signer().verifier_text

    def root(self, kept: Kept) -> bytes:
        """The root that a checkpoint states; raises `Refused` where the file is not what was signed."""
        try:
            note = kept.path.read_text(encoding="utf-8", errors="replace")
        except OSError as wrong:
            raise Refused(f"{kept} cannot be read ({wrong.strerror}).") from wrong
        found = open_checkpoint(note, self.public_key(), str(kept))
        if (found.number, found.size) != (kept.number, kept.size):
            raise Refused(f"{kept} bears the name of another checkpoint. Put it back from a copy.")
        return found.root

    def signer(self) -> SigningKey:
        """The key that signs; raises `Refused` where it is not there or not readable."""
        try:
            return SigningKey.parse(self.key.read_text(encoding="utf-8", errors="replace"))
        except FileNotFoundError:
            raise Refused(f"There is no signing key at {self.key}. “manage.py audit checkpoint” makes one.") from None
        except OSError as wrong:
            raise Refused(f"The signing key {self.key} cannot be read ({wrong.strerror}).") from wrong

    def sign(self, number: int, size: int, root: bytes) -> Kept:
        """Write a checkpoint down; signing the same again gives the same bytes."""
        kept = Kept(number, size, self.folder)
        write_whole(kept.path, make_checkpoint(number, size, root, self.signer()).encode())
        return kept

    def begin(self, number: int) -> None:
        """Make this the present origin."""
        write_whole(self.folder / "origin", f"{self.signer().name}/{number}\n".encode())

    def make(self) -> None:
        """Make key and origin where nothing was signed yet; raises `Refused` where the key of what was is gone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.key.exists():
            if self.kept():
                raise Refused(
                    f"There are checkpoints in {self.folder}, but the key that signed them is not at {self.key}. "
                    "Put it back from a copy. Without it, begin with an empty folder, and tell whoever verifies."
                )
            self.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = SigningKey.generate(f"provenance-{secrets.token_hex(4)}")
            write_whole(self.key, f"{made.private_text}\n".encode(), mode=0o600)
        if not (self.folder / "origin").exists():
            self.begin(max((each.number for each in self.kept()), default=1))
        if not (self.folder / "key.vkey").exists():
            write_whole(self.folder / "key.vkey", f"{self.public_key()}\n".encode())

    def _origin(self) -> tuple[str, int]:
        with suppress(OSError, UnicodeError):
            found = ORIGIN.fullmatch((self.folder / "origin").read_text(encoding="utf-8"))
            if found:
                return found[1], int(found[2])
        raise Refused(f"{self.folder / 'origin'} is missing or damaged. “manage.py audit checkpoint” makes it.")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait for another signer to finish, and have the next one wait."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def shelf() -> Shelf:
    """The folder that this installation is set up with; raises `Unset` where it is with none."""
    if not settings.AUDIT_CHECKPOINTS:
        raise Unset(
            "AUDIT_CHECKPOINTS is not set. Set it to a folder outside the database's reach, on another disk if there "
            "is one: it holds the signed checkpoints that nobody may change."
        )
    return Shelf(Path(settings.AUDIT_CHECKPOINTS), Path(settings.AUDIT_KEY) if settings.AUDIT_KEY else None)


def checkpoint(
    place: Shelf,
    *,
    everywhere: bool = False,
    progress: Progress | None = None,
    warn: Callable[[str], object] | None = None,
) -> Kept:
    """Seal what is committed, and sign what the tree is now; returns the checkpoint, the last one if nothing is new.

    `everywhere` and `progress` are as in `seal`; `warn` is told which entries were left out as no trigger wrote them.
    Raises `Refused` where the tree does not extend the last checkpoint that was signed.
    """
    with place.alone():
        place.make()
        swept = seal(everywhere=everywhere, progress=progress)
        if warn is not None:
            for sentence in swept.refused:
                warn(sentence)
        return _sign(place)


def new_origin(place: Shelf, *, progress: Progress | None = None) -> Kept:
    """Begin a new origin after an older backup was restored, linked to the last checkpoint; returns its first one.

    Raises `Refused` where nothing was signed yet, and where the tree extends the last checkpoint as it should.
    """
    with place.alone():
        kept = place.kept()
        if not kept:
            raise Refused("Nothing was signed yet: there is no origin to leave. Run “manage.py audit checkpoint”.")
        last, held = kept[-1], size()
        if _agrees(place, last, held):
            raise Refused(f"The tree extends {last} as it should. There is no reason for a new origin.")
        common = max((each.size for each in kept if _agrees(place, each, held)), default=0)
        former = last.path.read_text(encoding="utf-8")
        events.record(kind="new_origin", detail={"former": former, "common": common})
        seal(progress=progress)
        place.begin(last.number + 1)
        return _sign(place)


def _sign(place: Shelf) -> Kept:
    held, number = size(), place.number()
    last = next((each for each in reversed(place.kept()) if each.number == number), None)
    if last is not None and not _agrees(place, last, held):
        raise Refused(_disagreement(last, held))
    if last is not None and last.size == held:
        return last
    _refuse_forged(last.size if last is not None else 0, held)
    try:
        return place.sign(number, held, Tree(read_hashes, held).root())
    except LookupError as wrong:
        raise Refused(f"Nothing was signed: {wrong} Run “manage.py audit verify”.") from wrong


def _refuse_forged(first: int, stop: int) -> None:
    """Refuse to sign leaves that are not what their entries say: anybody may add a row there, the sweeper or not."""
    for expected, found in enumerate(sealed(first, stop), first):
        if found.number != expected or not as_sealed(found):
            raise Refused(
                f"Nothing was signed: number {expected} is not what was journaled. Run “manage.py audit verify”."
            )


def _agrees(place: Shelf, kept: Kept, held: int) -> bool:
    try:
        return kept.size <= held and Tree(read_hashes, kept.size).root() == place.root(kept)
    except LookupError:
        return False


def _disagreement(last: Kept, held: int) -> str:
    ask = (
        "If an older backup was restored, run “manage.py audit new-origin”. If not, somebody changed the journal: "
        "keep this folder and a copy of the database, and run “manage.py audit verify”, which says where."
    )
    if last.size > held:
        return f"{last} covers {last.size} entries, and the journal has {held}: nothing was signed. {ask}"
    return f"The first {last.size} entries of the journal are not those of {last}: nothing was signed. {ask}"


def write_whole(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Have the file there whole or not at all, on disk, whatever happens meanwhile."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(draft)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
