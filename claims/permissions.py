"""Who may do what: one table of roles, from which services, screens and Django's groups take their answer.

A user has the roles of the groups that they are in; a superuser is an administrator. Nobody deletes anything, so
no role can. `ROLES` is the table; all else in this module follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import models
from claims.ledger.context import Actor, acting
from claims.ledger.install import has_tables
from claims.ledger.models import ChangePart, Entry, Event, LoggedChange, Redaction
from claims.models import RECORDS, User

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Role(StrEnum):
    """What a user is here for; the value is the name of the group."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Capability(StrEnum):
    """Something that a role may do."""

    READ = "read"
    EXPORT = "export"
    READ_HISTORY = "read_history"
    AUDIT = "audit"
    RECORD = "record"
    REVISE = "revise"
    JUDGE_AGENTS = "judge_agents"
    ATTACH_TEXTS = "attach_texts"
    REVIEW = "review"
    SETTLE = "settle"
    MANAGE_USERS = "manage_users"


_READER = frozenset({Capability.READ, Capability.EXPORT, Capability.READ_HISTORY})

ROLES: Mapping[Role, frozenset[Capability]] = {
    Role.EDITOR: _READER | {Capability.RECORD, Capability.REVISE, Capability.JUDGE_AGENTS, Capability.ATTACH_TEXTS},
    Role.REVIEWER: _READER | {Capability.REVIEW, Capability.SETTLE},
    Role.RESEARCHER: _READER,
    Role.AUDITOR: _READER | {Capability.AUDIT},
    Role.ADMINISTRATOR: frozenset(Capability),
}
# Whoever has not signed in, where the installation is open to readers (`PUBLIC_READ`).
PUBLIC = frozenset({Capability.READ})

ROLE_LABELS: Mapping[Role, StrPromise] = {
    Role.EDITOR: gettext_lazy("editor"),
    Role.REVIEWER: gettext_lazy("reviewer"),
    Role.RESEARCHER: gettext_lazy("researcher"),
    Role.AUDITOR: gettext_lazy("auditor"),
    Role.ADMINISTRATOR: gettext_lazy("administrator"),
}
CAPABILITY_LABELS: Mapping[Capability, StrPromise] = {
    Capability.READ: gettext_lazy("read the claims"),
    Capability.EXPORT: gettext_lazy("export claims"),
    Capability.READ_HISTORY: gettext_lazy("read the history of a record"),
    Capability.AUDIT: gettext_lazy("read the log of all changes"),
    Capability.RECORD: gettext_lazy("record claims"),
    Capability.REVISE: gettext_lazy("change, link or withdraw records, or have claims retracted or corrected"),
    Capability.JUDGE_AGENTS: gettext_lazy("judge whether two agents or sources are the same"),
    Capability.ATTACH_TEXTS: gettext_lazy("attach texts"),
    Capability.REVIEW: gettext_lazy("review claims"),
    Capability.SETTLE: gettext_lazy("settle a question"),
    Capability.MANAGE_USERS: gettext_lazy("manage users"),
}


class NeverDeleted(PermissionDenied):
    """Somebody tried to delete what is kept for good; the sentence says what to do instead."""


class NotAllowed(PermissionDenied):
    """A user asked for what none of their roles may do; says which role may."""

    def __init__(self, capability: Capability) -> None:
        self.capability = capability
        roles = [str(ROLE_LABELS[role]) for role in Role if capability in ROLES[role]]
        super().__init__(
            _("You may not %(action)s. This needs the role of %(roles)s; an administrator can give it to you.")
            % {"action": CAPABILITY_LABELS[capability], "roles": get_text_list(roles, _("or"))}
        )


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles of a user; none for one who is deactivated or not signed in. Read once for each user object."""
    if not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset({Role.ADMINISTRATOR})
    known: frozenset[Role] | None = getattr(user, "_roles", None)
    if known is None:
        groups = user.groups.filter(name__in=list(Role)).values_list("name", flat=True)
        known = frozenset(map(Role, groups))
        user._roles = known  # type: ignore[attr-defined]
    return known


def may(user: User | AnonymousUser, capability: Capability) -> bool:
    """Whether any of the user's roles has the capability."""
    if not user.is_authenticated:
        return settings.PUBLIC_READ and capability in PUBLIC
    return any(capability in ROLES[role] for role in roles_of(user))


def require(by: User | None, capability: Capability) -> None:
    """Raise `NotAllowed` unless the user has the capability.

    None is a trusted command: whoever can start one can write to the database anyhow, and a change without a user
    needs a command's name.
    """
    if by is not None and not may(by, capability):
        raise NotAllowed(capability)


# --- Django's groups and permissions, which its admin asks for ------------------------------------------------------

_JUDGED = (models.ClaimLink, models.Retraction, models.Correction)
_WHO = (models.Distinction, models.Likeness)
_RECORDED = tuple(model for model in RECORDS if model not in {*_JUDGED, *_WHO, models.Finding})
_DERIVED = (
    models.PassageLocation,
    models.Position,
    models.QuestionState,
    models.ClaimState,
    models.SuspectedPair,
)

_PERMITS: Mapping[Capability, Mapping[str, tuple[type[Model], ...]]] = {
    Capability.READ: {"view": (*RECORDS, models.SnapshotContent, *_DERIVED, models.Import, models.ImportedBatch)},
    Capability.READ_HISTORY: {"view": tuple(model.history.model for model in RECORDS)},
    Capability.AUDIT: {"view": (LoggedChange, ChangePart, Entry, Redaction, Event)},
    Capability.RECORD: {"add": _RECORDED},
    Capability.REVISE: {"add": _JUDGED, "change": (*_RECORDED, *_JUDGED)},
    Capability.JUDGE_AGENTS: {"add": _WHO, "change": (*_WHO, models.Agent)},
    Capability.ATTACH_TEXTS: {"add": (models.Snapshot, models.SnapshotContent), "change": (models.Snapshot,)},
    Capability.SETTLE: {"add": (models.Finding,), "change": (models.Finding,)},
    Capability.MANAGE_USERS: {"view": (User, Group), "add": (User,), "change": (User,)},
}


def permissions_of(role: Role) -> frozenset[tuple[str, str]]:
    """The Django permissions of a role: (application label, codename)."""
    return frozenset(_permissions(ROLES[role]))


def _permissions(capabilities: frozenset[Capability]) -> Iterator[tuple[str, str]]:
    for capability in capabilities:
        for verb, permitted in _PERMITS.get(capability, {}).items():
            for model in permitted:
                yield model._meta.app_label, f"{verb}_{model._meta.model_name}"


def make_groups(*, using: str, apps: Apps = installed, **_keywords: Any) -> None:
    """Make the group of each role, with exactly the permissions of the table; called after `migrate` and `flush`."""
    try:
        group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
        apps.get_model("claims", "User")
        apps.get_model("ledger", "LoggedChange")
    except LookupError:  # migrated back to before these tables
        return
    # Permissions are made after each application's own migration, which may not have had its turn.
    for label in ("auth", "claims", "ledger"):
        create_permissions(installed.get_app_config(label), verbosity=0, interactive=False, using=using, apps=apps)
    existing = {
        (row.content_type.app_label, row.codename): row
        for row in permission.objects.using(using).select_related("content_type")
    }
    with transaction.atomic(using=using), _on_record():
        for role in Role:
            members, _made = group.objects.using(using).get_or_create(name=role.value)
            members.permissions.set([existing[key] for key in permissions_of(role)])


def _on_record() -> AbstractContextManager[Any]:
    """The roles are given by the program; before the ledger's own tables are there, nothing is on record."""
    if not has_tables():
        return nullcontext()
    return acting(Actor(None, "", "migrate", "Roles as the program defines them", timezone.now()))
