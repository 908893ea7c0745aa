"""The one door through which records are written: a change, opened once, and what is saved in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
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
from claims.queries.affected import affected, passages_written
from claims.services.derived import refresh
from claims.services.inserting import insert_records
from claims.services.locations import relocate
from claims.services.logged import log_topics, topics_of
from claims.services.lookups import renew_lookups
from claims.services.turns import turns_noted
from claims.services.versions import write_history

# What identifies a record; a save keeps these as the database has them.
KEPT = frozenset({"id", "uid", "version", "recorded_at"})


class Stale(RuntimeError):  # noqa: N818 - it names what happened
    """Someone else changed the record, or the user, after it was read; `record` is the version that was to be saved."""

    def __init__(self, record: Record | User) -> None:
        self.record = record
        super().__init__(
            _(
                "“%(record)s” (%(model)s) was changed by someone else after you opened version %(version)d. "
                "Nothing was saved. Open it again and repeat your change."
            )
            % {"record": record, "model": record._meta.verbose_name, "version": record.version}
        )


class Refused(ValidationError):  # noqa: N818 - it names what happened
    """A value or a constraint forbids the record; `record` is the one, the messages are by field."""

    def __init__(self, record: Record, errors: ValidationError) -> None:
        self.record = record
        super().__init__(errors)


@contextmanager
def change(*, by: User | None, reason: str, command: str = "") -> Iterator[Change]:
    """Open a change, or join the one that is open.

    The outermost opens the transaction and decides user, reason, command and moment; one inside it rolls back
    alone when it fails. `by` is None only for a trusted command, which gives its name as `command`.

    Raises `ValidationError` without a reason, and `OutsideService` without anybody who acts or for a user other
    than the one of the change around it.
    """
    around = open_change()
    if around is not None:
        if by != around.by:
            raise OutsideService(_("A change is made by one user. Finish it before another user changes anything."))
        with _joined(around):
            yield around
        return
    if not reason.strip():
        raise ValidationError(_("State the reason for this change."), code="reason")
    refuse_unstorable(reason)
    if (by is None and not command) or (by is not None and by.pk is None):
        raise OutsideService(_("A change needs someone who makes it: a signed-in user, or a command by its name."))
    with transaction.atomic():
        # After BEGIN: where writers queue, moments are in the order of the writes.
        this = Change(by=by, reason=reason.strip(), command=command, moment=timezone.now())
        with opened(this):
            with acting(_actor(this)):
                yield this
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
def _joined(around: Change) -> Iterator[None]:
    before = len(around.written)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        while len(around.written) > before:
            around.written.popitem()
        raise


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
    with _joined(this):
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
    try:
        with transaction.atomic():
            insert_records(model, records)
    except (DatabaseError, ValidationError) as error:
        raise _in_a_sentence(model, records, error) from error
    write_history(this, model, [record.pk for record in records], new=True)
    return records


def _update(this: Change, model: type[Record], records: list[Record]) -> list[Record]:
    keys = [record.pk for record in records]
    rows = {row.pk: row for row in _locked(model, keys)}
    changed = []
    for record in records:
        row = rows.get(record.pk)
        if row is None or row.version != record.version:
            raise Stale(record)
        values = _differences(record, row)
        if values:
            _update_one(model, record, values)
            changed.append(record)
    write_history(this, model, [record.pk for record in changed], new=False)
    return changed


def _update_one(model: type[Record], record: Record, values: dict[str, Any]) -> None:
    expected = _rows(model).filter(pk=record.pk, version=record.version)
    try:
        with transaction.atomic():
            hit = expected.update(**values, version=record.version + 1)
    except (DatabaseError, ValidationError) as error:
        raise _in_a_sentence(model, [record], error) from error
    if not hit:
        raise Stale(record)
    record.version += 1


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


def _in_a_sentence(model: type[Record], records: Sequence[Record], error: Exception) -> Exception:
    """Which record was refused, and why: found by trying one at a time, since the database names no row."""
    refused: Exception = error
    with transaction.atomic():
        for original in records:
            record = copy(original)
            try:
                record.full_clean()
                if record._state.adding:
                    with transaction.atomic():
                        _rows(model).bulk_create([record])  # the next one may repeat it
            except ValidationError as errors:
                refused = Refused(original, errors)
                break
            except DatabaseError:
                break
        transaction.set_rollback(True)
    return refused
