"""The tables of the ledger; all are only ever added to, and triggers see to it (`ledger.sqlite`, `ledger.postgresql`).

A write of a tracked row is an `Entry` with its `Payload`, made by a trigger; what a service did in one transaction is a
`LoggedChange`. The sweeper gives entries their place in the tree: `Leaf` and `Node`.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Index, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.guarded import GuardedModel

HASH = 32


class Operation(models.TextChoices):
    """What was done to a row; adopted is a state that was put on record after the fact."""

    INSERT = "I", _("recorded")
    UPDATE = "U", _("changed")
    DELETE = "D", _("deleted")
    ADOPTED = "A", _("adopted")


class Entry(GuardedModel):
    """One write of one row, in the transaction that wrote it; without `change` nobody said who or why."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("at"))
    table_name = models.CharField(_("table"), max_length=63)
    row_key = models.CharField(_("key"), max_length=64)
    operation = models.CharField(_("operation"), max_length=1, choices=Operation.choices)
    change = models.UUIDField(_("change"), null=True)
    user_id = models.BigIntegerField(_("user"), null=True)

    class Meta:
        db_table = "ledger_entry"
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            Index(fields=["table_name", "row_key", "id"], name="ledger_entry_row"),
            Index(fields=["change", "id"], name="ledger_entry_change"),
            Index(fields=["id"], condition=Q(change=None), name="ledger_entry_unattributed"),
            Index(fields=["at"], condition=Q(change=None), name="ledger_entry_unattributed_at"),
            Index(fields=["table_name", "id"], condition=Q(change=None), name="ledger_entry_unattributed_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_key} {self.operation}"


class Payload(GuardedModel):
    """What an entry's row held before and after: {"before", "after", "secrets"}; null once redacted."""

    entry_id = models.BigIntegerField(_("entry"), primary_key=True)
    salt = models.BinaryField(_("salt"), null=True)
    # Null is not empty: the content was removed by a redaction.
    body = models.TextField(_("content"), null=True)  # noqa: DJ001

    class Meta:
        db_table = "ledger_payload"
        verbose_name = _("content of a journal entry")
        verbose_name_plural = _("contents of journal entries")

    def __str__(self) -> str:
        return str(self.entry_id)


class LoggedChange(GuardedModel):
    """What one user or command did in one transaction, and why."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(_("identifier"), unique=True, default=uuid4)
    at = models.DateTimeField(_("at"))
    user_id = models.BigIntegerField(_("user"), null=True)
    user_name = models.CharField(_("name"), max_length=150, blank=True, default="")
    command = models.CharField(_("command"), max_length=200, blank=True, default="")
    request = models.TextField(_("request"), blank=True, default="")
    reason = models.TextField(_("reason"), blank=True, default="")

    class Meta:
        db_table = "ledger_change"
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            Index(fields=["at", "id"], name="ledger_change_at"),
            Index(fields=["user_id", "at", "id"], name="ledger_change_user_at"),
            Index(fields=["command", "at", "id"], name="ledger_change_command_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.user_name or self.command}"


class ChangePart(GuardedModel):
    """How many rows of one table a change wrote in one way: what the list of changes shows and filters by."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(LoggedChange, models.PROTECT, related_name="parts", db_index=False)
    table_name = models.CharField(_("table"), max_length=63)
    operation = models.CharField(_("operation"), max_length=1, choices=Operation.choices)
    number = models.PositiveIntegerField(_("rows"))

    class Meta:
        db_table = "ledger_change_part"
        verbose_name = _("part of a change")
        verbose_name_plural = _("parts of changes")
        indexes = [Index(fields=["table_name", "change"], name="ledger_change_part_table")]
        constraints = [
            models.UniqueConstraint(fields=["change", "table_name", "operation"], name="ledger_change_part_unique")
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.operation} {self.number}"


class Redaction(GuardedModel):
    """That the content of an entry was lawfully removed: by whom and why. `version` is that of the record's row."""

    id = models.BigAutoField(primary_key=True)
    entry_id = models.BigIntegerField(_("entry"), unique=True)
    table_name = models.CharField(_("table"), max_length=63)
    row_key = models.CharField(_("key"), max_length=64)
    version = models.PositiveIntegerField(_("version"), null=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    reason = models.TextField(_("reason"))

    class Meta:
        db_table = "ledger_redaction"
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        indexes = [Index(fields=["table_name", "row_key", "version"], name="ledger_redaction_row")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_key}"


class Event(GuardedModel):
    """Something that happened without changing a record: a sign-in, a failed one, an export, a new origin."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=40)
    user_id = models.BigIntegerField(_("user"), null=True)
    name = models.CharField(_("name"), max_length=150, blank=True, default="")
    at = models.DateTimeField(_("at"), default=timezone.now)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        db_table = "ledger_event"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [Index(fields=["kind", "id"], name="ledger_event_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Leaf(GuardedModel):
    """The place of an entry in the tree, numbered without gaps, with the hash of all that it says."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    entry_id = models.BigIntegerField(_("entry"), unique=True)
    commitment = models.BinaryField(_("commitment"), max_length=HASH)
    hash = models.BinaryField(_("hash"), max_length=HASH)

    class Meta:
        db_table = "ledger_leaf"
        verbose_name = _("leaf")
        verbose_name_plural = _("leaves")

    def __str__(self) -> str:
        return str(self.number)


class Node(GuardedModel):
    """The hash over a complete run of 256 ** level leaves, so that proofs need not read them all."""

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField(_("level"))
    index = models.BigIntegerField(_("index"))
    hash = models.BinaryField(_("hash"), max_length=HASH)

    class Meta:
        db_table = "ledger_node"
        verbose_name = _("node")
        verbose_name_plural = _("nodes")
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="ledger_node_unique")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Sweep(models.Model):
    """How far the sweeper has come: all entries up to `floor` are in the tree. Only saves it looking again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    floor = models.BigIntegerField(default=0)
    # PostgreSQL: entries up to `reached` are final when no transaction older than `horizon` runs any more.
    reached = models.BigIntegerField(default=0)
    horizon = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager[Sweep]] = models.Manager()

    class Meta:
        db_table = "ledger_sweep"
        verbose_name = _("state of the sweeper")
        verbose_name_plural = _("states of the sweeper")

    def __str__(self) -> str:
        return str(self.floor)


class Context(models.Model):
    """SQLite: who writes, left by the outermost change for the triggers, and deleted before it is committed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    change = models.UUIDField()
    user_id = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Context]] = models.Manager()

    class Meta:
        db_table = "ledger_context"
        verbose_name = _("who writes")
        verbose_name_plural = _("who writes")

    def __str__(self) -> str:
        return str(self.change)


# Tables that nothing may take anything from; a payload may lose its content to a redaction, nothing else.
APPENDED: tuple[type[GuardedModel], ...] = (Entry, LoggedChange, ChangePart, Redaction, Event, Leaf, Node)
