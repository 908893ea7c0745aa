"""Users: made, given roles, deactivated by whoever manages them; never deleted, for the history names them.

Users are no records and have no history: who changed what of them, when and why, is in the journal. Of passwords it
holds that they changed. They have a version, so that of two who change one user at once the later is told.
"""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import User
from claims.permissions import Capability, Role, require
from claims.services.refusals import Stale
from claims.services.sessions import end_sessions, end_tokens
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
        Stale: somebody else changed the user after that version was read.
        ValidationError: by field, for values that are wrong or a password that is easily guessed, where nobody could
            manage users any more, or without a reason.
    """
    require(by, Capability.MANAGE_USERS)
    if password is not None:
        _give(user, password)
    user.full_clean()
    with change(by=by, reason=reason, command=command):
        groups = set(Group.objects.filter(name__in=[role.value for role in roles]))
        before = _locked(user)
        if before is None:
            user.save()
        elif before.version != user.version:
            raise Stale(user)
        elif any(getattr(before, name) != getattr(user, name) for name in KEPT) or groups != set(before.groups.all()):
            _save(user, before, KEPT)
            if not user.is_active:
                end_sessions(user=user)
                end_tokens(user=user)
        user.groups.set(groups)
        _refuse_nobody_left()
    return user


def make_former_user(name: str) -> User:
    """A user of whom only the name is known, whom records from elsewhere name: deactivated, no role, no password.

    To be called within a change, which says who makes them and why. Raises `ValidationError` by field for what is no
    user name.
    """
    user = User(username=name, is_active=False)
    user.set_unusable_password()
    user.clean_fields()  # not `clean`, which would spell the name otherwise
    user.validate_unique()
    user.save()
    return user


def set_password(*, user: User, password: str, by: User | None, reason: str = "", command: str = "") -> User:
    """Give a user a new password; everybody may set their own, and needs no reason for it.

    Raises:
        NotAllowed: `by` may not set another's.
        ValidationError: on `new_password`, where it is easily guessed; or without a reason for another's.
    """
    own = by is not None and by.pk == user.pk
    if not own:
        require(by, Capability.MANAGE_USERS)
    _give(user, password)
    with change(by=by, reason=reason or (_("Own password") if own else ""), command=command):
        _save(user, _locked(user) or user, ["password"])
        end_tokens(user=user)
    return user


def _refuse_nobody_left() -> None:
    """Somebody can manage users at any moment."""
    managers = User.objects.filter(is_active=True)
    if not (
        managers.filter(is_superuser=True).exists() or managers.filter(groups__name=Role.ADMINISTRATOR.value).exists()
    ):
        raise ValidationError(
            {"roles": _("Nobody could manage users any more. Make somebody else an administrator first.")}
        )


def _locked(user: User) -> User | None:
    """The user as the database has it, locked until the change ends; None for a new one."""
    return User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()


def _save(user: User, before: User, names: Collection[str]) -> None:
    """Save these fields, and no other, as the next version."""
    user.version = before.version + 1
    user.save(update_fields=[*names, "version"])


def _give(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"new_password": error}) from error
    user.set_password(password)
