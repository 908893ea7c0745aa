"""Where passages stand in the texts of their source: derived rows, renewed whenever a text or a passage comes in."""

from collections.abc import Collection, Iterator, Sequence

from claims.models import Passage, PassageLocation, Snapshot, Source
from claims.queries.texts import location_rows, texts_of

AT_ONCE = 500


def lock_sources(keys: Collection[int]) -> list[Source]:
    """The sources, with which other changes wait until this one is done: of a text and a passage that come in at the
    same time, the later sees the earlier. To be called within a change.
    """
    found = Source.objects.filter(pk__in=set(keys)).order_by("pk").select_for_update(no_key=True)
    return list(found)


def locate_in(snapshot: Snapshot, passages: Sequence[Passage]) -> list[PassageLocation]:
    """Look for the passages in the snapshot's text and keep what was found; return it, by passage.

    The snapshot's source must be locked.
    """
    rows = location_rows(snapshot, passages)
    stored = {each.passage_id: each for each in _stored(snapshot, passages)}
    gone = [location.pk for key, location in stored.items() if key not in rows]
    PassageLocation.objects.filter(pk__in=gone).delete()
    locations, fresh, changed = [], [], []
    for passage in passages:
        if passage.pk not in rows:
            continue
        location = stored.get(passage.pk) or PassageLocation(snapshot=snapshot)
        if location._state.adding:
            fresh.append(location)
        elif _differs(location, rows[passage.pk]):
            changed.append(location)
        location.passage = passage
        for name, value in rows[passage.pk].items():
            setattr(location, name, value)
        locations.append(location)
    PassageLocation.objects.bulk_create(fresh, batch_size=AT_ONCE)
    PassageLocation.objects.bulk_update(changed, ["outcome", "start", "end", "found", "similarity"], batch_size=AT_ONCE)
    return locations


def relocate(passages: Sequence[Passage]) -> list[PassageLocation]:
    """Look for each passage in every text of its attribution's source, and forget what was found elsewhere."""
    if not passages:
        return []
    by_source: dict[int, list[Passage]] = {}
    for passage in passages:
        by_source.setdefault(passage.attribution.source_id, []).append(passage)
    locations = []
    for source in lock_sources(by_source):
        group = by_source[source.pk]
        texts = texts_of(source)
        PassageLocation.objects.filter(passage__in=group).exclude(snapshot__in=texts).delete()
        for text in texts:
            locations += locate_in(text, group)
    return locations


def location_differences(sources: Collection[int]) -> Iterator[str]:
    """Each stored location in the sources' texts that is not what the records make of it."""
    for source in Source.objects.filter(pk__in=sources).order_by("pk"):
        passages = list(Passage.objects.filter(attribution__source=source))
        for text in texts_of(source):
            rows = location_rows(text, passages)
            stored = {each.passage_id: each for each in _stored(text, passages)}
            for key in sorted(rows.keys() | stored.keys()):
                location = stored.get(key)
                if key not in rows or location is None or _differs(location, rows[key]):
                    yield f"location of passage {key} in snapshot {text.pk}: not as the text has it"


def _stored(snapshot: Snapshot, passages: Sequence[Passage]) -> Iterator[PassageLocation]:
    for start in range(0, len(passages), AT_ONCE):
        yield from PassageLocation.objects.filter(snapshot=snapshot, passage__in=passages[start : start + AT_ONCE])


def _differs(location: PassageLocation, row: dict[str, object]) -> bool:
    return any(getattr(location, name) != value for name, value in row.items())
