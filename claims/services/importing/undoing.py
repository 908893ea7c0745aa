"""Taking an import back, as new changes: what it made is withdrawn, what it changed is as it was before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ForeignKey, QuerySet
from django.utils.translation import gettext as _

from claims.ledger.models import Entry, LoggedChange, Operation
from claims.models import (
    RECORDS,
    Agent,
    Attribution,
    Change,
    Claim,
    Import,
    ImportedBatch,
    Option,
    Question,
    Record,
    Side,
    Snapshot,
    Source,
    Topic,
    User,
)
from claims.permissions import Capability, require
from claims.services.importing.known import parts_of
from claims.services.naming import called
from claims.services.references import check_references
from claims.services.refusals import NotInOnePiece, Refused
from claims.services.transaction import KEPT, add_batch, change, save

# What an import makes, each before what it refers to; agents twice, for sources refer to them and they to sources.
_WITHDRAWN_IN_TURN: tuple[type[Record], ...] = (
    *(Claim, Attribution, Option, Question, Topic),
    *(Snapshot, Agent, Source, Agent, Side),
)


@dataclass
class Undone:
    """What became of an import that was taken back; `left` says of each record that stays as it is why."""

    withdrawn: int = 0
    restored: int = 0
    left: list[str] = field(default_factory=list)


def undo(*, imported: Import, by: User | None, reason: str, command: str = "") -> Undone:
    """Take an import back, the last batch first, all of it or nothing.

    A record that it made is withdrawn unless something that is not withdrawn refers to it, one that it changed gets
    the values from before; whatever somebody changed since is left, and what a constraint forbids to be as it was.

    Raises:
        NotAllowed: the user may not change what is on record.
        ValidationError: the import was taken back already, or no reason is stated.
    """
    require(by, Capability.REVISE)
    try:
        return _undo(imported, by, reason, command, in_one_piece=True)
    except NotInOnePiece:
        return _undo(imported, by, reason, command, in_one_piece=False)


def _undo(imported: Import, by: User | None, reason: str, command: str, *, in_one_piece: bool) -> Undone:
    with transaction.atomic():
        batches = ImportedBatch.objects.filter(of=imported).select_for_update(of=("self",)).order_by("-pk")
        if any(batch.undoes for batch in batches):
            raise ValidationError(_("This import was taken back already."))
        undoing = _Undoing(imported, [batch.change for batch in batches])
        for uid in undoing.changes:
            with change(by=by, reason=reason, command=command, in_one_piece=in_one_piece) as this:
                undoing.take_back(this, uid)
            check_references()
    return undoing.undone


class _Undoing:
    def __init__(self, imported: Import, changes: list[UUID]) -> None:
        self.undone = Undone()
        self.changes = changes
        self._imported = imported
        logged = LoggedChange.objects.filter(uid__in=changes).values_list("uid", "at")
        self._moments: dict[UUID, datetime] = dict(logged)
        # Versions of these moments are nobody's work that taking back would undo: the import's own, those of taking it
        # back, and those of later imports that were taken back.
        self._passed_over = {*self._moments.values(), *_taken_back_since(imported)}

    def take_back(self, this: Change, uid: UUID) -> None:
        """Take one change of the import back, within another."""
        before = self.undone.withdrawn, self.undone.restored
        self._passed_over.add(this.moment)
        made, changed = _written(uid)
        self._restore(this, changed, self._moments[uid])
        self._withdraw_parts(this, made)
        for model in _WITHDRAWN_IN_TURN:
            # Options refer to one another: those above go once those below have gone.
            while self._withdraw(this, model, made.get(model, set())):
                pass
        for model in dict.fromkeys(_WITHDRAWN_IN_TURN):
            self._tell_left(model, made.get(model, set()))
        withdrawn, restored = self.undone.withdrawn - before[0], self.undone.restored - before[1]
        add_batch(this, self._imported, undoes=True, new=withdrawn, changed=restored)

    def _restore(self, this: Change, changed: dict[type[Record], set[int]], moment: datetime) -> None:
        """Give what the change altered its values from before; wholes first, whose version is then raised once."""
        for model in RECORDS:
            keys, told = set(changed.get(model, ())), len(self.undone.left)
            while keys:
                try:
                    restored = save(this, self._all_as_before(model, keys, moment))
                except Refused as refused:  # another has its place by now
                    keys.discard(refused.record.pk)
                    del self.undone.left[told:]
                    self._leave(refused.record, " ".join(refused.messages).rstrip("."))
                    told += 1
                else:
                    self.undone.restored += len(restored)
                    break

    def _all_as_before(self, model: type[Record], keys: Collection[int], moment: datetime) -> list[Record]:
        records: list[Record] = []
        for part in parts_of(keys):
            versions: dict[int, list[Any]] = defaultdict(list)
            for row in model.history.filter(id__in=part).order_by("version"):
                versions[row.id].append(row)
            for record in model.objects.filter(pk__in=part).order_by("pk"):
                records += self._as_before(record, versions[record.pk], moment)
        return records

    def _as_before(self, record: Record, versions: list[Any], moment: datetime) -> Iterator[Record]:
        """The record with its values from before the change, unless somebody has changed it since."""
        before = [row for row in versions if row.history_date < moment]
        since = {row.history_date for row in versions if row.history_date > moment}
        if since - self._passed_over or not before:
            self._leave(record, _("it was changed since"))
            return
        for each in record._meta.concrete_fields:
            if each.name not in KEPT and each.name not in record.fixed:
                setattr(record, each.attname, getattr(before[-1], each.attname))
        yield record

    def _withdraw(self, this: Change, model: type[Record], keys: Collection[int]) -> int:
        before = self.undone.withdrawn
        for part in parts_of(keys):
            versions = model.history.filter(id__in=part).values_list("id", "history_date")
            since = {key for key, moment in versions if moment not in self._passed_over}
            kept = _referred_to(model, part) | since
            records = list(model.objects.current().filter(pk__in=set(part) - kept).order_by("pk"))
            for record in records:
                record.withdrawn = True
                if isinstance(record, Claim):
                    record.external_id = ""  # whoever brings it again brings a claim of its own
            self.undone.withdrawn += len(save(this, records))
        return self.undone.withdrawn - before

    def _withdraw_parts(self, this: Change, made: dict[type[Record], set[int]]) -> None:
        """Parts that came to what was there before: those of what is withdrawn go with it."""
        for model in RECORDS:
            if model.part_of and made.get(model):
                rows = model.objects.filter(pk__in=made[model], **{f"{model.part_of}__withdrawn": False})
                whole: Any = model._meta.get_field(model.part_of)
                older = rows.exclude(**{f"{model.part_of}__in": made.get(whole.related_model, set())})
                self._withdraw(this, model, set(older.values_list("pk", flat=True)))

    def _tell_left(self, model: type[Record], keys: Collection[int]) -> None:
        for part in parts_of(keys):
            referred = _referred_to(model, part)
            for record in model.objects.current().filter(pk__in=part).order_by("pk"):
                why = _("something else refers to it") if record.pk in referred else _("it was changed since")
                self._leave(record, why)

    def _leave(self, record: Record, why: str) -> None:
        sentence = _("%(model)s “%(record)s” stays as it is: %(why)s.")
        values = {"model": record._meta.verbose_name, "record": called(record), "why": why}
        self.undone.left.append(sentence % values)


def _taken_back_since(imported: Import) -> QuerySet[LoggedChange, datetime]:
    """The moments of later imports that were taken back, and of taking them back."""
    taken_back = ImportedBatch.objects.filter(undoes=True, of__began_at__gt=imported.began_at)
    changes = ImportedBatch.objects.filter(of__in=taken_back.values("of"))
    return LoggedChange.objects.filter(uid__in=changes.values("change")).values_list("at", flat=True)


def _written(uid: UUID) -> tuple[dict[type[Record], set[int]], dict[type[Record], set[int]]]:
    """The records that a change made, and those that it altered, as the journal has them."""
    tables = {model._meta.db_table: model for model in RECORDS}
    made: dict[type[Record], set[int]] = defaultdict(set)
    changed: dict[type[Record], set[int]] = defaultdict(set)
    entries = Entry.objects.filter(change=uid, table_name__in=tables)
    for table, key, operation in entries.values_list("table_name", "row_key", "operation"):
        (made if operation == Operation.INSERT else changed)[tables[table]].add(int(key))
    return made, {model: keys - made[model] for model, keys in changed.items()}


def _referred_to(model: type[Record], keys: Collection[int]) -> set[int]:
    """Those of the records to which another one refers that is not withdrawn, or part of one that is not."""
    found: set[int] = set()
    for relation in model._meta.related_objects:
        other, reference = relation.related_model, relation.field
        if not isinstance(reference, ForeignKey) or not issubclass(other, Record):
            continue
        if other.part_of == reference.name:
            continue
        rows = other.objects.current().filter(**{f"{reference.name}__in": keys})
        if other.part_of:
            rows = rows.filter(**{f"{other.part_of}__withdrawn": False})
        found.update(rows.values_list(reference.attname, flat=True))
    return found
