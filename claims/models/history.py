"""What every version of a record is kept as: our configuration of django-simple-history.

It differs from the library where a record could go missing or be told wrongly: keys do not run out, reasons
have no length, a user who changed anything cannot be deleted, versions of one moment are ordered by the order
in which they were written, and history is only ever added to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoricalQuerySet
from simple_history.models import HistoricalRecords

from claims.models.guarded import GuardedModel, GuardedQuerySet


class HistoryQuerySet(GuardedQuerySet, HistoricalQuerySet):  # type: ignore[misc]
    """Versions, that can be read and never changed."""

    def latest_of_each(self) -> Self:
        """The newest version of each record, exactly one each, even where several carry the same moment."""
        key = self._pk_attr
        same_record = self.filter(**{key: OuterRef(key)})
        later = Q(history_date__gt=OuterRef("history_date")) | Q(
            history_date=OuterRef("history_date"), history_id__gt=OuterRef("history_id")
        )
        return self.filter(~Exists(same_record.filter(later)))

    def latest_of(self, keys: Iterable[int] | models.QuerySet[Any, Any]) -> Self:
        """The newest of these versions of each of the records with these keys: one step along the index for each.

        The condition on the versions may speak of their own columns only. However many versions a record has, no
        more of them are read; `latest_of_each` compares them all.
        """
        newest = self.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id").values("history_id")[:1]
        live = self.model.instance_type._base_manager.filter(pk__in=keys)
        return self.model._default_manager.filter(history_id__in=live.values_list(Subquery(newest)))  # type: ignore[no-any-return]


class HistoryRow(GuardedModel):
    """One version of one record: all its fields, when it came to be so, by whom and why."""

    # Made by the library, with the fields of the record.
    id: int
    history_id: int
    history_date: datetime

    class Meta:
        abstract = True

    @property
    def prev_record(self) -> HistoryRow | None:
        """The version before this one."""
        before = Q(history_date__lt=self.history_date) | Q(
            history_date=self.history_date, history_id__lt=self.history_id
        )
        return self._versions().filter(before).order_by("-history_date", "-history_id").first()

    @property
    def next_record(self) -> HistoryRow | None:
        """The version after this one."""
        after = Q(history_date__gt=self.history_date) | Q(
            history_date=self.history_date, history_id__gt=self.history_id
        )
        return self._versions().filter(after).order_by("history_date", "history_id").first()

    def _versions(self) -> models.QuerySet[Any]:
        return type(self)._default_manager.filter(id=self.id)  # type: ignore[misc]  # a field of the concrete class


class History(HistoricalRecords):  # type: ignore[misc]
    """Adds the table of versions to every concrete model that inherits the field."""

    def __init__(self) -> None:
        super().__init__(
            inherit=True,
            bases=(HistoryRow,),
            history_id_field=models.BigAutoField(),
            historical_queryset=HistoryQuerySet,
            # The indexes below serve the one; by the other versions are looked up only of records whose page can be
            # asked for as of a moment.
            no_db_index=["id", "uid"],
        )

    def get_extra_fields(self, model: type[models.Model], fields: dict[str, Any]) -> dict[str, Any]:
        extra: dict[str, Any] = super().get_extra_fields(model, fields)
        # The library's own compare moments only, and skip versions of the same moment.
        del extra["prev_record"], extra["next_record"]
        return extra | {
            # Not the library's option for it: that would share one field among all models.
            "history_change_reason": models.TextField(_("reason")),
            "history_user": models.ForeignKey(
                settings.AUTH_USER_MODEL,
                verbose_name=_("changed by"),
                null=True,
                related_name="+",
                db_index=False,
                on_delete=models.PROTECT,
            ),
        }

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        name = model._meta.verbose_name
        indexes = [models.Index(fields=("id", "history_date", "history_id")), models.Index(fields=("id", "version"))]
        # What the records are found by along a longer index, which versions have not.
        fields: list[Any] = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
        indexes += [models.Index(fields=(field.name,)) for field in fields if not field.db_index]
        if getattr(model, "has_past", False):
            indexes.append(models.Index(fields=("uid",)))
        options: dict[str, Any] = super().get_meta_options(model)
        return options | {
            "verbose_name": format_lazy(_("version of {record}"), record=name),
            "verbose_name_plural": format_lazy(_("versions of {record}"), record=name),
            "indexes": indexes,
        }
