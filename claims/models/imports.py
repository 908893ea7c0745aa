"""Imports, so that what came in together can be found, and taken back: only ever added to."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, Index
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.fields import LongText, ShortText
from claims.models.guarded import GuardedModel


class Import(GuardedModel):
    """One import of table files: which, by whom, when and why; what became of their rows is said batch by batch.

    `files` is a list of {"name", "format", "sha256"}.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(_("identifier"), unique=True, default=uuid4, editable=False)
    began_at = models.DateTimeField(_("began at"), default=timezone.now, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("user")
    )
    command = ShortText(_("command"), max_length=100, blank=True, default="")
    reason = LongText(_("reason"))
    files = models.JSONField(_("files"), default=list)
    skip_bad = models.BooleanField(_("refused rows left out"), default=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [Index(fields=["began_at"], name="import_began")]

    def __str__(self) -> str:
        return ", ".join(str(file.get("name", "")) for file in self.files) or str(self.uid)


class ImportedBatch(GuardedModel):
    """One change of an import, or one that takes it back (`undoes`); the numbers are of rows, or of records."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, PROTECT, related_name="batches", verbose_name=_("import"))
    change = models.UUIDField(_("change"), unique=True)
    undoes = models.BooleanField(_("takes it back"), default=False)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)

    class Meta:
        verbose_name = _("batch of an import")
        verbose_name_plural = _("batches of imports")

    def __str__(self) -> str:
        return f"{self.of}: {self.change}"
