"""What all tests share: the database file, quick passwords, and how Hypothesis draws its examples."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import pytest_django
from django.conf import settings as django_settings

from tests.template_database import kept_template

# In CI the same examples every time; elsewhere new ones, so that the tests keep learning.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("developer", deadline=None, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "developer")


def pytest_configure() -> None:
    # Tests sign people in by the hundred; a password hash that is slow on purpose is not what they test.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # What a test signs is not what an installation did: who needs the folder sets one of its own.
    django_settings.AUDIT_CHECKPOINTS = ""
    # Nor does any wait for another's requests.
    django_settings.API_RATES = {"readers": None, "users": None}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite is tested on a file, as it is used: in memory there are no locks between connections."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        folder: Path = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """The test database, and beside it a template of it for tests that commit."""
    with django_db_blocker.unblock(), kept_template(), django_db_blocker.block():
        yield
