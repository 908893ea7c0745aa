"""Derived state: positions, states of questions and claims, words for look-ups; a pure function of the records.

`refresh` runs at the end of every change, in its transaction and with the questions locked: of two changes on one
question the later sees what the earlier wrote. `differences` says where the tables are not what they should be.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import Model

from claims.models import Claim, ClaimState, ClaimToken, Position, QuestionState
from claims.queries.derived import QuestionRows, Row, rows_of_claims, rows_of_questions, unasked_row

AT_ONCE = 500


def refresh(*, questions: Collection[int], claims: Collection[int]) -> None:
    """Bring the derived rows of these questions and claims up to date; a change must be open, the questions locked.

    The claims' list keys are renewed first, then every claim of the questions is compared.
    """
    for part in _parts(sorted(claims)):
        _write_keys(part)
    for part in _parts(sorted(questions)):
        for key, rows in rows_of_questions(part):
            _write_question(key, rows)


def differences(*, questions: Collection[int], claims: Collection[int]) -> Iterator[str]:
    """Each stored row that is not what the records make of it, as table, key and fields."""
    for part in _parts(sorted(claims)):
        yield from _key_differences(part)
    for part in _parts(sorted(questions)):
        for key, rows in rows_of_questions(part):
            yield from _question_differences(key, rows)


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


# --- writing ------------------------------------------------------------------------------------------------------


def _write_keys(claim_ids: list[int]) -> None:
    """Renew the list keys and the words of the claims; a withdrawn claim loses its rows."""
    stored = ClaimState.objects.in_bulk(claim_ids)
    unasked = {claim.pk: unasked_row(claim) for claim in Claim.objects.filter(pk__in=claim_ids, question=None)}
    fresh, changed, seen = [], [], set()
    words: dict[int, frozenset[str]] = {}
    for key, row, tokens in rows_of_claims(claim_ids):
        seen.add(key)
        words[key] = tokens
        whole = row | unasked.get(key, {})
        if key not in stored:
            fresh.append(ClaimState(claim_id=key, **whole))
        elif _assign(stored[key], whole):
            changed.append(stored[key])
    gone = [key for key in claim_ids if key not in seen]
    ClaimToken.objects.filter(claim__in=gone).delete()
    ClaimState.objects.filter(pk__in=gone).delete()
    ClaimState.objects.bulk_create(fresh, batch_size=AT_ONCE)
    _update(ClaimState, changed)
    _write_tokens(words)


def _write_tokens(words: Mapping[int, frozenset[str]]) -> None:
    """Add and remove the words in which the stored ones differ."""
    stored: dict[int, set[str]] = defaultdict(set)
    for claim, token in ClaimToken.objects.filter(claim__in=words).values_list("claim", "token"):
        stored[claim].add(token)
    for claim, tokens in words.items():
        if extra := stored[claim] - tokens:
            ClaimToken.objects.filter(claim=claim, token__in=extra).delete()
    ClaimToken.objects.bulk_create(
        [
            ClaimToken(claim_id=claim, token=token)
            for claim, tokens in words.items()
            for token in tokens - stored[claim]
        ],
        batch_size=AT_ONCE,
    )


def _write_question(key: int, rows: QuestionRows) -> None:
    """Write what differs: positions first, then the claims that refer to them, then the positions left over."""
    stored = {position.index: position for position in Position.objects.filter(question=key)}
    for index, row in enumerate(rows.positions):
        if index not in stored:
            stored[index] = Position(question_id=key, index=index, **row)
    Position.objects.bulk_create([position for position in stored.values() if position.pk is None])
    _update(Position, [stored[index] for index, row in enumerate(rows.positions) if _assign(stored[index], row)])
    _write_claims(key, rows, {index: position.pk for index, position in stored.items()})
    Position.objects.filter(question=key, index__gte=len(rows.positions)).delete()
    state = QuestionState.objects.filter(pk=key).first()
    if state is None:
        QuestionState.objects.bulk_create([QuestionState(question_id=key, **rows.state)])
    elif _assign(state, rows.state):
        _update(QuestionState, [state])


def _write_claims(key: int, rows: QuestionRows, positions: Mapping[int, int]) -> None:
    """Write what the comparison makes of each claim of the question."""
    changed = []
    for state in ClaimState.objects.filter(question=key):
        row = dict(rows.claims[state.claim_id])
        index = row.pop("position")
        if _assign(state, row | {"position_id": None if index is None else positions[index]}):
            changed.append(state)
    _update(ClaimState, changed)


def _assign(instance: Model, row: Row) -> bool:
    """Set the fields that differ and say whether any did; their names are left on the instance for `_update`."""
    names = [name for name, value in row.items() if getattr(instance, name) != value]
    for name in names:
        setattr(instance, name, row[name])
    instance.__dict__["_differing"] = names
    return bool(names)


def _update(model: type[Any], instances: list[Any]) -> None:
    """Update only the fields that differ."""
    if instances:
        names = sorted({name.removesuffix("_id") for instance in instances for name in instance.__dict__["_differing"]})
        model.objects.bulk_update(instances, names, batch_size=AT_ONCE)


# --- checking -----------------------------------------------------------------------------------------------------


def _key_differences(claim_ids: list[int]) -> Iterator[str]:
    stored = ClaimState.objects.in_bulk(claim_ids)
    words: dict[int, set[str]] = defaultdict(set)
    for claim, token in ClaimToken.objects.filter(claim__in=claim_ids).values_list("claim", "token"):
        words[claim].add(token)
    for key, row, tokens in rows_of_claims(claim_ids):
        yield from _named("claim state", key, _wrong(stored.pop(key, None), row))
        yield from _named("words of claim", key, ["token"] if words.pop(key, set()) != tokens else [])
    yield from (f"claim state {key}: should not be there" for key in stored)
    yield from (f"words of claim {key}: should not be there" for key in words)


def _question_differences(key: int, rows: QuestionRows) -> Iterator[str]:
    yield from _named("question state", key, _wrong(QuestionState.objects.filter(pk=key).first(), rows.state))
    positions = {position.index: position for position in Position.objects.filter(question=key)}
    for index, row in enumerate(rows.positions):
        yield from _named(f"position {index} of question", key, _wrong(positions.get(index), row))
    yield from (
        f"position {index} of question {key}: should not be there"
        for index in positions
        if index >= len(rows.positions)
    )
    states = ClaimState.objects.filter(question=key).select_related("position")
    for state in states:
        row = dict(rows.claims.get(state.claim_id, {}))
        index = row.pop("position", None)
        wrong = _wrong(state, row)
        if (state.position.index if state.position else None) != index:
            wrong.append("position")
        yield from _named("claim state", state.claim_id, wrong)


def _wrong(stored: Model | None, row: Row) -> list[str]:
    """The names of the fields that are not as they should be."""
    if stored is None:
        return ["missing"]
    return [name for name, value in row.items() if getattr(stored, name) != value]


def _named(table: str, key: int, names: list[str]) -> Iterator[str]:
    if names:
        yield f"{table} {key}: {', '.join(names)}"
