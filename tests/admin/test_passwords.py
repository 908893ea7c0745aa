"""Passwords and the end of users in the admin: set by an administrator, changed by oneself, never deleted."""

from typing import Any

import pytest
from django.test import Client

from claims.models import User
from claims.permissions import Role
from tests import factories as make
from tests.admin.forms import fields_of, mistakes, post, signed_in, written

pytestmark = pytest.mark.django_db

NEW = "a long enough phrase"


@pytest.fixture
def user() -> User:
    return make.make_user(Role.EDITOR, username="nour")


def own(client: Client, **typed: str) -> Any:
    """Change one's own password on the page for it."""
    data = {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW, **typed}
    return client.post("/account/password/", {**fields_of(client.get("/account/password/")), **data})


def test_an_administrator_sets_a_password_with_a_reason(user: User) -> None:
    client, theirs = signed_in(Role.ADMINISTRATOR), signed_in(user)
    change = f"/admin/claims/user/{user.pk}/change/"
    address = f"/admin/claims/user/{user.pk}/password/"
    assert address in client.get(change).content.decode()
    assert "change_reason" in mistakes(post(client, address, new_password=NEW, change_reason=""))
    assert "new_password" in mistakes(post(client, address, new_password="123456789012345"))
    assert User.objects.get(pk=user.pk).check_password(make.PASSWORD)
    response = written(post(client, address, new_password=NEW, change_reason="Forgotten on leave"))
    assert response.headers["Location"] == change
    assert User.objects.get(pk=user.pk).check_password(NEW)
    assert theirs.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200
    assert "Forgotten on leave" in client.get(f"/admin/claims/user/{user.pk}/history/", follow=True).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_may(role: Role, user: User) -> None:
    client = signed_in(role)
    response = client.post(
        f"/admin/claims/user/{user.pk}/password/", {"new_password": NEW, "change_reason": "I would like to"}
    )
    assert response.status_code == 403
    assert User.objects.get(pk=user.pk).check_password(make.PASSWORD)


def test_ones_own_password_is_changed_by_who_knows_the_old_one() -> None:
    administrator = make.make_user(Role.ADMINISTRATOR)
    client = signed_in(administrator)
    address = f"/admin/claims/user/{administrator.pk}/password/"
    response = client.post(address, {"new_password": NEW, "change_reason": "Without the old one"})
    assert response.headers["Location"] == "/account/password/"
    assert "/account/password/" in client.get(f"/admin/claims/user/{administrator.pk}/change/").content.decode()
    assert User.objects.get(pk=administrator.pk).check_password(make.PASSWORD)


def test_a_user_is_deactivated_and_never_deleted(user: User) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    address = f"/admin/claims/user/{user.pk}/delete/"
    for response in (client.get(address), client.post(address, {"post": "yes"})):
        assert response.status_code == 403
        assert "Users are never deleted, for the history names them." in response.content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes", "index": "0"}
    client.post("/admin/claims/user/", chosen)
    assert User.objects.filter(pk=user.pk).exists()
    refused = signed_in(Role.EDITOR).post(address, {"post": "yes"})
    assert refused.status_code == 403
    assert "never deleted" not in refused.content.decode()
    change = f"/admin/claims/user/{user.pk}/change/"
    assert "Users are never deleted." in client.get(change).content.decode()
    written(post(client, change, is_active=None, change_reason="Left the desk"))
    assert not User.objects.get(pk=user.pk).is_active
    assert "Left the desk" in client.get(f"/admin/claims/user/{user.pk}/history/", follow=True).content.decode()
