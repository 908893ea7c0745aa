"""The one list of tracked tables: what the journal writes down, and what it leaves out of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import BinaryField, DecimalField, Model

from claims.ledger.models import Event, LoggedChange, Redaction
from claims.models import RECORDS, Import, ImportedBatch, SnapshotContent, User

# What a redaction leaves of a version. All else may become blank by it, and nothing may become anything else.
KEPT_OF_VERSION = (
    *("id", "history_id", "uid", "version"),
    *("history_date", "history_type", "history_user_id", "history_change_reason"),
)
# How a blank is written: no words, and no names or translations.
BLANKS = ("", "{}", "[]")


@dataclass(frozen=True)
class Tracked:
    """A table whose every write is journaled.

    `columns` are those written down; of `secrets` only that they changed, of `unseen` nothing: bytes that a hash on
    another row vouches for, and the moment of the last sign-in, which is an event of its own. `numbers` are columns
    whose SQLite values may be binary fractions.
    """

    table: str
    key: str
    columns: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    history: str = ""
    appended: bool = False

    @property
    def hidden(self) -> tuple[str, ...]:
        """The columns that no payload holds."""
        return (*self.secrets, *self.unseen)

    @property
    def blankable(self) -> tuple[str, ...]:
        """The columns of a version that a redaction may make blank."""
        return tuple(name for name in self.columns if name not in KEPT_OF_VERSION)

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns of which a change is journaled."""
        return (*self.columns, *self.secrets)


def _tracked(
    model: type[Model], *, secrets: Iterable[str] = (), unseen: Iterable[str] = (), appended: bool = False
) -> Tracked:
    fields: list[Any] = list(model._meta.concrete_fields)
    unseen = (*unseen, *(str(field.column) for field in fields if isinstance(field, BinaryField)))
    history: Any = getattr(model, "history", None)
    primary: Any = model._meta.pk
    return Tracked(
        table=model._meta.db_table,
        key=primary.column,
        columns=tuple(field.column for field in fields if field.column not in {*secrets, *unseen}),
        secrets=tuple(secrets),
        unseen=unseen,
        numbers=tuple(str(field.column) for field in fields if isinstance(field, DecimalField)),
        history=history.model._meta.db_table if history is not None else "",
        appended=appended,
    )


def _models() -> Iterable[tuple[type[Model], dict[str, Any]]]:
    yield from ((model, {}) for model in RECORDS)
    yield SnapshotContent, {"appended": True}
    yield from ((each, {"appended": True}) for each in (Import, ImportedBatch))
    # Who may do what: users, roles, and the tables between.
    yield User, {"secrets": ("password",), "unseen": ("last_login",)}
    yield Group, {}
    yield from ((each, {}) for each in (User.groups.through, User.user_permissions.through, Group.permissions.through))
    # What the ledger itself is told.
    yield from ((each, {"appended": True}) for each in (LoggedChange, Redaction, Event))


MODELS: dict[str, type[Model]] = {model._meta.db_table: model for model, _ in _models()}
TRACKED: tuple[Tracked, ...] = tuple(_tracked(model, **how) for model, how in _models())
