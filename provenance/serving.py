"""Serves the site from one process of several threads, for the demonstration and for a small desk."""

import socket

from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

# More threads than cores: a request waits for the database for most of its time.
THREADS = 8
LARGEST_REQUEST = 100 * 1024 * 1024


def listen(*, host: str, port: int) -> socket.socket:
    """Take the port, before anything else is done; raises `OSError` when it is taken or not allowed."""
    # Opened here and not by waitress, which leaves a socket open behind the error.
    return socket.create_server((host, port))


def server_on(listener: socket.socket) -> MultiSocketServer | BaseWSGIServer:
    """A server on the port that was taken; its `run()` serves until it is interrupted.

    Raises `ImproperlyConfigured` on a wrong configuration, and where the journal has lost its triggers.
    """
    from provenance.wsgi import application  # noqa: PLC0415 - loading it checks configuration and database

    return create_server(
        application,
        sockets=[listener],
        threads=THREADS,
        ident="Provenance",
        max_request_body_size=LARGEST_REQUEST,
    )
