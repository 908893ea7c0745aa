"""Users: made, given roles, deactivated by whoever manages them; never deleted, for the history names them.

Users are no records and have no versions: who changed what of them, when and why, is in the journal. Of passwords it
holds that they changed.
"""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import User
from claims.permissions import Capability, Role, require
from claims.services.sessions import end_sessions
from claims.services.transaction import change

KEPT = ("username", "first_name", "last_name", "email", "is_staff", "is_active", "is_superuser", "password")


def keep_user(
    *,
    user: User,
    roles: Collection[Role],
    by: User | None,
    reason: str,
    password: str | None = None,
    command: str = "",
) -> User:
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
    with change(by=by, reason=reason, command=command):
        before = User.objects.filter(pk=user.pk).first()
        if before is None or any(getattr(before, name) != getattr(user, name) for name in KEPT):
            user.save()
            if not user.is_active:
                end_sessions(user=user)
        user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
        managers = User.objects.filter(is_active=True)
        if not (
            managers.filter(is_superuser=True).exists()
            or managers.filter(groups__name=Role.ADMINISTRATOR.value).exists()
        ):
            raise ValidationError(
                {"roles": _("Nobody could manage users any more. Make somebody else an administrator first.")}
            )
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
    with change(by=by, reason=reason or (_("Own password") if own else "")):
        user.save(update_fields=["password"])
    return user


def _give(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"new_password": error}) from error
    user.set_password(password)
