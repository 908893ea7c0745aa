"""What tests of pages share: an installation whose pages are open to readers."""

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def reader(settings: Any, db: None) -> Client:
    """Somebody who has not signed in, where the pages are open to readers."""
    settings.PUBLIC_READ = True
    return Client()
