"""What somebody may have meant who wrote a name that there is not."""

from collections.abc import Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

from claims.interchange.tables.cells import shown

LIKENESS = 0.6


def nearest(name: str, known: Iterable[str]) -> str:
    """ "Do you mean “question”?" for the known name that is most like this one; empty where none is like it."""
    by_folded = {each.casefold().replace("_", " "): each for each in known}
    found = get_close_matches(name.casefold().replace("_", " ").strip(), by_folded, n=1, cutoff=LIKENESS)
    return _("Do you mean “%(name)s”?") % {"name": shown(by_folded[found[0]])} if found else ""
