"""Users: made, given roles, deactivated by whoever manages them; never deleted, for the history names them."""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import User
from claims.permissions import Capability, Role, require


def keep_user(*, user: User, roles: Collection[Role], by: User | None, password: str | None = None) -> User:
    """Save a new or changed user with exactly these roles, and a new password where one is given.

    Raises:
        NotAllowed: `by` may not manage users.
        ValidationError: by field, for values that are wrong, or where nobody could manage users any more.
    """
    require(by, Capability.MANAGE_USERS)
    if password is not None:
        user.set_password(password)
    user.full_clean()
    with transaction.atomic():
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
    return user


def set_password(*, user: User, password: str, by: User | None) -> User:
    """Give a user a new password; everybody may set their own. Raises `NotAllowed` for another's."""
    if by is None or by.pk != user.pk:
        require(by, Capability.MANAGE_USERS)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
