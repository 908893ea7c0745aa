"""A folder of checkpoints, and a database whose triggers somebody took away to write past them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.db import connection, transaction

from claims.ledger.checkpoints import Shelf
from claims.ledger.install import install, uninstall

Execute = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def place(tmp_path: Path, settings: pytest_django.Settings) -> Shelf:
    """The folder of checkpoints that the installation is set up with."""
    settings.AUDIT_CHECKPOINTS, settings.AUDIT_KEY = str(tmp_path / "checkpoints"), ""
    return Shelf(tmp_path / "checkpoints")


@pytest.fixture
def execute(db: None) -> Execute:
    """Run a statement as somebody would who has the database to themselves."""
    return run


def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a statement; returns what it finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def past_triggers() -> Iterator[None]:
    """Write without being journaled or refused; the triggers are back afterwards, as if nothing had been."""
    uninstall()
    yield
    install()


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
