"""Who speaks and who works here: agents with their names and sides, and the users of this installation."""

from typing import Any, NoReturn

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import PROTECT, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import AgentKind
from claims.models.base import Record
from claims.models.constraints import check, not_itself, one_of
from claims.models.fields import LongText, ShortText, Translations, Word, language
from claims.models.guard import OutsideService
from claims.models.labels import RELIABILITY

RELIABILITIES = "ABCDEF"


class User(AbstractUser):
    """One person who works with this installation; deactivated when they leave, never deleted.

    Every write of a service raises the version, that of the roles too; what a version held is in the journal.
    """

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]  # Django declares plain text here only
        verbose_name_plural = _("users")  # type: ignore[assignment]


@receiver(pre_delete, sender=User, dispatch_uid="users_are_kept")
def _users_are_kept(instance: User, **_keywords: Any) -> NoReturn:
    """Refuse every deletion: of one, of many, past the manager, or along with something else.

    Django tells of each before it begins. A manager would see only those that begin with it.
    """
    raise OutsideService(
        gettext("“%(user)s” is not deleted, for the history names them. Set is_active to False instead.")
        % {"user": instance.get_username()}
    )


class Side(Record):
    """A group of agents (government, opposition, press); a party is one that takes part in the events."""

    name = ShortText(_("name"))
    translations = Translations()
    party = models.BooleanField(_("party to the events"), default=False)
    note = LongText(_("note"))

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="side_name_unique",
                violation_error_message=_("There is a side of this name already. Use it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Agent(Record):
    """A person, organisation, outlet, or an unnamed source in a known role (PROV `Agent`).

    `source` is where an unnamed agent appears: the same words in another source are another agent. `same_as` is
    the agent that this one was judged to be; `speaks_for` the organisation or outlet whose origin it shares.
    """

    has_past = True

    kind = Word(_("kind"), AgentKind, default=AgentKind.ORGANISATION)
    name = ShortText(_("name"))
    source = models.ForeignKey(
        "claims.Source",
        PROTECT,
        null=True,
        blank=True,
        related_name="unnamed_agents",
        verbose_name=_("appears in"),
        help_text=_("Only for an unnamed agent: the source in which it appears."),
    )
    side = models.ForeignKey(Side, PROTECT, null=True, blank=True, related_name="agents", verbose_name=_("side"))
    role = ShortText(_("role"), blank=True, default="")
    speaks_for = models.ForeignKey(
        "self", PROTECT, null=True, blank=True, related_name="spokespeople", verbose_name=_("speaks for")
    )
    same_as = models.ForeignKey(
        "self", PROTECT, null=True, blank=True, related_name="duplicates", verbose_name=_("same as")
    )
    reliability = Word(_("reliability"), RELIABILITY, max_length=1, default="F")
    note = LongText(_("note"))

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        constraints = [
            one_of("agent", "kind", AgentKind),
            one_of("agent", "reliability", RELIABILITIES),
            not_itself("agent", "speaks_for", "id", _("An agent cannot speak for itself. Choose another agent.")),
            not_itself("agent", "same_as", "id", _("An agent is not its own duplicate. Choose another agent.")),
            check(
                "agent_source_only_unnamed",
                Q(source__isnull=True) | Q(kind=AgentKind.UNNAMED.value),
                _("Only an unnamed agent belongs to one source. Clear the source, or make the agent unnamed."),
            ),
            models.UniqueConstraint(
                fields=["name", "source"],
                condition=Q(kind=AgentKind.UNNAMED.value, withdrawn=False),
                name="agent_unnamed_unique_in_source",
                violation_error_message=_("This source has an unnamed agent of this name already. Use it."),
            ),
        ]
        indexes = [models.Index(fields=["name"], name="agent_name")]

    def __str__(self) -> str:
        return self.name


class AgentName(Record):
    """A name of an agent in one language; an alias is found like the name, and not the one that is shown."""

    part_of = "agent"
    fixed = ("agent",)

    agent = models.ForeignKey(Agent, PROTECT, related_name="names", verbose_name=_("agent"))
    language = language()
    text = ShortText(_("name"))
    alias = models.BooleanField(_("alias"), default=False)

    class Meta:
        verbose_name = _("name of an agent")
        verbose_name_plural = _("names of agents")
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "language", "text"],
                name="agent_name_unique",
                violation_error_message=_("The agent has this name in this language already."),
            ),
        ]
        indexes = [models.Index(fields=["text"], name="agent_name_text")]

    def __str__(self) -> str:
        return self.text
