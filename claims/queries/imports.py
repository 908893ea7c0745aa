"""Imports after the fact: which records were withdrawn because the import that made them was taken back."""

from collections.abc import Collection

from claims.ledger.models import LoggedChange
from claims.models import ImportedBatch, Record


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
