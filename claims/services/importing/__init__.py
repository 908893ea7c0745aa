"""The import: rows of the claims table, once understood, go into the tables by the road of all writes, in batches."""

from claims.services.importing.drafts import Draft, Entry, Fault, FileTold, missing
from claims.services.importing.running import Orders, Report, Turned, run
from claims.services.importing.undoing import Undone, undo

__all__ = ["Draft", "Entry", "Fault", "FileTold", "Orders", "Report", "Turned", "Undone", "missing", "run", "undo"]
