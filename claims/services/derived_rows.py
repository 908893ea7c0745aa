"""Writing derived rows: only where they differ from what is stored, many of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db.models import F

from claims.models import ClaimState, ClaimToken, Position, QuestionState
from claims.models.guard import require_change
from claims.models.guarded import DerivedModel
from claims.queries.derived import Row
from claims.queries.keys import among
from claims.services.inserting import insert_records, insert_rows, insert_words, update_rows

# Beyond every index: where positions wait while others take their places, for each place is taken only once.
ASIDE = 1 << 30
# So few different changes are statements of their own, each for all rows that change so.
FEW_CHANGES = 5


def write_positions(rows: Mapping[int, Sequence[Row]]) -> tuple[dict[int, list[int]], set[int]]:
    """Write the positions of questions; returns for each question their keys in order, and the keys of those left over.

    A position is known by what it leaves open, and keeps its row wherever it goes: its claims need not be written.
    Those left over stay, set aside, to be deleted when no claim refers to them any more.
    """
    places = _Places(rows)
    for distance, keys in places.moves().items():
        Position.objects.filter(pk__in=keys).update(index=F("index") + (ASIDE + distance))
    new = [
        Position(question_id=question, index=index, **row)
        for question, positions in rows.items()
        for index, row in enumerate(positions)
        if (question, row["leaves_open"]) not in places.stored
    ]
    require_change(Position)
    insert_records(Position, new)
    if places.moved:
        Position.objects.filter(pk__in=places.moved & places.kept.keys()).update(index=F("index") - ASIDE)
    _update(Position, {key: rows[question][index] for key, (question, index) in places.kept.items()})
    of = {(position.question_id, position.index): position.pk for position in new}
    of |= {place: key for key, place in places.kept.items()}
    in_order = {question: [of[question, index] for index in range(len(each))] for question, each in rows.items()}
    return in_order, places.index.keys() - places.kept.keys()


class _Places:
    """Where the stored positions of questions are, and where those that stay are to be."""

    def __init__(self, rows: Mapping[int, Sequence[Row]]) -> None:
        self._rows = rows
        self.stored: dict[tuple[int, str], int] = {}
        self.index: dict[int, int] = {}
        self.question: dict[int, int] = {}
        positions = Position.objects.filter(question__in=rows)
        for key, question, opened, index in positions.values_list("pk", "question", "leaves_open", "index"):
            self.stored[question, opened], self.index[key], self.question[key] = key, index, question
        self.kept = {
            self.stored[question, row["leaves_open"]]: (question, index)
            for question, each in rows.items()
            for index, row in enumerate(each)
            if (question, row["leaves_open"]) in self.stored
        }
        self.moved: set[int] = set()

    def moves(self) -> dict[int, list[int]]:
        """The positions that change places, by how far."""
        moves: dict[int, list[int]] = defaultdict(list)
        for key, index in self.index.items():
            behind = len(self._rows[self.question[key]]) + index
            distance = (self.kept[key][1] if key in self.kept else behind) - index
            if distance:
                moves[distance].append(key)
                self.moved.add(key)
        return moves


def write_question_states(rows: Mapping[int, Row]) -> None:
    """Write the states of the questions."""
    fresh = _update(QuestionState, rows)
    _insert(QuestionState, "question_id", {key: rows[key] for key in sorted(fresh)})


def write_claim_states(rows: Mapping[int, Row]) -> None:
    """Write the states of claims, all fields of each."""
    fresh = _update(ClaimState, rows)
    _insert(ClaimState, "claim_id", {key: rows[key] for key in sorted(fresh)})


def update_claim_states(rows: Mapping[int, Row]) -> None:
    """Write some fields of the states of claims, the same of each; those that are not there stay away."""
    _update(ClaimState, rows)


def write_tokens(claims: Collection[int], words: Iterable[tuple[int, frozenset[str]]]) -> None:
    """Add and remove the words in which those stored of these claims differ.

    The words are worked out while those before are on their way: the database is asked nothing meanwhile.
    """
    stored: dict[int, set[str]] = defaultdict(set)
    for claim, token in ClaimToken.objects.filter(among("claim", claims)).values_list("claim", "token"):
        stored[claim].add(token)
    extra: dict[int, set[str]] = {}

    def new() -> Iterator[tuple[int, list[str]]]:
        for claim, tokens in words:
            if left_over := stored[claim] - tokens:
                extra[claim] = left_over
            yield claim, sorted(tokens - stored[claim])

    require_change(ClaimToken)
    insert_words(ClaimToken, [ClaimToken._meta.get_field(name) for name in ("claim", "token")], new())
    for claim, tokens in extra.items():
        ClaimToken.objects.filter(claim=claim, token__in=tokens).delete()


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
    for key, *stored in model.objects.filter(among("pk", rows)).values_list("pk", *names):
        missing.discard(key)
        changes = {name: rows[key][name] for name, old in zip(names, stored, strict=True) if old != rows[key][name]}
        if changes:
            alike.setdefault(repr(changes), (changes, []))[1].append(key)  # by their text: lists are not hashed
    if len(alike) <= FEW_CHANGES:
        for changes, keys in alike.values():
            model.objects.filter(pk__in=keys).update(**changes)
    else:
        _update_each(model, [(changes, key) for changes, keys in alike.values() for key in keys])
    return missing


def _update_each(model: type[DerivedModel], changed: Sequence[tuple[Row, int]]) -> None:
    """Update rows that each change in their own way, those of which the same fields change together."""
    require_change(model)
    by_fields: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
    for changes, key in changed:
        by_fields[tuple(changes)].append((*changes.values(), key))
    for names, rows in by_fields.items():
        update_rows(model, names, rows)
