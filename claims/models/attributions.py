"""One speaker's words as one source carries them: the attribution, its relays and its passages."""

from django.db import models
from django.db.models import PROTECT, Q
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import Manner
from claims.models.base import Record
from claims.models.constraints import dated, one_of, spanned
from claims.models.fields import LongText, ShortText, Word, bound, edtf
from claims.models.people import Agent, Side
from claims.models.sources import Snapshot, Source


class Attribution(Record):
    """One speaker's words as one source carries them (PolNeAR attribution, PROV `wasAttributedTo`).

    `role` and `side` are the speaker's at the time; `document` is the source that the words are quoted from.
    """

    source = models.ForeignKey(Source, PROTECT, related_name="attributions", db_index=False, verbose_name=_("source"))
    speaker = models.ForeignKey(Agent, PROTECT, related_name="attributions", verbose_name=_("speaker"))
    role = ShortText(_("role at the time"), blank=True, default="")
    side = models.ForeignKey(
        Side, PROTECT, null=True, blank=True, related_name="attributions", verbose_name=_("side at the time")
    )
    on_behalf_of = models.ForeignKey(
        Agent, PROTECT, null=True, blank=True, related_name="spoken_for", verbose_name=_("on behalf of")
    )
    document = models.ForeignKey(
        Source, PROTECT, null=True, blank=True, related_name="quoted_in", verbose_name=_("document quoted")
    )
    cue = ShortText(_("cue"), blank=True, default="", help_text=_("The word that carries it, such as “denied”."))
    manner = Word(_("manner"), Manner, default=Manner.PARAPHRASED)
    said_on = edtf(_("said on"))
    said_from = bound(_("said from"))
    said_until = bound(_("said until"))
    note = LongText(_("note"))

    class Meta:
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        constraints = [
            one_of("attribution", "manner", Manner),
            dated("attribution", "said_on", "said_from", "said_until"),
        ]
        # A source may have thousands of attributions, and an import asks which are of whom.
        indexes = [models.Index(fields=["source", "speaker"], name="attribution_of_speaker")]

    def __str__(self) -> str:
        return f"{self.speaker} – {self.source}"


class Relay(Record):
    """One hop between speaker and source: who passed the words on; position 0 is the nearest to the speaker."""

    part_of = "attribution"
    fixed = ("attribution",)

    attribution = models.ForeignKey(Attribution, PROTECT, related_name="relays", verbose_name=_("attribution"))
    position = models.PositiveSmallIntegerField(_("place in the chain"), default=0)
    agent = models.ForeignKey(Agent, PROTECT, related_name="relayed", verbose_name=_("passed on by"))
    cue = ShortText(_("cue"), blank=True, default="")

    class Meta:
        verbose_name = _("relay")
        verbose_name_plural = _("relays")
        constraints = [
            models.UniqueConstraint(
                fields=["attribution", "position"],
                condition=Q(withdrawn=False),
                name="relay_position_unique",
                violation_error_message=_("Two relays cannot have the same place in the chain."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agent)


class Passage(Record):
    """The span of a snapshot that an attribution rests on.

    `exact`, `prefix` and `suffix` are a Web Annotation `TextQuoteSelector`; `start` and `end` (not included) a
    `TextPositionSelector`, in code points of the decoded text without its byte order mark.
    """

    part_of = "attribution"
    fixed = ("attribution",)

    attribution = models.ForeignKey(Attribution, PROTECT, related_name="passages", verbose_name=_("attribution"))
    snapshot = models.ForeignKey(Snapshot, PROTECT, related_name="passages", verbose_name=_("snapshot"))
    exact = LongText(_("exact words"))
    prefix = LongText(_("words before"))
    suffix = LongText(_("words after"))
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [spanned("passage")]

    def __str__(self) -> str:
        return self.exact
