"""Users from the command line: made and given passwords through the services, with a change that says so."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.ledger.models import Entry, LoggedChange
from claims.management.commands import changepassword
from claims.models import User
from claims.permissions import Role, roles_of
from tests import factories as make

pytestmark = pytest.mark.django_db

NEW = "a long enough phrase"


def typed(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    answers = iter(passwords)
    monkeypatch.setattr(changepassword, "getpass", lambda _prompt: next(answers))


def test_the_first_administrator_is_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, NEW, NEW)
    call_command("createsuperuser", "rana", stdout=StringIO())
    user = User.objects.get(username="rana")
    assert user.check_password(NEW)
    assert roles_of(user) == {Role.ADMINISTRATOR}
    entry = Entry.objects.get(table_name="claims_user", row_key=str(user.pk), operation="I")
    change = LoggedChange.objects.get(uid=entry.change)
    assert (change.command, change.reason) == ("createsuperuser", "Made on the command line")


def test_a_password_is_set_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make.make_user(Role.EDITOR)
    typed(monkeypatch, NEW, NEW)
    call_command("changepassword", user.username, stdout=StringIO())
    assert User.objects.get(pk=user.pk).check_password(NEW)
    entry = Entry.objects.filter(table_name="claims_user", operation="U").latest("pk")
    assert LoggedChange.objects.get(uid=entry.change).command == "changepassword"


@pytest.mark.parametrize(
    ("passwords", "sentence"),
    [
        ((NEW, "another phrase"), "not the same"),
        (("short", "short"), "too short"),
        (("12345678901234",) * 2, "numeric"),
    ],
)
def test_what_is_refused_changes_nothing(
    passwords: tuple[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make.make_user(Role.EDITOR)
    for command in (("changepassword", user.username), ("createsuperuser", "rana")):
        typed(monkeypatch, *passwords)
        with pytest.raises(CommandError, match=sentence):
            call_command(*command)
    assert User.objects.get().check_password(make.PASSWORD)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(CommandError, match="Nobody signs in as “nobody”"):
        call_command("changepassword", "nobody")
