"""A batch of drafts goes into the tables: all that are good, and a sentence for each that is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from claims.models import Change
from claims.services.importing.attempt import Attempt
from claims.services.importing.drafts import Draft, Fault
from claims.services.refusals import NotInOnePiece
from claims.services.transaction import change

Faults = dict[int, list[Fault]]


@dataclass
class Outcome:
    """What became of a batch: how many drafts were new, changed or unchanged; what is wrong with others, by number.

    `questions` are the keys of the questions on which the new and changed claims bear.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: Faults = field(default_factory=dict)
    questions: set[int] = field(default_factory=set)


class _Again(Exception):  # noqa: N818 - it names what happens next
    """Some drafts were refused: what was written is undone, and the others are tried without them."""


def write(this: Change, drafts: Sequence[Draft], *, since: datetime) -> Outcome:
    """Record the drafts, all that are good together; those refused are as if they were not there.

    Topics, questions, options, sides, agents, sources and snapshots that are not on record are made. `since` is when
    the import began: an identifier comes once in an import. `this` must be open.
    """
    outcome = Outcome()
    _write(this, drafts, list(range(len(drafts))), since, outcome)
    return outcome


def _write(this: Change, drafts: Sequence[Draft], numbers: list[int], since: datetime, outcome: Outcome) -> None:
    in_one_piece = True
    while numbers:
        attempt = Attempt(this, {number: drafts[number] for number in numbers}, since)
        try:
            with change(by=this.by, reason=this.reason, in_one_piece=in_one_piece):
                attempt.run()
                if attempt.faults:
                    raise _Again
        except _Again:
            outcome.faults |= attempt.faults
            numbers = [number for number in numbers if number not in attempt.faults]
        except NotInOnePiece:
            in_one_piece = False
        except (DataError, IntegrityError):
            _halve(this, drafts, numbers, since, outcome)
            return
        else:
            outcome.new += attempt.new
            outcome.changed += attempt.changed
            outcome.unchanged += attempt.unchanged
            outcome.questions |= attempt.questions()
            return


def _halve(this: Change, drafts: Sequence[Draft], numbers: list[int], since: datetime, outcome: Outcome) -> None:
    """The database refuses a row and does not say which: it is in one half or the other."""
    if len(numbers) == 1:
        sentence = _("The database refuses this row. Look for a value that is far too long or too large.")
        outcome.faults[numbers[0]] = [Fault("", sentence)]
        return
    middle = len(numbers) // 2
    _write(this, drafts, numbers[:middle], since, outcome)
    _write(this, drafts, numbers[middle:], since, outcome)
