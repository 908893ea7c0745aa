"""What an export covers: everything, a topic, a question, a claim, or the claims that somebody chose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from claims.models import Claim, Question, Topic

BATCH = 500
"""So many claims are read at a time."""


class TooMuch(ValueError):  # noqa: N818 - it names what happened
    """A format that cannot be written piece by piece was asked for more than memory should hold."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What to export; at most one of topic, question, claim and `chosen` is given, none of them for everything.

    `chosen` are claims that a list was narrowed to. Without `editors` no user is named.
    """

    topic: Topic | None = None
    question: Question | None = None
    claim: Claim | None = None
    chosen: QuerySet[Claim] | None = None
    editors: bool = True

    def claims(self) -> QuerySet[Claim]:
        """All claims that are covered, the withdrawn ones among them, by their key."""
        found: QuerySet[Claim] = Claim.objects.filter(self._condition()).order_by("pk")
        return found if self.chosen is None else found.filter(pk__in=self.chosen.order_by().values("pk"))

    def current(self) -> QuerySet[Claim]:
        """The claims that are covered and not withdrawn."""
        return self.claims().filter(withdrawn=False)

    def questions(self) -> QuerySet[Question]:
        """The questions that are covered, whether there are claims on them or not."""
        only = Q(pk=self.question.pk) if self.question else Q(topic=self.topic) if self.topic else Q()
        if self.claim or self.chosen is not None:
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
        return _("All claims") if self.chosen is None else _("Chosen claims")

    def detail(self) -> dict[str, Any]:
        """What is covered, for the record of the export: {kind: identifier}."""
        named = {"topic": self.topic, "question": self.question, "claim": self.claim}
        return {kind: str(record.uid) for kind, record in named.items() if record} | (
            {} if self.chosen is None else {"chosen": True}
        )

    def _condition(self) -> Q:
        if self.claim:
            return Q(pk=self.claim.pk)
        if self.question:
            return Q(question=self.question)
        return Q(question__topic=self.topic) if self.topic else Q()
