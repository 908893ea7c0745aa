"""Records that are probably the same: by what they meet, the pairs to be judged, and what was judged of them.

Keys, fingerprints and pairs are worked out from the records and rebuilt at will; the judgement is a record.
"""

from __future__ import annotations

from django.db import models
from django.db.models import PROTECT, F, Index, Q
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import Judged, Suspected
from claims.models.base import Record
from claims.models.constraints import check, one_of
from claims.models.fields import LongText, ShortText, Word
from claims.models.guarded import DerivedModel
from claims.models.people import Agent
from claims.models.sources import Snapshot, Source

# The tables whose records are compared, as `MatchKey` and `SuspectedPair` name them.
COMPARED = ("agent", "source")


class MatchKey(DerivedModel):
    """Something that records of one table have in common when they may be the same: a hash of it, of 63 bits.

    `record` is the record's key in the table `table`: records are never deleted, and one table serves both.
    """

    table = Word(_("table"))
    key = models.BigIntegerField(_("key"))
    record = models.PositiveBigIntegerField(_("record"))

    class Meta:
        verbose_name = _("key of a likeness")
        verbose_name_plural = _("keys of likenesses")
        constraints = [
            one_of("match_key", "table", COMPARED),
            models.UniqueConstraint(fields=["table", "key", "record"], name="match_key_unique"),
        ]
        indexes = [Index(fields=["table", "record", "key"], name="match_key_record")]

    def __str__(self) -> str:
        return f"{self.table} {self.record}: {self.key}"


class TextFingerprint(DerivedModel):
    """What is kept of a snapshot's text to find the same text elsewhere (`claims.text.fingerprints`)."""

    snapshot = models.OneToOneField(
        Snapshot, PROTECT, primary_key=True, related_name="fingerprint", verbose_name=_("snapshot")
    )
    words = models.PositiveIntegerField(_("words"))
    whole = ShortText(_("hash of the words"), max_length=64, blank=True, default="")
    sketch = LongText(_("sketch"))

    class Meta:
        verbose_name = _("fingerprint of a text")
        verbose_name_plural = _("fingerprints of texts")

    def __str__(self) -> str:
        return self.whole


class SuspectedPair(DerivedModel):
    """Two records of one table that are probably the same, or carry the same text; the one recorded first stands first.

    `reasons` is a list of {"code", "values"}; `strength` of 100 says how much speaks for it; `judged` is what was made
    of the pair, empty while nobody has judged it.
    """

    kind = Word(_("kind"), Suspected)
    table = Word(_("table"))
    first = models.PositiveBigIntegerField(_("first"))
    second = models.PositiveBigIntegerField(_("second"))
    strength = models.PositiveSmallIntegerField(_("strength"))
    reasons = models.JSONField(_("reasons"), default=list)
    judged = Word(_("judged"), Judged, blank=True, default="")

    class Meta:
        verbose_name = _("suspected duplicate")
        verbose_name_plural = _("suspected duplicates")
        constraints = [
            one_of("suspected_pair", "kind", Suspected),
            one_of("suspected_pair", "table", COMPARED),
            one_of("suspected_pair", "judged", Judged, blank=True),
            check(
                "suspected_pair_in_order", Q(first__lt=F("second")), _("The record with the lower key stands first.")
            ),
            models.UniqueConstraint(fields=["table", "first", "second"], name="suspected_pair_unique"),
        ]
        indexes = [
            Index(fields=["table", "second"], name="suspected_pair_second"),
            # The list, the strongest first: of all, and of one kind.
            Index(fields=["judged", "-strength", "table", "first", "second"], name="suspected_pair_list"),
            Index(fields=["judged", "kind", "-strength", "table", "first", "second"], name="suspected_pair_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.first} ~ {self.second}"


class Likeness(Record):
    """What an editor judged of two agents, or of two sources, that look alike; the one recorded first stands first.

    That two agents are the same is said by `Agent.same_as`, that they are different by a `Distinction`: so of agents
    only "unsure" is said here.
    """

    fixed = ("first_agent", "second_agent", "first_source", "second_source")

    first_agent = models.ForeignKey(
        Agent, PROTECT, null=True, blank=True, related_name="likenesses_after", verbose_name=_("first agent")
    )
    second_agent = models.ForeignKey(
        Agent, PROTECT, null=True, blank=True, related_name="likenesses_before", verbose_name=_("second agent")
    )
    first_source = models.ForeignKey(
        Source, PROTECT, null=True, blank=True, related_name="likenesses_after", verbose_name=_("first source")
    )
    second_source = models.ForeignKey(
        Source, PROTECT, null=True, blank=True, related_name="likenesses_before", verbose_name=_("second source")
    )
    judged = Word(_("judged"), Judged)
    grounds = LongText(_("grounds"), blank=False)

    class Meta:
        verbose_name = _("judged likeness")
        verbose_name_plural = _("judged likenesses")
        constraints = [
            one_of("likeness", "judged", Judged),
            check(
                "likeness_of_a_pair",
                Q(
                    first_agent__isnull=False,
                    second_agent__isnull=False,
                    first_agent__lt=F("second_agent"),
                    first_source__isnull=True,
                    second_source__isnull=True,
                    judged=Judged.UNSURE.value,
                )
                | Q(
                    first_source__isnull=False,
                    second_source__isnull=False,
                    first_source__lt=F("second_source"),
                    first_agent__isnull=True,
                    second_agent__isnull=True,
                ),
                _("Two agents or two sources are needed, the earlier first; of agents only “unsure” is kept."),
            ),
            models.UniqueConstraint(
                fields=["first_agent", "second_agent"],
                name="likeness_of_agents_unique",
                violation_error_message=_("These two were judged already. Change that judgement."),
            ),
            models.UniqueConstraint(
                fields=["first_source", "second_source"],
                name="likeness_of_sources_unique",
                violation_error_message=_("These two were judged already. Change that judgement."),
            ),
        ]

    def __str__(self) -> str:
        of_agents = self.first_agent_id is not None
        first = self.first_agent if of_agents else self.first_source
        second = self.second_agent if of_agents else self.second_source
        return f"{first} – {self.get_judged_display()} – {second}"
