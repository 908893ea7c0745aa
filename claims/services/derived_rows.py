"""Writing derived rows: only where they differ from what is stored, and alike changes together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import F

from claims.models import ClaimState, ClaimToken, Position, QuestionState
from claims.models.guard import require_change
from claims.models.guarded import DerivedModel
from claims.queries.derived import Row
from claims.services.inserting import insert_records, insert_rows

# Beyond every index: where positions wait while others take their places, for each place is taken only once.
ASIDE = 1 << 30


def write_positions(question: int, rows: Sequence[Row]) -> tuple[list[int], set[int]]:
    """Write the positions of a question; returns their keys in order, and the keys of those left over.

    A position is known by what it leaves open, and keeps its row wherever it goes: its claims need not be written.
    Those left over stay, set aside, to be deleted when no claim refers to them any more.
    """
    stored: dict[str, int] = {}
    places: dict[int, int] = {}
    for key, opened, index in Position.objects.filter(question=question).values_list("pk", "leaves_open", "index"):
        stored[opened], places[key] = key, index
    new = [Position(question_id=question, index=n, **r) for n, r in enumerate(rows) if r["leaves_open"] not in stored]
    kept = {stored[row["leaves_open"]]: n for n, row in enumerate(rows) if row["leaves_open"] in stored}
    left_over = places.keys() - kept.keys()
    moves: dict[int, list[int]] = defaultdict(list)
    for key, index in places.items():
        moves[kept.get(key, len(rows) + index) - index].append(key)
    moves.pop(0, None)
    for distance, keys in moves.items():
        Position.objects.filter(pk__in=keys).update(index=F("index") + (ASIDE + distance))
    require_change(Position)
    insert_records(Position, new)
    if moves:
        Position.objects.filter(pk__in=kept, index__gte=ASIDE).update(index=F("index") - ASIDE)
    _update(Position, {key: rows[index] for key, index in kept.items()})
    of = {position.index: position.pk for position in new} | {index: key for key, index in kept.items()}
    return [of[index] for index in range(len(rows))], set(left_over)


def write_question_states(rows: Mapping[int, Row]) -> None:
    """Write the states of the questions."""
    stored = QuestionState.objects.in_bulk(list(rows))
    for key, state in stored.items():
        changes = {name: value for name, value in rows[key].items() if getattr(state, name) != value}
        if changes:
            QuestionState.objects.filter(pk=key).update(**changes)
    fresh = rows.keys() - stored.keys()
    _insert(QuestionState, "question_id", {key: rows[key] for key in sorted(fresh)})


def write_claim_states(rows: Mapping[int, Row]) -> None:
    """Write the states of claims, all fields of each."""
    fresh = _update(ClaimState, rows)
    _insert(ClaimState, "claim_id", {key: rows[key] for key in sorted(fresh)})


def update_claim_states(rows: Mapping[int, Row]) -> None:
    """Write some fields of the states of claims, the same of each; those that are not there stay away."""
    _update(ClaimState, rows)


def write_tokens(words: Mapping[int, frozenset[str]]) -> None:
    """Add and remove the words in which the stored ones differ."""
    stored: dict[int, set[str]] = defaultdict(set)
    for claim, token in ClaimToken.objects.filter(claim__in=words).values_list("claim", "token"):
        stored[claim].add(token)
    for claim, tokens in words.items():
        if extra := stored[claim] - tokens:
            ClaimToken.objects.filter(claim=claim, token__in=extra).delete()
    new = ((claim, token) for claim, tokens in words.items() for token in sorted(tokens - stored[claim]))
    require_change(ClaimToken)
    insert_rows(ClaimToken, ("claim_id", "token"), new)


def _insert(model: type[DerivedModel], key: str, rows: Mapping[int, Row]) -> None:
    """Insert rows by their key, every field of each given; all have the same fields."""
    require_change(model)
    names = list(next(iter(rows.values()), ()))
    insert_rows(model, [key, *names], ([number, *(row[name] for name in names)] for number, row in rows.items()))


def _update(model: type[DerivedModel], rows: Mapping[int, Row]) -> set[int]:
    """Update what differs, the rows that change alike in one statement; returns the keys that are not there."""
    missing = set(rows)
    names = list(next(iter(rows.values()), ()))
    alike: dict[str, tuple[Row, list[int]]] = {}
    for key, *stored in model.objects.filter(pk__in=missing).values_list("pk", *names):
        missing.discard(key)
        changes = {name: rows[key][name] for name, old in zip(names, stored, strict=True) if old != rows[key][name]}
        if changes:
            alike.setdefault(repr(changes), (changes, []))[1].append(key)  # by their text: lists are not hashed
    for changes, keys in alike.values():
        model.objects.filter(pk__in=keys).update(**changes)
    return missing
