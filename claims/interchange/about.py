"""What stands beside exported claims: which they are, when they were read, and the newest checkpoint of the journal."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import ClaimState
from claims.queries.sealed import kept_shelf
from claims.wording import clauses, plain


def about_claims(rows: QuerySet[ClaimState], *, filters: Sequence[tuple[str, str]], query: str) -> dict[str, Any]:
    """The description of an export, fit for JSON.

    `filters` are (label, value) in words, `query` the same as a query string. Dates in the claims that have no zone are
    read in `time_zone`.
    """
    words = [{"filter": label, "value": plain(value)} for label, value in filters]
    return {
        "claims": rows.count(),
        "filter_in_words": clauses(f"{each['filter']}: {each['value']}" for each in words) or _("All claims"),
        "filters": words,
        "query": query,
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "time_zone": settings.TIME_ZONE,
        "checkpoint": newest_checkpoint(),
    }


def newest_checkpoint() -> dict[str, Any] | None:
    """The newest signed checkpoint: its file's name, the entries that it covers, and the signed note itself.

    None where this installation keeps none, or lets the program read none.
    """
    shelf = kept_shelf()
    kept = shelf.kept() if shelf else []
    if kept:
        with suppress(OSError, UnicodeError):
            note = kept[-1].path.read_text(encoding="utf-8")
            return {"name": kept[-1].path.name, "entries": kept[-1].size, "note": note}
    return None
