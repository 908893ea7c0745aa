"""`manage.py audit`: the journal is sealed, signed, exported, verified, reconciled, redacted, and proofs are made."""

import os
import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from claims.ledger import proofs, redaction
from claims.ledger.adopting import adopt
from claims.ledger.checkpoints import Kept, Shelf, Unset, checkpoint, new_origin, shelf
from claims.ledger.entries import size, snapshot
from claims.ledger.exporting import export
from claims.ledger.notes import Refused
from claims.ledger.reconcile import reconcile
from claims.ledger.verifying import verify
from claims.models import User
from claims.permissions import Capability, require

EVERY = 60
WRONG, CALLED_WRONGLY = 1, 2


class Command(BaseCommand):
    """Exits with 1 where something differs or is refused, with 2 where it was called wrongly."""

    help = "Seal, sign, export, verify, reconcile and redact the journal; prove what is in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT")
        kinds.add_parser("checkpoint", help="seal what is not sealed yet, and sign what the journal is now")
        exported = kinds.add_parser("export", help="write journal, checkpoints and key into a new folder")
        exported.add_argument("folder", type=Path)
        kinds.add_parser("verify", help="work the tree out again, and compare it with all checkpoints on file")
        reconciled = kinds.add_parser("reconcile", help="compare rows, versions and journal, both ways")
        reconciled.add_argument("--adopt", action="store_true", help="first put on record what the journal lacks")
        reconciled.add_argument("--reason", default="adopted", help="why, as the record is to say")
        proved = kinds.add_parser("prove", help="the proof that an entry is in the log")
        proved.add_argument("entry", type=int, help="the entry, or with --number its number in the tree, from 0")
        proved.add_argument("--number", action="store_true")
        consistent = kinds.add_parser("consistency", help="the proof that between two checkpoints nothing changed")
        consistent.add_argument("old", help="the older checkpoint's file, as 1-500.txt")
        consistent.add_argument("new")
        for each in (proved, consistent):
            each.add_argument("-o", "--output", type=Path, help="the file to write; standard output without it")
        redacted = kinds.add_parser("redact", help="remove former versions of a record from journal and history")
        redacted.add_argument("record", nargs="?", help="the record's identifier (uid)")
        redacted.add_argument("versions", nargs="*", type=int)
        redacted.add_argument("--entries", nargs="+", type=int, default=[], help="entries instead of a record")
        redacted.add_argument("--reason", required=True, help="why; it stays on record")
        redacted.add_argument("--user", metavar="NAME", help="the administrator who decided it")
        redacted.add_argument("--yes", action="store_true", help="do not ask: what is removed is gone")
        kinds.add_parser("new-origin", help="begin anew after an older backup was restored")
        watched = kinds.add_parser("watch", help="seal and sign again and again, until it is ended")
        watched.add_argument("--every", type=float, default=EVERY, metavar="SECONDS")
        watched.add_argument("--parent", type=int, metavar="PID", help="end when this process, which began it, ends")

    def handle(self, *, kind: str, **options: Any) -> None:
        try:
            getattr(self, kind.replace("-", "_"))(shelf(), Namespace(**options))
        except Unset as sentence:
            raise CommandError(str(sentence), returncode=CALLED_WRONGLY) from sentence
        except Refused as sentence:
            raise CommandError(str(sentence), returncode=WRONG) from sentence
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=WRONG) from error

    def checkpoint(self, place: Shelf, _options: Namespace) -> None:
        """Seal and sign."""
        kept = checkpoint(place, everywhere=True, progress=self._sealed, warn=self.stderr.write)
        self.stdout.write(f"{kept.path} covers {kept.size} entries.")

    def export(self, place: Shelf, options: Namespace) -> None:
        """Write an export."""
        kept = export(options.folder, place, progress=lambda done: self._say(f"{done} entries written"))
        self.stdout.write(
            f"{kept.size} entries are in {options.folder}. Verify them, best on another machine, with a key and a "
            f"checkpoint that were kept elsewhere:\n"
            f"python3 verifier.py log {options.folder} --key '{place.public_key()}' --checkpoint {kept.path.name}"
        )

    def verify(self, place: Shelf, _options: Namespace) -> None:
        """Verify the database."""
        kept, wrong = place.kept(), 0
        with self._at_one_moment():
            for sentence in verify(place, kept, progress=lambda done, of: self._tell("entries", done, of)):
                wrong += 1
                self.stdout.write(sentence)
            total = size()
        if wrong:
            raise CommandError(_differences(wrong), returncode=WRONG)
        self.stdout.write(f"{total} sealed entries agree with {len(kept)} checkpoints on file.")

    def reconcile(self, place: Shelf, options: Namespace) -> None:
        """Compare rows, versions and journal."""
        if options.adopt:
            done = adopt(options.reason, self._tell)
            self.stdout.write(f"{done.number} rows and versions were put on record as they are.")
            for sentence in done.refused:
                self.stdout.write(sentence)
        kept, wrong = place.kept(), 0
        with self._at_one_moment():
            for finding in reconcile(place, kept, self._tell):
                wrong += finding.differs
                self.stdout.write(f"{'' if finding.differs else 'Note: '}{finding.sentence}")
        if wrong:
            raise CommandError(_differences(wrong), returncode=WRONG)
        self.stdout.write("Rows, versions, journal and checkpoints agree.")

    def prove(self, place: Shelf, options: Namespace) -> None:
        """Prove that an entry is in the log."""
        number = options.entry if options.number else proofs.number_of(options.entry)
        self._put(options.output, proofs.inclusion(number, place))
        self._explain(place, "inclusion", options.output)

    def consistency(self, place: Shelf, options: Namespace) -> None:
        """Prove that one checkpoint extends another."""
        old, new = (_kept(place, name) for name in (options.old, options.new))
        self._put(options.output, proofs.consistency(old, new, place).encode())
        self._explain(place, f"consistency {old.path} {new.path}", options.output)

    def redact(self, _place: Shelf, options: Namespace) -> None:
        """Remove what some rows were."""
        if bool(options.record) == bool(options.entries) or bool(options.record) != bool(options.versions):
            raise CommandError("Name a record and its versions, or --entries.", returncode=CALLED_WRONGLY)
        user = _administrator(options.user) if options.user else None
        if options.record:
            targets = [redaction.of_versions(options.record, options.versions)]
        else:
            targets = redaction.of_entries(options.entries)
        if not options.yes and input("What is removed is gone for good. Type “yes” to go on: ") != "yes":
            raise CommandError("Nothing was removed.", returncode=WRONG)
        number = redaction.redact(
            targets,
            reason=options.reason,
            user_id=user.pk if user else None,
            user_name=user.get_username() if user else "",
        )
        self.stdout.write(
            f"{number} entries lost their content; that, and why, is on record. Backups and exports made before still "
            "have it."
        )
        self.checkpoint(_place, options)

    def new_origin(self, place: Shelf, _options: Namespace) -> None:
        """Begin a new origin."""
        kept = new_origin(place, progress=self._sealed)
        self.stdout.write(
            f"{kept.path} begins origin {kept.number} with {kept.size} entries. Tell whoever verifies why: they "
            "confirm it with --accept-restored."
        )

    def watch(self, place: Shelf, options: Namespace) -> None:
        """Seal and sign until SIGTERM or Ctrl-C."""
        ended, last = threading.Event(), ""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        while not ended.is_set():
            told = self._watched(place)
            if told != last:
                self.stdout.write(told)
                self.stdout.flush()
            last = told
            for _second in range(max(1, round(options.every))):
                if ended.wait(min(1, options.every)) or options.parent not in (None, os.getppid()):
                    return

    def _watched(self, place: Shelf) -> str:
        """Seal and sign once; gives what came of it. What fails today may work in a minute."""
        try:
            kept = checkpoint(place, warn=self.stderr.write)
        except (Refused, OSError, DatabaseError) as error:
            return f"Nothing was signed: {error}"
        finally:
            connections.close_all()
        return f"{kept.path.name} covers {kept.size} entries."

    @contextmanager
    def _at_one_moment(self) -> Iterator[None]:
        with snapshot():
            yield
        self._say("")

    def _put(self, path: Path | None, content: bytes) -> None:
        if path is None:
            self.stdout.write(content.decode(), ending="")
        else:
            path.write_bytes(content)

    def _explain(self, place: Shelf, what: str, path: Path | None) -> None:
        self.stderr.write(f"Verify it: python3 verifier.py {what} {path or 'PROOF'} --key '{place.public_key()}'")

    def _sealed(self, done: int) -> None:
        self._say(f"{done} entries sealed")

    def _tell(self, what: str, done: int, of: int) -> None:
        self._say(f"{what}: {done}{f' of {of}' if of else ''}")

    def _say(self, progress: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{progress}", end="", file=sys.stderr, flush=True)  # noqa: T201 - one line, over and over


def _kept(place: Shelf, name: str) -> Kept:
    wanted = Path(name).name.removesuffix(".txt")
    found = next((each for each in place.kept() if each.path.stem == wanted), None)
    if found is None:
        raise CommandError(f"There is no checkpoint {wanted}.txt in {place.folder}.", returncode=CALLED_WRONGLY)
    return found


def _administrator(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user “{name}”.", returncode=CALLED_WRONGLY)
    try:
        require(user, Capability.MANAGE_USERS)
    except PermissionDenied as error:
        raise CommandError(str(error), returncode=CALLED_WRONGLY) from error
    return user


def _differences(number: int) -> str:
    return "1 difference." if number == 1 else f"{number} differences."
