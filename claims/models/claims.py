"""What an attribution says on a question: the claim, its options and wordings, and its links to other claims."""

from django.db import models
from django.db.models import PROTECT, F, Q
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import Certainty, LinkKind, Review, Stance
from claims.models.attributions import Attribution
from claims.models.base import Record
from claims.models.constraints import check, dated, not_itself, one_of
from claims.models.fields import LongText, Number, ShortText, Word, bound, edtf, language
from claims.models.labels import CREDIBILITY
from claims.models.questions import Option, Question


class Claim(Record):
    """What an attribution says on one question (schema.org `Claim`); without a question it is not compared yet.

    `answer` is as written, in the notation of the claims table; `yes`, `quantity_low`..`quantity_high` (null is an
    open end), `only`, `about` and the rows of `ClaimOption` are the same answer as understood. `line` is the
    position within the attribution, `inferred` says that the editor, not the speaker, put it so. `as_of` is the
    moment that a figure speaks of.
    """

    has_past = True

    fixed = ("attribution",)
    shown_as = ""
    """What a page that is of this claim alone calls it; nothing that is recorded."""

    attribution = models.ForeignKey(Attribution, PROTECT, related_name="claims", verbose_name=_("attribution"))
    question = models.ForeignKey(
        Question, PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("question")
    )
    line = models.PositiveIntegerField(_("line"), default=0)
    stance = Word(_("stance"), Stance, default=Stance.AFFIRMS)
    certainty = Word(_("certainty"), Certainty, default=Certainty.PLAIN)
    answer = LongText(_("answer"))
    yes = models.BooleanField(_("yes"), null=True, blank=True)
    quantity_low = Number(_("lowest"), null=True, blank=True)
    quantity_high = Number(_("highest"), null=True, blank=True)
    only = models.BooleanField(_("only these"), default=False)
    about = models.BooleanField(_("about"), default=False)
    inferred = models.BooleanField(_("inferred by the editor"), default=False)
    as_of = edtf(_("as of"))
    as_of_from = bound(_("as of, from"))
    as_of_until = bound(_("as of, until"))
    review = Word(_("review"), Review, default=Review.PENDING)
    review_stale = models.BooleanField(_("review is stale"), default=False)
    credibility = models.PositiveSmallIntegerField(_("credibility"), choices=CREDIBILITY, default=6)
    copied_from = models.ForeignKey(
        "self", PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("copied from")
    )
    external_id = ShortText(_("external identifier"), blank=True, default="")
    note = LongText(_("note"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            one_of("claim", "stance", Stance),
            one_of("claim", "certainty", Certainty),
            one_of("claim", "review", Review),
            one_of("claim", "credibility", range(1, 7)),
            dated("claim", "as_of", "as_of_from", "as_of_until"),
            not_itself("claim", "copied_from", "id", _("A claim is not copied from itself. Choose another.")),
            check(
                "claim_quantity_ascends",
                Q(quantity_low__isnull=True) | Q(quantity_high__isnull=True) | Q(quantity_low__lte=F("quantity_high")),
                _("A range goes from the lower number to the higher. Swap them."),
            ),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="claim_external_id_unique",
                violation_error_message=_("There is a claim with this external identifier already."),
            ),
        ]

    def __str__(self) -> str:
        """The bare answer, which costs no query; where a page is of this claim alone, what the page calls it."""
        return self.shown_as or self.answer


class ClaimOption(Record):
    """One of the options that a claim on a choice question names in its answer."""

    part_of = "claim"
    fixed = ("claim", "option")

    claim = models.ForeignKey(Claim, PROTECT, related_name="options", db_index=False, verbose_name=_("claim"))
    option = models.ForeignKey(Option, PROTECT, related_name="chosen_by", verbose_name=_("option"))

    class Meta:
        verbose_name = _("option of a claim")
        verbose_name_plural = _("options of claims")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "option"],
                name="claim_option_unique",
                violation_error_message=_("The claim names this option already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.option)


class ClaimWording(Record):
    """The claim in the editor's words, in one language."""

    part_of = "claim"
    fixed = ("claim", "language")

    claim = models.ForeignKey(Claim, PROTECT, related_name="wordings", db_index=False, verbose_name=_("claim"))
    language = language()
    text = LongText(_("statement"), blank=False)

    class Meta:
        verbose_name = _("wording of a claim")
        verbose_name_plural = _("wordings of claims")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "language"],
                name="claim_wording_language_unique",
                violation_error_message=_("The claim has a wording in this language already. Change it."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ClaimLink(Record):
    """What an editor says about two claims (rule 2): `claim` revises, disowns or stands beside `other`."""

    fixed = ("kind", "claim", "other")

    kind = Word(_("kind"), LinkKind, default=LinkKind.REVISES)
    claim = models.ForeignKey(Claim, PROTECT, related_name="links", verbose_name=_("claim"))
    other = models.ForeignKey(Claim, PROTECT, related_name="linked_by", verbose_name=_("other claim"))

    class Meta:
        verbose_name = _("link between claims")
        verbose_name_plural = _("links between claims")
        constraints = [
            one_of("claim_link", "kind", LinkKind),
            not_itself("claim_link", "claim", "other", _("A claim cannot be linked to itself. Choose another.")),
            models.UniqueConstraint(
                fields=["kind", "claim", "other"],
                condition=Q(withdrawn=False),
                name="claim_link_unique",
                violation_error_message=_("These claims are linked so already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} – {self.get_kind_display()} – {self.other}"
