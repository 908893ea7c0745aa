"""Users: made, given roles, deactivated by whoever manages them; never deleted, for the history names them.

Users are no records and have no versions: who changed what of them, when and why, is kept in Django's log of its
admin, which nothing else writes to. Passwords are in no log.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.models import User
from claims.permissions import ROLE_LABELS, Capability, Role, require
from claims.services.transaction import change
from claims.wording import listed

KEPT = ("username", "first_name", "last_name", "email", "is_staff", "is_active")


def keep_user(*, user: User, roles: Collection[Role], by: User, reason: str, password: str | None = None) -> User:
    """Save a new or changed user with exactly these roles, and a password where one is given.

    Raises:
        NotAllowed: `by` may not manage users.
        ValidationError: by field, for values that are wrong or a password that is easily guessed, where nobody could
            manage users any more, or without a reason.
    """
    require(by, Capability.MANAGE_USERS)
    if password is not None:
        _give(user, password)
    user.full_clean()
    with change(by=by, reason=reason):
        before = User.objects.filter(pk=user.pk).first()
        changes = list(_changes(before, user, roles)) if before else []
        user.save()
        user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
        managers = User.objects.filter(is_active=True)
        if not (
            managers.filter(is_superuser=True).exists()
            or managers.filter(groups__name=Role.ADMINISTRATOR.value).exists()
        ):
            raise ValidationError(
                {"roles": _("Nobody could manage users any more. Make somebody else an administrator first.")}
            )
        if before is None or changes or password is not None:
            _log(user, by, listed(changes), reason, flag=CHANGE if before else ADDITION)
    return user


def set_password(*, user: User, password: str, by: User, reason: str = "") -> User:
    """Give a user a new password; everybody may set their own, and needs no reason for it.

    Raises:
        NotAllowed: `by` may not set another's.
        ValidationError: on `new_password`, where it is easily guessed; or without a reason for another's.
    """
    own = by.pk == user.pk
    if not own:
        require(by, Capability.MANAGE_USERS)
    _give(user, password)
    told = _("Own password") if own else _("Password")
    with change(by=by, reason=reason or (told if own else "")):
        user.save(update_fields=["password"])
        _log(user, by, told, reason, flag=CHANGE)
    return user


def _give(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"new_password": error}) from error
    user.set_password(password)


def _changes(before: User, user: User, roles: Collection[Role]) -> Iterator[str]:
    """What is changed of a user, each with its present value: "Active: no"."""
    for name in KEPT:
        field: Any = User._meta.get_field(name)
        value = getattr(user, name)
        if value != getattr(before, name):
            shown = (_("yes") if value else _("no")) if isinstance(value, bool) else value
            yield f"{capfirst(field.verbose_name)}: {shown}"
    if {role.value for role in roles} != set(before.groups.values_list("name", flat=True)):
        yield _("Roles: %(roles)s") % {"roles": " + ".join(str(ROLE_LABELS[role]) for role in Role if role in roles)}


def _log(user: User, by: User, told: str, reason: str, *, flag: int) -> None:
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=user.get_username(),
        action_flag=flag,
        change_message=". ".join(each for each in (told, reason.strip()) if each),
    )
