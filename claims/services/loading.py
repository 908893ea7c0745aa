"""Loading fixtures: records come in with their history and derived state, and never over what is on record."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.models import Change, Record
from claims.services.versions import write_history

# What a fixture may leave out, or what differs because of when it was loaded.
NOT_COMPARED = frozenset({"id", "version", "recorded_at"})


class Loader:
    """Takes the records of fixtures one by one within one change, and completes them at its end."""

    def __init__(self, this: Change) -> None:
        self._this = this
        self._loaded: dict[type[Record], list[int]] = defaultdict(list)

    def load(self, record: Record) -> bool:
        """Write the record unless it is on record already; say whether it was written.

        Raises:
            ValidationError: a record of this identifier, or of this key, is there and differs.
        """
        model = type(record)
        rows: QuerySet[Any] = QuerySet(model)
        stored = rows.filter(uid=record.uid).first()
        if stored is not None:
            self._compare(record, stored)
            return False
        if record.pk and rows.filter(pk=record.pk).exists():
            raise ValidationError(
                _("%(model)s %(uid)s: the key %(key)s belongs to another record. Leave keys out of the fixture.")
                % {"model": model._meta.verbose_name, "uid": record.uid, "key": record.pk}
            )
        record.full_clean(validate_unique=False, validate_constraints=False)
        rows.bulk_create([record])
        self._loaded[model].append(record.pk)
        return True

    def complete(self) -> None:
        """Write a first version for each loaded record that came without its history; derived state follows."""
        for model, keys in self._loaded.items():
            versions = model.history.model.objects
            with_history = set(versions.filter(id__in=keys).values_list("id", flat=True))
            write_history(self._this, model, [key for key in keys if key not in with_history], new=True)
            self._this.written.update(dict.fromkeys(((model, key) for key in keys), True))

    @staticmethod
    def _compare(record: Record, stored: Record) -> None:
        """Refuse a record that differs from the one with its identifier."""
        differing = [
            field.name
            for field in record._meta.concrete_fields
            if field.name not in NOT_COMPARED
            and field.to_python(getattr(record, field.attname)) != getattr(stored, field.attname)
        ]
        if differing:
            raise ValidationError(
                _("%(model)s %(uid)s is on record and differs in: %(fields)s. Nothing was loaded.")
                % {"model": record._meta.verbose_name, "uid": record.uid, "fields": ", ".join(differing)}
            )
