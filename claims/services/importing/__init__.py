"""The import: rows of the claims table, once understood, go into the tables by the road of all writes, in batches."""

from claims.services.importing.drafts import Draft, Entry, Fault, FileTold
from claims.services.importing.running import Orders, Report, Turned, run

__all__ = ["Draft", "Entry", "Fault", "FileTold", "Orders", "Report", "Turned", "run"]
