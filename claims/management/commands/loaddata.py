"""`manage.py loaddata`: Django's, through the door of every other write: with history, derived state and refusals."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata

from claims.models import Record
from claims.models.guarded import DerivedModel
from claims.services.loading import Loader
from claims.services.transaction import change


class Command(loaddata.Command):
    """Loads fixtures in one change: all of it or nothing."""

    help = "Load fixtures with their history and derived state; what is on record and differs is refused."

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        reason = f"Loaded from {', '.join(Path(label).name for label in fixture_labels)}"
        try:
            with change(by=None, reason=reason, command="loaddata") as this:
                self._loader = Loader(this)
                super().handle(*fixture_labels, **options)
                self._loader.complete()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def save_obj(self, obj: Any) -> bool:
        """Records go through the loader; derived rows are worked out, not loaded; the rest is as in Django."""
        if isinstance(obj.object, DerivedModel):
            return False
        if isinstance(obj.object, Record):
            self.models.add(type(obj.object))
            return self._loader.load(obj.object)
        return bool(super().save_obj(obj))
