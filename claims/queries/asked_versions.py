"""What an address asks of a history: from which moment on, or which two versions; what cannot be read is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

BEFORE, FROM, TO = "before", "from", "to"
_MOST_DIGITS = 9


def asked_moment(asked: Mapping[str, str]) -> datetime | None:
    """The moment before which a page of history begins; None for the newest. Raises BadRequest for what is none."""
    text = asked.get(BEFORE, "")
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest(_("The page to begin at is no moment. Begin at the newest changes.")) from None


def written_moment(moment: datetime) -> str:
    """The moment as an address has it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def asked_versions(asked: Mapping[str, str], newest: int) -> tuple[int, int]:
    """The two versions to compare: the newest, and the one before, where nothing else is said.

    Raises BadRequest for what is no number of a version.
    """
    to = _number(asked.get(TO, "") or str(newest))
    return _number(asked.get(FROM, "") or str(max(to - 1, 1))), to


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise BadRequest(_("Versions are numbers, such as 2. Choose them in the history."))
    return int(text)
