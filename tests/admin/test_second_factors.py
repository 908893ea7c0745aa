"""An administrator takes a lost second factor away, with a reason; nobody sees its secret."""

from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.ledger.models import Event, LoggedChange
from claims.models import User
from claims.permissions import NotAllowed, Role
from claims.services.second_factor import take_away
from tests import factories as make
from tests.admin.forms import fields_of, mistakes, signed_in, written
from tests.web.codes import code_of, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make.make_user(Role.EDITOR)


def address(user: User) -> str:
    return f"/admin/claims/user/{user.pk}/second-factor/"


def test_it_is_taken_away_with_a_reason_and_ends_the_sessions(user: User) -> None:
    secret, _codes = enrol(user)
    theirs = Client()
    theirs.post("/sign-in/", {"username": user.username, "password": make.PASSWORD})
    theirs.post("/sign-in/second-step/", {"code": code_of(secret)})
    assert theirs.get("/claims/").status_code == 200
    administrator = make.make_user(Role.ADMINISTRATOR)
    client = signed_in(administrator)
    assert address(user) in client.get(f"/admin/claims/user/{user.pk}/change/").content.decode()
    page = client.get(address(user))
    assert "change_reason" in mistakes(client.post(address(user), {**fields_of(page), "change_reason": " "}))
    assert TOTPDevice.objects.exists()
    written(client.post(address(user), {**fields_of(page), "change_reason": "Telephone lost on the road"}))
    assert not TOTPDevice.objects.exists()
    assert theirs.get("/claims/").status_code == 302
    assert Event.objects.filter(kind="second_factor_taken_away", user_id=user.pk).count() == 1
    change = LoggedChange.objects.latest("pk")
    assert (change.user_id, change.reason) == (administrator.pk, "Telephone lost on the road")
    assert address(user) not in client.get(f"/admin/claims/user/{user.pk}/change/").content.decode()
    assert "has no second factor" in str(mistakes(client.post(address(user), {"change_reason": "Again"})))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_may(role: Role, user: User) -> None:
    enrol(user)
    assert signed_in(role).post(address(user), {"change_reason": "I would like to"}).status_code == 403
    with pytest.raises(NotAllowed):
        take_away(user=user, by=make.make_user(role), reason="I would like to")
    assert TOTPDevice.objects.filter(user=user).exists()


@pytest.mark.parametrize("kind", ["otp_totp/totpdevice", "otp_static/staticdevice", "axes/accessattempt"])
def test_the_libraries_pages_are_not_there(kind: str, user: User, client: Any) -> None:
    enrol(user)
    superuser = signed_in(User.objects.create_superuser("root"))
    assert superuser.get(f"/admin/{kind}/").status_code == 404
    device = TOTPDevice.objects.get()
    assert superuser.get(f"/admin/otp_totp/totpdevice/{device.pk}/qrcode/").status_code == 404
