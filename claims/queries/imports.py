"""Imports after the fact: with which a record came, and which records are withdrawn since theirs was taken back."""

from collections.abc import Collection
from itertools import chain

from django.db import connection

from claims.ledger.models import LoggedChange
from claims.models import Attribution, Import, ImportedBatch, Record
from claims.models.lookups import as_list

# PostgreSQL reads two lists sooner than many pairs, and with `OFFSET 0` steps along the index for each pair.
OF_LISTS = """
    SELECT found.* FROM unnest(%s::bigint[], %s::bigint[]) pair (source, speaker), LATERAL (
        SELECT id, source_id, speaker_id, said_on FROM {table}
        WHERE source_id = source AND speaker_id = speaker AND NOT withdrawn OFFSET 0
    ) found
"""
OF_PAIRS = """
    WITH pair (source, speaker) AS (VALUES {pairs})
    SELECT id, source_id, speaker_id, said_on
    FROM pair JOIN {table} ON source_id = source AND speaker_id = speaker
    WHERE NOT withdrawn
"""


def attributions_of(pairs: Collection[tuple[int, int]]) -> list[tuple[int, int, int, str]]:
    """The current attributions of these sources and speakers: key, source, speaker, and when it was said, as written.

    By pairs, which the queries of Django cannot say: all of these sources and all of these speakers are far more.
    """
    if not pairs:
        return []
    of_lists = connection.vendor == "postgresql"
    statement = OF_LISTS if of_lists else OF_PAIRS
    values = list(map(as_list, zip(*pairs, strict=True))) if of_lists else list(chain.from_iterable(pairs))
    places = ", ".join(["(%s, %s)"] * len(pairs))
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=Attribution._meta.db_table, pairs=places), values)
        return [(key, source, speaker, said) for key, source, speaker, said in cursor.fetchall()]


def taken_back(records: Collection[Record]) -> set[int]:
    """The keys of those of the withdrawn records, all of one model, that an import taken back has withdrawn."""
    if not records:
        return set()
    model = type(next(iter(records)))
    keys = [record.pk for record in records]
    newest = {row.id: row.history_date for row in model.history.filter(id__in=keys).latest_of(keys)}
    undone = ImportedBatch.objects.filter(undoes=True).values("change")
    moments = set(LoggedChange.objects.filter(uid__in=undone, at__in=set(newest.values())).values_list("at", flat=True))
    return {key for key, moment in newest.items() if moment in moments}


def came_with(record: Record) -> Import | None:
    """The import by which the record was made; None where it was made otherwise."""
    history = type(record).history.filter(id=record.pk).order_by("history_date", "history_id")
    first = history.values_list("history_date", flat=True)[:1]
    made = LoggedChange.objects.filter(at__in=list(first)).values("uid")
    batch = ImportedBatch.objects.filter(change__in=made, undoes=False).select_related("of").first()
    return batch.of if batch else None
