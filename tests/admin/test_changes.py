"""The log of changes and the events in the admin: for auditors and administrators, and read only."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.ledger.events import record as record_event
from claims.ledger.models import Event, LoggedChange
from claims.permissions import Role
from tests import factories as make
from tests.admin.forms import signed_in
from tests.services.written import nothing_written

pytestmark = pytest.mark.django_db

AUDITORS = {Role.AUDITOR, Role.ADMINISTRATOR}
LOG, EVENTS = "/admin/ledger/loggedchange/", "/admin/ledger/event/"


def page_of(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


@pytest.mark.parametrize("role", Role)
def test_the_log_is_for_those_who_audit_and_for_reading(role: Role) -> None:
    make.make_side()
    record_event(kind="export", name="somebody")
    client = signed_in(role)
    change, event = LoggedChange.objects.latest("pk"), Event.objects.latest("pk")
    for address in (LOG, EVENTS, f"{LOG}{change.pk}/change/", f"{EVENTS}{event.pk}/change/"):
        assert client.get(address).status_code == (200 if role in AUDITORS else 403), address
    with nothing_written():
        for address in (f"{LOG}add/", f"{LOG}{change.pk}/delete/", f"{EVENTS}add/", f"{EVENTS}{event.pk}/delete/"):
            assert client.get(address).status_code == 403
            assert client.post(address, {"post": "yes"}).status_code == 403
        for address in (f"{LOG}{change.pk}/change/", f"{EVENTS}{event.pk}/change/"):
            assert client.post(address, {"reason": "another"}).status_code == 403
    assert ("ledger/loggedchange" in page_of(client, "/admin/")) is (role in AUDITORS)


def test_the_list_has_the_columns_and_filters_of_the_page() -> None:
    client = signed_in(Role.AUDITOR)
    side = make.make_side(name="Press")
    make.make_topic(name="Agreement")
    page = page_of(client, LOG)
    assert "1 side recorded" in page
    assert "A test needs it" in page
    assert "writes are not attributed." in page  # the users of this test
    page = page_of(client, f"{LOG}?record={side.uid}")
    assert "1 side recorded" in page
    assert "1 topic recorded" not in page
    for wrong, said in (("person=nobody", "Nobody here signs in as"), ("who=x", "There is no filter “who”.")):
        page = page_of(client, f"{LOG}?{wrong}")
        assert said in page
        assert "recorded" not in page.split('id="changelist"')[1].split("</form>")[-1]


def test_what_is_not_attributed_is_on_the_page_of_the_log() -> None:
    client = signed_in(Role.AUDITOR)
    assert client.get(f"{LOG}?attributed=no")["Location"] == "/changes/?attributed=no"


def test_the_list_is_read_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(Role.AUDITOR)
    for number in range(5):
        make.make_side(name=f"Side {number}")
    monkeypatch.setattr("claims.admin.changes.PAGE", 2)
    newest = list(LoggedChange.objects.order_by("-at", "-id")[:4])
    page = page_of(client, LOG)
    assert f"after={newest[1].uid}" in page
    page = page_of(client, f"{LOG}?after={newest[1].uid}")
    assert f"{LOG}{newest[2].pk}/change/" in page
    assert f"{LOG}{newest[1].pk}/change/" not in page
    assert f"before={newest[2].uid}" in page


def test_a_change_leads_to_all_that_it_wrote() -> None:
    make.make_side()
    change = LoggedChange.objects.latest("pk")
    page = page_of(signed_in(Role.AUDITOR), f"{LOG}{change.pk}/change/")
    assert f'href="/changes/{change.uid}/"' in page


def test_events_are_told_in_words_and_found_by_kind() -> None:
    client = signed_in(Role.AUDITOR)
    record_event(kind="sign_in_failed", detail={"address": "203.0.113.9"})
    record_event(kind="export", name="rana", detail={"address": "203.0.113.10"})
    page = page_of(client, EVENTS)
    assert "Failed to sign in" in page
    assert "203.0.113.9<" in page
    page = page_of(client, f"{EVENTS}?kind=export")
    assert "rana" in page
    assert "203.0.113.9<" not in page
    assert "203.0.113" not in page_of(client, f"{EVENTS}?kind=nothing")


@pytest.mark.parametrize("address", [LOG, EVENTS])
def test_the_lists_ask_a_fixed_number_of_queries(address: str) -> None:
    client = signed_in(Role.AUDITOR)
    user, counts = make.make_user(), []
    for number in (3, 30):
        for each in range(number):
            make.make_side(name=f"Side {number}.{each}")
            record_event(kind="export", name="rana", user_id=user.pk)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, address)
        counts.append([query["sql"][:150] for query in queries])
    assert len(counts[0]) == len(counts[1]), counts
