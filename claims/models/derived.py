"""What follows from the records by the rules, stored so that lists need not work it out: rebuilt at will.

Lists are read by key, not by offset: the order is urgency of the state, then the newest claim first, and each
index on a filter ends in these two keys, so that a page of any filter is one walk along one index.

What has a row for each claim has its keys unchecked by the database: they are copies of keys that it checked where they
are recorded, records are never deleted, and checking them once more took a fifth of an import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import PROTECT, Index, Q
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import Outcome, Review, Stance, Standing, State
from claims.models.attributions import Passage
from claims.models.claims import Claim
from claims.models.constraints import one_of, spanned
from claims.models.fields import LongText, ShortText, Word
from claims.models.guarded import DerivedModel, DerivedQuerySet
from claims.models.people import Agent, Side
from claims.models.questions import Question, Topic
from claims.models.sources import Snapshot, Source

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# The vocabulary lists states in the order in which rule 5 asks for them, the most urgent first.
URGENCY: dict[str, int] = {state.value: len(State) - place for place, state in enumerate(State)} | {"": 0}


class PassageLocation(DerivedModel):
    """What became of a passage in one snapshot of its source; `start`, `end` and `found` say where and as what."""

    passage = models.ForeignKey(Passage, PROTECT, related_name="locations", verbose_name=_("passage"))
    snapshot = models.ForeignKey(Snapshot, PROTECT, related_name="locations", verbose_name=_("snapshot"))
    outcome = Word(_("outcome"), Outcome, default=Outcome.UNCHECKED)
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    found = LongText(_("found"))
    similarity = models.FloatField(_("similarity"), null=True, blank=True)

    class Meta:
        verbose_name = _("location of a passage")
        verbose_name_plural = _("locations of passages")
        constraints = [
            one_of("passage_location", "outcome", Outcome),
            spanned("passage_location"),
            models.UniqueConstraint(fields=["passage", "snapshot"], name="passage_location_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.passage}: {self.get_outcome_display()}"


class Position(DerivedModel):
    """The definite standing claims on a question that leave the same answers open.

    `index` counts from 0, by claims downwards and then by answer; `origins_fewest`..`origins_most` as by rule 4.
    `leaves_open` stands for the set of answers: equal for positions of one question only if they are the same one.
    `inferred` says that no claim of it was stated, `shared` that claims of one position support another, this or that.
    `speakers` counts who holds it, after `same_as`; `first_claims` are the keys of the first claims of the first few.
    """

    question = models.ForeignKey(
        Question, PROTECT, related_name="positions", db_index=False, verbose_name=_("question")
    )
    index = models.PositiveIntegerField(_("index"))
    answer = LongText(_("answer"))
    stance = Word(_("stance"), Stance)
    claims = models.PositiveIntegerField(_("claims"), default=0)
    origins_fewest = models.PositiveIntegerField(_("fewest origins"), default=0)
    origins_most = models.PositiveIntegerField(_("most origins"), default=0)
    sources = models.PositiveIntegerField(_("sources"), default=0)
    speakers = models.PositiveIntegerField(_("speakers"), default=0)
    first_claims = models.JSONField(_("first claims of the first speakers"), default=list)
    contested = models.BooleanField(_("contested"), default=False)
    leaves_open = ShortText(_("answers left open"), max_length=64)
    inferred = models.BooleanField(_("only inferred"), default=False)
    shared = models.BooleanField(_("shares support"), default=False)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints = [
            one_of("position", "stance", Stance),
            models.UniqueConstraint(fields=["question", "index"], name="position_index_unique"),
        ]
        indexes = [Index(fields=["question", "leaves_open"], name="position_leaves_open")]

    def __str__(self) -> str:
        return self.answer


class QuestionStateQuerySet(DerivedQuerySet):
    """States of questions."""

    def contested_q(self) -> Q:
        """The condition that standing claims on the question exclude each other."""
        return Q(state=State.CONTESTED.value)

    def contested(self) -> Self:
        """The contested questions."""
        return self.filter(self.contested_q())


class QuestionState(DerivedModel):
    """The state of a question by rule 5, and the reasons for it.

    `exclusions` lists at most 100 of `exclusions_total`: {"positions": [index, ...], "reason": {"code", "values"}};
    `reasons` is a list of {"code", "values"}. `claims` counts the standing claims. `judged` says that an editor
    judged agents of the question to be different.
    """

    question = models.OneToOneField(
        Question, PROTECT, primary_key=True, related_name="state", verbose_name=_("question")
    )
    state = Word(_("state"), State, default=State.UNANSWERED)
    across_sides = models.BooleanField(_("across sides"), default=False)
    inferred_only = models.BooleanField(_("rests only on inferred claims"), default=False)
    claims = models.PositiveIntegerField(_("claims"), default=0)
    origins_fewest = models.PositiveIntegerField(_("fewest origins"), default=0)
    origins_most = models.PositiveIntegerField(_("most origins"), default=0)
    exclusions_total = models.PositiveBigIntegerField(_("exclusions in all"), default=0)
    exclusions = models.JSONField(_("exclusions"), default=list)
    reasons = models.JSONField(_("reasons"), default=list)
    latest_claim_at = models.DateTimeField(_("latest claim at"), null=True, blank=True)
    judged = models.BooleanField(_("agents judged different"), default=False)

    objects: ClassVar[models.Manager[QuestionState]] = QuestionStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a question")
        verbose_name_plural = _("states of questions")
        constraints = [one_of("question_state", "state", State)]
        indexes = [Index(fields=["state", "latest_claim_at", "question"], name="question_state_latest")]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_state_display()}"


class ClaimStateQuerySet(DerivedQuerySet):
    """States of claims: conditions in pairs, the condition itself (`..._q`) and the claims that meet it."""

    def contested_q(self) -> Q:
        """The condition that another standing claim excludes this one, by a pair or within an irreducible set."""
        return Q(contested=True)

    def contested(self) -> Self:
        """Claims that another standing claim excludes."""
        return self.filter(self.contested_q())

    def questioned_q(self) -> Q:
        """The condition that a doubt or a possible speaks against this claim, or this one against another."""
        return Q(questioned=True)

    def questioned(self) -> Self:
        """Claims that take part in a question's being questioned."""
        return self.filter(self.questioned_q())

    def stale_q(self) -> Q:
        """The condition that the claim was checked, and that what was checked has changed or is lost since."""
        return Q(stale=True)

    def stale(self) -> Self:
        """Claims whose review is out of date."""
        return self.filter(self.stale_q())

    def standing_q(self) -> Q:
        """The condition that the claim counts (rule 2)."""
        return Q(standing=Standing.STANDING.value)

    def standing(self) -> Self:
        """Claims that count (rule 2)."""
        return self.filter(self.standing_q())

    def in_state_q(self, *states: State) -> Q:
        """The condition that the claim's question is in one of the states: by rank, as lists are ordered by it."""
        return Q(state_rank__in=[URGENCY[state] for state in states])

    def in_state(self, *states: State) -> Self:
        """Claims whose question is in one of the states."""
        return self.filter(self.in_state_q(*states))

    def in_list_order(self) -> Self:
        """The most urgent state first, then the claim recorded last: the order that the indexes hold."""
        return self.order_by("-state_rank", "-claim_id")


def _key(model: type[models.Model], verbose_name: StrPromise, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """A copied key that lists filter by; the composite indexes below serve it, so it has none of its own."""
    return models.ForeignKey(
        model,
        PROTECT,
        null=null,
        blank=null,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=verbose_name,
    )


_LISTED = ("question", "topic", "source", "publisher", "speaker", "side", "review", "stance", "language", "has_passage")


def _listed_by(field: str) -> Index:
    return Index(fields=[field, "state_rank", "claim"], name=f"claim_state_{field}")


class ClaimState(DerivedModel):
    """What the rules make of one claim, and copies of the keys that lists of claims filter and sort by.

    A withdrawn claim has no row. `state` is that of the claim's question, blank without one, and `state_rank` its
    urgency (`URGENCY`). `speaker` is the agent after `same_as`. `origin` is where the words come from by rule 4, as
    "named:", "unnamed:" or "document:" with the key of the agent or source, and `origin_side` the side shown there.
    """

    claim = models.OneToOneField(
        Claim, PROTECT, primary_key=True, related_name="state", db_constraint=False, verbose_name=_("claim")
    )
    question = _key(Question, _("question"), null=True)
    standing = Word(_("standing"), Standing, default=Standing.STANDING)
    revised_by = models.ForeignKey(
        Claim, PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("revised by")
    )
    position = models.ForeignKey(
        Position,
        PROTECT,
        null=True,
        blank=True,
        related_name="claim_states",
        db_index=False,
        db_constraint=False,
        verbose_name=_("position"),
    )
    origin = ShortText(_("origin"), max_length=40, blank=True, default="")
    origin_side = _key(Side, _("side of the origin"), null=True)
    definite = models.BooleanField(_("definite"), default=False)
    contested = models.BooleanField(_("contested"), default=False)
    questioned = models.BooleanField(_("questioned"), default=False)
    state = Word(_("state"), State, blank=True, default="")
    state_rank = models.PositiveSmallIntegerField(_("urgency"), default=0)
    topic = _key(Topic, _("topic"), null=True)
    source = _key(Source, _("source"))
    publisher = _key(Agent, _("publisher"), null=True)
    speaker = _key(Agent, _("speaker"))
    side = _key(Side, _("side"), null=True)
    language = ShortText(_("language"), max_length=35, blank=True, default="")
    review = Word(_("review"), Review, default=Review.PENDING)
    stale = models.BooleanField(_("review is stale"), default=False)
    stance = Word(_("stance"), Stance, default=Stance.AFFIRMS)
    said_from = models.DateTimeField(_("said from"), null=True, blank=True)
    published_from = models.DateTimeField(_("published from"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    has_passage = models.BooleanField(_("has a passage"), default=False)

    objects: ClassVar[models.Manager[ClaimState]] = ClaimStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a claim")
        verbose_name_plural = _("states of claims")
        constraints = [
            one_of("claim_state", "standing", Standing),
            one_of("claim_state", "state", State, blank=True),
            one_of("claim_state", "review", Review),
            one_of("claim_state", "stance", Stance),
        ]
        indexes = [
            Index(fields=["state_rank", "claim"], name="claim_state_order"),
            Index(fields=["state_rank", "claim"], condition=Q(contested=True), name="claim_state_contested"),
            Index(fields=["state_rank", "claim"], condition=Q(stale=True), name="claim_state_stale"),
            *map(_listed_by, _LISTED),
            # What a claim that joins a position is held against, each along one index (`services.joining`).
            Index(fields=["question", "speaker"], name="claim_state_question_speaker"),
            Index(fields=["position", "source"], name="claim_state_position_source"),
            Index(
                fields=["question", "standing", "position", "origin", "origin_side", "claim"],
                name="claim_state_origins",
            ),
            Index(fields=["speaker", "said_from", "claim"], name="claim_state_speaker_said"),
            Index(fields=["said_from", "claim"], name="claim_state_said"),
            Index(fields=["published_from", "claim"], name="claim_state_published"),
            Index(fields=["recorded_at", "claim"], name="claim_state_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.get_standing_display()}"
