"""The demonstration, loaded, and what a command prints."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

Run = Callable[..., str]


@pytest.fixture
def run() -> Run:
    """Call a management command and return what it printed."""

    def called(*arguments: str, **options: Any) -> str:
        out = io.StringIO()
        call_command(*arguments, stdout=out, **options)
        return out.getvalue()

    return called


@pytest.fixture
def demonstration(db: None, run: Run) -> str:
    """What loading the demonstration printed."""
    return run("loaddata", "demonstration", verbosity=1)
