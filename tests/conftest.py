"""What all tests share: the database file, quick passwords, and how Hypothesis draws its examples."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import pytest_django
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from bench.names import make_named
from bench.sized import CLAIMS, Sized, make_sized
from tests.template_database import EMPTY, kept_template, templates

# In CI the same examples every time; elsewhere new ones, so that the tests keep learning.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("developer", deadline=None, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "developer")

# Where the tests run more than once, not all of them do. What asks no database and no Django, or only counts questions:
ONCE = (
    "domain", "text", "wording", "interchange/test_demonstration_content.py", "web/test_colours.py",
    *(f"ledger/test_{name}.py" for name in ("merkle", "notes", "tampering", "verifier")),
    *(f"project/test_{name}.py" for name in ("commands_documented", "documentation", "house", "messages")),
    *(f"project/test_{name}.py" for name in ("requirements", "translations", "with_postgres")),
    "interchange/test_table_files.py", "interchange/test_maps.py", "web/test_number_of_queries.py",
)  # fmt: skip
# Forms, rights, headers, words and pictures are those of the screens, whatever lies beneath:
ANY_DATABASE = (
    "api/test_document.py", "api/test_page_in_browser.py", "test_permissions.py",
    "interchange/test_damaged_archives.py",
    *(f"services/test_{name}.py" for name in ("roles", "staleness")),
    *(f"admin/test_{name}.py" for name in ("addresses", "forms", "histories", "passwords", "second_factors")),
    *(f"interchange/test_{name}.py" for name in ("prov", "schema_org", "web_annotation")),
    *(f"project/test_{name}.py" for name in ("headers", "permission_matrix", "policy_in_browser", "serving")),
    *(f"web/test_{name}.py" for name in ("access", "comparison_layout", "comparison_page", "fragments", "marks")),
    *(f"web/test_{name}.py" for name in ("pictures", "record_pages", "second_factor", "texts")),
)  # fmt: skip
# Statements, triggers, files and rules of our own, in which no version of Django has a hand but through the others:
ANY_DJANGO = (
    "interchange", "queries", "commands/test_contested.py", "test_permissions.py", "web/test_access.py",
    *(f"services/test_{name}.py" for name in ("joining", "roles", "staleness")),
    *(f"ledger/test_{name}.py" for name in ("audit_command", "checkpoints", "exports", "reconcile", "redaction")),
    *(f"ledger/test_{name}.py" for name in ("sealing", "soak", "tampered_database")),
    *(f"web/test_{name}.py" for name in ("as_recorded", "changes_at_size", "histories_at_size", "pages_at_size")),
)  # fmt: skip
MARKED = {"once": ONCE, "any_database": ANY_DATABASE, "any_django": ANY_DJANGO}
MANY_NAMES = 50_000
# What asks for `sized`: run by one worker, which makes the data once.
SIZED = ("test_lists_at_size.py", "test_pages_at_size.py", "test_search_at_size.py")


class Scheduling(LoadScopeScheduling):
    """To each worker the next test; those of `SIZED` to one. (xdist loses its own groups on pytest 9.2: its #1386.)"""

    def _split_scope(self, nodeid: str) -> str:
        return "sized" if any(f"/{name}::" in nodeid for name in SIZED) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    marked = {marker: [here / name for name in names] for marker, names in MARKED.items()}
    assert all(path.exists() for paths in marked.values() for path in paths), "a name above is of nothing"
    for item in items:
        for marker, paths in marked.items():
            if any(item.path.is_relative_to(path) for path in paths):
                item.add_marker(marker)
        assert (item.path.name in SIZED) >= ("sized" in getattr(item, "fixturenames", ())), f"{item.path} in SIZED"


def pytest_configure() -> None:
    # Tests sign people in by the hundred; a password hash that is slow on purpose is not what they test.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # What a test signs is not what an installation did: who needs the folder sets one of its own.
    django_settings.AUDIT_CHECKPOINTS = ""
    # Nor does any wait for another's requests.
    django_settings.API_RATES = {"readers": None, "users": None}


def pytest_runtest_setup() -> None:
    # A request leaves its language behind.
    translation.deactivate()


def pytest_collection_finish() -> None:
    # What is there now stays until the end: collecting garbage need not look at it again and again.
    gc.collect()
    gc.freeze()


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


@pytest.fixture(scope="session")
def sized_copy(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[Sized]:
    """A copy of the test database with a hundred thousand claims, and fifty thousand records of each named kind."""
    copies = templates()
    with django_db_blocker.unblock():
        with transaction.atomic():
            plan = make_sized(CLAIMS)
            make_named(MANY_NAMES)
        copies.keep("sized")
        copies.restore(EMPTY)
    yield plan
    with django_db_blocker.unblock():
        copies.forget("sized")


@pytest.fixture
def sized(transactional_db: None, sized_copy: Sized) -> Sized:
    """The database with all that; whatever the test writes is gone after it."""
    templates().restore("sized")
    return sized_copy
