"""Restoring: a new change that gives a record the values of one of its versions, its parts left as they are today."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.models import Agent, Claim, Record, User
from claims.permissions import Capability, require
from claims.queries.versions import version_row
from claims.services.editing import KEPT, keep
from claims.services.naming import called
from claims.services.seen import require_version
from claims.services.transaction import change

# Not brought back with the other values: what identifies a row, and what a service of its own decides.
_KEYS = frozenset({"id", "uid", "version", "recorded_at"})
_DECIDED: dict[type[Record], frozenset[str]] = {
    Claim: frozenset({"review", "review_stale", "line"}),
    Agent: frozenset({"same_as"}),
}


def is_restorable(model: type[Record]) -> bool:
    """Whether versions of such records can be brought back: of those that editors type, not of parts or judgements."""
    return model in KEPT and not model.part_of


def restored(record: Record, number: int) -> Record | None:
    """The record as restoring the version would make it, unsaved; None where there is no version of that number.

    The version's values are those of history. Reviews, who an agent is judged to be, and a claim's place in its
    attribution stay as they are: each is decided elsewhere.
    """
    row = version_row(type(record), record.pk, number)
    if row is None:
        return None
    wanted = copy(record)
    for field in restored_fields(type(record)):
        setattr(wanted, field.attname, getattr(row, field.attname))
    return wanted


def restored_fields(model: type[Record]) -> list[models.Field[Any, Any]]:
    """The fields that restoring brings back."""
    left = _KEYS | frozenset(model.fixed) | _DECIDED.get(model, frozenset())
    return [field for field in model._meta.concrete_fields if field.name not in left]


def restore(*, record: Record, number: int, seen: int, by: User | None, reason: str, command: str = "") -> Record:
    """Give the record the values of its version `number` again, as a new version; returns it.

    `seen` is the version of the record that was looked at when this was decided.

    Raises:
        NotAllowed: the user may not change what is on record.
        TypeError: such records have no versions to bring back (`is_restorable`).
        Stale: the record was changed since it was seen.
        LinesRefused: what the version says is no longer valid, by field, under (0, "records", 0).
        ValidationError: there is no such version, the record is like it already, or the version names something that
            was withdrawn since; nothing is written.
    """
    require(by, Capability.REVISE)
    if not is_restorable(type(record)):
        raise TypeError(f"{type(record).__name__} has no versions to bring back.")
    with change(by=by, reason=reason, command=command) as this:
        require_version(this, record, seen)
        now = type(record).objects.get(pk=record.pk)
        wanted = restored(now, number)
        if wanted is None:
            raise ValidationError(_("There is no version %(number)d of this record.") % {"number": number})
        if not differing(now, wanted):
            raise ValidationError(_("The record has these values already. There is nothing to restore."))
        _refuse_withdrawn(now, wanted, number)
        keep(records=[wanted], by=by, reason=reason, command=command)
    return wanted


def differing(now: Record, wanted: Record) -> list[models.Field[Any, Any]]:
    """The fields in which the two differ."""
    fields = restored_fields(type(now))
    return [field for field in fields if getattr(now, field.attname) != getattr(wanted, field.attname)]


def _refuse_withdrawn(now: Record, wanted: Record, number: int) -> None:
    """Raise `ValidationError` where the version refers to a record that was withdrawn since, unless `now` does too."""
    refused = []
    for field in differing(now, wanted):
        target = getattr(wanted, field.name) if isinstance(field, models.ForeignKey) else None
        if isinstance(target, Record) and target.withdrawn:
            sentence = _(
                "%(field)s: version %(number)d names “%(record)s”, which is withdrawn now. Restore that record first, "
                "or change this one in its form."
            )
            values = {"field": capfirst(str(field.verbose_name)), "number": number, "record": called(target)}
            refused.append(sentence % values)
    if refused:
        raise ValidationError(refused)
