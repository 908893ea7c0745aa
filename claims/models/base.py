"""What every record has: an identity for the outside, a version, its moment, a history, and no way to vanish."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.guarded import GuardedModel, GuardedQuerySet
from claims.models.history import History


class RecordQuerySet(GuardedQuerySet):
    """Records, to be read."""

    def current_q(self) -> Q:
        """The condition that a record is not withdrawn."""
        return Q(withdrawn=False)

    def current(self) -> Self:
        """Records that are not withdrawn."""
        return self.filter(self.current_q())


class RecordManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Records, found by their `uid` when a fixture is loaded."""

    def get_by_natural_key(self, uid: str | UUID) -> Record:
        return self.get(uid=uid)  # type: ignore[no-any-return]


class Record(GuardedModel):
    """One row is one thing that an editor put on record; it is changed in versions, and withdrawn, never deleted."""

    # The field that names the record of which this one is a part: changing the part raises the whole's version.
    part_of: ClassVar[str] = ""
    # Fields that keep for good the value they were recorded with.
    fixed: ClassVar[tuple[str, ...]] = ()
    # Whether its page can be asked for as recorded on a moment: then its versions are found by the identifier, too.
    has_past: ClassVar[bool] = False

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(_("identifier"), unique=True, default=uuid4, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    objects: ClassVar[RecordManager] = RecordManager()
    history = History()

    class Meta:
        abstract = True

    @classmethod
    def fresh(cls, **values: Any) -> Self:
        """A new record, as `cls(**values)` makes it, in a third of the time: for records by the thousand."""
        record = cls.__new__(cls)
        record._state = ModelState()
        constant, made = _defaults(cls)
        row = vars(record)
        row.update(constant)
        for name, default in made:
            row[name] = default()
        for name, value in values.items():
            setattr(record, name, value)
        return record

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)


@cache
def _defaults(model: type[Record]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What a new record has before anything is stated: values that all have alike, and those made for each."""
    fields: list[Any] = list(model._meta.concrete_fields)
    made = [field for field in fields if field.has_default() and callable(field.default)]
    alike = {field.attname: field.get_default() for field in fields if field not in made}
    return alike, [(field.attname, field.get_default) for field in made]
