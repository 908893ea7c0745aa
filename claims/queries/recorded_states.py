"""What the rules make of the records as of a moment: the derived tables of the past, worked out where they are read.

Each function does nothing in the present, where the stored rows hold. In the past a question is compared once, and of
its claims those get a row of state that a page shows: the first few of each position, and those that are asked for.
The keys by which lists filter claims are left empty there, for no list is shown of a moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from claims.domain.comparison import Comparison
from claims.domain.values import Case
from claims.models import Claim, ClaimState, Passage, PassageLocation, Position, Question, QuestionState, Snapshot
from claims.queries.derived import QuestionRows, Row, compared_questions, unasked_row
from claims.queries.recorded import Past, past
from claims.queries.texts import location_rows

FIRST_FEW = 21
"""Of each position so many claims have a row: more than any page names of one."""


@dataclass
class _WorkedOut:
    """All that was worked out of one moment so far."""

    compared: dict[int, tuple[Case, Comparison]] = field(default_factory=dict)
    ruled: dict[int, QuestionRows] = field(default_factory=dict)
    questions: list[QuestionState] = field(default_factory=list)
    positions: dict[int, list[Position]] = field(default_factory=dict)
    claims: dict[int, ClaimState] = field(default_factory=dict)
    located: dict[int, PassageLocation] = field(default_factory=dict)


_worked_out: WeakKeyDictionary[Past, _WorkedOut] = WeakKeyDictionary()


def compare_then(question_id: int) -> tuple[Case, Comparison]:
    """The case of a question at the moment that is being read, with what the rules make of it.

    Raises:
        KeyError: there was no such question.
    """
    work_out_questions([question_id])
    then = past()
    if then is None:
        raise KeyError(question_id)
    return _worked_out[then].compared[question_id]


def work_out_questions(keys: Collection[int], *, whole: bool = False) -> None:
    """See to it that the derived tables have these questions; with `whole`, all of their claims."""
    if (then := past()) is not None:
        known = _known(then)
        _add_questions(known, keys)
        if whole:
            _add_claims(known, {claim: key for key in keys for claim in known.ruled[key].claims})
        _show(then, known)


def work_out_claims(keys: Collection[int]) -> None:
    """See to it that the derived tables have these claims, as far as they were on record, and their questions."""
    if (then := past()) is not None:
        known = _known(then)
        claims = Claim.objects.current().filter(pk__in=set(keys) - known.claims.keys())
        rows = list(claims.values_list("pk", "question", "review"))
        _add_questions(known, {question for _key, question, _review in rows if question is not None})
        _add_claims(known, {key: question for key, question, _review in rows if question is not None})
        for key, question, review in rows:
            if question is None:
                known.claims[key] = ClaimState(claim_id=key, **unasked_row(review))
        _show(then, known)


def work_out_locations(snapshot: Snapshot, passages: Sequence[Passage]) -> None:
    """See to it that the derived table says where these passages stand in the text of the snapshot."""
    if (then := past()) is not None:
        known = _known(then)
        for key, row in location_rows(snapshot, passages).items():
            known.located[key] = PassageLocation(passage_id=key, snapshot=snapshot, **row)
        then.set_derived(PassageLocation, list(known.located.values()))


def _known(then: Past) -> _WorkedOut:
    return _worked_out.setdefault(then, _WorkedOut())


def _add_questions(known: _WorkedOut, keys: Iterable[int]) -> None:
    fresh = set(keys) - known.ruled.keys()
    for key, case, comparison, rows in compared_questions(fresh):
        known.compared[key], known.ruled[key] = (case, comparison), rows
        known.questions.append(QuestionState(question_id=key, **rows.state))
        first = sum(map(len, known.positions.values())) + 1
        known.positions[key] = [
            Position(id=first + index, question_id=key, index=index, **row) for index, row in enumerate(rows.positions)
        ]
        _add_claims(known, dict.fromkeys(_first_few(rows), key))


def _first_few(rows: QuestionRows) -> list[int]:
    """The first claims of each position, as they were recorded."""
    few: dict[int, list[int]] = defaultdict(list)
    for key in sorted(rows.claims):
        position = rows.claims[key]["position"]
        if position is not None and len(few[position]) < FIRST_FEW:
            few[position].append(key)
    return [key for keys in few.values() for key in keys]


def _add_claims(known: _WorkedOut, questions: dict[int, int]) -> None:
    """Add claims, given with the question of each."""
    for key, question in questions.items():
        row: Row = dict(known.ruled[question].claims[key])
        index: Any = row.pop("position")
        row["position_id"] = None if index is None else known.positions[question][index].pk
        known.claims[key] = ClaimState(claim_id=key, question_id=question, **row)


def _show(then: Past, known: _WorkedOut) -> None:
    then.set_derived(QuestionState, known.questions)
    then.set_derived(Position, [position for positions in known.positions.values() for position in positions])
    then.set_derived(ClaimState, list(known.claims.values()))


def current_questions(**conditions: Any) -> list[int]:
    """The keys of the questions on record, those that meet the conditions."""
    return list(Question.objects.current().filter(**conditions).order_by("pk").values_list("pk", flat=True))
