"""What tests of the API share: an installation open to readers, programs with tokens, and no limit to what they ask."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.translation import deactivate

from claims.permissions import Role
from claims.services.tokens import make_token
from tests import factories as make

Program = Callable[..., Client]


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    """What one test asked is not counted in another, nor is its language spoken there."""
    cache.clear()
    yield
    deactivate()


@pytest.fixture
def reader(settings: Any, db: None) -> Client:
    """A program without a token, where the installation is open to readers."""
    settings.PUBLIC_READ = True
    return Client()


@pytest.fixture
def program(db: None) -> Program:
    """Makes a program with a token of a user of some role."""

    def made(role: Role = Role.EDITOR, **fields: Any) -> Client:
        _token, secret = make_token(user=make.make_user(role, **fields), days=1)
        return Client(headers={"authorization": f"Token {secret}"})

    return made
