"""Failures of the database that are nobody's mistake: it is busy, does not answer, or has no room left."""

from __future__ import annotations

import sqlite3
from enum import Enum

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy

# SQLite names a failure in the lowest byte of its code, particulars above that: https://sqlite.org/rescode.html
KIND_OF_CODE = 0xFF


class Outage(Enum):
    """A kind of failure."""

    BUSY = "busy"
    AWAY = "away"
    FULL = "full"

    @property
    def title(self) -> str:
        return str(TITLES[self])

    @property
    def sentence(self) -> str:
        """What it means for what was to be done."""
        return str(SENTENCES[self])


TITLES = {
    Outage.BUSY: gettext_lazy("The database is busy"),
    Outage.AWAY: gettext_lazy("The database does not answer"),
    Outage.FULL: gettext_lazy("The database cannot write"),
}
SENTENCES = {
    Outage.BUSY: gettext_lazy(
        "Something large is being written just now, an import perhaps, and this has waited for it as long as it may. "
        "Nothing was changed."
    ),
    Outage.AWAY: gettext_lazy("A change is kept whole or not at all: look whether yours was before you make it again."),
    Outage.FULL: gettext_lazy(
        "Its disk is full, or closed to it. Nothing was changed. Tell whoever runs this installation."
    ),
}


def outage_of(error: BaseException | None) -> Outage | None:
    """What of the database failed; None for an error that is none of its failures, or none that is known."""
    if isinstance(error, InterfaceError):  # a connection that was lost before
        return Outage.AWAY
    if not isinstance(error, OperationalError):
        return None
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    if code is not None:
        return OF_SQLITE.get(code & KIND_OF_CODE)
    return _of_postgresql(getattr(error.__cause__, "sqlstate", None))


def told(error: Exception) -> str:
    """An outage for whoever runs a command: what it is, in the database's own words too, and what to do.

    Raises the error itself where it is no outage.
    """
    outage = outage_of(error)
    if outage is None:
        raise error
    words = str(error).strip().partition("\n")[0]
    return f"{outage.title} ({words}). {outage.sentence}"


def _of_postgresql(state: str | None) -> Outage | None:
    """By its SQLSTATE (Appendix A of PostgreSQL's manual); without one the connection was not made, or is lost."""
    match state:
        case None:
            return Outage.AWAY
        case "53100":  # disk full
            return Outage.FULL
        case "55P03" | "57014":  # waited as long as it may for a lock, or for the whole statement
            return Outage.BUSY
    return OF_POSTGRESQL.get(state[:2])


OF_SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_CANTOPEN: Outage.AWAY,
    sqlite3.SQLITE_IOERR: Outage.AWAY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.FULL,
}
OF_POSTGRESQL = {
    "40": Outage.BUSY,  # gave way to another transaction
    "53": Outage.BUSY,  # too many connections, or no memory
    "08": Outage.AWAY,
    "57": Outage.AWAY,  # somebody stops the server, or this connection
    "58": Outage.AWAY,
}
"""By class of SQLSTATE."""
