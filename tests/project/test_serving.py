"""The server of the demonstration listens where it is told, and says so when it cannot."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from provenance.serving import listen

SERVE = """
import django
django.setup()
from provenance.serving import listen, server_on
server = server_on(listen(host="127.0.0.1", port=0))
print(server.effective_port, flush=True)
server.run()
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[str]:
    """The port of a server in a process of its own, with a database of its own."""
    command = [sys.executable, "-W", "error", "-c", SERVE]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/served.sqlite3"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR, env=environment
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def test_the_site_is_served_with_its_static_files(port: str) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/admin/css/base.css", timeout=30) as response:
        assert response.headers["Content-Type"].startswith("text/css")
        assert response.headers["Server"] == "Provenance"


def test_a_taken_port_is_an_error_before_anything_is_served() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        listen(host="127.0.0.1", port=taken.getsockname()[1])
