"""Users: who may make and change them, and who sets a password; each time on record with its reason."""

import pytest
from django.core.exceptions import ValidationError

from claims.ledger.models import Entry, LoggedChange, Payload
from claims.models import User
from claims.permissions import NotAllowed, Role, roles_of
from claims.services.users import keep_user, set_password
from tests import factories as make

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough phrase"


@pytest.fixture
def administrator() -> User:
    return make.make_user(Role.ADMINISTRATOR)


def told(user: User) -> list[tuple[str, str, list[str]]]:
    """The changes of a user in the journal: why, by whom, and what of the user was written."""
    entries = Entry.objects.filter(table_name="claims_user", row_key=str(user.pk)).exclude(change=None)
    changes = LoggedChange.objects.filter(uid__in=entries.values("change")).order_by("pk")
    return [
        (
            change.reason,
            change.user_name,
            [f"{part.table_name} {part.operation}" for part in change.parts.order_by("pk")],
        )
        for change in changes
    ]


def test_making_and_changing_a_user_is_on_record(administrator: User) -> None:
    user = User(username="nour")
    keep_user(user=user, roles=[Role.EDITOR], by=administrator, reason="A new colleague", password=PASSWORD)
    user = User.objects.get(username="nour")
    assert user.check_password(PASSWORD)
    user.is_active = False
    keep_user(user=user, roles=[Role.EDITOR, Role.REVIEWER], by=administrator, reason="On leave")
    expected = [
        ("A new colleague", administrator.username, ["claims_user I", "claims_user_groups I"]),
        ("On leave", administrator.username, ["claims_user U", "claims_user_groups I"]),
    ]
    assert told(user) == expected
    keep_user(user=user, roles=[Role.EDITOR, Role.REVIEWER], by=administrator, reason="As it was")
    assert told(user) == expected


@pytest.mark.parametrize("role", [*Role, None])
def test_only_who_manages_users_sets_the_password_of_another(role: Role | None) -> None:
    by, user = make.make_user(role), make.make_user(Role.EDITOR)
    if role is Role.ADMINISTRATOR:
        set_password(user=user, password=PASSWORD, by=by, reason="Forgotten")
        assert told(user) == [("Forgotten", by.username, ["claims_user U"])]
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
    assert told(user) == [("Own password", user.username, ["claims_user U"])]


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
    kept = [*Payload.objects.values_list("body", flat=True), *LoggedChange.objects.values_list("reason", flat=True)]
    assert not [value for value in kept if PASSWORD in str(value) or user.password in str(value)]


def test_somebody_can_always_manage_users(administrator: User) -> None:
    by = User.objects.get(pk=administrator.pk)
    administrator.is_active = False
    with pytest.raises(ValidationError, match="Nobody could manage users"):
        keep_user(user=administrator, roles=[Role.ADMINISTRATOR], by=by, reason="Gone")
    assert User.objects.get(pk=administrator.pk).is_active
    assert told(administrator) == []
