"""Texts of sources: which are on record, what they say, how two of them differ, where passages stand in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from claims.models import Passage, Snapshot, SnapshotContent, Source
from claims.queries.dates import date_of
from claims.text.decoding import Encoding, decode
from claims.text.differences import Change, Segment, differences
from claims.text.outcome import Outcome
from claims.text.passages import Finder, Quote, framed
from claims.text.refusals import TextRefusal

Row = dict[str, Any]

AROUND = 240
"""Characters shown of an unchanged stretch on either side of a change."""
KINDS = {Change.EQUAL: "same", Change.REMOVED: "removed", Change.ADDED: "added"}


def texts_of(source: Source) -> list[Snapshot]:
    """The source's snapshots that have their text, in the order in which they were captured: the newest is the last.

    A snapshot was captured when it says (`captured_on`), else when it was put in here.
    """
    # A snapshot says so itself, too: as recorded on a moment, its text may not have been there yet.
    texts = Snapshot.objects.current().filter(source=source, content__isnull=False).exclude(encoding="")
    return sorted(texts, key=_captured)


def has_text(snapshot: Snapshot) -> bool:
    """Whether the snapshot is known by more than its hash."""
    return SnapshotContent.objects.filter(pk=snapshot.pk).exists()


def text_of(snapshot: Snapshot) -> str:
    """The text of a snapshot, without byte order mark, its line ends as captured.

    Raises:
        SnapshotContent.DoesNotExist: only the hash is known.
    """
    return _read(snapshot.pk, snapshot.sha256, snapshot.encoding)[0]


def changes_between(old: Snapshot, new: Snapshot) -> tuple[Segment, ...]:
    """What changed from one text to the other, word by word; raises `SnapshotContent.DoesNotExist` as `text_of`."""
    return differences(text_of(old), text_of(new))


def around_changes(segments: Sequence[Segment]) -> list[tuple[str, str]]:
    """The changes as a page shows them: of long unchanged stretches only what stands around the changes."""
    parts = []
    for number, segment in enumerate(segments):
        text = segment.text
        if segment.change is Change.EQUAL and len(text) > 2 * AROUND:
            first = text[:AROUND] if number else ""
            last = text[-AROUND:] if number < len(segments) - 1 else ""
            text = f"{first} … {last}"
        parts.append((KINDS[segment.change], text))
    return parts


def finder_in(snapshot: Snapshot) -> Finder:
    """What finds passages in the text of the snapshot; raises `SnapshotContent.DoesNotExist` as `text_of`."""
    return _read(snapshot.pk, snapshot.sha256, snapshot.encoding)[1]


def location_rows(snapshot: Snapshot, passages: Iterable[Passage]) -> dict[int, Row]:
    """What became of each passage in the text of the snapshot, by the passage's key; withdrawn ones are left out.

    A passage recorded without the words around it is looked for with those that stand around it in its own snapshot,
    where that has its text. A passage without a word to look for stays unchecked.
    """
    current = [passage for passage in passages if not passage.withdrawn]
    own = SnapshotContent.objects.filter(pk__in={passage.snapshot_id for passage in current} - {snapshot.pk})
    texts = {each.pk: text_of(each) for each in Snapshot.objects.filter(content__in=own)}
    finder = finder_in(snapshot)
    return {passage.pk: _location_row(finder, _quote(passage, texts.get(passage.snapshot_id))) for passage in current}


def _quote(passage: Passage, own_text: str | None) -> Quote:
    """The words to look for, framed by those around them in the text from which they were recorded."""
    quote = Quote(passage.exact, passage.prefix, passage.suffix, passage.start, passage.end)
    return quote if own_text is None else framed(quote, own_text)


def _location_row(finder: Finder, quote: Quote) -> Row:
    try:
        match = finder.find(quote)
    except TextRefusal:
        return {"outcome": Outcome.UNCHECKED.value, "start": None, "end": None, "found": "", "similarity": None}
    return {
        "outcome": match.outcome.value,
        "start": match.start,
        "end": match.end,
        "found": match.found,
        "similarity": match.similarity,
    }


def _captured(snapshot: Snapshot) -> tuple[datetime, int]:
    stated = date_of(snapshot.captured_on).bounds()[0] if snapshot.captured_on else None
    return stated or snapshot.captured_at or snapshot.recorded_at, snapshot.pk


# Bytes never change, so neither does what was worked out about them; a batch looks many passages up in one text.
@lru_cache(maxsize=2)
def _read(key: int, _sha256: str, encoding: str) -> tuple[str, Finder]:
    content = SnapshotContent.objects.get(pk=key).content
    text = decode(bytes(content), Encoding(encoding)).text
    return text, Finder(text)
