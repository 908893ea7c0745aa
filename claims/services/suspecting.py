"""Keeping the pairs of suspected duplicates: keys, fingerprints and pairs, renewed in the change that bears on them.

Pairs are found by key, never by comparing all with all. What a pair is depends on the two records and on how many
share their keys; so where a key becomes common, or is not common any more, the few that shared it are compared again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from claims.domain.suspicions import MOST_SHARING, hashed
from claims.models import MatchKey, Record, Snapshot, SnapshotContent, SuspectedPair, TextFingerprint
from claims.models.guard import require_change
from claims.queries.suspects import Pair, Suspect, judgements, suspects, suspicion, written_suspects
from claims.queries.texts import text_of
from claims.services.inserting import insert_rows, update_rows
from claims.text.fingerprints import fingerprint

AT_ONCE, KEYS_AT_ONCE = 2_000, 5_000
# Two changes at once could each miss the other's record. On SQLite one runs at a time; on PostgreSQL those that bear on
# pairs wait here for each other, as the last thing that they do. The number is "pairs" in ASCII.
LOCK = 0x7061697273
COLUMNS = ("kind", "strength", "reasons", "judged")

Row = tuple[Any, ...]


def renew_suspicions(written: Iterable[tuple[type[Record], int]]) -> None:
    """Bring the pairs up to date after these records were written, in the change that wrote them."""
    keys = list(written)
    agents, sources = written_suspects(keys)
    write_fingerprints(key for model, key in keys if model is Snapshot)
    write_suspicions("agent", agents)
    write_suspicions("source", sources)


def write_suspicions(table: str, keys: Collection[int]) -> None:
    """Renew keys and pairs of these records of the table; a change must be open."""
    if not keys:
        return
    require_change(SuspectedPair)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    for part in _parts(keys):
        keys_of = wanted_keys(suspects(table, part), part)
        numbers, crossed = _write_keys(table, keys_of)
        _write_pairs(table, part, _meeting(table, keys_of, numbers))
        for others in _parts(_having(table, crossed) - set(part)):
            _write_pairs(table, others, meeting(table, others))


def write_fingerprints(snapshots: Iterable[int]) -> None:
    """Renew the fingerprints of the texts of these snapshots; a change must be open."""
    for key, row in _fingerprints(snapshots):
        words, whole, sketch = row
        kept = TextFingerprint.objects.filter(pk=key)
        if kept.values_list("words", "whole", "sketch").first() != row:
            kept.delete()
            made = TextFingerprint(snapshot_id=key, words=words, whole=whole, sketch=sketch)
            TextFingerprint.objects.bulk_create([made])


def _fingerprints(snapshots: Iterable[int]) -> Iterator[tuple[int, tuple[int, str, str]]]:
    """What the fingerprint of each snapshot that has its text should be."""
    for part in _parts(set(snapshots)):
        there = SnapshotContent.objects.filter(pk__in=part).values("pk")
        for snapshot in Snapshot.objects.filter(pk__in=there).exclude(encoding=""):
            found = fingerprint(text_of(snapshot))
            yield snapshot.pk, (found.words, found.whole, found.packed())


# --- keys ---------------------------------------------------------------------------------------------------------


def wanted_keys(found: Mapping[int, Suspect], records: Iterable[int]) -> dict[int, set[int]]:
    """The keys that each of the records should have; none where it is not to be compared."""
    return {record: set(map(hashed, found[record].looks.keys())) if record in found else set() for record in records}


def stored_keys(table: str, records: Collection[int]) -> dict[int, set[int]]:
    """The keys that the table has for each of the records."""
    stored: dict[int, set[int]] = {record: set() for record in records}
    rows = MatchKey.objects.filter(table=table, record__among=stored)
    for record, key in rows.values_list("record", "key"):
        stored[record].add(key)
    return stored


def _write_keys(table: str, wanted: Mapping[int, set[int]]) -> tuple[dict[int, int], set[int]]:
    """Write the keys in which the stored ones differ; returns how many records share each of these keys now, and
    those that became common by it, or are not any more.
    """
    stored = stored_keys(table, list(wanted))
    added = [(table, key, record) for record, keys in wanted.items() for key in sorted(keys - stored[record])]
    removed = {record: gone for record, keys in wanted.items() if (gone := stored[record] - keys)}
    for record, gone in removed.items():
        MatchKey.objects.filter(table=table, record=record, key__in=gone).delete()
    insert_rows(MatchKey, ("table", "key", "record"), added)
    more = Counter(key for _table, key, _record in added)
    more.subtract(key for gone in removed.values() for key in gone)
    now = sharing(table, {*more, *(key for keys in wanted.values() for key in keys)})
    crossed = {key for key in more if _is_common(now.get(key, 0)) != _is_common(now.get(key, 0) - more[key])}
    return now, crossed


def _is_common(number: int) -> bool:
    return number > MOST_SHARING


def _having(table: str, keys: Collection[int]) -> set[int]:
    """The records that have one of these keys."""
    return set(MatchKey.objects.filter(table=table, key__in=keys).values_list("record", flat=True)) if keys else set()


def sharing(table: str, keys: Iterable[int]) -> dict[int, int]:
    """How many records have each of the keys."""
    found: dict[int, int] = {}
    for part in _parts(set(keys), KEYS_AT_ONCE):
        rows = MatchKey.objects.filter(table=table, key__among=part).order_by().values("key")
        found |= dict(rows.annotate(number=Count("pk")).values_list("key", "number"))
    return found


# --- pairs --------------------------------------------------------------------------------------------------------


def wanted_pairs(table: str, met: Collection[Pair]) -> dict[Pair, Row]:
    """Those of the pairs that should be suspected; values as `COLUMNS`."""
    known = suspects(table, {record for pair in met for record in pair})
    found = {}
    for one, other in met:
        if one in known and other in known and (what := suspicion(known[one], known[other])) is not None:
            found[one, other] = what
    judged = judgements(table, found, known)
    return {
        pair: (
            what.kind.value,
            what.strength,
            [{"code": ground.code, "values": dict(ground.values)} for ground in what.grounds],
            judged[pair],
        )
        for pair, what in found.items()
        if judged[pair] is not None
    }


def stored_pairs(table: str, records: Collection[int]) -> dict[Pair, tuple[int, Row]]:
    """The pairs of these records that the table has: the row's key, and its values as `COLUMNS`."""
    rows = SuspectedPair.objects.filter(Q(first__among=records) | Q(second__among=records), table=table)
    found = rows.values_list("first", "second", "pk", *COLUMNS)
    return {(first, second): (key, tuple(values)) for first, second, key, *values in found}


def meeting(table: str, records: Collection[int]) -> set[Pair]:
    """The pairs of these records with any that shares a key with them that is not common, as keys are stored."""
    keys_of = stored_keys(table, records)
    return _meeting(table, keys_of, sharing(table, {key for keys in keys_of.values() for key in keys}))


def _meeting(table: str, keys_of: Mapping[int, set[int]], numbers: Mapping[int, int]) -> set[Pair]:
    having: dict[int, list[int]] = defaultdict(list)
    shared = {key for keys in keys_of.values() for key in keys if numbers.get(key, 0) > 1}
    for part in _parts((key for key in shared if not _is_common(numbers[key])), KEYS_AT_ONCE):
        for key, record in MatchKey.objects.filter(table=table, key__among=part).values_list("key", "record"):
            having[key].append(record)
    return {
        (min(record, other), max(record, other))
        for record, keys in keys_of.items()
        for key in keys
        for other in having.get(key, ())
        if other != record
    }


def _write_pairs(table: str, records: Collection[int], met: Collection[Pair]) -> None:
    """Make the pairs of these records what they should be; `met` are those of them that have a key in common."""
    wanted, stored = wanted_pairs(table, met), stored_pairs(table, records)
    if gone := [key for pair, (key, _row) in stored.items() if pair not in wanted]:
        SuspectedPair.objects.filter(pk__in=gone).delete()
    new = [(table, *pair, *row) for pair, row in sorted(wanted.items()) if pair not in stored]
    insert_rows(SuspectedPair, ("table", "first", "second", *COLUMNS), new)
    changed = [(*row, stored[pair][0]) for pair, row in wanted.items() if pair in stored and stored[pair][1] != row]
    if changed:
        update_rows(SuspectedPair, COLUMNS, changed)


# --- checking -----------------------------------------------------------------------------------------------------


def suspicion_differences(table: str, records: Collection[int]) -> Iterator[str]:
    """Each key, and each pair, of these records that is not what the records make of it."""
    for part in _parts(records):
        stored = stored_keys(table, part)
        for record, keys in wanted_keys(suspects(table, part), part).items():
            if keys != stored[record]:
                yield f"keys of {table} {record}: not what it looks like"
        wanted, there = wanted_pairs(table, meeting(table, part)), _rows_of(stored_pairs(table, part))
        for first, second in sorted(wanted.keys() | there.keys()):
            if wanted.get((first, second)) != there.get((first, second)):
                yield f"suspected {table}s {first} and {second}: not what the rules make of them"


def _rows_of(stored: Mapping[Pair, tuple[int, Row]]) -> dict[Pair, Row]:
    return {pair: row for pair, (_key, row) in stored.items()}


def fingerprint_differences(snapshots: Collection[int]) -> Iterator[str]:
    """Each snapshot whose stored fingerprint is not that of its text."""
    rows = TextFingerprint.objects.filter(pk__in=snapshots).values_list("pk", "words", "whole", "sketch")
    stored = {key: tuple(values) for key, *values in rows}
    for key, row in _fingerprints(snapshots):
        if stored.pop(key, None) != row:
            yield f"fingerprint of snapshot {key}: not that of its text"
    yield from (f"fingerprint of snapshot {key}: there is no text" for key in sorted(stored))


def _parts(keys: Iterable[int], size: int = AT_ONCE) -> Iterator[list[int]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
