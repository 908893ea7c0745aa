"""What was judged about claims and agents: retractions, corrections, distinctions, findings."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, F
from django.utils.translation import gettext_lazy as _

from claims.models.base import Record
from claims.models.claims import Claim
from claims.models.constraints import check, dated, spanned
from claims.models.fields import LongText, bound, edtf
from claims.models.people import Agent
from claims.models.questions import Question
from claims.models.sources import Snapshot, Source


class TakenBack(Record):
    """A claim taken back: when, in which source, and in which passage of its text (fields as in `Passage`)."""

    fixed = ("claim",)

    claim = models.ForeignKey(Claim, PROTECT, related_name="%(class)ss", verbose_name=_("claim"))
    dated_on = edtf(_("dated"))
    dated_from = bound(_("dated from"))
    dated_until = bound(_("dated until"))
    source = models.ForeignKey(
        Source, PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("stands in")
    )
    snapshot = models.ForeignKey(
        Snapshot, PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("snapshot")
    )
    exact = LongText(_("exact words"))
    prefix = LongText(_("words before"))
    suffix = LongText(_("words after"))
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    note = LongText(_("note"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.claim} ({self.dated_on})" if self.dated_on else str(self.claim)


class Retraction(TakenBack):
    """The speaker took the claim back."""

    class Meta:
        verbose_name = _("retraction")
        verbose_name_plural = _("retractions")
        constraints = [dated("retraction", "dated_on", "dated_from", "dated_until"), spanned("retraction")]


class Correction(TakenBack):
    """The publisher corrected what it had carried."""

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [dated("correction", "dated_on", "dated_from", "dated_until"), spanned("correction")]


class Distinction(Record):
    """Two agents that an editor judged to be different (rule 4); the one with the lower key stands first."""

    fixed = ("first", "second")

    first = models.ForeignKey(Agent, PROTECT, related_name="distinct_after", verbose_name=_("first agent"))
    second = models.ForeignKey(Agent, PROTECT, related_name="distinct_before", verbose_name=_("second agent"))

    class Meta:
        verbose_name = _("distinction")
        verbose_name_plural = _("distinctions")
        constraints = [
            check(
                "distinction_in_order",
                models.Q(first__lt=F("second")),
                _("Two different agents are needed, the one recorded earlier first."),
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                name="distinction_unique",
                violation_error_message=_("These agents have been judged different already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"


class Finding(Record):
    """A named person's settlement of a question, dated, with grounds; it does not change the question's state."""

    fixed = ("question",)

    question = models.ForeignKey(Question, PROTECT, related_name="findings", verbose_name=_("question"))
    answer = LongText(_("answer"))
    statement = LongText(_("statement"))
    grounds = LongText(_("grounds"), blank=False)
    settled_on = models.DateTimeField(_("settled on"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, PROTECT, related_name="findings", verbose_name=_("settled by")
    )

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [models.Index(fields=["question", "settled_on"], name="finding_settled")]

    def __str__(self) -> str:
        return self.statement or self.answer
