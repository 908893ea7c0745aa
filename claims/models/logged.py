"""What the log of changes is found by beside what the ledger itself knows: the topics that a change bore on."""

from __future__ import annotations

from django.db import models
from django.db.models import PROTECT, Index
from django.utils.translation import gettext_lazy as _

from claims.models.guarded import DerivedModel
from claims.models.questions import Topic


class ChangeTopic(DerivedModel):
    """That a change bore on a question of a topic, or on the topic itself; written when the change ends."""

    topic = models.ForeignKey(Topic, PROTECT, related_name="+", db_index=False, verbose_name=_("topic"))
    change = models.ForeignKey(
        "ledger.LoggedChange", PROTECT, related_name="topics", db_index=False, verbose_name=_("change")
    )

    class Meta:
        verbose_name = _("topic of a change")
        verbose_name_plural = _("topics of changes")
        constraints = [models.UniqueConstraint(fields=["topic", "change"], name="change_topic_unique")]
        indexes = [Index(fields=["change"], name="change_topic_change")]

    def __str__(self) -> str:
        return f"{self.change}: {self.topic}"
