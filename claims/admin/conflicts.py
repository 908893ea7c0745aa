"""A form that was posted on a version that is not the newest any more: what each side made of it, field by field.

The version that the form was opened on is read from history, that of a user from the journal. Fields that one side
alone changed are taken over, those that both did have to be chosen; what is chosen is put into what was posted, as if
it had been typed on the newest version - and is looked at again when that is posted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst

from claims.admin.merging import Choice, Section, sides_of
from claims.models import Record, User
from claims.queries.histories import Version, changes_since
from claims.queries.versions import version_row

SEEN, CHOOSE, RESOLVING, EDITING = "conflict-seen-", "choose-", "_resolve", "_edit"
MOST_ROWS = 1_000


@dataclass(frozen=True)
class Added:
    """A part that somebody else added meanwhile: its kind and name."""

    kind: str
    name: str


@dataclass(frozen=True)
class Conflict:
    """A posted form with its parts, of which at least one was changed since it was opened."""

    record: Record | User
    posted: QueryDict
    sections: Sequence[Section]
    added: Sequence[Added]
    changes: Sequence[Version]

    @property
    def withdrawn(self) -> bool:
        """Whether the record was withdrawn meanwhile."""
        return isinstance(self.record, Record) and self.record.withdrawn

    @property
    def is_resolved(self) -> bool:
        """Whether it was said how to go on from the very versions that are the newest now, for every open field."""
        asked = RESOLVING in self.posted or EDITING in self.posted
        return asked and all(
            self.posted.get(f"{SEEN}{section.version_name}") == str(section.version)
            and all(choice.chosen for choice in section.choices)
            for section in self.sections
        )

    @property
    def is_asked_again(self) -> bool:
        """Whether somebody tried to go on, and something is still to be said."""
        return RESOLVING in self.posted or EDITING in self.posted

    def merged(self) -> QueryDict:
        """What was posted, on the newest versions and with what was chosen."""
        data = self.posted.copy()
        for section in self.sections:
            data[section.version_name] = str(section.version)
            for choice in section.choices:
                choice.apply(data)
        for name in list(data):
            if name.startswith((SEEN, CHOOSE)) or name in {RESOLVING, EDITING}:
                del data[name]
        return data

    def carried(self) -> list[tuple[str, str]]:
        """What is posted again with the choices: all that was typed, but the reason, which is shown."""
        apart = {"change_reason", "csrfmiddlewaretoken", RESOLVING, EDITING}
        return [
            (name, value)
            for name, values in self.posted.lists()
            if name not in apart and not name.startswith((SEEN, CHOOSE))
            for value in values
        ]


def version_posted(text: str | None) -> int | None:
    """The number of a version as it was posted; None for what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < len(str(2**31)) else None


def is_stale(model_admin: Any, request: HttpRequest, record: Record | User) -> bool:
    """Whether the record, or a part of it in the form, is not of the version that was posted any more."""
    if version_posted(request.POST.get("record_version")) not in (None, record.version):
        return True
    for formset, rows in _posted_rows(model_admin, request, record):
        now = dict(formset.model.objects.filter(pk__in=rows).values_list("pk", "version"))
        for key, prefix in rows.items():
            if version_posted(request.POST.get(f"{prefix}-record_version")) not in (None, now.get(key)):
                return True
    return False


def conflict_of(model_admin: Any, request: HttpRequest, record: Record | User) -> Conflict:
    """The three sides of the posted form, whether or not anything differs."""
    main = _main(model_admin, request, record)
    sections, added = [main], []
    changes = model_admin.changes_since(record, main.opened) if main.opened != main.version else []
    for formset, rows in _posted_rows(model_admin, request, record):
        if formset.model in model_admin.merged_whole:
            continue
        for part in _part_sections(formset, rows, request.POST):
            sections.append(part)
            if main.opened == main.version:
                key = next(key for key, prefix in rows.items() if part.version_name.startswith(f"{prefix}-"))
                changes += changes_since(formset.model, key, part.opened)
        added += _added(model_admin, request, record, formset, rows)
    sections = [_chosen(section, request.POST) for section in sections]
    return Conflict(record, request.POST, sections, added, changes)


def _main(model_admin: Any, request: HttpRequest, record: Record | User) -> Section:
    form_class = model_admin.get_form(request, record, change=True)
    opened = version_posted(request.POST.get("record_version")) or 0
    row = model_admin.version_row(record, opened)
    base = form_class.of_version(row) if row is not None else None
    theirs, yours = form_class(instance=record), form_class(request.POST, instance=record)
    choices = [
        *(each for each in sides_of(base, theirs, yours) if each.name not in model_admin.merged_names),
        *model_admin.merged_choices(request, record, row),
    ]
    title = capfirst(str(record._meta.verbose_name))
    return Section(title, "record_version", record.version, opened, choices)


def _part_sections(formset: Any, rows: Mapping[int, str], posted: QueryDict) -> Iterator[Section]:
    """The parts of one kind whose versions are not those that were posted."""
    for part in formset.model.objects.filter(pk__in=rows).order_by("pk"):
        prefix = rows[part.pk]
        opened = version_posted(posted.get(f"{prefix}-record_version")) or 0
        if opened == part.version:
            continue
        row = version_row(formset.model, part.pk, opened)
        base = formset.form.of_version(row, prefix=prefix) if row is not None else None
        theirs = formset.form(instance=part, prefix=prefix)
        choices = sides_of(base, theirs, formset.form(posted, instance=part, prefix=prefix))
        title = f"{capfirst(str(part._meta.verbose_name))}: {part}"
        yield Section(title, f"{prefix}-record_version", part.version, opened, choices)


def _posted_rows(model_admin: Any, request: HttpRequest, record: Record | User) -> Iterator[tuple[Any, dict[int, str]]]:
    """For each kind of part the prefixes, by key, of the rows on record that were posted."""
    for formset, _inline in model_admin.get_formsets_with_inlines(request, record):
        prefix = formset.get_default_prefix()
        total = min(version_posted(request.POST.get(f"{prefix}-INITIAL_FORMS")) or 0, MOST_ROWS)
        posted = {request.POST.get(f"{prefix}-{number}-id", ""): f"{prefix}-{number}" for number in range(total)}
        keys = {int(key): place for key, place in posted.items() if key.isdecimal() and len(key) < len(str(2**63))}
        own = formset.model.objects.filter(**{formset.fk.name: record, "pk__in": keys})
        yield formset, {key: keys[key] for key in own.values_list("pk", flat=True)}


def _added(
    model_admin: Any, request: HttpRequest, record: Record | User, formset: Any, rows: Mapping[int, str]
) -> list[Added]:
    """The parts that are on record now and were not in the form, of kinds that the form shows."""
    if formset.get_default_prefix() + "-INITIAL_FORMS" not in request.POST:
        return []
    inlines = (each for each in model_admin.get_inline_instances(request, record) if each.model is formset.model)
    shown = next(inlines).get_queryset(request).filter(**{formset.fk.name: record, "withdrawn": False})
    name = capfirst(str(formset.model._meta.verbose_name))
    return [Added(name, str(part)) for part in shown.exclude(pk__in=rows)]


def _chosen(section: Section, posted: QueryDict) -> Section:
    """The section with what was chosen; what was chosen beside other versions than the newest is asked again."""
    seen = posted.get(f"{SEEN}{section.version_name}") == str(section.version)

    def settled(choice: Choice) -> Choice:
        said = posted.get(f"{CHOOSE}{choice.name}") if seen else None
        sides = {"yours", "theirs"}
        return replace(choice, chosen=said if said in sides else choice.default)

    return replace(section, choices=[settled(choice) for choice in section.choices])
