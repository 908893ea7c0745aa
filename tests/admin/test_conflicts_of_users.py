"""Two administrators who change one user: the later is shown base, theirs and yours, and never a password."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from claims.ledger.models import Entry
from claims.models import User
from claims.permissions import Role, roles_of
from claims.queries.user_versions import user_changes_since, user_version
from claims.services.refusals import Stale
from claims.services.users import keep_user, set_password
from tests import factories as make
from tests.admin.forms import REASON, fields_of, post, signed_in, written
from tests.admin.test_conflicts import go_on, rows

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough phrase"


@pytest.fixture
def administrator() -> User:
    return make.make_user(Role.ADMINISTRATOR, first_name="Rana")


@pytest.fixture
def user(administrator: User) -> User:
    user = User(username="nour", email="nour@example.org", is_staff=True)
    return keep_user(user=user, roles=[Role.EDITOR], by=administrator, reason="A new colleague", password=PASSWORD)


def address(user: User) -> str:
    return f"/admin/claims/user/{user.pk}/change/"


def stale(client: Client, user: User, opened: dict[str, Any], **typed: Any) -> Any:
    """Post the form as it was opened, with what was typed: refused, and nothing written."""
    entries = Entry.objects.count()
    data = {**opened, "change_reason": REASON, **typed, "_save": "1"}
    page = client.post(address(user), {name: value for name, value in data.items() if value is not None})
    assert page.status_code == 409
    assert Entry.objects.count() == entries
    return page


def changed(user: User, by: User, *roles: Role, **fields: Any) -> None:
    """Change the user as another administrator does."""
    now = User.objects.get(pk=user.pk)
    for name, value in fields.items():
        setattr(now, name, value)
    keep_user(user=now, roles=roles or [Role.EDITOR], by=by, reason="As they asked")


def test_each_field_is_shown_as_it_was_as_it_is_and_as_it_was_typed(user: User, administrator: User) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    opened = fields_of(client.get(address(user)))
    changed(user, administrator, Role.REVIEWER, first_name="نور", email="n@example.org", is_active=False)
    page = stale(client, user, opened, first_name="Nour", last_name="Haddad", roles="auditor")
    assert rows(page) == {
        "First name": ("", "نور", "Nour", None),
        "Last name": ("", "", "Haddad", "yours"),
        "Email address": ("nour@example.org", "n@example.org", "nour@example.org", "theirs"),
        "Roles": ("editor", "reviewer", "auditor", None),
        "Active": ("yes", "no", "yes", "theirs"),
    }
    html = page.content.decode()
    assert "Rana" in html
    assert "As they asked" in html
    assert user.password not in html
    undecided = go_on(client, address(user), page)
    assert undecided.status_code == 409
    written(go_on(client, address(user), page, **{"choose-first_name": "theirs", "choose-roles": "yours"}))
    now = User.objects.get(pk=user.pk)
    assert (now.first_name, now.last_name, now.email, now.is_active) == ("نور", "Haddad", "n@example.org", False)
    assert roles_of(now) <= {Role.AUDITOR}
    assert set(now.groups.values_list("name", flat=True)) == {Role.AUDITOR.value}
    assert now.check_password(PASSWORD)
    assert now.version == 3


def test_roles_alone_raise_the_version_and_what_is_as_it_was_does_not(user: User, administrator: User) -> None:
    changed(user, administrator, Role.EDITOR)
    assert User.objects.get(pk=user.pk).version == 1
    changed(user, administrator, Role.EDITOR, Role.REVIEWER)
    assert User.objects.get(pk=user.pk).version == 2
    set_password(
        user=User.objects.get(pk=user.pk), password="another long phrase", by=administrator, reason="Forgotten"
    )
    assert User.objects.get(pk=user.pk).version == 3
    versions = [user_version(user.pk, number) for number in (1, 2, 3, 4)]
    assert [each and each.roles for each in versions] == [
        ("editor",),
        ("editor", "reviewer"),
        ("editor", "reviewer"),
        None,
    ]
    told = user_changes_since(user.pk, 1)
    assert [(each.number, each.who, each.reason) for each in told] == [
        (3, "Rana", "Forgotten"),
        (2, "Rana", "As they asked"),
    ]


def test_a_password_that_was_set_meanwhile_is_kept_and_not_shown(user: User, administrator: User) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    opened = fields_of(client.get(address(user)))
    set_password(
        user=User.objects.get(pk=user.pk), password="another long phrase", by=administrator, reason="Forgotten"
    )
    page = stale(client, user, opened, last_name="Haddad")
    assert rows(page) == {"Last name": ("", "", "Haddad", "yours")}
    html = page.content.decode()
    assert "Forgotten" in html
    assert "another long phrase" not in html
    assert User.objects.get(pk=user.pk).password not in html
    written(go_on(client, address(user), page))
    now = User.objects.get(pk=user.pk)
    assert now.check_password("another long phrase")
    assert now.last_name == "Haddad"


def test_the_service_refuses_an_older_version(user: User, administrator: User) -> None:
    mine = User.objects.get(pk=user.pk)
    changed(user, administrator, first_name="نور")
    mine.last_name = "Haddad"
    with pytest.raises(Stale, match="after you opened version 1"):
        keep_user(user=mine, roles=[Role.EDITOR], by=administrator, reason="As they asked")
    assert User.objects.get(pk=user.pk).last_name == ""


def test_what_was_written_past_the_services_counts_as_theirs(user: User, administrator: User) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    opened = fields_of(client.get(address(user)))
    User.objects.filter(pk=user.pk).update(email="raw@example.org")
    user.groups.add(Group.objects.get(name=Role.AUDITOR))
    changed(User.objects.get(pk=user.pk), administrator, Role.EDITOR, Role.AUDITOR, first_name="نور")
    page = stale(client, user, opened, last_name="Haddad")
    assert rows(page)["Email address"] == ("nour@example.org", "raw@example.org", "nour@example.org", "theirs")
    assert rows(page)["Roles"][1:] == ("editor, auditor", "editor", "theirs")


def test_a_version_that_the_journal_does_not_have_has_no_base(user: User) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    page = post(client, address(user), first_name="Nour", record_version="99")
    assert page.status_code == 409
    assert rows(page) == {"First name": (None, "", "Nour", None)}
    assert "not known" in page.content.decode()
