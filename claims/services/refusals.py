"""What saving refuses, and which record is to blame for it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.models import Record, User


class Stale(RuntimeError):  # noqa: N818 - it names what happened
    """Someone else changed the record, or the user, after it was read; `record` is the version that was to be saved."""

    def __init__(self, record: Record | User) -> None:
        self.record = record
        super().__init__(
            _(
                "“%(record)s” (%(model)s) was changed by someone else after you opened version %(version)d. "
                "Nothing was saved. Open it again and repeat your change."
            )
            % {"record": record, "model": record._meta.verbose_name, "version": record.version}
        )


class Refused(ValidationError):  # noqa: N818 - it names what happened
    """A value or a constraint forbids the record; `record` is the one, the messages are by field."""

    def __init__(self, record: Record, errors: ValidationError) -> None:
        self.record = record
        super().__init__(errors)


class NotInOnePiece(RuntimeError):  # noqa: N818 - it names what happened
    """A row of a change in one piece is refused: which, and why, is told when the change is made in parts."""


def blamed(model: type[Record], records: Sequence[Record]) -> Refused | None:
    """Which record was refused, and why: found by trying one at a time, since the database names no row.

    Returns None where it cannot be told.
    """
    refused = None
    rows: QuerySet[Any] = QuerySet(model)
    with transaction.atomic():
        for original in records:
            record = copy(original)
            try:
                record.full_clean()
                if record._state.adding:
                    with transaction.atomic():
                        rows.bulk_create([record])  # the next one may repeat it
            except ValidationError as errors:
                refused = Refused(original, errors)
                break
            except DatabaseError:
                break
        transaction.set_rollback(True)
    return refused
