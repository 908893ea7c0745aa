"""Lawful redaction: what a row was is removed from journal and history; that it was there stays proven.

A state is in two entries, as what one left and as what the next one found; both lose their content. The tree commits
to salted hashes only, so it stays as it is. What else was in those contents alone is put on record anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet, Value
from django.utils import timezone

from claims.ledger.adopting import write_adopted
from claims.ledger.context import Actor, acting
from claims.ledger.models import Entry, Leaf, Payload, Redaction
from claims.ledger.notes import Refused
from claims.ledger.row_states import course, differences, named
from claims.ledger.sealing import seal
from claims.ledger.side_by_side import Row, State, after, before, entries_of, rows_of, state_text, version_text
from claims.ledger.tracked import MODELS, TRACKED, Tracked

COMMAND = "audit redact"
KEPT = frozenset({"id", "uid", "version"})
OF_TABLE = {tracked.table: tracked for tracked in TRACKED}


@dataclass(slots=True)
class Target:
    """States of one row that are to go: by their versions, or where there are none, as they were."""

    tracked: Tracked
    key: str
    versions: set[int] = field(default_factory=set)
    states: list[State] = field(default_factory=list)

    def holds(self, state: State | None) -> bool:
        """Whether this is one of the states."""
        return state is not None and (state.get("version") in self.versions or state in self.states)


def of_versions(uid: str, versions: Iterable[int]) -> Target:
    """Versions of the record with this identifier; raises `Refused` where there is none."""
    for tracked in TRACKED:
        if tracked.history:
            key = QuerySet[Any](MODELS[tracked.table]).filter(uid=uid).values_list("pk", flat=True).first()
            if key is not None:
                return Target(tracked, str(key), set(versions))
    raise Refused(f"There is no record {uid}.")


def of_entries(entries: Sequence[int]) -> list[Target]:
    """The states that these entries left, or found and deleted; raises `Refused`."""
    targets: dict[tuple[str, str], Target] = {}
    places = {
        entry: place
        for entry, *place in Entry.objects.filter(id__in=entries).values_list("id", "table_name", "row_key")
    }
    for number in entries:
        if number not in places or places[number][0] not in OF_TABLE:
            raise Refused(f"There is no entry {number}, or it is of a version that goes with its record: name that.")
        table, key = places[number]
        target = targets.setdefault((table, key), Target(OF_TABLE[table], key))
        entry = next(each for each in entries_of(table, [key]) if each.id == number)
        state = after(entry) or before(entry)
        if state is None:
            raise Refused(f"Entry {number} has no content: it is redacted already.")
        if target.tracked.history:
            target.versions.add(state["version"])
        else:
            target.states.append(state)
    return list(targets.values())


def redact(targets: Sequence[Target], *, reason: str, user_id: int | None = None, user_name: str = "") -> int:
    """Remove these states; returns how many entries lost their content.

    Raises `Refused` where a state is what the row is now, where journal and row do not agree, and without a reason.
    """
    if not reason.strip():
        raise Refused("State the reason: it stays on record in place of what is removed.")
    for target in targets:
        _make_ready(target, Actor(user_id, user_name, COMMAND, reason.strip(), timezone.now()))
    # An entry without a place in the tree would have nothing left that commits to it.
    seal()
    with transaction.atomic(), acting(Actor(user_id, user_name, COMMAND, reason.strip(), timezone.now())) as actor:
        return sum(_redact(target, actor) for target in targets)


def _make_ready(target: Target, actor: Actor) -> None:
    """Have each version in an entry that no earlier redaction took, so that this one can be put down beside it."""
    with transaction.atomic(), acting(actor):
        row = _checked(target)
        held = _held(target, row)
        for version in row.versions:
            number = version.state["version"]
            if number in target.versions - row.redacted_versions and number not in held.values():
                text = version_text(target.tracked, version.history_id)
                write_adopted(target.tracked.history, str(version.history_id), text, actor)


def _redact(target: Target, actor: Actor) -> int:
    row, tracked = _checked(target), target.tracked
    hit = _held(target, row)
    if not hit:
        raise Refused(f"{named(tracked, row.key, row.live or {})}: the journal does not have this, or not any more.")
    if Leaf.objects.filter(entry_id__in=hit).count() != len(hit):
        raise Refused("Somebody wrote to this record at the same moment, and nothing was removed. Try again.")
    QuerySet[Any](Redaction).bulk_create(
        Redaction(entry_id=entry, table_name=tracked.table, row_key=row.key, version=number, reason=actor.reason)
        for entry, number in sorted(hit.items())
    )
    QuerySet[Any](Payload).filter(entry_id__in=hit).update(salt=None, body=None)
    if tracked.history:
        history: Any = getattr(MODELS[tracked.table], "history").model  # noqa: B009 - of records only
        QuerySet[Any](history).filter(id=row.key, version__in=target.versions).update(**_blank(MODELS[tracked.table]))
    _put_back(tracked, row.key, actor)
    return len(hit)


def _checked(target: Target) -> Row:
    """The row, locked until the end; raises `Refused` where it must not or cannot be redacted."""
    tracked, model = target.tracked, MODELS[target.tracked.table]
    list(QuerySet[Any](model).filter(pk=target.key).select_for_update())
    (row,) = rows_of(tracked, [target.key])
    name = named(tracked, row.key, row.live or {})
    if target.holds(row.live):
        raise Refused(
            f"{name} is just that now. "
            + ("Rows of this table stay." if tracked.appended else "Change the record first, then redact what it was.")
        )
    found = next((each for each in differences(tracked, row, {}) if each.differs), None)
    if found is not None:
        raise Refused(f"Journal and record do not agree. Run “manage.py audit reconcile” first. {found.sentence}")
    there = {version.state.get("version") for version in row.versions} | course(row).by_version.keys()
    missing = target.versions - there
    if missing:
        raise Refused(f"{name} has no version {min(missing)}.")
    return row


def _held(target: Target, row: Row) -> dict[int, int | None]:
    """The entries that hold one of the states, each with the version that its redaction is put down for."""
    entries = [*row.entries]
    if target.tracked.history:
        owned = {str(each.history_id) for each in row.versions if each.state.get("version") in target.versions}
        entries += entries_of(target.tracked.history, sorted(owned))
    hit: dict[int, int | None] = {}
    for entry in sorted(entries, key=lambda each: each.id):
        states = [state for state in (after(entry), before(entry)) if state is not None and target.holds(state)]
        if states:
            hit[entry.id] = _version(states, set(hit.values()))
    return hit


def _version(states: Sequence[State], taken: set[int | None]) -> int | None:
    """Of the versions that an entry holds the one that has no entry yet, the older one first."""
    versions = sorted(state["version"] for state in states if "version" in state)
    return next((each for each in versions if each not in taken), versions[0] if versions else None)


def _put_back(tracked: Tracked, key: str, actor: Actor) -> None:
    """Put on record anew what only the removed contents told: what the row is now, and versions between."""
    (row,) = rows_of(tracked, [key])
    told = course(row)
    if not told.known:
        write_adopted(tracked.table, key, state_text(tracked, key), actor)
        (row,) = rows_of(tracked, [key])
        told = course(row)
    for version in row.versions:
        known = told.by_version.keys() | row.redacted_versions
        if version.state.get("version") not in known and row.adopted.get(version.history_id) is None:
            write_adopted(tracked.history, str(version.history_id), version_text(tracked, version.history_id), actor)


def _blank(model: type[models.Model]) -> dict[str, Any]:
    """What a version of a record keeps of its content: its links, choices and marks; no text, date or number."""
    values: dict[str, Any] = {}
    for each in model._meta.concrete_fields:
        if each.name in KEPT or each.is_relation or each.choices:
            continue
        if each.null:
            values[each.name] = None
        elif isinstance(each, models.JSONField):
            values[each.name] = each.get_default()
        elif isinstance(each, models.CharField | models.TextField):
            values[each.name] = Value("")  # an expression: the field itself takes no empty text where one is required
    return values
