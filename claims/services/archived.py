"""Putting a whole desk on record: records from an archive, as they were, with versions and derived state of their own.

Identifiers, versions and the moment of recording stay what they were; keys are new, in the order of the archive. What a
record went through before is not in its history here (docs/decisions/0012-an-archive-is-a-whole-desk.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from copy import copy
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from claims.ledger import events
from claims.models import RECORDS, Change, Record, SnapshotContent, Topic, User
from claims.outages import outage_of
from claims.services.archived_keys import Keys
from claims.services.archived_rules import derive_all, refuse_contradictions
from claims.services.refusals import NotInOnePiece
from claims.services.refused_archives import NotTaken
from claims.services.transaction import add_contents, change
from claims.services.users import make_former_user
from claims.services.versions import write_first_versions

__all__ = ["Incoming", "NotTaken", "take_in"]

AT_ONCE = 500
MOST_NAMED = 20
# Bytes of texts that are held at once.
MOST_CONTENT = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record, as the line of an archive has it.

    `references` are identifiers of records, and `users` names of users, by field; `content` are the bytes of a text.
    """

    line: int
    model: type[Record]
    values: dict[str, Any]
    references: dict[str, UUID | None]
    users: dict[str, str | None] = field(default_factory=dict)
    content: bytes | None = None


def take_in(
    records: Callable[[], Iterator[Incoming]],
    *,
    told: Callable[[], Mapping[str, Any]],
    reason: str,
    command: str,
    make_users: bool = False,
) -> None:
    """Put all the records on record in one change; there may be none yet. Only a trusted command does so.

    `records` gives them, as often as it is asked, the tables in the order of `RECORDS`; `told` says at the end what was
    read, to be put on record as an event, or raises what keeps it from being so. With `make_users` the users whom they
    name and who are not there are made: deactivated, with no role and no password.

    Raises:
        NotTaken: there are records already, a record refers to what is not there, a constraint or a rule forbids it,
            or users are missing. Nothing is written.
    """
    with change(by=None, reason=reason, command=command) as this, Keys() as keys:
        _lock_tables()
        _refuse_records_there()
        named = _note(keys, records())
        users = _users(named, make=make_users)
        try:
            with change(by=None, reason=reason, in_one_piece=True):
                _write_all(this, records(), keys, users)
        except NotInOnePiece:  # once more, to tell the line
            _write_all(this, records(), keys, users)
        for model in RECORDS:
            write_first_versions(this, model)
        refuse_contradictions()
        derive_all()
        this.topics.update(Topic.objects.values_list("pk", flat=True))
        events.record(kind="import", detail=told())


def _lock_tables() -> None:
    """Nobody else records meanwhile; on SQLite nobody does anyhow."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in RECORDS)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def _refuse_records_there() -> None:
    for model in RECORDS:
        if model.objects.exists():
            raise NotTaken(
                f"There are {model._meta.verbose_name_plural} on record already. An archive is a whole desk: import it "
                "into a new database. Claims of another desk are added to this one by import_claims."
            )


def _note(keys: Keys, records: Iterator[Incoming]) -> set[str]:
    """Give each record its key; returns the names of the users whom they name."""
    named: set[str] = set()
    for model, neighbours in groupby(records, key=lambda incoming: incoming.model):
        for batch in _batches(neighbours):
            keys.add(model, [(incoming.line, incoming.values["uid"]) for incoming in batch])
            named.update(name for incoming in batch for name in incoming.users.values() if name is not None)
    return named


def _users(names: set[str], *, make: bool) -> dict[str, User]:
    """The users of these names; raises `NotTaken` where some are missing and none are to be made."""
    users = {name: user for name in names for user in User.objects.filter(username=name)}
    missing = sorted(names - users.keys())
    if missing and not make:
        others = f" and {len(missing) - MOST_NAMED:,} more" if len(missing) > MOST_NAMED else ""
        named = ", ".join(missing[:MOST_NAMED])
        raise NotTaken(
            f"The records name users whom this installation does not have: {named}{others}. Make them under "
            "these names, or import with --make-users: then they are made deactivated, with no role and no password."
        )
    try:
        return users | {name: make_former_user(name) for name in missing}
    except ValidationError as error:
        raise NotTaken(f"A user cannot be made: {_sentences(error)}") from None


def _write_all(this: Change, records: Iterator[Incoming], keys: Keys, users: dict[str, User]) -> None:
    for model, neighbours in groupby(records, key=lambda incoming: incoming.model):
        for batch in _batches(neighbours):
            _write(this, model, batch, keys, users)


def _write(this: Change, model: type[Record], batch: Sequence[Incoming], keys: Keys, users: dict[str, User]) -> None:
    """Write records of one table, and the bytes of texts."""
    records = [_record(incoming, keys, users) for incoming in batch]
    rows: QuerySet[Any] = QuerySet(model)
    try:
        with nullcontext() if this.in_one_piece else transaction.atomic():
            rows.bulk_create(records)
    except (DatabaseError, ValidationError) as error:
        if outage_of(error) is not None:
            raise
        if this.in_one_piece:
            raise NotInOnePiece from error
        raise _refusal(rows, records, [incoming.line for incoming in batch], error) from error
    texts = [(record.pk, of.content) for record, of in zip(records, batch, strict=True) if of.content is not None]
    add_contents(this, [SnapshotContent(snapshot_id=key, content=content) for key, content in texts])


def _record(incoming: Incoming, keys: Keys, users: dict[str, User]) -> Record:
    """The record, with its key and those of what it refers to."""
    model = incoming.model
    fields: dict[str, Any] = {"id": keys.of(model, incoming.values["uid"]), **incoming.values}
    for name, uid in incoming.references.items():
        target: Any = model._meta.get_field(name).related_model
        key = keys.of(target, uid) if uid is not None else None
        if uid is not None and key is None:
            sentence = f"{name}: the archive has no {target._meta.verbose_name} {uid}."
            raise NotTaken(sentence, line=incoming.line)
        fields[f"{name}_id"] = key
    fields |= {name: None if user is None else users[user] for name, user in incoming.users.items()}
    return model(**fields)


def _refusal(rows: QuerySet[Any], records: Sequence[Record], lines: Sequence[int], error: Exception) -> NotTaken:
    """Which record was refused, and why: found by trying one at a time, since the database names no row."""
    refused = NotTaken(f"The database refuses lines {lines[0]:,} to {lines[-1]:,}: {error}")
    with transaction.atomic():
        for line, record in zip(lines, records, strict=True):
            try:
                record.validate_constraints()
                with transaction.atomic():
                    rows.bulk_create([copy(record)])
            except (ValidationError, DatabaseError) as why:
                sentence = _sentences(why) if isinstance(why, ValidationError) else f"The database refuses it: {why}"
                refused = NotTaken(sentence, line=line)
                break
        transaction.set_rollback(True)
    return refused


def _sentences(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        " ".join(messages) if name == "__all__" else f"{name}: {' '.join(messages)}"
        for name, messages in error.message_dict.items()
    )


def _batches(records: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """The records by the hundred, and by fewer where texts lie among them."""
    batch: list[Incoming] = []
    size = 0
    for incoming in records:
        batch.append(incoming)
        size += len(incoming.content or b"")
        if len(batch) == AT_ONCE or size > MOST_CONTENT:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
