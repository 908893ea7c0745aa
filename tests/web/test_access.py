"""Each role may open what its row says and no more, on every address; whoever has not signed in is sent to sign in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from bench.sized import make_sized
from claims.ledger.checkpoints import checkpoint, shelf
from claims.ledger.models import Entry
from claims.models import Agent, Claim, Question, Source, Topic
from claims.permissions import Role
from claims.urls import urlpatterns
from tests import factories as make

OPEN_TO_ALL = {"login", "logout", "set_language"}
# About whoever is signed in, whatever their role: tests/web/test_account.py.
ACCOUNT = {
    "second_step",
    "account",
    "own_password",
    "confirm_password",
    "second_factor",
    "recovery_codes",
    "second_factor_remove",
    "tokens",
    "token_revoke",
    # Open to everybody: tests/api.
    "try_api",
    "feed",
    "feed_of_topic",
}
DOWNLOADS = {"record_download", "claim_download", "claim_download_about"}
HISTORIES = {"history", "history_compare", "claim_version"}
LOG = {"change_list", "change", "change_entry", "change_proof"}
AUDITORS = {Role.AUDITOR, Role.ADMINISTRATOR}
RECORDS = {"question": Question, "claim": Claim, "source": Source, "agent": Agent, "topic": Topic}


def addresses() -> Iterator[tuple[str, str]]:
    """The name of every address, with one example of it."""
    make.make_side(name="In the log")  # before keys are given by hand, of which the database does not know
    make_sized(10)
    entry = Entry.objects.get(table_name="claims_side", change__isnull=False)
    checkpoint(shelf())
    for pattern in urlpatterns:
        if isinstance(pattern, URLResolver):  # the API's: tests/api
            continue
        name = str(pattern.name)
        if name in OPEN_TO_ALL | ACCOUNT:
            continue
        kind = next(
            (kind for kind in ("question", "claim", "source", "agent", "topic") if name.startswith(kind)), "claim"
        )
        record = RECORDS[kind].objects.order_by("pk").first()
        form = "prov-json" if name == "record_download" else "csv"
        values = {"uid": record.uid, "number": 1, "kind": "claims", "name": form}
        if name in LOG:
            values = {"uid": entry.change, "number": entry.pk}
        route = get_resolver().reverse_dict.getlist(name)[0][0][0]
        yield name, "/" + route[0] % {key: values[key] for key in route[1]}


@pytest.fixture
def pages(db: None, settings: Any, tmp_path: Path) -> dict[str, str]:
    settings.AUDIT_CHECKPOINTS, settings.AUDIT_KEY = str(tmp_path), ""
    return dict(addresses())


def statuses(client: Client, pages: dict[str, str]) -> dict[str, int]:
    return {name: client.get(address).status_code for name, address in pages.items()}


def test_every_page_sends_those_who_are_not_signed_in_to_sign_in(pages: dict[str, str]) -> None:
    for address in pages.values():
        response = Client().get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/?next=/")


def test_readers_may_open_all_but_histories_where_pages_are_public(pages: dict[str, str], reader: Client) -> None:
    found = statuses(reader, pages)
    assert {name for name, status in found.items() if status == 302} == HISTORIES | LOG | DOWNLOADS
    assert {status for name, status in found.items() if name not in HISTORIES | LOG | DOWNLOADS} == {200}


@pytest.mark.parametrize("role", Role)
def test_every_role_may_open_every_page_and_auditors_the_log(role: Role, pages: dict[str, str], client: Client) -> None:
    client.force_login(make.make_user(role))
    found = statuses(client, pages)
    assert {status for name, status in found.items() if name not in LOG} == {200}
    assert {found[name] for name in LOG} == {200 if role in AUDITORS else 403}


def test_a_user_without_a_role_is_told_which_role_may(pages: dict[str, str], client: Client) -> None:
    client.force_login(make.make_user())
    assert set(statuses(client, pages).values()) == {403}
    page = client.get("/").content.decode()
    assert "You may not read the claims. This needs the role of editor" in page


def test_a_user_who_was_deactivated_is_sent_to_sign_in(pages: dict[str, str], client: Client) -> None:
    user = make.make_user(Role.EDITOR)
    client.force_login(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert set(statuses(client, pages).values()) == {302}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_are_for_reading_only(method: str, pages: dict[str, str], reader: Client) -> None:
    for address in pages.values():
        assert getattr(reader, method)(address).status_code == 405


def test_signing_in_and_out_leads_back(client: Client, settings: Any, db: None) -> None:
    user = make.make_user(Role.RESEARCHER, is_staff=False)
    page = client.get("/claims/")
    assert "Sign in" in client.get(page["Location"]).content.decode()
    entered = client.post(page["Location"], {"username": user.username, "password": make.PASSWORD, "next": "/claims/"})
    assert entered["Location"] == "/claims/"
    assert client.get("/claims/").status_code == 200
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/claims/").status_code == 302


def test_the_language_is_switched_by_a_form(reader: Client) -> None:
    assert '<html lang="en" dir="ltr">' in reader.get("/").content.decode()
    reader.post("/language/", {"language": "ar", "next": "/claims/"})
    assert '<html lang="ar" dir="rtl">' in reader.get("/claims/").content.decode()
