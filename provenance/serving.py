"""Serves the site from one process of several threads, for the demonstration and for a small desk."""

import socket

from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

# More threads than cores: a request waits for the database for most of its time.
THREADS = 8
LARGEST_REQUEST = 100 * 1024 * 1024


def bind(*, host: str, port: int) -> MultiSocketServer | BaseWSGIServer:
    """A server that already listens; its `run()` serves until it is interrupted.

    Raises `OSError` when the port is taken or not allowed, `ImproperlyConfigured` on a wrong configuration.
    """
    from provenance.wsgi import application  # noqa: PLC0415 - loading it checks the configuration

    # Opened here and not by waitress, which leaves a socket open behind the error.
    listener = socket.create_server((host, port))
    return create_server(
        application,
        sockets=[listener],
        threads=THREADS,
        ident="Provenance",
        max_request_body_size=LARGEST_REQUEST,
    )
