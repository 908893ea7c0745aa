"""Tokens: made by their user after the password, shown once, kept as digests, and dead as soon as they have to be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from claims.ledger.models import Event, Payload
from claims.models import User
from claims.permissions import Role
from claims.services.second_factor import remove, take_away
from claims.services.tokens import make_token
from claims.services.users import keep_user, set_password
from tests import factories as make
from tests.admin.forms import signed_in
from tests.web.codes import enrol

pytestmark = pytest.mark.django_db
ADDRESS = "/account/tokens/"


def asks(secret: str) -> int:
    return Client().get("/api/v1/topics/", headers={"authorization": f"Token {secret}"}).status_code


def token_of(user: User) -> str:
    return make_token(user=user, days=30)[1]


def in_session(user: User) -> Client:
    client = signed_in(user)
    client.post("/account/confirm-password/", {"password": make.PASSWORD})
    return client


def test_a_token_is_made_on_the_account_page_and_shown_once() -> None:
    user = make.make_user(Role.EDITOR)
    client = in_session(user)
    page = client.post(ADDRESS, {"days": "30"}).content.decode()
    secret = page.split('<code class="secret" dir="ltr">')[1].split("<")[0]
    assert asks(secret) == 200
    later = client.get(ADDRESS).content.decode()
    assert secret not in later
    assert secret[:15] in later
    kept = AuthToken.objects.get()
    assert secret not in {kept.digest, kept.token_key}
    assert timezone.now() + timedelta(days=29) < kept.expiry < timezone.now() + timedelta(days=31)
    event = Event.objects.get(kind="token_made")
    assert (event.user_id, event.detail["beginning"]) == (user.pk, secret[:15])
    assert secret not in "".join(Payload.objects.filter(body__isnull=False).values_list("body", flat=True))


def test_the_password_is_asked_for_first() -> None:
    client = Client()
    client.force_login(make.make_user(Role.EDITOR))
    session = client.session
    session["password_at"] = 0
    session.save()
    assert client.get(ADDRESS)["Location"].startswith("/account/confirm-password/")
    assert client.post(ADDRESS, {"days": "30"}).status_code == 302
    assert not AuthToken.objects.exists()


def test_a_token_is_revoked_by_its_user_alone() -> None:
    user, other = make.make_user(Role.EDITOR), make.make_user(Role.EDITOR)
    secret = token_of(user)
    in_session(other).post(f"{ADDRESS}revoke/", {"beginning": secret[:15]})
    assert asks(secret) == 200
    in_session(user).post(f"{ADDRESS}revoke/", {"beginning": secret[:15]})
    assert asks(secret) == 401
    assert Event.objects.get(kind="token_revoked").detail == {"beginning": secret[:15]}


def test_a_token_expires_and_is_not_for_ever(settings: Any) -> None:
    user = make.make_user(Role.EDITOR)
    secret = token_of(user)
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert asks(secret) == 401
    assert "1 to 365" in in_session(user).post(ADDRESS, {"days": "9999"}).content.decode() or (
        AuthToken.objects.filter(expiry__gt=timezone.now()).count() == 0
    )


def _deactivate(user: User) -> None:
    user.is_active = False
    keep_user(user=user, roles=[Role.EDITOR], by=None, reason="Left", command="test")


def _another_password(user: User) -> None:
    set_password(user=user, password="quite another one", by=None, reason="Leaked", command="test")


def _factor_added(user: User) -> None:
    enrol(user)


ENDINGS: dict[str, Callable[[User], None]] = {
    "deactivated": _deactivate,
    "another password": _another_password,
    "a second factor was added": _factor_added,
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_token_is_dead_when_its_session_would_be(name: str) -> None:
    make.make_user(Role.ADMINISTRATOR)
    user = make.make_user(Role.EDITOR)
    secret = token_of(user)
    ENDINGS[name](user)
    assert asks(secret) == 401


def test_a_deactivated_user_who_comes_back_has_to_make_another() -> None:
    make.make_user(Role.ADMINISTRATOR)
    user = make.make_user(Role.EDITOR)
    secret = token_of(user)
    _deactivate(user)
    user.is_active = True
    keep_user(user=user, roles=[Role.EDITOR], by=None, reason="Back", command="test")
    assert asks(secret) == 401


def test_who_needs_a_second_factor_has_shown_it_to_make_a_token(settings: Any) -> None:
    user = make.make_user(Role.EDITOR)
    without = token_of(user)
    settings.REQUIRE_TWO_FACTOR = ["editor"]
    assert asks(without) == 401
    assert signed_in(user).get(ADDRESS).status_code == 302
    enrol(user)
    assert asks(without) == 401
    with_it = token_of(user)
    assert asks(with_it) == 200
    remove(user=user)
    assert asks(with_it) == 401


def test_a_factor_that_is_taken_away_takes_the_tokens_along() -> None:
    user = make.make_user(Role.EDITOR)
    enrol(user)
    secret = token_of(user)
    assert asks(secret) == 200
    take_away(user=user, by=None, reason="Lost", command="test")
    assert asks(secret) == 401


def test_a_session_without_its_second_factor_asks_nothing() -> None:
    user = make.make_user(Role.EDITOR)
    enrol(user)
    assert signed_in(user).get("/api/v1/topics/").status_code == 401


def test_a_token_has_the_roles_of_its_user_today() -> None:
    user = make.make_user(Role.EDITOR)
    secret = token_of(user)
    user.groups.clear()
    assert asks(secret) == 403
