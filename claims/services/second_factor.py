"""The second factor of a user: six digits from an app (RFC 6238), or one of ten recovery codes, each good once.

Neither the secret nor a code is shown again once it is in use. Of a recovery code only a hash is kept: with 80 random
bits in each there is nothing to guess, so that a quick hash will do.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.ledger import events
from claims.models import User
from claims.permissions import Capability, require, roles_of
from claims.services.sessions import end_sessions, end_tokens
from claims.services.transaction import change

RECOVERY_CODES = 10
# 16 letters and digits of five bits each.
CODE_BYTES = 10
DIGITS = 6

App = TOTPDevice
Device = Any


class TryAgainLater(Exception):  # noqa: N818 - it says what to do
    """Too many wrong codes; `until` is when the next one is looked at."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(_("Too many wrong codes were typed."))


def has_second_factor(user: User) -> bool:
    """Whether the user signs in with a second factor."""
    return bool(App.objects.filter(user=user, confirmed=True).exists())


def needs_second_factor(user: User) -> bool:
    """Whether one of the user's roles is among those that may not do without (`REQUIRE_TWO_FACTOR`)."""
    required: Collection[str] = settings.REQUIRE_TWO_FACTOR
    return bool(required) and not roles_of(user).isdisjoint(required)


def codes_left(user: User) -> int:
    """How many recovery codes of the user are unused."""
    return int(StaticToken.objects.filter(device__user=user).count())


def new_secret() -> str:
    """A secret for an app: 160 random bits in hexadecimal, as RFC 4226 recommends."""
    return token_bytes(20).hex()


def address_of(*, user: User, secret: str) -> str:
    """The secret as the address that apps read from a picture (otpauth)."""
    return str(App(user=user, key=secret).config_url)


def add(*, user: User, secret: str, code: str) -> tuple[Device, list[str]]:
    """Take the app with this secret as the user's second factor, once it has shown a code.

    Returns the device and the recovery codes, which nobody can read again. Raises `ValidationError` for a wrong code,
    or where there is a second factor already.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if has_second_factor(user):
            raise ValidationError(_("You have a second factor already. Remove it before you add another."))
        device = App(user=user, key=secret, name="app")
        # This code is used up with it, and signs nobody in.
        if not device.verify_token(_plain(code)):
            raise _wrong()
        codes = _new_codes(user)
        events.record(kind="second_factor_added", user_id=user.pk, name=user.get_username())
    return device, codes


def renew_codes(*, user: User) -> list[str]:
    """New recovery codes instead of those that are left; raises `ValidationError` without a second factor."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not has_second_factor(user):
            raise ValidationError(_("You have no second factor. Add one first."))
        codes = _new_codes(user)
        events.record(kind="recovery_codes_made", user_id=user.pk, name=user.get_username())
    return codes


def verify(*, user: User, code: str) -> Device:
    """The device whose code this is; the code is used up.

    Raises `ValidationError` for a wrong code or one that was used before, `TryAgainLater` after too many of them.
    """
    typed = _plain(code)
    app = len(typed) == DIGITS
    with transaction.atomic():  # locked, or two requests at once could use one code
        devices = App.objects if app else StaticDevice.objects
        device = devices.select_for_update().filter(user=user, confirmed=True).first()
        allowed, why = device.verify_is_allowed() if device else (True, {})
        if not allowed:
            raise TryAgainLater(why["locked_until"])
        found = device is not None and device.verify_token(typed if app else _digest(typed))
    by = "app" if app else "recovery code"
    kind = "second_factor_passed" if found else "second_factor_failed"
    events.record(kind=kind, user_id=user.pk, name=user.get_username(), detail={"by": by})
    if not found:
        raise _wrong()
    return device


def remove(*, user: User) -> None:
    """Do without a second factor from now on: by the user, for themselves."""
    with transaction.atomic():
        _forget(user)
        events.record(kind="second_factor_removed", user_id=user.pk, name=user.get_username())


def take_away(*, user: User, by: User | None, reason: str, command: str = "") -> None:
    """Remove the second factor of somebody who lost it, and end their sessions.

    Raises `NotAllowed` for whoever may not manage users, `ValidationError` without a reason or a second factor. Who
    did it and why is on record with the change.
    """
    require(by, Capability.MANAGE_USERS)
    with change(by=by, reason=reason, command=command):
        if not has_second_factor(user):
            raise ValidationError(_("“%(user)s” has no second factor.") % {"user": user.get_username()})
        _forget(user)
        end_sessions(user=user)
        end_tokens(user=user)
        events.record(kind="second_factor_taken_away", user_id=user.pk, name=user.get_username())


def _forget(user: User) -> None:
    App.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _new_codes(user: User) -> list[str]:
    """Recovery codes in groups of four, in place of those there were."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [b32encode(token_bytes(CODE_BYTES)).decode().lower() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def _digest(code: str) -> str:
    """What is kept of a recovery code: 80 bits of its SHA-256, which fill the library's column."""
    return b32encode(sha256(code.encode(errors="replace")).digest()[:CODE_BYTES]).decode()


def _plain(code: str) -> str:
    """What was typed, without the spaces and hyphens that only help the eye."""
    return "".join(code.replace("-", "").split()).lower()


def _wrong() -> ValidationError:
    return ValidationError(
        _("This code is wrong, or was used before. Wait for the app's next one, and look at the clock of the device.")
    )


def wait_in_seconds(until: datetime) -> int:
    """From now, at least one."""
    return max(1, int((until - timezone.now()).total_seconds()) + 1)
