"""What one row was, step by step, as the journal tells it; and where the row and its versions say something else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model

from claims.ledger.leaves import EntryRow
from claims.ledger.side_by_side import Row, State, VersionRow, after, before
from claims.ledger.tracked import MODELS, Tracked

LONGEST = 120


class Finding(NamedTuple):
    """A sentence about what was found; `differs` unless it is only to be noted."""

    sentence: str
    differs: bool

    def __str__(self) -> str:
        return self.sentence


def difference(sentence: str) -> Finding:
    """Something that should not be."""
    return Finding(sentence, True)


def note(sentence: str) -> Finding:
    """Something to be known."""
    return Finding(sentence, False)


@dataclass(slots=True)
class Course:
    """What the journal tells of a row: its state at the end, and by version what it was and which entry says so.

    `known` is false where the end was redacted; then `state` means nothing. What broke its course before it was
    adopted is `settled`: it is on record, and stays so.
    """

    state: State | None = None
    known: bool = True
    last: EntryRow | None = None
    by_version: dict[Any, State] = field(default_factory=dict)
    writer: dict[Any, EntryRow] = field(default_factory=dict)
    breaks: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)


def course(row: Row) -> Course:
    """Follow the entries of a row; where one does not begin with what the one before it left, that is a break."""
    told = Course()
    for entry in row.entries:
        if entry.salt is None and entry.body is None and entry.id in row.redacted_entries:
            told.known = False
            continue
        old, new = before(entry), after(entry)
        if entry.operation == "A":
            told.settled += told.breaks
            told.breaks = []
        else:
            _follow(told, entry, old)
        if old is not None:
            told.by_version.setdefault(old.get("version"), old)
        if new is not None:
            told.by_version.setdefault(new.get("version"), new)
            told.writer.setdefault(new.get("version"), entry)
        told.state, told.known, told.last = new, True, entry
    return told


def agrees(state: State | None, live: State | None) -> bool:
    """Whether the two say the same of all that both know; a row that is not there agrees with none."""
    if state is None or live is None:
        return state is live
    return all(state[name] == live[name] for name in state.keys() & live.keys())


def differences(tracked: Tracked, row: Row, unseen: dict[str, int]) -> Iterator[Finding]:
    """Where journal, row and versions do not agree; `unseen` counts columns that the journal does not know yet."""
    told = course(row)
    name = named(tracked, row.key, row.live or told.state or {})
    for sentence in told.breaks:
        yield difference(f"{name}: {sentence}")
    for sentence in told.settled:
        yield note(f"{name}: {sentence} It was put on record as it is later on.")
    if not told.known:
        yield note(f"{name}: what it was last is redacted, so the row is not compared with the journal.")
    yield from _of_live(tracked, row, told, name)
    if told.known and told.state is not None and row.live is not None:
        for column in row.live.keys() - told.state.keys():
            unseen[column] = unseen.get(column, 0) + 1
    if tracked.history:
        yield from _of_versions(tracked, row, told, name)


def named(tracked: Tracked, key: str, state: State) -> str:
    """The record in words: what it is, and its identifier, or its key where it has none."""
    words = str(MODELS[tracked.table]._meta.verbose_name).capitalize()
    if "uid" not in state:
        return f"{words} with the key {key}"
    uid = str(state["uid"])
    # SQLite keeps it without hyphens.
    return f"{words} {UUID(uid) if re.fullmatch('[0-9a-f]{32}', uid) else shown(uid)[1:-1]}"


def shown(value: Any) -> str:
    """A value in JSON, cut where it is long; what is not printable is spelt out."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)


def _follow(told: Course, entry: EntryRow, old: State | None) -> None:
    where = f"entry {entry.id} ({entry.at})"
    if not told.known:
        return
    if told.state is None and old is not None:
        told.breaks.append(f"{where} changes it, and no earlier entry of the journal records it.")
    elif told.state is not None and old is None:
        told.breaks.append(f"{where} records it anew, though the journal has it already.")
    elif told.state is not None and old is not None:
        for column in sorted(told.state.keys() & old.keys()):
            if told.state[column] != old[column]:
                told.breaks.append(
                    f"“{column}” was {shown(told.state[column])} after the last entry, and {shown(old[column])} before "
                    f"{where}: it was changed in between, past the journal."
                )


def _of_live(tracked: Tracked, row: Row, told: Course, name: str) -> Iterator[Finding]:
    newest = row.versions[-1] if row.versions else None
    if row.live is None:
        if told.known and told.state is not None:
            yield difference(f"{name} is in the journal, and not in its table any more: deleted past the journal.")
        return
    if told.known and told.state is None:
        yield difference(f"{name} is in its table, and deleted by the journal: put back past the journal.")
        return
    if tracked.history and newest is None:
        yield difference(f"{name} has no version in the history.")
    journal = told.state if told.known else None
    for column in sorted(row.live):
        live = row.live[column]
        sides = [(_journal(told), journal), ("its newest version", newest.state if newest is not None else None)]
        said = [(who, state[column]) for who, state in sides if state is not None and column in state]
        if any(value != live for _who, value in said):
            others = ", ".join(f"{who} has {shown(value)}" for who, value in said)
            yield difference(f"{name}: “{_words(tracked, column)}” is {shown(live)} in its table; {others}.")


def _journal(told: Course) -> str:
    if told.last is None:
        return "the journal"
    return f"the journal (entry {told.last.id}{'' if told.last.change else ', attributed to nobody'})"


def _of_versions(tracked: Tracked, row: Row, told: Course, name: str) -> Iterator[Finding]:
    for version in row.versions:
        number = version.state.get("version")
        if number in row.redacted_versions:
            continue
        where = f"{name}, version {number}"
        state = told.by_version.get(number)
        if state is None:
            state = row.adopted.get(version.history_id)
        if state is None:
            yield difference(f"{where}: the history has it, and the journal does not.")
            continue
        for column in sorted(version.state.keys() & state.keys()):
            if version.state[column] != state[column]:
                yield difference(
                    f"{where}: “{_words(tracked, column)}” is {shown(version.state[column])} in the history; "
                    f"the journal has {shown(state[column])}."
                )
        yield from _of_maker(version, told.writer.get(number), row.reasons, where)
    there = {version.state.get("version") for version in row.versions}
    latest = told.state.get("version") if told.state is not None else None
    for number in told.by_version.keys() - there - row.redacted_versions - {latest}:
        yield difference(f"{name}, version {number}: the journal has it, and the history does not.")


def _of_maker(version: VersionRow, entry: EntryRow | None, reasons: dict[str, str], where: str) -> Iterator[Finding]:
    """By whom and why: as the entry and its change say."""
    if entry is None or entry.operation == "A":
        return
    if version.user != entry.user:
        yield difference(f"{where}: by user {version.user} in the history, by user {entry.user} in the journal.")
    reason = reasons.get(entry.change or "")
    if reason is not None and reason != version.reason:
        yield difference(
            f"{where}: for the reason {shown(version.reason)} in the history, {shown(reason)} in the journal."
        )


def _words(tracked: Tracked, column: str) -> str:
    model: type[Model] = MODELS[tracked.table]
    return next((str(each.verbose_name) for each in model._meta.concrete_fields if each.column == column), column)
