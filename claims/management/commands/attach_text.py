"""`manage.py attach_text`: attach a text to a source, and see what became of each of its passages."""

import sys
from argparse import ArgumentParser
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Claim, PassageLocation, Source, User
from claims.services.texts import Attached, attach_text
from claims.text.decoding import MAX_BYTES, Encoding, refuse_size
from claims.text.outcome import Outcome
from claims.text.refusals import TextRefusal
from claims.wording import isolated, plain, shortened, word_refusal

MOST_SHOWN = 60
STANDARD_INPUT = "-"


class Command(BaseCommand):
    """Prints a line a passage: outcome, start-end in code points, quote, and the claims that rest on it, by tabs."""

    help = "Attach a text to a source; prints a line a passage with its outcome, and the counts at the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help="identifier (uid) or address (url) of the source")
        parser.add_argument("file", metavar="FILE", help="the text as captured, or - for standard input")
        parser.add_argument("--encoding", help=f"where it is not recognised: {', '.join(Encoding)}")
        parser.add_argument("--reason", default="", help="why, as the history is to say")
        parser.add_argument("--user", metavar="NAME", help="the user in whose name the text is attached")

    def handle(self, *, source: str, file: str, **options: Any) -> None:
        try:
            attached = attach_text(
                source=_source(source),
                content=_content(file),
                encoding=options["encoding"],
                by=_user(options["user"]) if options["user"] else None,
                reason=options["reason"] or f"Text attached from {Path(file).name or file}",
                command="attach_text",
            )
        except ValidationError as error:
            raise CommandError(plain(" ".join(error.messages)), returncode=2) from error
        except PermissionDenied as error:
            raise CommandError(str(error), returncode=2) from error
        self._tell(attached)

    def _tell(self, attached: Attached) -> None:
        claims = _claims_of(attached.results)
        for location in attached.results:
            found = location.start is not None
            span = f"{location.start}-{location.end}" if found else "-"
            quote = plain(isolated(shortened(location.passage.exact, MOST_SHOWN)))
            uids = ",".join(claims[location.passage.attribution_id])
            self.stdout.write(f"{location.outcome}\t{span}\t{quote}\t{uids}")
        text = {"sha256": attached.snapshot.sha256, "encoding": attached.snapshot.encoding}
        if attached.known:
            self.stdout.write(_("The source has this text already: SHA-256 %(sha256)s, %(encoding)s.") % text)
        else:
            self.stdout.write(_("The text is kept: SHA-256 %(sha256)s, %(encoding)s.") % text)
        self.stdout.write(_counts(attached))


def _counts(attached: Attached) -> str:
    total, stale = len(attached.results), len(attached.stale)
    outcomes = Counter(location.outcome for location in attached.results)
    named = [outcome for outcome in Outcome if outcome is not Outcome.UNCHECKED or outcomes[outcome]]
    counts = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in named)
    passages = ngettext("%(n)s passage", "%(n)s passages", total) % {"n": total}
    reviews = ngettext("%(n)s review became stale", "%(n)s reviews became stale", stale) % {"n": stale}
    return f"{passages}: {counts}; {reviews}"


def _claims_of(results: tuple[PassageLocation, ...]) -> dict[int, list[str]]:
    """The identifiers of the current claims of each attribution, by its key."""
    attributions = {location.passage.attribution_id for location in results}
    claims: dict[int, list[str]] = defaultdict(list)
    rows = Claim.objects.current().filter(attribution__in=attributions).order_by("line", "pk")
    for attribution, uid in rows.values_list("attribution", "uid"):
        claims[attribution].append(str(uid))
    return claims


def _source(named: str) -> Source:
    sources = Source.objects.all()
    source: Source | None = None
    with suppress(ValueError):
        source = sources.filter(uid=UUID(named)).first()
    source = source or (sources.filter(url=named).first() if named else None)
    if source is None:
        sentence = _("There is no source “%(name)s”. Give its identifier or its address.")
        raise CommandError(sentence % {"name": named}, returncode=2)
    return source


def _user(name: str) -> User:
    user: User | None = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": name}, returncode=2)
    return user


def _content(file: str) -> bytes:
    """The bytes of the file, of which no more are read than a text may have."""
    try:
        if file == STANDARD_INPUT:
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            refuse_size(Path(file).stat().st_size)
            with Path(file).open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        refuse_size(len(content))
    except TextRefusal as refusal:
        raise CommandError(plain(word_refusal(refusal)), returncode=2) from refusal
    except (OSError, ValueError) as error:
        sentence = _("The file “%(file)s” cannot be read: %(why)s.")
        raise CommandError(
            sentence % {"file": file, "why": getattr(error, "strerror", None) or error}, returncode=2
        ) from error
    return content
