"""Fields of the filter form: records by name or identifier, dates in EDTF, words to look for, letters of positions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.domain.refusals import Refusal
from claims.queries.dates import date_of
from claims.queries.lookups import Found, Lookup
from claims.text.normalising import search_stems
from claims.wording import isolated, word_refusal

MOST_CHOICES = 100
MOST_WORDS = 10
MOST_CHARACTERS = 300
LETTERS = 26


class FilterForm(forms.Form):
    """A form whose fixed lists, where they refuse a word, name those that they have."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        sentence = gettext("“%(written)s” is none of the words that can stand here. Write one of: %(words)s.")
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                choices: Any = field.choices
                words = ", ".join(str(word) for word, _label in choices if word)
                # What is written is put in by Django.
                field.error_messages["invalid_choice"] = sentence % {"written": isolated("%(value)s"), "words": words}


class RecordWidget(forms.TextInput):
    """A line of text; a list to choose from once the record is known, or where there are few records of the kind."""

    chosen: Found | None = None

    def __init__(self, lookup: Lookup, *, listed: bool) -> None:
        super().__init__({"dir": "auto", "autocomplete": "off"})
        self.lookup = lookup
        self.listed = listed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        choices = self.lookup.choices(MOST_CHOICES) if self.listed else []
        chosen = self.chosen.uid if self.chosen else ""
        if self.chosen and chosen and chosen not in dict(choices):
            choices = [(chosen, self.chosen.name), *choices]
        if choices and (chosen or not value):
            select = forms.Select({"dir": "auto"}, [("", _("any")), *choices])
            return select.render(name, chosen, attrs, renderer)
        return super().render(name, value, attrs, renderer)


class RecordField(forms.CharField):
    """Records by identifier or whole name; cleans to `Found`, or None where nothing is asked."""

    def __init__(self, *, lookup: Lookup, listed: bool = False, **keywords: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, widget=RecordWidget(lookup, listed=listed), **keywords)
        self.lookup = lookup

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = self.lookup.find(text)
        if found is None:
            self._refuse(text)
        self.widget.chosen = found
        return found

    def _refuse(self, text: str) -> None:
        near = self.lookup.suggestions(text)
        if near:
            raise ValidationError(
                _("Nothing here is called %(text)s. Do you mean %(near)s?"),
                params={"text": isolated(text), "near": " · ".join(isolated(name) for name in near)},
            )
        raise ValidationError(
            _("Nothing here is called %(text)s. Write the whole name, or follow a link from a page that shows it."),
            params={"text": isolated(text)},
        )


class DateField(forms.CharField):
    """A date in EDTF; cleans to `ReadDate`, or None where nothing is asked."""

    def __init__(self, **keywords: Any) -> None:
        widget = forms.TextInput({"dir": "ltr", "placeholder": "2015-12", "autocomplete": "off"})
        super().__init__(max_length=100, widget=widget, **keywords)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return date_of(text) if text else None
        except Refusal as refusal:
            raise ValidationError(word_refusal(refusal)) from None


class WordsField(forms.CharField):
    """Words to search for; cleans to their stems."""

    def __init__(self, **keywords: Any) -> None:
        widget = forms.TextInput({"type": "search", "dir": "auto"})
        super().__init__(max_length=MOST_CHARACTERS, widget=widget, **keywords)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        stems = list(dict.fromkeys(search_stems(text)))
        if text and not stems:
            raise ValidationError(_("There is no word in this to look for. Write letters or digits."))
        if len(stems) > MOST_WORDS:
            raise ValidationError(_("Search for no more than %(most)s words."), params={"most": MOST_WORDS})
        return stems


class LetterField(forms.CharField):
    """The letter of a position, such as B or AA; cleans to its index, or None where nothing is asked."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(max_length=5, widget=forms.TextInput({"dir": "ltr", "size": 3}), **keywords)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if not (text.isascii() and text.isalpha()):
            raise ValidationError(_("A position is named by a letter, such as B."))
        number = 0
        for letter in text.upper():
            number = number * LETTERS + ord(letter) - ord("A") + 1
        return number - 1
