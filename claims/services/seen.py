"""What somebody saw before they decided: whether a record is still of that version, asked inside the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, TypeVar

from claims.models import Change, Record
from claims.services.refusals import Stale

R = TypeVar("R", bound=Record)


def require_version(this: Change, record: Record, seen: int) -> None:
    """Raise `Stale` where the record is not of the version seen; until the change ends, nobody else changes it.

    For what is decided about a record but written beside it, such as a link or a finding: saving the record itself
    compares versions anyhow.
    """
    _fresh, stale = seen_and_changed(this, [record], {record.pk: seen})
    if stale:
        of_then = copy(record)
        of_then.version = seen
        raise Stale(of_then)


def seen_and_changed(_this: Change, records: Sequence[R], versions: Mapping[int, int]) -> tuple[list[R], list[R]]:
    """The records that are of the versions seen, by key, and those that were changed since; locked by the change."""
    models: set[type[Any]] = {type(record) for record in records}
    now: dict[tuple[type[Any], int], int] = {}
    for model in models:
        keys = [record.pk for record in records if type(record) is model]
        rows = model.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        now |= {(model, key): version for key, version in rows.values_list("pk", "version")}
    fresh = [record for record in records if now.get((type(record), record.pk)) == versions.get(record.pk)]
    return fresh, [record for record in records if record not in fresh]
