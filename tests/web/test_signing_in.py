"""Signing in: what is on record of it, the pause after wrong passwords, sessions and their end, the own password."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from claims.ledger.models import Event, Payload
from claims.models import User
from claims.permissions import Role
from claims.services.sessions import end_sessions
from tests import factories as make

pytestmark = pytest.mark.django_db

DOORS = ["/sign-in/", "/admin/login/"]
LIMIT = 5


@pytest.fixture
def editor() -> User:
    return make.make_user(Role.EDITOR)


def enter(client: Client, name: str, password: str = make.PASSWORD, door: str = "/sign-in/", **extra: Any) -> Any:
    return client.post(door, {"username": name, "password": password}, **extra)


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("door", DOORS)
def test_after_wrong_passwords_there_is_a_pause_and_the_page_says_until_when(editor: User, door: str) -> None:
    browser = Client()
    for _number in range(LIMIT - 1):
        assert enter(browser, editor.username, "wrong", door).status_code == 200
    for password in ("wrong", make.PASSWORD):
        pause = enter(browser, editor.username, password, door)
        assert pause.status_code == 429
        assert 0 < int(pause["Retry-After"]) <= 15 * 60 + 1
        assert "Too many wrong passwords were typed for this name from your address." in pause.content.decode()
        assert "Try again in 15 minutes, at " in pause.content.decode()
    assert browser.get("/claims/").status_code == 302
    assert sorted(kinds()) == ["sign_in_failed"] * LIMIT + ["sign_in_paused"], "During the pause nothing is added."


def test_the_pause_is_for_one_name_from_one_address(editor: User) -> None:
    other = make.make_user(Role.EDITOR)
    for _number in range(LIMIT):
        enter(Client(), editor.username, "wrong")
    assert enter(Client(), editor.username).status_code == 429
    assert enter(Client(), other.username).status_code == 302, "The desk behind the address works on."
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert enter(Client(), editor.username, **elsewhere).status_code == 302, "So does the user elsewhere."
    assert enter(Client(HTTP_USER_AGENT="another"), editor.username).status_code == 429
    forged = {"HTTP_X_FORWARDED_FOR": "203.0.113.10", "HTTP_X_REAL_IP": "203.0.113.10"}
    assert enter(Client(), editor.username, **forged).status_code == 429, "What a client says of itself counts nothing."


def test_a_pause_ends_and_tries_during_it_do_not_prolong_it(editor: User) -> None:
    for _number in range(LIMIT):
        enter(Client(), editor.username, "wrong")
    begun = timezone.now() - timedelta(minutes=14)
    AccessAttempt.objects.update(attempt_time=begun)
    pause = enter(Client(), editor.username)
    assert int(pause["Retry-After"]) <= 61
    AccessAttempt.objects.update(attempt_time=begun - timedelta(minutes=2))
    assert enter(Client(), editor.username).status_code == 302


def test_the_right_password_starts_the_count_anew(editor: User) -> None:
    for _number in range(3):
        for _wrong in range(LIMIT - 1):
            assert enter(Client(), editor.username, "wrong").status_code == 200
        assert enter(Client(), editor.username).status_code == 302


@pytest.mark.parametrize("name", ["\0", "x" * 300, "أحمد\ud800".encode(errors="replace").decode(), ""])
def test_odd_names_are_refused_as_names(name: str) -> None:
    for _number in range(LIMIT + 1):
        assert enter(Client(), name, "wrong").status_code in {200, 429}


def test_a_name_that_nobody_has_is_not_kept_for_it_may_be_a_password(editor: User) -> None:
    enter(Client(), "correct horse battery", "staple")
    enter(Client(), editor.username, "hunter2hunter2")
    assert list(Event.objects.order_by("pk").values_list("kind", "name", "user_id")) == [
        ("sign_in_failed", "", None),
        ("sign_in_failed", editor.username, editor.pk),
    ]
    on_record = str(
        [*Payload.objects.values_list("body"), *AccessAttempt.objects.values_list("username", "post_data", "get_data")]
    )
    assert "horse" not in on_record
    assert "hunter2" not in on_record


def test_coming_and_going_is_on_record_with_the_address(editor: User) -> None:
    browser = Client(REMOTE_ADDR="198.51.100.7")
    enter(browser, editor.username)
    browser.post("/sign-out/")
    rows = Event.objects.order_by("pk").values_list("kind", "user_id", "name", "detail")
    assert list(rows) == [
        (kind, editor.pk, editor.username, {"address": "198.51.100.7"}) for kind in ("sign_in", "sign_out")
    ]


def test_a_session_gets_a_new_key_at_the_door(editor: User) -> None:
    browser = Client()
    session = browser.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    enter(browser, editor.username)
    assert browser.session.session_key != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_the_cookies_are_for_this_site_and_for_no_script(editor: User) -> None:
    browser = Client()
    browser.get("/sign-in/")
    enter(browser, editor.username)
    browser.post("/language/", {"language": "ar"})
    for name in ("sessionid", "csrftoken", "django_language"):
        cookie = browser.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
    assert browser.cookies["sessionid"]["max-age"] == 12 * 60 * 60


def test_pages_of_those_signed_in_are_not_kept(editor: User) -> None:
    browser = Client()
    enter(browser, editor.username)
    for path in ("/", "/claims/", "/account/", "/admin/", "/no/such/page/"):
        assert browser.get(path)["Cache-Control"] == "private, no-store", path
    with closing(browser.get("/static/admin/css/base.css")) as file:
        assert "no-store" not in file["Cache-Control"]


def test_whoever_is_deactivated_is_out_at_once_and_stays_out(editor: User) -> None:
    browser = Client()
    enter(browser, editor.username)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    for path in ("/claims/", "/account/", "/admin/"):
        assert browser.get(path).status_code == 302
    assert enter(Client(), editor.username).status_code == 200


def test_ending_sessions_spares_those_of_others(editor: User) -> None:
    other = make.make_user(Role.EDITOR)
    browsers = [Client(), Client(), Client()]
    for browser, user in zip(browsers, (editor, editor, other), strict=True):
        enter(browser, user.username)
    assert end_sessions(user=editor) == 2
    assert [browser.get("/claims/").status_code for browser in browsers] == [302, 302, 200]


def test_the_own_password_is_changed_with_the_old_one_and_ends_the_other_sessions(editor: User) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        enter(browser, editor.username)
    session = here.session
    session["password_at"] = 0
    session.save()
    asked = here.get("/admin/password_change/", follow=True)
    assert asked.redirect_chain[-1][0] == "/account/confirm-password/?next=%2Faccount%2Fpassword%2F"
    here.post(asked.redirect_chain[-1][0], {"password": make.PASSWORD})
    weak = here.post("/account/password/", {"new_password1": "password", "new_password2": "password"})
    assert "too short" in weak.content.decode()
    new = "several words that make sense"
    key = here.session.session_key
    assert here.post("/account/password/", {"new_password1": new, "new_password2": new})["Location"] == "/account/"
    assert here.session.session_key != key
    assert here.get("/claims/").status_code == 200
    assert there.get("/claims/").status_code == 302
    assert enter(Client(), editor.username).status_code == 200
    assert enter(Client(), editor.username, new).status_code == 302


def test_guessing_at_the_password_in_an_open_session_brings_the_pause(editor: User) -> None:
    browser = Client()
    enter(browser, editor.username)
    for _number in range(LIMIT - 1):
        assert browser.post("/account/confirm-password/", {"password": "wrong"}).status_code == 200
    assert browser.post("/account/confirm-password/", {"password": "wrong"}).status_code == 429
    assert browser.get("/claims/").status_code == 200
