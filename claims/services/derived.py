"""Derived state: positions, states of questions and claims, words for look-ups; a pure function of the records.

`refresh` runs at the end of every change, in its transaction and with the questions locked: of two changes on one
question the later sees what the earlier wrote. `differences` says where the tables are not what they should be.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from django.db.models import Model

from claims.models import Claim, ClaimState, ClaimToken, Position, QuestionState
from claims.queries.derived import QuestionRows, Row, rows_of_questions, unasked_row
from claims.queries.keys import among
from claims.queries.listed import rows_of_claims
from claims.services.derived_rows import (
    update_claim_states,
    write_claim_states,
    write_positions,
    write_question_states,
    write_tokens,
)
from claims.services.joining import join

AT_ONCE = 4_000
MANY_CLAIMS = 50


def refresh(
    *, questions: Collection[int], claims: Collection[int], added: Mapping[int, int] = MappingProxyType({})
) -> None:
    """Bring the derived rows of these questions and claims up to date; a change must be open, the questions locked.

    Every claim of the questions is compared, and the list keys of `claims` are renewed. `added` maps questions to
    which the change did no more than add one new claim to that claim: where it joins a position and alters nothing
    else, the others are not read.
    """
    renewed = _Renewed(claims)
    renewed.write_unasked()
    left_over: list[int] = []
    for part in _parts(sorted(questions)):
        joined = {key: join(key, added[key]) for key in _to_join(part, added)}
        ruled = {added[key]: row for key, row in joined.items() if row is not None}
        compared = dict(rows_of_questions([key for key in part if joined.get(key) is None]))
        if compared:
            positions, gone = write_positions({key: rows.positions for key, rows in compared.items()})
            left_over += gone
            for key, rows in compared.items():
                ruled |= {claim: _placed(row, positions[key]) for claim, row in rows.claims.items()}
            write_question_states({key: rows.state for key, rows in compared.items()})
        renewed.write(ruled)
    # Only now does no claim refer to them: one may have gone to a question of a later part.
    if left_over:
        Position.objects.filter(pk__in=left_over).delete()


def _to_join(part: Collection[int], added: Mapping[int, int]) -> list[int]:
    """The questions on which the short way is tried: those with many claims.

    It costs two dozen queries a question; small questions are compared whole in as many, all of them together.
    """
    tried = [key for key in part if key in added]
    if not tried:
        return []
    large = QuestionState.objects.filter(pk__in=tried, claims__gte=MANY_CLAIMS)
    return sorted(large.values_list("pk", flat=True))


class _Renewed:
    """The claims of a change whose list keys are renewed, written along with what the rules make of them."""

    def __init__(self, claims: Collection[int]) -> None:
        self._claims = set(claims)

    def write_unasked(self) -> None:
        """Write the claims without a question, and remove the rows of those that were withdrawn."""
        asked = Claim.objects.current().exclude(question=None)
        for part in _parts(sorted(self._claims)):
            elsewhere = set(asked.filter(among("pk", part)).values_list("pk", flat=True))
            here = [key for key in part if key not in elsewhere]
            gone = set(here) - self._write_whole(here, {})
            ClaimToken.objects.filter(claim__in=gone).delete()
            ClaimState.objects.filter(pk__in=gone).delete()

    def write(self, ruled: Mapping[int, Row]) -> None:
        """Write what the rules make of claims; those to be renewed whole."""
        for part in _parts(sorted(ruled.keys() - self._claims)):
            update_claim_states({key: ruled[key] for key in part})
        for part in _parts(sorted(ruled.keys() & self._claims)):
            self._write_whole(part, ruled)

    @staticmethod
    def _write_whole(claims: list[int], ruled: Mapping[int, Row]) -> set[int]:
        """Write the states and words of the claims that there are, and return their keys."""
        rows = rows_of_claims(claims)
        states: dict[int, Row] = {}

        def words() -> Iterator[tuple[int, frozenset[str]]]:
            for key, row, tokens in rows:
                states[key] = row | (ruled[key] if key in ruled else unasked_row(row["review"]))
                yield key, tokens

        write_tokens(claims, words())
        write_claim_states(states)
        return set(states)


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _placed(row: Row, positions: list[int]) -> Row:
    """What the rules make of a claim, with the key of its position for its number."""
    rest = dict(row)
    number = rest.pop("position")
    return rest | {"position_id": None if number is None else positions[number]}


# --- checking -----------------------------------------------------------------------------------------------------


def differences(*, questions: Collection[int], claims: Collection[int]) -> Iterator[str]:
    """Each stored row that is not what the records make of it, as table, key and fields."""
    for part in _parts(sorted(claims)):
        yield from _key_differences(part)
    for part in _parts(sorted(questions)):
        for key, rows in rows_of_questions(part):
            yield from _question_differences(key, rows)


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
