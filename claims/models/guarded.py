"""Tables that refuse to be written past the services: records and their versions, and what is derived from them."""

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from django.db import models

from claims.models.guard import refuse, require_change


def _refused(operation: str) -> Callable[..., NoReturn]:
    def method(self: "GuardedQuerySet | GuardedModel", *arguments: Any, **keywords: Any) -> NoReturn:
        raise refuse(self.model if isinstance(self, models.QuerySet) else type(self), operation)

    method.__name__ = operation
    method.alters_data = True  # type: ignore[attr-defined]  # templates do not call it
    return method


class GuardedQuerySet(models.QuerySet[Any]):
    """Rows that can be read; every way of writing is refused with a sentence that names the service.

    `create` and `get_or_create` save an instance, which refuses; the asynchronous methods call these.
    """

    update = _refused("update")
    bulk_create = _refused("bulk_create")
    bulk_update = _refused("bulk_update")
    update_or_create = _refused("update_or_create")
    delete = _refused("delete")
    _raw_delete = _refused("delete")


class GuardedModel(models.Model):
    """A row that only `claims.services.transaction` writes."""

    objects: ClassVar[models.Manager[Any]] = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True
        # Related managers (`source.snapshots.add(...)`) write through the base manager.
        base_manager_name = "objects"

    save = _refused("save")
    delete = _refused("delete")


class DerivedQuerySet(models.QuerySet[Any]):
    """Rows worked out from records: written in bulk, in the change that writes the records."""

    def update(self, **values: Any) -> int:
        require_change(self.model)
        return super().update(**values)

    def bulk_create(self, *arguments: Any, **keywords: Any) -> list[Any]:
        require_change(self.model)
        return super().bulk_create(*arguments, **keywords)

    def delete(self) -> tuple[int, dict[str, int]]:
        require_change(self.model)
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        require_change(self.model)
        return super()._raw_delete(using)


class DerivedModel(models.Model):
    """A pure function of the records: no history, rebuilt at will, written only while a change is open."""

    objects: ClassVar[models.Manager[Any]] = DerivedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *arguments: Any, **keywords: Any) -> None:
        require_change(type(self))
        super().save(*arguments, **keywords)

    def delete(self, *arguments: Any, **keywords: Any) -> tuple[int, dict[str, int]]:
        require_change(type(self))
        return super().delete(*arguments, **keywords)
