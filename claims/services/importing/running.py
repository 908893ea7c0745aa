"""An import from its first row to its last, batch by batch: all of it or, where that is asked for, what is good."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import datetime
from heapq import nsmallest
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from claims.domain.vocabulary import State
from claims.models import Change, Import, Question, QuestionState, User
from claims.permissions import Capability, require
from claims.queries.suspected import suspected
from claims.services.importing.drafts import Entry, Fault, FileTold
from claims.services.importing.writing import Outcome, write
from claims.services.references import check_references
from claims.services.transaction import add_batch, add_import, change

BATCH = 4_000
MOST_NAMED = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turned:
    """A question that became contested: its topic and text, and its state before; empty where it is new."""

    topic: str
    question: str
    before: str


@dataclass
class Report:
    """What became of an import: rows by outcome, and which questions became contested, the first `MOST_NAMED`.

    A row is one of the claims table; a record that cannot be read counts as one. `records` is of how many records of
    the files they are, `refused_records` how many of these are refused, in whole or in part.
    `suspected` is how many pairs of records wait to be judged as duplicates after it, not of its rows alone.
    `written` says whether it is on record; otherwise these are what would have become of it. `uid` is the import's,
    where it wrote anything.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    records: int = 0
    refused_records: int = 0
    contested: list[Turned] = field(default_factory=list)
    contested_total: int = 0
    suspected: int = 0
    written: bool = False
    uid: UUID | None = None

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.new + self.changed + self.unchanged + self.refused


@dataclass(kw_only=True)
class Orders:
    """How an import is to be made, by whom and why.

    `refuse` is told of each row that is refused, with what is wrong and was not told of an earlier row of the same
    record, if there is anything; `progress` of the report after each batch.
    """

    by: User | None
    reason: str
    command: str = ""
    dry_run: bool = False
    skip_bad: bool = False
    files: Sequence[FileTold] = ()
    refuse: Callable[[Entry, Sequence[Fault]], None] = lambda _entry, _faults: None
    progress: Callable[[Report], None] = lambda _report: None


def run(entries: Iterable[Entry], orders: Orders) -> Report:
    """Import the rows, in batches, in the order given.

    By default nothing is written if any row is refused; with `skip_bad` the good ones are, and each batch is
    committed by itself. With `dry_run` nothing is. Memory does not grow with the number of rows.

    Raises:
        NotAllowed: the user may not record.
        ValidationError: no reason is stated.
    """
    require(orders.by, Capability.RECORD)
    return _Run(orders).run(entries)


class _Run:
    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._since: datetime = timezone.now()
        self._report = Report()
        # The state before the import of questions that were there and have had another since; and the questions that
        # are contested by it. Of those that are new no more is kept: there may be a million.
        self._before: dict[int, str] = {}
        self._contested: set[int] = set()
        self._import: Import | None = None
        # The record that rows are of at the moment, and what was told of it.
        self._record: tuple[str, int] | None = None
        self._told: set[Fault] = set()

    def run(self, entries: Iterable[Entry]) -> Report:
        report = self._report
        with self._around():
            for batch in in_parts(entries, BATCH):
                with _uncollected():
                    self._take(batch)
                if self._keeps_each:
                    self._is_written()
                self._orders.progress(report)
            self._name_contested()
            report.suspected = suspected().count()
            if self._orders.dry_run or (report.refused and not self._orders.skip_bad):
                transaction.set_rollback(True)
            else:
                self._is_written()
        return report

    @property
    def _keeps_each(self) -> bool:
        return self._orders.skip_bad and not self._orders.dry_run

    def _around(self) -> AbstractContextManager[object]:
        """One transaction around all batches, unless each is kept as soon as it is there."""
        return nullcontext() if self._keeps_each else transaction.atomic()

    def _is_written(self) -> None:
        self._report.written = True
        self._report.uid = self._import.uid if self._import else None

    def _take(self, batch: Sequence[Entry]) -> None:
        orders = self._orders
        good = [(entry, entry.draft) for entry in batch if entry.draft is not None]
        with change(by=orders.by, reason=orders.reason, command=orders.command) as this:
            outcome = write(this, [draft for _, draft in good], since=self._since)
            before = self._states(outcome.questions)
            self._note(this, outcome, refused=len(batch) - len(good) + len(outcome.faults))
        check_references()
        self._compare(before, self._states(outcome.questions))
        self._count(outcome)
        found = {id(good[number][0]): faults for number, faults in outcome.faults.items()}
        for entry in batch:
            self._look_at(entry, dict.fromkeys([*entry.faults, *found.get(id(entry), ())]))

    def _look_at(self, entry: Entry, faults: Collection[Fault]) -> None:
        """Count the record of the entry and what is refused, and tell what is wrong: of a record everything once."""
        report, record = self._report, (entry.file, entry.record)
        if record != self._record:
            self._record, self._told = record, set()
            report.records += 1
        report.refused += bool(faults)
        report.refused_records += bool(faults) and not self._told
        news = [fault for fault in faults if fault not in self._told]
        if news:
            self._told.update(news)
            self._orders.refuse(entry, news)

    def _note(self, this: Change, outcome: Outcome, *, refused: int) -> None:
        """Put on record that the change is part of the import; one that changes nothing is none."""
        if not outcome.new + outcome.changed:
            return
        orders = self._orders
        if self._import is None:
            self._import = add_import(
                this, files=[asdict(file) for file in orders.files], began_at=self._since, skip_bad=orders.skip_bad
            )
        counts = {"new": outcome.new, "changed": outcome.changed, "unchanged": outcome.unchanged, "refused": refused}
        add_batch(this, self._import, **counts)

    def _count(self, outcome: Outcome) -> None:
        self._report.new += outcome.new
        self._report.changed += outcome.changed
        self._report.unchanged += outcome.unchanged

    def _states(self, questions: Collection[int]) -> dict[int, tuple[str, bool]]:
        """The states of the questions, and whether they are new."""
        rows = QuestionState.objects.filter(pk__in=questions).values_list("pk", "state", "question__recorded_at")
        return {key: (state, recorded >= self._since) for key, state, recorded in rows}

    def _compare(self, before: dict[int, tuple[str, bool]], after: dict[int, tuple[str, bool]]) -> None:
        for key, (state, is_new) in after.items():
            first = "" if is_new else self._before.get(key, before.get(key, ("", False))[0])
            if first and first != state:
                self._before[key] = first
            if state == State.CONTESTED and first != state:
                self._contested.add(key)
            else:
                self._contested.discard(key)

    def _name_contested(self) -> None:
        self._report.contested_total = len(self._contested)
        first_of_them = nsmallest(MOST_NAMED, self._contested)
        named = Question.objects.filter(pk__in=first_of_them).select_related("topic").order_by("pk")
        self._report.contested = [
            Turned(question.topic.name if question.topic else "", question.text, self._before.get(question.pk, ""))
            for question in named
        ]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Reference cycles are looked for when a batch is written: looking while it grows costs a sixth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def in_parts(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of that length, the last one shorter."""
    remaining = iter(values)
    while part := list(islice(remaining, size)):
        yield part
