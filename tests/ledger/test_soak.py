"""A short soak: kills at random moments lose nothing that was acknowledged, and leave no gap and no fork."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

ROOT = Path(__file__).parent.parent.parent


def address() -> str:
    """DATABASE_URL for the database of this test."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    host = quote(settings["HOST"], safe="")
    user = ":".join(filter(None, (settings["USER"], quote(settings["PASSWORD"] or "", safe=""))))
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{user}@{host}{port}/{settings['NAME']}"


@pytest.mark.any_django
@pytest.mark.django_db(transaction=True)
def test_twenty_kills_lose_nothing() -> None:
    connection.close()
    command = [sys.executable, "-m", "tests.ledger.soak", "--rounds", "20", "--seed", "20", "--here"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DATABASE_URL": address()}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 rounds" in done.stdout
    assert "nothing lost" in done.stdout
