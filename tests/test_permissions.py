"""Who may do what: the table itself, its refusals in sentences, and Django's groups made from it."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.ledger.models import LoggedChange
from claims.models import User
from claims.permissions import (
    CAPABILITY_LABELS,
    ROLE_LABELS,
    ROLES,
    Capability,
    NotAllowed,
    Role,
    make_groups,
    may,
    permissions_of,
    require,
    roles_of,
)
from tests import factories as make

pytestmark = pytest.mark.django_db

# Said once more, as a reader of the documentation would say it: E editor, V reviewer, R researcher, A auditor.
MAY = {
    "read": "EVRA",
    "export": "EVRA",
    "read_history": "EVRA",
    "audit": "A",
    "record": "E",
    "revise": "E",
    "judge_agents": "E",
    "attach_texts": "E",
    "review": "V",
    "settle": "V",
    "manage_users": "",
}
LETTERS = {"E": Role.EDITOR, "V": Role.REVIEWER, "R": Role.RESEARCHER, "A": Role.AUDITOR}


@pytest.mark.parametrize("capability", Capability)
def test_each_role_may_what_its_row_says_and_no_more(capability: Capability) -> None:
    for letter, role in LETTERS.items():
        user = make.make_user(role)
        assert may(user, capability) is (letter in MAY[capability]), role
        if letter in MAY[capability]:
            require(user, capability)
        else:
            with pytest.raises(NotAllowed):
                require(user, capability)
    require(make.make_user(Role.ADMINISTRATOR), capability)
    require(make.make_user(is_superuser=True), capability)
    require(None, capability)  # a trusted command


def test_a_user_in_two_groups_may_what_either_may() -> None:
    user = make.make_user(Role.EDITOR)
    user.groups.add(Group.objects.get(name=Role.REVIEWER))
    assert may(user, Capability.RECORD)
    assert may(user, Capability.SETTLE)
    assert not may(user, Capability.AUDIT)


@pytest.mark.parametrize("fields", [{}, {"is_active": False}, {"is_active": False, "is_superuser": True}])
def test_a_user_without_a_role_or_deactivated_may_nothing(fields: dict[str, Any]) -> None:
    user = make.make_user(Role.ADMINISTRATOR if fields else None, **fields)
    assert roles_of(user) == frozenset()
    assert not any(may(user, capability) for capability in Capability)


@pytest.mark.parametrize("public", [True, False])
def test_readers_who_have_not_signed_in(public: bool, settings: Any) -> None:
    settings.PUBLIC_READ = public
    assert {each for each in Capability if may(AnonymousUser(), each)} == ({Capability.READ} if public else set())


def test_the_refusal_says_what_and_who_may() -> None:
    with pytest.raises(NotAllowed, match=r"You may not settle a question\. .* role of reviewer or administrator;"):
        require(make.make_user(Role.EDITOR), Capability.SETTLE)


def test_a_group_of_any_other_name_gives_no_role() -> None:
    user = make.make_user()
    user.groups.add(Group.objects.create(name="Editors of the evening"))
    assert roles_of(user) == frozenset()


def test_roles_are_read_once_for_a_user() -> None:
    user = User.objects.get(pk=make.make_user(Role.EDITOR).pk)
    with CaptureQueriesContext(connection) as queries:
        for capability in Capability:
            may(user, capability)
    assert len(queries) == 1  # SELECT name FROM auth_group ...


def test_every_role_and_capability_has_a_label() -> None:
    assert set(ROLES) == set(ROLE_LABELS) == set(Role)
    assert set(CAPABILITY_LABELS) == set(Capability)


@pytest.mark.parametrize("role", Role)
def test_the_group_of_a_role_has_its_permissions(role: Role) -> None:
    rows = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    assert set(rows) == permissions_of(role)


def test_no_role_may_delete_or_change_history() -> None:
    granted = {codename for role in Role for _label, codename in permissions_of(role)}
    assert not [name for name in granted if name.startswith("delete_")]
    assert {name.split("_")[0] for name in granted if "_historical" in name} == {"view"}


def test_who_reads_only_can_change_nothing_in_the_admin() -> None:
    for role in (Role.RESEARCHER, Role.AUDITOR):
        assert {name.split("_")[0] for _label, name in permissions_of(role)} == {"view"}


def test_groups_are_mended_after_every_migration_and_others_left_alone() -> None:
    others = Group.objects.create(name="Editors of the evening")
    others.permissions.add(Permission.objects.get(codename="add_group"))
    editors = Group.objects.get(name=Role.EDITOR)
    editors.permissions.set(Permission.objects.filter(codename="delete_claim"))
    Group.objects.get(name=Role.AUDITOR).delete()
    call_command("migrate", verbosity=0)
    assert editors.permissions.count() == len(permissions_of(Role.EDITOR))
    assert not editors.permissions.filter(codename="delete_claim").exists()
    assert Group.objects.get(name=Role.AUDITOR).permissions.count() == len(permissions_of(Role.AUDITOR))
    assert others.permissions.get().codename == "add_group"


def test_making_groups_again_writes_nothing() -> None:
    before = LoggedChange.objects.count()
    with CaptureQueriesContext(connection) as queries:
        make_groups(using="default")
    # What the journal is told for as long as it lasts, and what it would say of it, had there been anything.
    of_the_ledger = ("ledger_context", "INSERT INTO ledger_change ")
    statements = [query["sql"] for query in queries if not any(each in query["sql"] for each in of_the_ledger)]
    assert not [each for each in statements if each.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert LoggedChange.objects.count() == before
