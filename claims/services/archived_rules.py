"""What a desk from elsewhere has to keep beside the constraints, and its derived state, worked out from nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, Q, QuerySet

from claims.domain.comparison import compare
from claims.domain.identity import CircleError, canonical, circle_in, represented
from claims.domain.refusals import Refusal
from claims.domain.values import Agent as AgentValue
from claims.domain.values import Key
from claims.domain.vocabulary import AgentKind, AnswerKind
from claims.models import Agent, Claim, ClaimOption, Option, OptionBroader, Passage, Question, Record, Snapshot, Source
from claims.queries.cases import load_case
from claims.queries.dates import date_of
from claims.queries.words import NAMES_OF
from claims.services.derived import refresh
from claims.services.locations import relocate
from claims.services.refused_archives import NotTaken
from claims.services.suspecting import write_fingerprints, write_suspicions
from claims.services.words import write_words

AT_ONCE = 200


def refuse_contradictions() -> None:
    """Raise `NotTaken` for records that no service would have recorded and the rules cannot read: circles, options of
    another question, dates that are none.
    """
    _refuse_circles_of_agents()
    _refuse_circle(Claim, "copied_from", _relation(Claim.objects.exclude(copied_from=None), "pk", "copied_from"))
    steps = OptionBroader.objects.current()
    _refuse_circle(Option, "broader", _relation(steps, "option", "broader"))
    for uid in steps.exclude(option__question=F("broader__question")).values_list("uid", flat=True)[:1]:
        raise NotTaken(f"The step {uid} between options leads to an option of another question.")
    named = ClaimOption.objects.current().filter(Q(claim__question=None) | ~Q(claim__question=F("option__question")))
    for uid in named.values_list("claim__uid", flat=True)[:1]:
        raise NotTaken(f"The claim {uid} names an option of another question.")
    dated = Claim.objects.filter(question__kind=AnswerKind.DATE.value)
    for uid, answer in dated.values_list("uid", "answer").iterator(chunk_size=AT_ONCE):
        try:
            date_of(answer)
        except Refusal:
            raise NotTaken(f"The answer of the claim {uid} is no date, though its question asks for one.") from None


def derive_all() -> None:
    """Work out the derived state of everything, in parts; raises `NotTaken` where the rules cannot read a question."""
    for part in _parts(Question.objects.order_by("pk").values_list("pk", flat=True)):
        claims = list(Claim.objects.filter(question__in=part).values_list("pk", flat=True))
        try:
            refresh(questions=part, claims=claims)
        except (ValueError, LookupError, ArithmeticError) as error:
            raise _unreadable(part, error) from error
    for part in _parts(Claim.objects.filter(question=None).order_by("pk").values_list("pk", flat=True)):
        refresh(questions=[], claims=part)
    captured = Source.objects.filter(snapshots__content__isnull=False).distinct()
    for key in captured.values_list("pk", flat=True).order_by("pk"):
        relocate(list(Passage.objects.filter(attribution__source=key).select_related("attribution")))
    for model in NAMES_OF:
        for part in _parts(model.objects.order_by("pk").values_list("pk", flat=True)):
            write_words(model, part)
    write_fingerprints(Snapshot.objects.filter(content__isnull=False).values_list("pk", flat=True))
    for table, compared in (("agent", Agent), ("source", Source)):
        for part in _parts(compared.objects.order_by("pk").values_list("pk", flat=True)):
            write_suspicions(table, part)


def _refuse_circles_of_agents() -> None:
    linked = Agent.objects.exclude(same_as=None, speaks_for=None)
    rows = linked.values_list("pk", "kind", "side", "same_as", "speaks_for")
    agents: dict[Key, AgentValue] = {
        key: AgentValue(key, kind != AgentKind.UNNAMED, side, same_as, speaks_for)
        for key, kind, side, same_as, speaks_for in rows
    }
    for field, follow in (("same_as", canonical), ("speaks_for", represented)):
        for key in agents:
            try:
                follow(agents, key)
            except CircleError as circle:
                raise _in_a_circle(Agent, field, circle.keys) from None


def _relation(rows: QuerySet[Any], of: str, to: str) -> Mapping[Key, frozenset[Key]]:
    above: dict[Key, set[Key]] = defaultdict(set)
    for key, other in rows.values_list(of, to):
        above[key].add(other)
    return {key: frozenset(others) for key, others in above.items()}


def _refuse_circle(model: type[Record], field: str, above: Mapping[Key, frozenset[Key]]) -> None:
    if circle := circle_in(above):
        raise _in_a_circle(model, field, circle)


def _in_a_circle(model: type[Record], field: str, keys: list[Key]) -> NotTaken:
    uids = dict(model.objects.filter(pk__in=keys).values_list("pk", "uid"))
    return NotTaken(f"{field} goes round in a circle: {' > '.join(str(uids[key]) for key in keys)}.")


def _unreadable(questions: list[int], error: Exception) -> NotTaken:
    """Which question it is, found by trying one at a time."""
    for key in questions:
        try:
            compare(load_case(key))
        except (ValueError, LookupError, ArithmeticError) as why:
            uid = Question.objects.values_list("uid", flat=True).get(pk=key)
            return NotTaken(f"The claims on the question {uid} cannot be compared: {why!r}.")
    return NotTaken(f"Derived state cannot be worked out: {error!r}.")


def _parts(keys: Iterable[int]) -> Iterator[list[int]]:
    every = list(keys)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
