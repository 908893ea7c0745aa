"""What an export covers: everything, a topic, a question, a claim, or the claims that somebody chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimState, Question, Topic

BATCH = 500
"""So many claims are read at a time."""


class TooMuch(ValueError):  # noqa: N818 - it names what happened
    """A format that cannot be written piece by piece was asked for more than memory should hold."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What to export; at most one of topic, question, claim and `rows` is given, none of them for everything.

    `rows` are those of a list that was narrowed, and `about` what stands beside them (`about.about_claims`). Without
    `editors` no user is named.
    """

    topic: Topic | None = None
    question: Question | None = None
    claim: Claim | None = None
    rows: QuerySet[ClaimState] | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    editors: bool = True

    def claims(self) -> QuerySet[Claim]:
        """All claims that are covered, the withdrawn ones among them, by their key."""
        found: QuerySet[Claim] = Claim.objects.filter(self._condition()).order_by("pk")
        return found if self.rows is None else found.filter(pk__in=self.rows.order_by().values("claim"))

    def listed(self) -> QuerySet[ClaimState]:
        """The rows of a list of the claims that are covered and not withdrawn."""
        if self.rows is not None:
            return self.rows
        found: QuerySet[ClaimState] = ClaimState.objects.filter(claim__in=self.claims().order_by())
        return found

    def current(self) -> QuerySet[Claim]:
        """The claims that are covered and not withdrawn."""
        return self.claims().filter(withdrawn=False)

    def questions(self) -> QuerySet[Question]:
        """The questions that are covered, whether there are claims on them or not."""
        only = Q(pk=self.question.pk) if self.question else Q(topic=self.topic) if self.topic else Q()
        if self.claim or self.rows is not None:
            only = Q(pk__in=self.claims().order_by().values("question"))
        found: QuerySet[Question] = Question.objects.filter(only).order_by("pk")
        return found

    def batches(self, claims: QuerySet[Claim]) -> Iterator[list[int]]:
        """The keys of these claims, some at a time, so that memory does not grow with their number."""
        last = 0
        while keys := list(claims.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
            yield keys
            last = keys[-1]

    def path(self) -> str:
        """What is covered, as an address under `BASE_URL` would have it: ``claims/<uid>/``."""
        return next((f"{kind}s/{uid}/" for kind, uid in self.detail().items() if kind != "chosen"), "claims/")

    def title(self) -> str:
        """What is covered, in words."""
        if self.claim:
            return _("The claim %(uid)s") % {"uid": self.claim.uid}
        if self.question:
            return str(self.question)
        if self.topic:
            return str(self.topic)
        return _("All claims") if self.rows is None else _("Chosen claims")

    def detail(self) -> dict[str, Any]:
        """What is covered, for the record of the export: {kind: identifier}."""
        named = {"topic": self.topic, "question": self.question, "claim": self.claim}
        return {kind: str(record.uid) for kind, record in named.items() if record} | (
            {} if self.rows is None else {"chosen": True}
        )

    def _condition(self) -> Q:
        if self.claim:
            return Q(pk=self.claim.pk)
        if self.question:
            return Q(question=self.question)
        return Q(question__topic=self.topic) if self.topic else Q()
