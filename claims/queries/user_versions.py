"""A user as of one version, and who changed them since: read from the journal, for users have no history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db import models

from claims.ledger.models import Entry, LoggedChange, Payload
from claims.models import User
from claims.queries.histories import MOST_SINCE, Version
from claims.queries.version_fields import shown_moment

USERS = User._meta.db_table
ROLES = User.groups.through._meta.db_table
# Further back than these writes of one user nobody's form was opened.
MOST_READ = 200

Written = tuple[Entry, dict[str, Any]]


@dataclass(frozen=True)
class WrittenUser:
    """A user, not to be saved, with the names of the roles as they were; without the password, which is not kept."""

    user: User
    roles: tuple[str, ...]


def user_version(key: int, number: int) -> WrittenUser | None:
    """The user as that version began; None where the journal does not have it, or not any more."""
    found = _of_version(_written(key), number)
    if found is None:
        return None
    entry, body = found
    fields = (each for each in User._meta.concrete_fields if isinstance(each, models.CharField | models.BooleanField))
    values = {
        each.attname: each.to_python(body["after"][each.column]) for each in fields if each.column in body["after"]
    }
    return WrittenUser(User(id=key, version=number, **values), _roles_after(key, entry))


def user_changes_since(key: int, number: int) -> list[Version]:
    """Who changed the user after that version, when and why, the newest first; not what."""
    led: dict[int, Entry] = {}
    for entry, body in reversed(_written(key)):
        version = (body["after"] or {}).get("version") or 0
        if version > number:
            led.setdefault(version, entry)
    newest = sorted(led.items(), reverse=True)[:MOST_SINCE]
    changes = {each.uid: each for each in LoggedChange.objects.filter(uid__in={entry.change for _, entry in newest})}
    users = User.objects.in_bulk({each.user_id for each in changes.values() if each.user_id is not None})
    told = []
    for version, entry in newest:
        change = changes.get(entry.change) if entry.change else None
        by = users.get(change.user_id) if change is not None and change.user_id is not None else None
        told.append(
            Version(
                number=version,
                moment=entry.at,
                when=shown_moment(entry.at),
                who=(by.get_full_name() or by.get_username()) if by else "",
                reason=change.reason if change is not None else "",
                kind="changed",
            )
        )
    return told


def _written(key: int) -> list[Written]:
    """The last writes of the user's row whose contents are there, the newest first."""
    return _with_bodies(Entry.objects.filter(table_name=USERS, row_key=str(key)).order_by("-id")[:MOST_READ])


def _with_bodies(rows: models.QuerySet[Entry]) -> list[Written]:
    entries = list(rows)
    kept = Payload.objects.filter(entry_id__in=[each.id for each in entries], body__isnull=False)
    bodies = dict(kept.values_list("entry_id", "body"))
    return [(each, json.loads(bodies[each.id])) for each in entries if each.id in bodies]


def _of_version(written: list[Written], number: int) -> Written | None:
    """The write that led to the version: what came after it past the services counts as changed by others.

    Before users had versions, all that was written is of the first.
    """
    there = [each for each in written if each[1]["after"]]
    exact = [each for each in there if each[1]["after"].get("version") == number]
    unnumbered = [each for each in there if "version" not in each[1]["after"]] if number == 1 else []
    return exact[-1] if exact else next(iter(unnumbered), None)


def _roles_after(key: int, entry: Entry) -> tuple[str, ...]:
    """The roles once the change of that entry was done: those of now, with all that came later taken back."""
    later = Entry.objects.filter(table_name=ROLES, id__gt=entry.id).order_by("-id")
    if entry.change is not None:
        later = later.filter(~models.Q(change=entry.change) | models.Q(change=None))
    held = set(User.groups.through._default_manager.filter(user_id=key).values_list("group_id", flat=True))
    for _entry, body in _with_bodies(later):
        before, after = (row if row and row["user_id"] == key else None for row in (body["before"], body["after"]))
        if after:
            held.discard(after["group_id"])
        if before:
            held.add(before["group_id"])
    return tuple(Group.objects.filter(pk__in=held).order_by("name").values_list("name", flat=True))
