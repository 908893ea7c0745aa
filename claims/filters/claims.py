"""The filters of the list of claims, as a table; what is unknown or invalid is refused, and never widens the list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import Review, Stance, State
from claims.filters.fields import DateField, FilterForm, LetterField, RecordField, WordsField
from claims.models import URGENCY, ClaimState
from claims.queries.claim_lists import FIRST_ORDER, ORDER_LABELS, find_row, with_word, within
from claims.queries.lookups import AGENTS, PUBLISHERS, QUESTIONS, SIDES, SOURCES, TOPICS, Found
from claims.wording import WORDS, letter_of, word_date

Rows = QuerySet[ClaimState]
PLACES = ("after", "before")
"""Parameters that name the claim from which a page begins."""
NOT_SELECTING = (*PLACES, "sort")
"""Parameters that say nothing of which claims a list has."""
ANY = _("any")
STALE = "stale"
"""Asked of the review as if it were one: checked, and what was checked has changed since; `checked` has both."""
REVIEWS = [(each.value, WORDS[Review][each]) for each in Review]
REVIEWS.insert(1 + list(Review).index(Review.CHECKED), (STALE, _("Checked, out of date")))
DATE_RANGES = (("said_from", "said_until"), ("published_from", "published_until"))


class RecordFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows that have one of the records meant."""

    field_class = RecordField

    def filter(self, rows: Rows, value: Found | None) -> Rows:
        if value is None:
            return rows
        if len(value.keys) == 1:
            return rows.filter(**{self.field_name: value.keys[0]})
        return rows.filter(**{f"{self.field_name}__in": value.keys})


class WordsFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows whose claims have every one of the words."""

    field_class = WordsField

    def filter(self, rows: Rows, value: list[str]) -> Rows:
        for stem in value:
            rows = with_word(rows, stem)
        return rows


class DateFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows whose moment begins at or after a date's first moment, or (`until`) before its end."""

    field_class = DateField

    def __init__(self, *, until: bool = False, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.until = until

    def filter(self, rows: Rows, value: Any) -> Rows:
        """Left to `ClaimFilters`, which looks at both ends together."""
        return rows

    def condition(self, value: Any) -> Q:
        """The condition for a date asked for."""
        begin, end = value.bounds()
        return Q(**{f"{self.field_name}__lt": end} if self.until else {f"{self.field_name}__gte": begin})


class LetterFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows of the position with this letter."""

    field_class = LetterField

    def filter(self, rows: Rows, value: int | None) -> Rows:
        return rows if value is None else rows.filter(position__index=value)


class ClaimFilterForm(FilterForm):
    """What no field can check alone."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, last in DATE_RANGES:
            begin, end = cleaned.get(first), cleaned.get(last)
            if begin and end and begin.bounds()[0] >= end.bounds()[1]:
                self.add_error(last, ValidationError(_("This is before the date from which. Swap the two.")))
        if cleaned.get("position") is not None and not (cleaned.get("question") or "question" in self.errors):
            self.add_error("position", ValidationError(_("Letters name the positions of a question. State it too.")))
        return cleaned


class ClaimFilters(django_filters.FilterSet):  # type: ignore[misc]
    """What the list of claims can be narrowed to. A name that is not here is refused."""

    text = WordsFilter(label=_("Words"))
    state = django_filters.MultipleChoiceFilter(
        label=_("State of the question"),
        choices=[(state.value, WORDS[State][state]) for state in State if state is not State.UNANSWERED],
        widget=forms.CheckboxSelectMultiple,
        method="in_states",
    )
    contested = django_filters.ChoiceFilter(
        label=_("The claim itself"), method="is_contested", choices=[("yes", _("excluded by another"))], empty_label=ANY
    )
    topic = RecordFilter(label=_("Topic"), lookup=TOPICS, listed=True)
    question = RecordFilter(label=_("Question"), lookup=QUESTIONS)
    position = LetterFilter(label=_("Position"))
    speaker = RecordFilter(label=_("Speaker"), lookup=AGENTS, listed=True)
    side = RecordFilter(label=_("Side"), lookup=SIDES, listed=True)
    source = RecordFilter(label=_("Source"), lookup=SOURCES, listed=True)
    publisher = RecordFilter(label=_("Publisher"), lookup=PUBLISHERS, listed=True)
    stance = django_filters.ChoiceFilter(
        label=_("Stance"), choices=[(each.value, WORDS[Stance][each]) for each in Stance], empty_label=ANY
    )
    review = django_filters.ChoiceFilter(label=_("Review"), choices=REVIEWS, empty_label=ANY, method="in_review")
    said_from = DateFilter(label=_("Said from"), field_name="said_from")
    said_until = DateFilter(label=_("Said until"), field_name="said_from", until=True)
    published_from = DateFilter(label=_("Published from"), field_name="published_from")
    published_until = DateFilter(label=_("Published until"), field_name="published_from", until=True)
    language = django_filters.CharFilter(
        label=_("Language of the source"),
        max_length=35,
        validators=[RegexValidator(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", _("Write a tag, such as ar or en."))],
        widget=forms.TextInput({"dir": "ltr", "size": 6, "placeholder": "ar"}),
    )
    has_passage = django_filters.ChoiceFilter(
        label=_("Passage"),
        method="with_passage",
        choices=[("yes", _("recorded")), ("no", _("not recorded"))],
        empty_label=ANY,
    )
    sort = django_filters.ChoiceFilter(
        label=_("Sort"),
        choices=list(ORDER_LABELS.items()),
        empty_label=None,
        widget=forms.HiddenInput,
        method="leave",
    )

    class Meta:
        model = ClaimState
        fields: list[str] = []
        form = ClaimFilterForm

    def filter_queryset(self, queryset: Rows) -> Rows:
        """All filters, and the dates by the moment that they speak of."""
        rows: Rows = super().filter_queryset(queryset)
        for begin, end in DATE_RANGES:
            asked = [(name, value) for name in (begin, end) if (value := self.form.cleaned_data[name]) is not None]
            conditions = [self.filters[name].condition(value) for name, value in asked]
            if conditions:
                rows = within(rows, begin, reduce(and_, conditions))
        return rows

    def in_states(self, rows: Rows, _name: str, value: list[str]) -> Rows:
        """By rank, as the lists are ordered by it."""
        ranks = [URGENCY[state] for state in value]
        return rows.filter(state_rank=ranks[0]) if len(ranks) == 1 else rows.filter(state_rank__in=ranks)

    def is_contested(self, rows: Rows, _name: str, _value: str) -> Rows:
        return rows.filter(contested=True)

    def in_review(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(stale=True) if value == STALE else rows.filter(review=value)

    def with_passage(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(has_passage=value == "yes")

    def leave(self, rows: Rows, _name: str, _value: str) -> Rows:
        """The order is no filter; it is a field here so that an unknown one is refused."""
        return rows


@dataclass(frozen=True, slots=True)
class Active:
    """One thing that a list is narrowed to, in words, and the query string without it."""

    label: str
    value: str
    remove: str


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list: valid or not; with `mistakes` in sentences where it is not."""

    filters: ClaimFilters
    unknown: tuple[str, ...]
    places: Mapping[str, ClaimState]
    mistakes: tuple[str, ...]

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """Read an address; nothing in it is passed over."""
        filters = ClaimFilters(query, queryset=ClaimState.objects.all())
        known = {*filters.filters, *PLACES}
        unknown = tuple(name for name in query if name not in known)
        repeated = [name for name in query if name in known and name != "state" and len(query.getlist(name)) > 1]
        mistakes = [str(_("“%(name)s” is stated more than once. State it once.") % {"name": name}) for name in repeated]
        places: dict[str, ClaimState] = {}
        for name in PLACES:
            if text := query.get(name, ""):
                if (row := _row(text)) is None:
                    mistakes.append(
                        str(_("The page to begin at names a claim that is not here. Begin at the first page."))
                    )
                else:
                    places[name] = row
        if len(places) > 1:
            mistakes.append(str(_("A page begins after a claim or ends before one, not both.")))
        return cls(filters, unknown, places, tuple(mistakes))

    @property
    def is_valid(self) -> bool:
        """Whether the list can be shown."""
        return not self.unknown and not self.mistakes and bool(self.filters.is_valid())

    @property
    def order(self) -> str:
        """The name of the order asked for."""
        return str(self.filters.form.cleaned_data.get("sort") or FIRST_ORDER)

    @property
    def selection(self) -> str:
        """The query string of which claims are asked for, without their order and where a page begins."""
        left = self.filters.form.data.copy()
        for name in [each for each in left if each in NOT_SELECTING or not any(left.getlist(each))]:
            del left[name]
        return str(left.urlencode())

    def dates(self) -> list[str]:
        """The date fields that the list is narrowed by: the first of their indexes is the way to count it."""
        cleaned = self.filters.form.cleaned_data
        return [begin for begin, end in DATE_RANGES if cleaned[begin] or cleaned[end]][:1]

    def active(self) -> list[Active]:
        """What the list is narrowed to, in words, in the order of the form; only of what is valid."""
        form = self.filters.form
        cleaned = form.cleaned_data if form.is_bound else {}
        return [
            Active(str(form.fields[name].label), value, _without(form.data, name, raw))
            for name in form.fields
            if name != "sort"
            for raw, value in _in_words(form.fields[name], cleaned.get(name), form.data.get(name, ""))
        ]


def _row(text: str) -> ClaimState | None:
    try:
        return find_row(UUID(text))
    except ValueError:
        return None


def _in_words(field: forms.Field, value: Any, written: str) -> Iterable[tuple[str, str]]:
    """What was asked of one field: as in the address, and in words."""
    if value is None or value in ("", []):
        return []
    match field:
        case RecordField():
            words = value.name
        case LetterField():
            words = letter_of(value)
        case DateField():
            words = word_date(value.text)
        case forms.MultipleChoiceField():
            return [(each, _label(field, each)) for each in value]
        case forms.ChoiceField():
            words = _label(field, value)
        case _:
            words = written.strip()
    return [(written, words)]


def _label(field: forms.ChoiceField, value: str) -> str:
    """How a choice is called in the form."""
    choices: Any = field.choices
    return str(dict(choices)[value])


def _without(query: QueryDict, name: str, value: str) -> str:
    """The query string without one value, beginning at the first page again."""
    left = query.copy()
    left.setlist(name, [each for each in query.getlist(name) if each != value])
    for place in PLACES:
        left.pop(place, None)
    return left.urlencode()
