"""Questions at a glance: how many are in each state, which are the most urgent, who says what in one line."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from claims.domain.origins import Count
from claims.domain.vocabulary import Stance, Standing, State
from claims.models import Claim, ClaimState, Finding, Position, Question, QuestionState
from claims.queries.contested import worded
from claims.queries.names import RecordNames, claim_words, claims_to_name, names_of
from claims.wording import word_answer, word_summary

COUNTED = 1000
"""Above it a number of questions or claims is "more than"; counting further would read them all."""
POSITIONS_SHOWN = 4
TENTATIVE_NAMED = 4


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are: exactly, or more than `number`."""

    number: int
    more: bool = False


@dataclass(frozen=True)
class PositionSummary:
    """One position in a line: its answer worded, and its origins."""

    index: int
    answer: str
    fewest: int
    most: int


@dataclass(frozen=True)
class QuestionSummary:
    """A question in a list. `summary` says in one line who said what, `reason` the first reason of its state."""

    question: Question
    state: QuestionState
    positions: tuple[PositionSummary, ...]
    positions_total: int
    supported: Count | None
    summary: str
    reason: str
    finding: str


def counted(rows: QuerySet[Any], *by: str) -> Counted:
    """The number of rows, read no further than `COUNTED`, along the index of the fields `by`."""
    number = rows.order_by(*by)[: COUNTED + 1].count()
    return Counted(min(number, COUNTED), number > COUNTED)


def in_state(state: State) -> QuerySet[QuestionState]:
    """The current questions in a state, those with the newest claim first."""
    rows: QuerySet[QuestionState] = (
        QuestionState.objects.filter(state=state.value, question__withdrawn=False)
        .select_related("question__topic")
        .order_by("-latest_claim_at", "-question_id")
    )
    return rows


def state_counts() -> dict[State, Counted]:
    """How many current questions are in each state."""
    return {state: counted(in_state(state)) for state in State}


def summaries(states: Sequence[QuestionState]) -> list[QuestionSummary]:
    """The questions of these states at a glance, in the given order; a fixed number of queries."""
    keys = [state.question_id for state in states]
    tentative = _tentative(keys)
    names = _with_claims(names_of(states), tentative)
    positions = _positions(keys, names)
    findings = _findings(keys, names)
    return [
        _summary(state, names[state.question_id], positions, tentative, findings.get(state.question_id, ""))
        for state in states
    ]


def supported_by(state: QuestionState) -> Count | None:
    """The origins of the answer that has most of them, where the question's state rests on that."""
    counts = [reason["values"] for reason in state.reasons if reason["code"] == "supported"]
    best = max(counts, key=lambda values: (values["fewest"], values["most"]), default=None)
    return Count(best["fewest"], best["most"]) if best else None


def supports_of(questions: Collection[int | None]) -> dict[int | None, Count]:
    """The same for each of several questions."""
    rows = QuestionState.objects.filter(question__in=[key for key in questions if key is not None])
    return {row.question_id: count for row in rows if (count := supported_by(row))}


def latest_claims(number: int) -> list[int]:
    """The claims changed last, the newest change first."""
    claims: QuerySet[Claim] = Claim.history.order_by("-history_id")
    recent = list(dict.fromkeys(claims.values_list("id", flat=True)[: number * 4]))
    present = set(ClaimState.objects.filter(claim__in=recent).values_list("claim", flat=True))
    return [key for key in recent if key in present][:number]


def _summary(
    state: QuestionState,
    names: RecordNames,
    positions: dict[int, list[PositionSummary]],
    tentative: dict[int, list[int]],
    finding: str,
) -> QuestionSummary:
    reasons = [each["reason"] for each in state.exclusions] or state.reasons
    return QuestionSummary(
        question=state.question,
        state=state,
        positions=tuple(positions[state.question_id]),
        positions_total=len(names.positions),
        supported=supported_by(state),
        summary=word_summary(names, len(names.positions), tentative[state.question_id]),
        reason=worded(reasons[0], names) if reasons else "",
        finding=finding,
    )


def _positions(keys: Sequence[int], names: dict[int, RecordNames]) -> dict[int, list[PositionSummary]]:
    shown: dict[int, list[PositionSummary]] = defaultdict(list)
    rows = Position.objects.filter(question__in=keys, index__lt=POSITIONS_SHOWN).order_by("question", "index")
    for row in rows:
        answer = word_answer(names[row.question_id].question, row.answer, stance=Stance(row.stance))
        shown[row.question_id].append(PositionSummary(row.index, answer, row.origins_fewest, row.origins_most))
    return shown


def _tentative(keys: Sequence[int]) -> dict[int, list[int]]:
    """The first few doubts and possibles of the questions that have nothing else."""
    found: dict[int, list[int]] = defaultdict(list)
    numbered = ClaimState.objects.filter(
        question__in=keys, state=State.TENTATIVE.value, standing=Standing.STANDING.value
    )
    numbered = numbered.annotate(place=Window(RowNumber(), partition_by=F("question"), order_by=F("claim").asc()))
    for question, claim in numbered.filter(place__lte=TENTATIVE_NAMED).values_list("question", "claim"):
        found[question].append(claim)
    return found


def _with_claims(names: dict[int, RecordNames], tentative: dict[int, list[int]]) -> dict[int, RecordNames]:
    """The names, with those of further claims."""
    further = claims_to_name([key for keys in tentative.values() for key in keys]).select_related("question")
    extended = dict(names)
    for claim in further:
        if claim.question is not None:
            known = extended[claim.question.pk]
            extended[claim.question.pk] = replace(
                known, claims={**known.claims, claim.pk: claim_words(claim, claim.question)}
            )
    return extended


def _findings(keys: Sequence[int], names: dict[int, RecordNames]) -> dict[int, str]:
    """The newest finding on each question, in words."""
    rows = Finding.objects.current().filter(question__in=keys).order_by("settled_on")
    return {row.question_id: word_answer(names[row.question_id].question, row.answer) for row in rows}
