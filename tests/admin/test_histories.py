"""The history of a record in the admin: in pages, compared, restored by whoever may change it, and closed otherwise."""

from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from claims.models import Record
from claims.permissions import Capability, Role, may
from claims.services.restoring import is_restorable
from tests import factories as make
from tests.admin.forms import REASON, fields_of, signed_in, written
from tests.admin.world import make_world
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

KINDS = [model for model in admin.site._registry if issubclass(model, Record)]


def changed(record: Any) -> Any:
    record.refresh_from_db()
    record.note = "changed"
    return make.record(record)


@pytest.mark.parametrize("kind", [model._meta.model_name for model in KINDS])
@pytest.mark.parametrize("role", Role)
def test_restoring_is_for_who_may_change_and_the_librarys_form_for_nobody(kind: str, role: Role) -> None:
    record: Any = make_world()[kind]
    model_admin = admin.site.get_model_admin(type(record))
    user = make.make_user(role)
    client = signed_in(user)
    version = record.history.order_by("history_id").first()
    hole = reverse(f"admin:claims_{kind}_simple_history", args=[record.pk, version.history_id])
    restore = reverse(f"admin:claims_{kind}_restore", args=[record.pk, 1])
    request = type("Request", (), {"user": user, "method": "GET"})()
    allowed = is_restorable(type(record)) and model_admin.has_change_permission(request, record)
    assert allowed is (is_restorable(type(record)) and may(user, Capability.REVISE))
    data = {"change_reason": REASON, "record_version": record.version, "withdrawn": "on"}
    with nothing_written():
        assert client.get(hole).status_code == 200
        assert client.post(hole, data).status_code == 403
        assert client.get(restore).status_code == (200 if allowed else 403)
        # As it is that version already, nothing is written for those who may either.
        assert client.post(restore, data).status_code in ({200, 409} if allowed else {403})


def test_a_version_is_restored_with_a_reason() -> None:
    source = changed(make.make_source(title="A report"))
    editor = make.make_user(Role.EDITOR)
    client = signed_in(editor)
    history = client.get(f"/admin/claims/source/{source.pk}/history/").content.decode()
    url = f"/admin/claims/source/{source.pk}/restore/1/"
    assert url in history
    page: Any = client.get(url)
    assert [(each.field, each.before, each.after) for each in page.context["changes"]] == [("Note", "changed", "")]
    with nothing_written():
        assert "change_reason" in client.post(url, fields_of(page)).context["form"].errors
    written(client.post(url, {**fields_of(page), "change_reason": "It was right"}))
    source.refresh_from_db()
    assert (source.note, source.version) == ("", 3)
    assert why(source) == ("It was right", editor)
    assert client.get(f"/admin/claims/source/{source.pk}/restore/9/").status_code == 404


def test_what_is_no_longer_valid_is_said_on_the_page() -> None:
    side = make.make_side(name="opposition")
    agent = make.make_agent(side=side)
    agent.side = None
    make.record(agent)
    side.withdrawn = True
    make.record(side)
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/agent/{agent.pk}/restore/1/"
    with nothing_written():
        page = client.post(url, {**fields_of(client.get(url)), "change_reason": "My own reason"})
    html = page.content.decode()
    assert "which is withdrawn now" in html
    assert "My own reason" in html


def test_a_record_that_changed_meanwhile_is_looked_at_again() -> None:
    source = changed(make.make_source())
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/source/{source.pk}/restore/1/"
    opened = fields_of(client.get(url))
    source.title = "Another title"
    make.record(source)
    with nothing_written():
        page = client.post(url, {**opened, "change_reason": "My own reason"})
    assert page.status_code == 409
    assert "Another title" in page.content.decode()
    written(client.post(url, fields_of(page)))
    source.refresh_from_db()
    assert (source.note, why(source)[0]) == ("", "My own reason")


def test_two_versions_are_compared_and_what_is_none_is_refused() -> None:
    source = changed(make.make_source(title="A report"))
    client = signed_in(Role.RESEARCHER)
    url = f"/admin/claims/source/{source.pk}/compare/"
    for query in ("", "?from=1&to=2", "?from=2&to=1"):
        assert "changed" in client.get(f"{url}{query}").content.decode()
    assert client.get(f"{url}?from=1&to=9").status_code == 404
    assert client.get(f"{url}?from=x").status_code == 400
    assert client.get(f"/admin/claims/source/{source.pk}/history/?before=x").status_code == 400


def test_the_research_pages_compare_too() -> None:
    source = changed(make.make_source(title="A report"))
    client = signed_in(Role.RESEARCHER)
    url = f"/sources/{source.uid}/history/"
    history = client.get(url).content.decode()
    assert f"{url}compare/?from=1&amp;to=2" in history
    assert "changed" in client.get(f"{url}compare/?from=1&to=2").content.decode()
    assert client.get(f"{url}compare/?from=1&to=3").status_code == 404
    assert client.get(f"{url}compare/?from=one").status_code == 400
    assert client.get(f"{url}compare/?kind=x").status_code == 400
    assert client.get(f"{url}?before=yesterday").status_code == 400
    assert client.get(f"{url}?before=2001-01-01T00:00:00Z").status_code == 200
