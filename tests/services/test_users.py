"""Users: who may make and change them, and who sets a password; each time on record with its reason."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError

from claims.models import User
from claims.permissions import NotAllowed, Role, roles_of
from claims.services.users import keep_user, set_password
from tests import factories as make

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough phrase"


@pytest.fixture
def administrator() -> User:
    return make.make_user(Role.ADMINISTRATOR)


def told(user: User) -> list[tuple[str, User, int]]:
    """What the log says of a user: in words, by whom, and whether it was an addition (1) or a change (2)."""
    rows = LogEntry.objects.filter(object_id=str(user.pk)).order_by("pk").select_related("user")
    return [(row.get_change_message(), row.user, row.action_flag) for row in rows]


def test_making_and_changing_a_user_is_on_record(administrator: User) -> None:
    user = User(username="nour")
    keep_user(user=user, roles=[Role.EDITOR], by=administrator, reason="A new colleague", password=PASSWORD)
    user = User.objects.get(username="nour")
    assert user.check_password(PASSWORD)
    user.is_active = False
    keep_user(user=user, roles=[Role.EDITOR, Role.REVIEWER], by=administrator, reason="On leave")
    assert told(user) == [
        ("A new colleague", administrator, 1),
        ("Active: no, Roles: editor + reviewer. On leave", administrator, 2),
    ]
    keep_user(user=user, roles=[Role.EDITOR, Role.REVIEWER], by=administrator, reason="As it was")
    assert len(told(user)) == 2


@pytest.mark.parametrize("role", [*Role, None])
def test_only_who_manages_users_sets_the_password_of_another(role: Role | None) -> None:
    by, user = make.make_user(role), make.make_user(Role.EDITOR)
    if role is Role.ADMINISTRATOR:
        set_password(user=user, password=PASSWORD, by=by, reason="Forgotten")
        assert told(user) == [("Password. Forgotten", by, 2)]
    else:
        with pytest.raises(NotAllowed):
            set_password(user=user, password=PASSWORD, by=by, reason="Forgotten")
        with pytest.raises(NotAllowed):
            keep_user(user=user, roles=[], by=by, reason="Dismissed")
        assert told(user) == []
    user = User.objects.get(pk=user.pk)
    assert user.check_password(PASSWORD) is (role is Role.ADMINISTRATOR)
    assert roles_of(user) == {Role.EDITOR}


@pytest.mark.parametrize("role", [*Role, None])
def test_everybody_may_set_their_own(role: Role | None) -> None:
    user = make.make_user(role, is_staff=False)
    set_password(user=user, password=PASSWORD, by=user)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert told(user) == [("Own password", user, 2)]


def test_without_a_reason_nothing_is_written(administrator: User) -> None:
    user = make.make_user(Role.EDITOR)
    with pytest.raises(ValidationError, match="State the reason"):
        set_password(user=user, password=PASSWORD, by=administrator, reason=" ")
    with pytest.raises(ValidationError, match="State the reason"):
        keep_user(user=user, roles=[], by=administrator, reason="")
    assert User.objects.get(pk=user.pk).check_password(make.PASSWORD)
    assert roles_of(User.objects.get(pk=user.pk)) == {Role.EDITOR}


@pytest.mark.parametrize("guessed", ["short", "123456789012345", "the-name-of-nour"])
def test_what_is_easily_guessed_is_refused_by_whatever_way_it_comes(guessed: str, administrator: User) -> None:
    user = make.make_user(username="the-name-of-nour")
    with pytest.raises(ValidationError) as own:
        set_password(user=user, password=guessed, by=user)
    with pytest.raises(ValidationError) as given:
        keep_user(user=user, roles=[], by=administrator, reason="New", password=guessed)
    assert list(own.value.message_dict) == list(given.value.message_dict) == ["new_password"]
    assert User.objects.get(pk=user.pk).check_password(make.PASSWORD)


def test_a_password_is_in_no_log(administrator: User) -> None:
    user = make.make_user(Role.EDITOR)
    set_password(user=user, password=PASSWORD, by=administrator, reason="Forgotten")
    kept = LogEntry.objects.values_list()
    assert not [value for row in kept for value in row if PASSWORD in str(value) or user.password in str(value)]


def test_somebody_can_always_manage_users(administrator: User) -> None:
    by = User.objects.get(pk=administrator.pk)
    administrator.is_active = False
    with pytest.raises(ValidationError, match="Nobody could manage users"):
        keep_user(user=administrator, roles=[Role.ADMINISTRATOR], by=by, reason="Gone")
    assert User.objects.get(pk=administrator.pk).is_active
    assert told(administrator) == []
