"""Times recording: one claim on a small and on a large question, and many claims in one change.

Run as `python -m bench recording`. One claim is recorded by the service that forms call, derived state included. Many
claims are held against a plain `executemany` of the very rows that recording them wrote, into the same tables: in less
time nobody can write them.
"""

import time
from collections.abc import Callable
from itertools import count
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from claims.ledger.install import uninstall
from claims.models import (
    Agent,
    Attribution,
    Claim,
    ClaimState,
    ClaimToken,
    NameToken,
    Position,
    Question,
    QuestionState,
    Source,
)
from claims.services.recording import NewAttribution, NewClaim, record
from claims.services.transaction import change, save

SMALL, LARGE = 10, 5_000
ROUNDS = 9
POPULAR = 300
RECORDED = (Source, Question, Agent, Attribution, Claim)
TABLES: tuple[type[Model], ...] = (
    *RECORDED,
    *(model.history.model for model in RECORDED),
    Position,
    QuestionState,
    ClaimState,
    ClaimToken,
    NameToken,
)
_numbers = count(1)


def crowd(claims: int) -> Question:
    """A contested question with so many claims, each of its own speaker; one in ten has an answer of its own."""
    with change(by=None, reason="Timed", command="bench") as this:
        question = Question(text=f"Question {next(_numbers)}", kind="quantity")
        source = Source(title="The source of them all")
        speakers = [Agent(name=f"Speaker {next(_numbers)}", kind="person") for _ in range(claims)]
        attributions = [Attribution(source=source, speaker=speaker) for speaker in speakers]
        answers = [1000 + number if number % 10 == 0 else POPULAR for number in range(claims)]
        new = [
            Claim(question=question, attribution=each, answer=str(answer), quantity_low=answer, quantity_high=answer)
            for each, answer in zip(attributions, answers, strict=True)
        ]
        save(this, [question, source, *speakers, *attributions, *new])
    return question


def recorded(question: Question, answer: Callable[[], int]) -> float:
    """Seconds that recording one claim takes, in the middle of some rounds."""
    took = []
    for _ in range(ROUNDS):
        with change(by=None, reason="Timed", command="bench") as this:
            source, speaker = Source(title="A source"), Agent(name=f"Speaker {next(_numbers)}", kind="person")
            save(this, [source, speaker])
        draft = NewAttribution(
            attribution=Attribution(source=source, speaker=speaker),
            claims=[NewClaim(claim=Claim(question=question, answer=str(answer())))],
        )
        began = time.perf_counter()
        record(attributions=[draft], by=None, reason="Timed", command="bench")
        took.append(time.perf_counter() - began)
    return median(took)


def one_claim() -> None:
    """Print what one claim more takes, on a small and on a large question."""
    small, large = crowd(SMALL), crowd(LARGE)
    cases: dict[str, Callable[[], int]] = {
        "joins a position": lambda: POPULAR,
        "a new position": lambda: 100_000 + next(_numbers),
    }
    for name, answer in cases.items():
        plain, took = recorded(small, answer), recorded(large, answer)
        seconds = f"{plain * 1000:8.1f} ms on {SMALL} claims {took * 1000:8.1f} ms on {LARGE:,}"
        print(f"{name:18} {seconds} {took / plain:6.1f} x")


def many_claims() -> None:
    """Print what many claims in one change take, as rows a second, and what the bare rows take."""
    before = {model: set(model._base_manager.values_list(*_key(model))) for model in TABLES}
    with transaction.atomic():
        began = time.perf_counter()
        crowd(LARGE)
        took = time.perf_counter() - began
        rows = {model: _rows(model, before[model]) for model in TABLES}
        transaction.set_rollback(True)
    with transaction.atomic():
        uninstall()  # the bare rows, without the journal
        began = time.perf_counter()
        for model, values in rows.items():
            _insert(model, values)
        bare = time.perf_counter() - began
        transaction.set_rollback(True)
    total = sum(map(len, rows.values()))
    print(f"{LARGE:,} claims in one change: {took:.2f} s, {LARGE / took:,.0f} claims a second")
    print(f"{total:,} rows: {total / took:,.0f} a second, {took / bare:.1f} x a bare executemany ({total / bare:,.0f})")


def _rows(model: type[Model], known: set[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows that were not there before, as the database has them."""
    key = _key(model)
    quoted = ", ".join(f'"{column}"' for column in key)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {_columns(model)}, {quoted} FROM "{model._meta.db_table}"')  # noqa: S608 - our own names
        return [row[: -len(key)] for row in cursor.fetchall() if row[-len(key) :] not in known]


def _key(model: type[Model]) -> list[str]:
    return [str(field.attname) for field in model._meta.pk_fields]


def _insert(model: type[Model], rows: list[tuple[Any, ...]]) -> None:
    places = ", ".join(["%s"] * len(model._meta.concrete_fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({_columns(model)}) VALUES ({places})',  # noqa: S608
            rows,
        )


def _columns(model: type[Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def main() -> None:
    """Print both."""
    one_claim()
    many_claims()


if __name__ == "__main__":
    main()
