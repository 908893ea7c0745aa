"""Imports after the fact: with which a record came, and which records are withdrawn since theirs was taken back."""

from collections.abc import Collection

from claims.ledger.models import LoggedChange
from claims.models import Import, ImportedBatch, Record


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
