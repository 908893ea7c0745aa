"""The one door through which records are written: a change, opened once, and what is saved in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.ledger.context import Actor, acting
from claims.models import Change, Import, ImportedBatch, OutsideService, Question, Record, SnapshotContent, User
from claims.models.fields import refuse_unstorable
from claims.models.guard import open_change, opened
from claims.outages import outage_of
from claims.queries.affected import affected, passages_written
from claims.services.derived import refresh
from claims.services.inserting import insert_records, update_versions
from claims.services.locations import relocate
from claims.services.logged import log_topics, topics_of
from claims.services.lookups import renew_lookups
from claims.services.refusals import NotInOnePiece, Refused, Stale, blamed
from claims.services.turns import turns_noted
from claims.services.versions import write_history

# What identifies a record; a save keeps these as the database has them.
KEPT = frozenset({"id", "uid", "version", "recorded_at"})


@contextmanager
def change(*, by: User | None, reason: str, command: str = "", in_one_piece: bool = False) -> Iterator[Change]:
    """Open a change, or join the one that is open.

    The outermost opens the transaction and decides user, reason, command and moment; one inside it rolls back
    alone when it fails. `by` is None only for a trusted command, which gives its name as `command`.

    What is saved `in_one_piece` has no savepoints of its own, each of which costs memory of PostgreSQL's server until
    the transaction ends: when any of it is refused, whoever opened it gives all of it up.

    Raises `ValidationError` without a reason, and `OutsideService` without anybody who acts or for a user other
    than the one of the change around it; in one piece `NotInOnePiece` where a record is refused.
    """
    around = open_change()
    if around is not None:
        if by != around.by:
            raise OutsideService(_("A change is made by one user. Finish it before another user changes anything."))
        with part(around, in_one_piece=in_one_piece):
            yield around
        return
    if not reason.strip():
        raise ValidationError(_("State the reason for this change."), code="reason")
    refuse_unstorable(reason)
    if (by is None and not command) or (by is not None and by.pk is None):
        raise OutsideService(_("A change needs someone who makes it: a signed-in user, or a command by its name."))
    with transaction.atomic():
        # After BEGIN: where writers queue, moments are in the order of the writes.
        this = Change(by=by, reason=reason.strip(), command=command, moment=timezone.now(), in_one_piece=in_one_piece)
        with opened(this):
            with acting(_actor(this)):
                yield this
                require_whole(this)
                topics = _derive(this)
            log_topics(this.uid, topics | this.topics)


def _derive(this: Change) -> set[int]:
    """Renew the derived state of all that the change bears on, so that no service can forget to; returns its topics."""
    relocate(passages_written(this.written))
    touched = affected(this.written)
    lock_questions(this, touched.questions)
    topics = topics_of(this, touched.questions)
    with turns_noted(this, touched.questions):
        refresh(questions=touched.questions, claims=touched.claims, added=touched.added)
    renew_lookups(this.written)
    return topics


def _actor(this: Change) -> Actor:
    """Who changes, as the journal knows it."""
    key, name = (None, "") if this.by is None else (this.by.pk, this.by.get_username())
    return Actor(key, name, this.command, this.reason, this.moment, this.uid)


@contextmanager
def part(around: Change, *, in_one_piece: bool = False) -> Iterator[None]:
    """A part of the change, rolled back alone when it fails; of one piece there are no parts."""
    if around.in_one_piece:
        around.broken += 1
        yield
        around.broken -= 1
        return
    before = len(around.written)
    around.in_one_piece = in_one_piece
    try:
        with transaction.atomic():
            yield
            require_whole(around)
    except BaseException:
        while len(around.written) > before:
            around.written.popitem()
        raise
    finally:
        around.in_one_piece, around.broken = False, 0


def require_whole(this: Change) -> None:
    """Raise `NotInOnePiece` for a piece of which anything was refused, though somebody caught the refusal."""
    if this.broken:
        raise NotInOnePiece


def save(this: Change, records: Iterable[Record]) -> list[Record]:
    """Write the records in the order given, with history; return those that were new or changed.

    A record without a changed field is left alone. A new one gets the change's moment, a changed one the next
    version; where a part is written (a relay, say), so is the next version of what it is part of, once in a change.
    Neighbours of one model go to the database together: sort a large batch by model.

    Raises `OutsideService` when the change is not open, `Stale` for a record that was changed since it was read,
    `Refused` for one that a value, a fixed field or a constraint forbids; then nothing of this call is written.
    """
    _require_open(this)
    batch = list({id(record): record for record in records}.values())
    written: list[Record] = []
    with part(this):
        for (model, new), neighbours in groupby(batch, key=lambda record: (type(record), record._state.adding)):
            group = list(neighbours)
            written += _create(this, model, group) if new else _update(this, model, group)
        _raise_wholes(this, written, batch)
    return written


def add_contents(this: Change, contents: Iterable[SnapshotContent]) -> None:
    """Add the bytes of snapshots; raises `django.db.IntegrityError` where a snapshot has its bytes already."""
    _require_open(this)
    _rows(SnapshotContent).bulk_create(contents)


def add_import(this: Change, **fields: Any) -> Import:
    """Put on record that an import has begun; who makes it and why are the change's."""
    _require_open(this)
    imported = Import(user=this.by, command=this.command, reason=this.reason, **fields)
    _rows(Import).bulk_create([imported])
    return imported


def add_batch(this: Change, imported: Import, **counts: Any) -> None:
    """Put on record that the change is part of the import, or takes part of it back."""
    _require_open(this)
    _rows(ImportedBatch).bulk_create([ImportedBatch(of=imported, change=this.uid, **counts)])


def lock_questions(this: Change, keys: Iterable[int]) -> None:
    """Make other changes wait with these questions until this one is done; raises `Question.DoesNotExist`.

    To be called before the claims are read from which states are worked out, once for all questions of a change:
    in the order of their keys, two changes cannot wait for each other. On SQLite one change runs at a time anyhow.
    """
    wanted = set(keys)
    missing = wanted - lock_records(this, Question, wanted)
    if missing:
        raise Question.DoesNotExist(_("There is no question with the key %(key)s.") % {"key": min(missing)})


def lock_question(this: Change, key: int) -> None:
    """Make other changes wait with this question until this one is done, as `lock_questions` does."""
    lock_questions(this, [key])


def lock_records(this: Change, model: type[Record], keys: Iterable[int]) -> set[int]:
    """Make other changes wait with these records until this one is done; returns the keys of those that there are."""
    _require_open(this)
    return set(_locked(model, keys).values_list("pk", flat=True))


def _rows(model: type[Model]) -> QuerySet[Any]:
    """The table past its guard: the model's own managers refuse what is done here alone."""
    return QuerySet(model)


def _locked(model: type[Model], keys: Iterable[int]) -> QuerySet[Any]:
    """The rows, locked in the order of their keys until the change ends.

    Not a full lock: whatever refers to a row takes a weak lock on it when it is committed (foreign key), and two
    changes that each refer to a row that the other changes would wait for each other for ever.
    """
    return _rows(model).filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)


def _require_open(this: Change) -> None:
    if open_change() is not this:
        raise OutsideService(_("This change is not open here. Save inside its own “with” block."))


def _create(this: Change, model: type[Record], records: list[Record]) -> list[Record]:
    for record in records:
        record.version, record.recorded_at = 1, this.moment
    with _blaming(this, model, records):
        insert_records(model, records)
    write_history(this, model, [record.pk for record in records], new=True)
    return records


@contextmanager
def _blaming(this: Change, model: type[Record], records: Sequence[Record]) -> Iterator[None]:
    """Say of what is refused which of the records is to blame."""
    try:
        with nullcontext() if this.in_one_piece else transaction.atomic():
            yield
    except (DatabaseError, ValidationError) as error:
        if outage_of(error) is not None:
            raise
        if this.in_one_piece:
            raise NotInOnePiece from error
        refused = blamed(model, records)
        if refused is None:
            raise
        raise refused from error


def _update(this: Change, model: type[Record], records: list[Record]) -> list[Record]:
    keys = [record.pk for record in records]
    rows = {row.pk: row for row in _locked(model, keys)}
    changed: list[tuple[Record, dict[str, Any]]] = []
    for record in records:
        row = rows.get(record.pk)
        if row is None or row.version != record.version:
            raise Stale(record)
        values = _differences(record, row)
        if values:
            changed.append((record, values))
    # In one piece nobody asks which is to blame.
    for some in [changed] if this.in_one_piece else ([each] for each in changed):
        with _blaming(this, model, [record for record, _values in some]):
            hit = update_versions(model, some)
        if hit < len(some):
            raise NotInOnePiece if this.in_one_piece else Stale(some[0][0])
        for record, _values in some:
            record.version += 1
    updated = [record for record, _values in changed]
    write_history(this, model, [record.pk for record in updated], new=False)
    return updated


def _differences(record: Record, row: Record) -> dict[str, Any]:
    """The values of the record, by column, that differ from the row in the database."""
    record._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
    deferred = record.get_deferred_fields()
    values: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.name in KEPT or field.attname in deferred:
            continue
        try:
            value = field.to_python(getattr(record, field.attname))
        except ValidationError as error:
            raise Refused(record, ValidationError({field.name: error})) from error
        if value != getattr(row, field.attname):
            if field.name in record.fixed:
                sentence = _("This cannot be changed any more. Withdraw the record and make another.")
                raise Refused(record, ValidationError({field.name: sentence}))
            values[field.attname] = value
    return values


def _raise_wholes(this: Change, parts: Iterable[Record], batch: Iterable[Record]) -> None:
    """Raise the version of what the parts are part of, unless this change has done so already."""
    wholes: dict[type[Record], set[int]] = {}
    loaded: dict[int, Record] = {id(record): record for record in batch}
    for part in parts:
        if part.part_of:
            field: Any = part._meta.get_field(part.part_of)
            key = getattr(part, field.attname)
            if (field.related_model, key) not in this.written:
                wholes.setdefault(field.related_model, set()).add(key)
                if field.is_cached(part):
                    whole = getattr(part, field.name)
                    loaded[id(whole)] = whole
    for model, keys in wholes.items():
        locked = list(_locked(model, keys).values_list("pk", flat=True))
        _rows(model).filter(pk__in=locked).update(version=F("version") + 1)
        write_history(this, model, sorted(keys), new=False)
        for record in loaded.values():
            if type(record) is model and record.pk in keys:
                record.version += 1
