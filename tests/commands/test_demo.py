"""`manage.py demo --no-serve`: the first run makes everything, the second keeps it."""

import re
from pathlib import Path

import pytest
import pytest_django

from claims.models import Claim, User
from claims.permissions import Role, roles_of
from tests.commands.conftest import Run

pytestmark = pytest.mark.django_db


def test_a_sign_in_for_each_role_shown_once(run: Run, settings: pytest_django.Settings, tmp_path: Path) -> None:
    settings.AUDIT_CHECKPOINTS = str(tmp_path / "checkpoints")
    first = run("demo", "--no-serve")
    passwords = dict(re.findall(r"^  (\w+)\s+(\S+)$", first, flags=re.MULTILINE))
    assert set(passwords) == set(Role)
    for role, password in passwords.items():
        user = User.objects.get(username=role)
        assert user.check_password(password)
        assert roles_of(user) == {role}
    assert Claim.objects.count() == 60
    assert len(list((tmp_path / "checkpoints").glob("1-*.txt"))) == 1
    assert "signed checkpoint" in first
    second = run("demo", "--no-serve")
    assert not any(password in second for password in passwords.values())
    assert "changepassword" in second
    assert (Claim.objects.count(), User.objects.count()) == (60, len(Role))
