"""Three sides of a field of a form - as it was opened, as it is now, as it was typed - and the choice between them.

Each side is what a browser would post, so that comparing and taking over is the same for every kind of field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.admin.fields import NamesField
from claims.queries.version_fields import FieldChange, field_change

YOURS, THEIRS = "yours", "theirs"
# Of the form itself, not of the record: how it is posted, and why.
OF_THE_FORM = frozenset({"change_reason", "record_version"})

Posted = dict[str, list[str]]


@dataclass(frozen=True)
class Side:
    """A field as one side has it: what would be posted for it, and the same in words."""

    posted: Posted
    words: str


@dataclass(frozen=True)
class Choice:
    """One field on which the sides differ. `base` is None where the version that was opened is not known.

    `names` are all that may be posted for the field; `chosen` is the side to take, None while that has to be said.
    """

    name: str
    label: str
    base: Side | None
    theirs: Side
    yours: Side
    changed_by_them: bool
    changed_by_you: bool
    names: frozenset[str]
    in_words: bool = False
    shown: bool = True
    chosen: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether both sides changed it, and to different values."""
        return self.shown and self.changed_by_them and self.changed_by_you

    @property
    def default(self) -> str | None:
        """The side that is taken where nobody chooses: the one that changed it."""
        if self.is_open:
            return None
        return THEIRS if self.changed_by_them else YOURS

    @property
    def theirs_shown(self) -> FieldChange:
        """What they made of it."""
        return field_change(self.label, self._base_words, self.theirs.words, in_words=self.in_words)

    @property
    def yours_shown(self) -> FieldChange:
        """What you made of it."""
        return field_change(self.label, self._base_words, self.yours.words, in_words=self.in_words)

    @property
    def _base_words(self) -> str:
        return self.base.words if self.base is not None else ""

    def apply(self, data: QueryDict) -> None:
        """Put the chosen side into what was posted."""
        side = self.theirs if self.chosen == THEIRS else self.yours
        for name in self.names:
            data.pop(name, None)
        for name, values in side.posted.items():
            data.setlist(name, values)


@dataclass(frozen=True)
class Section:
    """One form of a page: its heading, the fields to choose, and the name under which its version is posted."""

    title: str
    version_name: str
    version: int
    opened: int
    choices: Sequence[Choice] = field(default_factory=tuple)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to see or to choose in it."""
        return any(choice.shown for choice in self.choices)


def sides_of(base: forms.BaseForm | None, theirs: forms.BaseForm, yours: forms.BaseForm) -> list[Choice]:
    """The fields on which the three forms, of one prefix, are not all the same; `yours` is bound, the others are not.

    What is typed beside the record, such as a tick, is like the others' on both sides, and so always yours.
    """
    found = []
    for name in theirs.fields:
        if name in OF_THE_FORM:
            continue
        choice = _choice(name, base, theirs, yours)
        if choice is not None:
            found.append(choice)
    return found


def _choice(name: str, base: Any, theirs: Any, yours: Any) -> Choice | None:
    form_field = theirs.fields[name]
    bound = theirs[name]
    now = posted_of(bound)
    typed = {each: values for each, values in _lists(yours.data).items() if belongs(each, bound)}
    before = posted_of(base[name]) if base is not None else None
    differ = _differ(form_field, bound.html_name, theirs.get_initial_for_field(form_field, name), typed)
    by_them = base is None or _differ(form_field, bound.html_name, base.get_initial_for_field(form_field, name), now)
    by_you = (
        differ
        if base is None
        else _differ(form_field, bound.html_name, base.get_initial_for_field(form_field, name), typed)
    )
    if not differ or not (by_them or by_you):
        return None

    def side(posted: Posted) -> Side:
        return Side(posted, words_of(form_field, _data(form_field, bound.html_name, posted)))

    return Choice(
        name=bound.html_name,
        label=capfirst(str(bound.label)),
        base=side(before) if before is not None else None,
        theirs=side(now),
        yours=side(typed),
        changed_by_them=by_them,
        changed_by_you=by_you,
        names=frozenset({*now, *typed}),
        in_words=is_text(form_field),
    )


def belongs(name: str, bound: BoundField) -> bool:
    """Whether something posted under that name is of the field: its own name, or one of its inputs'."""
    return name in {f"{bound.html_name}{suffix}" for suffix in _suffixes(bound.field.widget)}


def posted_of(bound: BoundField) -> Posted:
    """What a browser would post for a field that shows this value."""
    widget, name, value = bound.field.widget, bound.html_name, bound.value()
    if isinstance(widget, forms.MultiWidget):
        texts = widget.decompress(value) or []
        return {f"{name}{suffix}": [text or ""] for suffix, text in zip(_suffixes(widget), texts, strict=True)}
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"]} if value and value != "False" else {}
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple):
        return {name: [str(each) for each in shown if each is not None]}
    return {name: ["" if shown is None else str(shown)]}


def _suffixes(widget: Any) -> list[str]:
    """What follows the field's name in the names of its inputs: nothing, where it is one."""
    return [*getattr(widget, "widgets_names", [""])]


def words_of(form_field: forms.Field, data: Any) -> str:
    """What was typed into the field, as people read it: names, labels, yes and no; as it stands where it is neither."""
    if isinstance(form_field, forms.ModelChoiceField):
        try:
            found = form_field.to_python(data)
        except forms.ValidationError:
            return str(data or "")
        return "" if found is None else str(found)
    if isinstance(form_field, NamesField):
        pairs = zip(form_field.languages, data or [], strict=False)
        return "\n".join(f"{language}: {text}" for language, text in pairs if text)
    if isinstance(form_field, forms.BooleanField):
        return _("yes") if form_field.to_python(data) else _("no")
    if isinstance(form_field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in _flat(form_field)}
        given = data if isinstance(data, list | tuple) else [data]
        return ", ".join(labels.get(str(each), str(each)) for each in given if each not in (None, ""))
    return "" if data is None else str(data)


def is_text(form_field: forms.Field) -> bool:
    """Whether the field is for somebody's words, which are compared word by word."""
    widget = form_field.widget
    return type(form_field) is forms.CharField and "notation" not in widget.attrs.get("class", "")


def _flat(form_field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    """The choices without their groups."""
    pairs: list[tuple[Any, Any]] = []
    choices: Any = form_field.choices
    for key, label in choices:
        pairs += label if isinstance(label, list | tuple) else [(key, label)]
    return pairs


def _data(form_field: forms.Field, name: str, posted: Mapping[str, list[str]]) -> Any:
    """What the field's widget makes of it, with the line ends of a form taken back."""
    data = form_field.widget.value_from_datadict(MultiValueDict(posted), MultiValueDict(), name)
    if isinstance(data, str):
        return data.replace("\r\n", "\n").strip()
    if isinstance(data, list):
        return [each.replace("\r\n", "\n").strip() if isinstance(each, str) else each for each in data]
    return data


def _differ(form_field: forms.Field, name: str, initial: Any, posted: Mapping[str, list[str]]) -> bool:
    value = initial.replace("\r\n", "\n").strip() if isinstance(initial, str) else initial
    return bool(form_field.has_changed(value, _data(form_field, name, posted)))


def _lists(data: Any) -> dict[str, list[str]]:
    return dict(data.lists())
