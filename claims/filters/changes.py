"""What the log of changes can be narrowed to; what is unknown or invalid is refused, and never widens the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.filters.claims import ANY, PLACES, Active
from claims.filters.fields import MOST_CHARACTERS, MOST_CHOICES, DateField, FilterForm, RecordField
from claims.ledger.models import Entry, LoggedChange
from claims.ledger.tracked import MODELS
from claims.models import User
from claims.queries.changes import CHANGE_TABLE, Wanted
from claims.queries.lookups import TOPICS
from claims.queries.row_lookups import FoundRows, find_rows
from claims.wording import isolated, word_date
from claims.wording.changes import word_kind

NOBODY = "no"
BEGIN, END = "changed_from", "changed_until"
# What an entry that nobody is named for cannot be narrowed by.
OF_CHANGES = ("person", "command", "topic")


class PersonWidget(forms.TextInput):
    """A line of text, or a list to choose from where users are few."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        names = User.objects.order_by("username").values_list("username", flat=True)
        known = list(names[: MOST_CHOICES + 1])
        if len(known) > MOST_CHOICES or (value and value not in known):
            return super().render(name, value, attrs, renderer)
        select = forms.Select({"dir": "auto"}, [("", ANY), *((each, each) for each in known)])
        return select.render(name, value, attrs, renderer)


class PersonField(forms.CharField):
    """A user by the name they sign in with; cleans to `User`, or None where nobody is asked for."""

    def __init__(self, **keywords: Any) -> None:
        widget = PersonWidget({"dir": "auto", "autocomplete": "off"})
        super().__init__(max_length=MOST_CHARACTERS, widget=widget, **keywords)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        user = User.objects.filter(username=text).first()
        if user is None:
            raise ValidationError(
                _("Nobody here signs in as %(text)s. Write the name that they sign in with."),
                params={"text": isolated(text)},
            )
        return user


class RowField(forms.CharField):
    """A record by identifier, address or name; cleans to `FoundRows`, or None where nothing is asked."""

    def __init__(self, **keywords: Any) -> None:
        widget = forms.TextInput({"dir": "auto", "autocomplete": "off"})
        super().__init__(max_length=MOST_CHARACTERS, widget=widget, **keywords)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = find_rows(text) if text else None
        if text and found is None:
            raise ValidationError(
                _("No record is %(text)s. Write its identifier, the address of its page, or its whole name."),
                params={"text": isolated(text)},
            )
        return found


class CommandField(forms.CharField):
    """The name of a command that has changed something."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(max_length=200, widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}), **keywords)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and not LoggedChange.objects.filter(command=text).exists():
            raise ValidationError(_("No command named %(text)s has changed anything."), params={"text": isolated(text)})
        return text


def _kinds() -> list[tuple[str, Any]]:
    """Every kind of row that is on record, by table; choices of the form."""
    named = ((table, model._meta) for table, model in MODELS.items())
    kinds = (
        (table, word_kind(table, meta.verbose_name, meta.verbose_name_plural, plural=True)) for table, meta in named
    )
    return [("", ANY), *sorted((each for each in kinds if each[0] != CHANGE_TABLE), key=lambda each: each[1])]


class ChangeForm(FilterForm):
    """The filters of the log."""

    person = PersonField(label=_("Person"), required=False)
    record = RowField(
        label=_("Record"), required=False, help_text=_("Its identifier, the address of its page, or its whole name.")
    )
    kind = forms.ChoiceField(label=_("Kind of record"), required=False, choices=_kinds)
    topic = RecordField(label=_("Topic"), required=False, lookup=TOPICS, listed=True)
    changed_from = DateField(label=_("Changed from"), required=False)
    changed_until = DateField(label=_("Changed until"), required=False)
    command = CommandField(label=_("Command"), required=False)
    attributed = forms.ChoiceField(
        label=_("Who and why"),
        required=False,
        choices=[("", ANY), ("yes", _("stated")), (NOBODY, _("not attributed"))],
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        for name in (BEGIN, END):
            # What was changed was changed lately; what a claim speaks of may be long ago.
            self.fields[name].widget.attrs["placeholder"] = f"{timezone.localdate():%Y-%m}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get(BEGIN), cleaned.get(END)
        if begin and end and begin.bounds()[0] >= end.bounds()[1]:
            self.add_error(END, ValidationError(_("This is before the date from which. Swap the two.")))
        if cleaned.get("attributed") == NOBODY:
            for name in OF_CHANGES:
                if cleaned.get(name):
                    sentence = _(
                        "What is not attributed is known by record, kind and date alone. Take this filter away."
                    )
                    self.add_error(name, ValidationError(sentence))
        return cleaned


@dataclass(frozen=True)
class AskedChanges:
    """What an address asks of the log: valid or not; with `mistakes` in sentences where it is not."""

    form: ChangeForm
    unknown: tuple[str, ...]
    places: dict[str, Any]
    mistakes: tuple[str, ...]

    @classmethod
    def of(cls, query: QueryDict) -> AskedChanges:
        """Read an address; nothing in it is passed over."""
        form = ChangeForm(query)
        known = {*form.fields, *PLACES}
        unknown = tuple(name for name in query if name not in known)
        repeated = [name for name in query if name in known and len(query.getlist(name)) > 1]
        mistakes = [str(_("“%(name)s” is stated more than once. State it once.") % {"name": name}) for name in repeated]
        nobody = query.get("attributed") == NOBODY
        places = {name: _place(text, nobody=nobody) for name in PLACES if (text := query.get(name, ""))}
        if None in places.values():
            mistakes.append(str(_("The page to begin at names a change that is not here. Begin at the first page.")))
        if len(places) > 1:
            mistakes.append(str(_("A page begins after a change or ends before one, not both.")))
        return cls(form, unknown, places, tuple(mistakes))

    @property
    def is_valid(self) -> bool:
        """Whether the log can be shown."""
        return bool(self.form.is_valid()) and not self.unknown and not self.mistakes

    @property
    def nobody(self) -> bool:
        """Whether what is not attributed is asked for."""
        return bool(self.form.cleaned_data["attributed"] == NOBODY)

    @property
    def of_changes(self) -> bool:
        """Whether something is asked that only a change has: then nothing unattributed can be meant."""
        return any(self.form.cleaned_data[name] for name in ("attributed", *OF_CHANGES))

    @property
    def wanted(self) -> Wanted:
        """What the log is narrowed to; only of what is valid."""
        asked = self.form.cleaned_data
        found: FoundRows | None = asked["record"]
        return Wanted(
            user=asked["person"].pk if asked["person"] else None,
            command=asked["command"],
            rows=found.rows if found else (),
            table=asked["kind"],
            topics=asked["topic"].keys if asked["topic"] else (),
            begin=asked[BEGIN].bounds()[0] if asked[BEGIN] else None,
            end=asked[END].bounds()[1] if asked[END] else None,
        )

    def active(self) -> list[Active]:
        """What the log is narrowed to, in words, in the order of the form."""
        return [
            Active(str(self.form.fields[name].label), words, self.without(name)) for name, words in self._in_words()
        ]

    def without(self, *names: str, **instead: str) -> str:
        """The query string without these parameters, beginning at the first page, with others in their place."""
        data: Any = self.form.data
        left: QueryDict = data.copy()
        for name in (*names, *PLACES):
            left.pop(name, None)
        for name in [each for each in left if not left[each]]:
            del left[name]
        left.update(instead)
        return str(left.urlencode())

    def _in_words(self) -> Iterator[tuple[str, str]]:
        for name, value in self.form.cleaned_data.items():
            if not value:
                continue
            field: Any = self.form.fields[name]
            match field:
                case PersonField():
                    words = value.get_username()
                case RowField() | RecordField():
                    words = value.name
                case DateField():
                    words = word_date(value.text)
                case forms.ChoiceField():
                    choices: Any = field.choices
                    words = str(dict(choices)[value])
                case _:
                    words = value
            yield name, words


def _place(text: str, *, nobody: bool) -> LoggedChange | Entry | None:
    """The row that a page begins after or ends before: a change by its identifier, an entry by its number."""
    if nobody:
        digits = text.isascii() and text.isdecimal() and len(text) < len(str(2**63))
        return Entry.objects.filter(pk=int(text), change=None).first() if digits else None
    try:
        return LoggedChange.objects.filter(uid=UUID(text)).first()
    except ValueError:
        return None
