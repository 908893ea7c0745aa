"""Findings: a named person settles a question, dated, with grounds; the question keeps its state (rule 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import Change, Claim, Finding, Question, User
from claims.permissions import Capability, require
from claims.services.answers import understand
from claims.services.transaction import change, save


@dataclass(kw_only=True)
class Settlement:
    """How a question is to be settled: the answer in the notation of the claims table, and on which grounds.

    `settled_on` is when, with its zone; now where it is None. `statement` puts the answer into words.
    """

    question: Question
    answer: str
    grounds: str
    statement: str = ""
    settled_on: datetime | None = None


def settle(*, settlements: Sequence[Settlement], by: User | None, reason: str, command: str = "") -> list[Finding]:
    """Settle questions in the user's name; a finding that a question has already is kept beside the new one.

    Raises:
        NotAllowed: the user may not settle questions.
        ValidationError: by field, for the first settlement that cannot be: an answer of another kind, an unknown
            option, no grounds, a day to come, nobody who settles; nothing is written.
    """
    require(by, Capability.SETTLE)
    with change(by=by, reason=reason, command=command) as this:
        findings = [_finding(this, settlement) for settlement in settlements]
        save(this, findings)
    return findings


def withdraw_findings(*, findings: Sequence[Finding], by: User | None, reason: str, command: str = "") -> list[Finding]:
    """Withdraw findings; they are kept. Raises `NotAllowed`, and `Stale` as `save` does."""
    require(by, Capability.SETTLE)
    with change(by=by, reason=reason, command=command) as this:
        for finding in findings:
            finding.withdrawn = True
        save(this, findings)
    return list(findings)


def _finding(this: Change, settlement: Settlement) -> Finding:
    question = settlement.question
    if this.by is None:
        raise ValidationError({"settled_by": _("A finding is somebody's. Say which user settles the question.")})
    if question.withdrawn:
        raise ValidationError({"question": _("This question is withdrawn, and is not settled any more.")})
    if not settlement.grounds.strip():
        raise ValidationError({"grounds": _("Say on which grounds the question is settled.")})
    if settlement.settled_on is not None and settlement.settled_on > this.moment:
        raise ValidationError({"settled_on": _("This is in the future. A question is settled today or was before.")})
    # Read as a claim's answer is, options and all; the claim itself is never recorded.
    understand(Claim(question=question, answer=settlement.answer), make_options=False)
    return Finding(
        question=question,
        answer=settlement.answer.strip(),
        statement=settlement.statement.strip(),
        grounds=settlement.grounds.strip(),
        settled_on=settlement.settled_on or this.moment,
        settled_by=this.by,
    )
