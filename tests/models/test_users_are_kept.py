"""Users are deactivated, never deleted, whichever way it is tried."""

from collections.abc import Callable

import pytest
from django.db import transaction

from claims.models import User
from claims.models.guard import OutsideService
from claims.permissions import Role
from tests import factories as make

pytestmark = pytest.mark.django_db

WAYS: dict[str, Callable[[User], object]] = {
    "one": lambda user: user.delete(),
    "a queryset": lambda user: User.objects.filter(pk=user.pk).delete(),
    "all": lambda _user: User.objects.all().delete(),
    "past the manager": lambda user: User._base_manager.filter(pk=user.pk).delete(),
    "through a group": lambda user: user.groups.get().user_set.all().delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_deletion_is_refused_with_a_sentence(way: str) -> None:
    user = make.make_user(Role.EDITOR, username="nour")
    refused = pytest.raises(OutsideService, match="“nour” is not deleted, for the history names them")
    with refused, transaction.atomic():
        WAYS[way](user)
    assert User.objects.get().groups.count() == 1
