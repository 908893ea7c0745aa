"""When questions became contested, or stopped: noted as it happens, for what is derived has no history of its own."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import PROTECT, Index
from django.utils.translation import gettext_lazy as _

from claims.models.guarded import GuardedModel
from claims.models.questions import Question


class QuestionTurn(GuardedModel):
    """A change turned a question to or from contested: which change (`LoggedChange.uid`), and when.

    Only ever added to, by the change itself. It says nothing that the records do not say, and is not journaled; it is
    not worked out again from them either, for rules change, too.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(_("identifier"), unique=True, default=uuid4, editable=False)
    question = models.ForeignKey(Question, PROTECT, related_name="turns", db_index=False, verbose_name=_("question"))
    contested = models.BooleanField(_("contested"))
    at = models.DateTimeField(_("at"))
    change = models.UUIDField(_("change"))

    class Meta:
        verbose_name = _("turn of a question")
        verbose_name_plural = _("turns of questions")
        indexes = [
            Index(fields=["at", "id"], name="question_turn_at"),
            Index(fields=["question", "at", "id"], name="question_turn_question"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.at:%Y-%m-%d %H:%M:%S}"
