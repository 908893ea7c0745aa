"""The second factor: enrolled, asked for at both doors, used once, lost and taken away."""

import re
from base64 import b32decode
from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.ledger.models import Entry, Event, Payload
from claims.models import User
from claims.permissions import Role
from tests import factories as make
from tests.web.codes import code_of, codes_on, enrol

pytestmark = pytest.mark.django_db

DOORS = ["/sign-in/", "/admin/login/"]
STEP = "/sign-in/second-step/"


@pytest.fixture
def editor() -> User:
    return make.make_user(Role.EDITOR)


def enter(client: Client, user: User, door: str = "/sign-in/", then: str = "/claims/") -> Any:
    return client.post(door, {"username": user.username, "password": make.PASSWORD, "next": then})


def events(user: User) -> list[str]:
    return list(Event.objects.filter(user_id=user.pk).order_by("pk").values_list("kind", flat=True))


def shown_secret(page: Any) -> str:
    found = re.search(r'class="secret" dir="ltr">([A-Z2-7 ]+)<', page.content.decode())
    assert found
    return b32decode(found[1].replace(" ", "")).hex()


@pytest.mark.parametrize("door", DOORS)
def test_the_password_alone_lets_nobody_in_who_has_a_second_factor(client: Client, editor: User, door: str) -> None:
    secret, _codes = enrol(editor)
    enter(client, editor, door, "/admin/claims/source/")
    for address in ("/claims/", "/account/", "/admin/claims/source/", "/account/second-factor/remove/"):
        assert client.get(address).status_code == 302, address
    assert client.post("/admin/claims/source/add/", {"title": "x"}).status_code == 302
    page = client.get("/admin/claims/source/", follow=True)
    assert page.redirect_chain[-1][0] == f"{STEP}?next=%2Fadmin%2Fclaims%2Fsource%2F"
    before = client.session.session_key
    passed = client.post(page.redirect_chain[-1][0], {"code": code_of(secret)})
    assert passed["Location"] == "/admin/claims/source/"
    assert client.get(passed["Location"]).status_code == 200
    assert client.session.session_key != before
    assert events(editor)[-2:] == ["sign_in", "second_factor_passed"]


def test_a_public_page_knows_nobody_who_is_half_way_in(client: Client, editor: User, settings: Any) -> None:
    settings.PUBLIC_READ = True
    enrol(editor)
    enter(client, editor)
    page = client.get("/claims/")
    assert page.status_code == 200
    assert editor.username not in page.content.decode()
    assert client.get("/sign-in/?next=/claims/")["Location"] == f"{STEP}?next=%2Fclaims%2F"


def test_a_code_is_good_once(client: Client, editor: User) -> None:
    secret, _codes = enrol(editor)
    code = code_of(secret)
    enter(client, editor)
    assert client.post(STEP, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    other = Client()
    enter(other, editor)
    refused = other.post(STEP, {"code": code})
    assert "wrong, or was used before" in refused.content.decode()
    assert other.get("/claims/").status_code == 302
    assert events(editor)[-1] == "second_factor_failed"


def test_the_code_that_proved_the_app_signs_nobody_in(client: Client, editor: User) -> None:
    secret, _codes = enrol(editor)
    enter(client, editor)
    assert client.post(STEP, {"code": code_of(secret, -1)}).status_code == 200


def test_after_wrong_codes_there_is_a_pause_and_the_page_says_until_when(client: Client, editor: User) -> None:
    secret, codes = enrol(editor)
    enter(client, editor)
    assert client.post(STEP, {"code": "000000"}).status_code == 200
    pause = client.post(STEP, {"code": code_of(secret)})
    assert pause.status_code == 429
    assert 1 <= int(pause["Retry-After"]) <= 3
    assert "Too many wrong codes were typed. Try again in 1 minute, at " in pause.content.decode()
    assert client.post(STEP, {"code": codes[0]}).status_code == 302, "Whoever guesses at the app takes no code away."


def test_a_recovery_code_is_good_once_and_kept_as_a_hash(client: Client, editor: User) -> None:
    _secret, codes = enrol(editor)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(codes) == len(kept) == 10
    assert not kept & {code.replace("-", "").upper() for code in codes}
    for number, typed in enumerate((codes[3], codes[4].upper().replace("-", " "))):
        browser = Client()
        enter(browser, editor)
        assert browser.post(STEP, {"code": typed}).status_code == 302
        assert browser.get("/claims/").status_code == 200
        assert f"{9 - number} recovery codes are left" in browser.get("/account/").content.decode()
    enter(client, editor)
    assert client.post(STEP, {"code": codes[3]}).status_code == 200
    assert client.get("/claims/").status_code == 302


def test_anybody_adds_an_app_and_sees_its_secret_and_codes_once(client: Client) -> None:
    user = make.make_user(is_staff=False)
    enter(client, user)
    page = client.get("/account/second-factor/")
    assert "<svg" in page.content.decode()
    assert "style=" not in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    secret = shown_secret(page)
    assert "This code is wrong" in client.post("/account/second-factor/", {"code": "123"}).content.decode()
    assert not TOTPDevice.objects.exists()
    assert shown_secret(client.get("/account/second-factor/")) == secret
    key = client.session.session_key
    codes = codes_on(client.post("/account/second-factor/", {"code": code_of(secret)}))
    assert len(set(codes)) == 10
    assert client.session.session_key != key
    assert "second_factor_secret" not in client.session
    assert client.get("/account/second-factor/")["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert secret not in str(list(Payload.objects.values_list("body")))
    assert not any(code in str(list(Payload.objects.values_list("body"))) for code in codes)
    assert not Entry.objects.filter(table_name__startswith="otp_").exists()


def test_other_sessions_are_half_way_in_once_there_is_a_second_factor(client: Client, editor: User) -> None:
    enter(client, editor)
    assert client.get("/claims/").status_code == 200
    enrol(editor)
    assert client.get("/claims/").status_code == 302


def test_who_needs_a_second_factor_gets_one_right_after_the_password(client: Client, settings: Any) -> None:
    settings.REQUIRE_TWO_FACTOR = ["administrator"]
    user = make.make_user(Role.ADMINISTRATOR)
    enter(client, user, "/admin/login/", "/admin/")
    for address in ("/claims/", "/account/", "/account/password/", "/account/second-factor/", "/admin/", "/admin/x/"):
        assert client.get(address)["Location"].startswith(("/sign-in/", "/admin/login/")), address
    page = client.get("/admin/", follow=True)
    assert "Add one, and you are signed in" in page.content.decode()
    codes = client.post(page.redirect_chain[-1][0], {"code": code_of(shown_secret(page))})
    assert len(codes_on(codes)) == 10
    assert 'href="/admin/">I have kept them' in codes.content.decode()
    assert client.get("/admin/").status_code == 200
    assert "One of your roles needs a second factor." in client.get("/account/").content.decode()
    other = make.make_user(Role.EDITOR)
    free = Client()
    enter(free, other)
    assert free.get("/claims/").status_code == 200


def test_a_session_left_open_enrols_only_with_the_password(client: Client, editor: User, settings: Any) -> None:
    enter(client, editor)
    session = client.session
    session["password_at"] -= 3600
    session.save()
    settings.REQUIRE_TWO_FACTOR = ["editor"]
    page = client.get("/claims/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/confirm-password/")
    assert "<svg" not in page.content.decode().split("</header>")[1]
    address = page.redirect_chain[-1][0]
    assert "This is not your password." in client.post(address, {"password": "no"}).content.decode()
    confirmed = client.post(address, {"password": make.PASSWORD}, follow=True)
    assert "<svg" in confirmed.content.decode().split("</header>")[1]


@pytest.mark.parametrize("address", ["/account/second-factor/remove/", "/account/second-factor/recovery-codes/"])
def test_a_second_factor_changes_only_with_the_password(client: Client, editor: User, address: str) -> None:
    secret, _codes = enrol(editor)
    enter(client, editor)
    client.post(STEP, {"code": code_of(secret)})
    session = client.session
    session["password_at"] = 0
    session.save()
    kept = set(StaticToken.objects.values_list("token", flat=True))
    asked = client.post(address)
    assert asked["Location"].startswith("/account/confirm-password/?next=")
    assert TOTPDevice.objects.filter(user=editor).count() == 1
    assert set(StaticToken.objects.values_list("token", flat=True)) == kept
    assert client.post(asked["Location"], {"password": make.PASSWORD})["Location"] == address
    assert client.get(address).status_code == 200


def test_new_recovery_codes_replace_the_others(client: Client, editor: User) -> None:
    secret, codes = enrol(editor)
    enter(client, editor)
    client.post(STEP, {"code": code_of(secret)})
    assert "10 codes are left" in client.get("/account/second-factor/recovery-codes/").content.decode()
    renewed = codes_on(client.post("/account/second-factor/recovery-codes/"))
    assert len(renewed) == 10
    assert not set(renewed) & set(codes)
    other = Client()
    enter(other, editor)
    assert other.post(STEP, {"code": codes[0]}).status_code == 200


def test_removing_it_leaves_the_password(client: Client, editor: User) -> None:
    secret, _codes = enrol(editor)
    enter(client, editor)
    client.post(STEP, {"code": code_of(secret)})
    assert client.post("/account/second-factor/remove/")["Location"] == "/account/"
    assert "You sign in with your password alone" in client.get("/account/").content.decode()
    assert events(editor)[-1] == "second_factor_removed"
    assert not StaticToken.objects.exists()


def test_it_leads_nowhere_else(client: Client, editor: User) -> None:
    secret, _codes = enrol(editor)
    enter(client, editor)
    passed = client.post(f"{STEP}?next=https://elsewhere.example/", {"code": code_of(secret)})
    assert passed["Location"] == "/"
    assert client.get(f"{STEP}?next=//elsewhere.example/")["Location"] == "/"
    assert Client().get(f"{STEP}?next=/claims/")["Location"] == "/sign-in/?next=/claims/"
