"""What claims answer: topics, questions, and the options of choice questions."""

from django.db import models
from django.db.models import PROTECT, Q
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import AnswerKind, Aspect, OverTime
from claims.models.base import Record
from claims.models.constraints import check, dated, not_itself, one_of
from claims.models.fields import LongText, Number, ShortText, Translations, Word, bound, edtf


class Topic(Record):
    """A story under which questions are grouped."""

    name = ShortText(_("name"))
    translations = Translations()
    note = LongText(_("note"))

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="topic_name_unique",
                violation_error_message=_("There is a topic of this name already. Use it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Question(Record):
    """What claims answer, with the kind of the answer and the measures by which answers are read (rules 1 and 3).

    `window_hours` is set exactly when the question changes over time. `tolerance` is in the question's unit (days
    for dates), null for the default of rule 1; `rounding` in the question's unit. `outcome_of` is the question of
    which this one asks what came of it; `event_on` when the event was.
    """

    has_past = True

    topic = models.ForeignKey(Topic, PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("topic"))
    text = ShortText(_("question"))
    translations = Translations()
    kind = Word(_("kind of answer"), AnswerKind, default=AnswerKind.CHOICE)
    unit = ShortText(_("unit"), max_length=100, blank=True, default="")
    several = models.BooleanField(_("several answers at once"), default=False)
    over_time = Word(_("over time"), OverTime, default=OverTime.FIXED)
    window_hours = Number(_("window in hours"), max_digits=12, decimal_places=4, null=True, blank=True)
    tolerance = Number(_("tolerance"), null=True, blank=True)
    rounding = Number(_("rounding"), default=0)
    aspect = Word(_("aspect"), Aspect, blank=True, default="")
    outcome_of = models.ForeignKey(
        "self", PROTECT, null=True, blank=True, related_name="outcomes", verbose_name=_("outcome of")
    )
    event_on = edtf(_("date of the event"))
    event_from = bound(_("event from"))
    event_until = bound(_("event until"))
    note = LongText(_("note"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            one_of("question", "kind", AnswerKind),
            one_of("question", "over_time", OverTime),
            one_of("question", "aspect", Aspect, blank=True),
            dated("question", "event_on", "event_from", "event_until"),
            not_itself("question", "outcome_of", "id", _("A question is not its own outcome. Choose another.")),
            check(
                "question_several_only_choice",
                Q(several=False) | Q(kind=AnswerKind.CHOICE.value),
                _("Only a choice question can have several answers at once."),
            ),
            check(
                "question_grows_only_ordered",
                ~Q(over_time=OverTime.GROWS.value) | Q(kind__in=[AnswerKind.QUANTITY.value, AnswerKind.DATE.value]),
                _("Only an answer that is a number or a date can grow over time."),
            ),
            check(
                "question_window_iff_changes",
                Q(over_time=OverTime.CHANGES.value, window_hours__isnull=False, window_hours__gt=0)
                | (~Q(over_time=OverTime.CHANGES.value) & Q(window_hours__isnull=True)),
                _("A question that changes over time needs a window above 0 hours; no other question has one."),
            ),
            check(
                "question_tolerance_not_negative",
                Q(tolerance__isnull=True) | Q(tolerance__gte=0),
                _("The tolerance cannot be below 0."),
            ),
            check("question_rounding_not_negative", Q(rounding__gte=0), _("The rounding cannot be below 0.")),
            check(
                "question_unit_only_quantity",
                Q(unit="") | Q(kind=AnswerKind.QUANTITY.value),
                _("Only a question for a quantity has a unit."),
            ),
            models.UniqueConstraint(
                fields=["topic", "text"],
                name="question_unique_in_topic",
                violation_error_message=_("This topic has this question already. Use it."),
            ),
            models.UniqueConstraint(
                fields=["text"],
                condition=Q(topic__isnull=True),
                name="question_unique_without_topic",
                violation_error_message=_("There is this question without a topic already. Use it."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Option(Record):
    """One possible answer to a choice question."""

    fixed = ("question",)

    question = models.ForeignKey(Question, PROTECT, related_name="options", verbose_name=_("question"))
    label = ShortText(_("label"))
    translations = Translations()

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "label"],
                condition=Q(withdrawn=False),
                name="option_label_unique",
                violation_error_message=_("The question has this option already. Use it."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class OptionBroader(Record):
    """An option and one directly above it (SKOS `broader`); there are no circles."""

    part_of = "option"
    fixed = ("option", "broader")

    option = models.ForeignKey(Option, PROTECT, related_name="broader_links", verbose_name=_("option"))
    broader = models.ForeignKey(Option, PROTECT, related_name="narrower_links", verbose_name=_("broader option"))

    class Meta:
        verbose_name = _("broader option")
        verbose_name_plural = _("broader options")
        constraints = [
            not_itself("option_broader", "option", "broader", _("An option is not broader than itself.")),
            models.UniqueConstraint(
                fields=["option", "broader"],
                name="option_broader_unique",
                violation_error_message=_("The option lies under this one already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.broader} > {self.option}"
