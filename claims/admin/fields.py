"""Form fields and widgets that every form of the admin shares: directions, dates as written, names in languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from claims.models.fields import Translations

DATES = frozenset({"said_on", "published_on", "event_on", "dated_on", "as_of", "captured_on"})
DATE_HELP = _("As far as it is known, such as 2016-09-19, 2016-09, 2016-09-19T14:30 or 2016-09~.")
ANSWER_HELP = _(
    "Choice: West > North-west; alternatives: Idlib | Jarablus; only that: =Idlib. Quantity: 300, 200..300, >=200, "
    "~2000. Date: 2016-09-19. Yes or no: yes, no."
)
ROWS = 3


class ReasonField(forms.CharField):
    """Why a change is made: kept with the history for good."""

    def __init__(self, **keywords: Any) -> None:
        widget = forms.TextInput(attrs={"class": "vTextField", "dir": "auto", "autocomplete": "off"})
        super().__init__(
            **{
                "label": _("Reason for this change"),
                "help_text": _("Kept with the history, for whoever asks later why this was changed."),
                "widget": widget,
                **keywords,
            }
        )


class NamesWidget(forms.MultiWidget):
    """One input for each language, with the language's name beside it."""

    template_name = "admin/widgets/names.html"

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = list(languages)
        attributes = {"class": "vTextField", "dir": "auto"}
        super().__init__({code: forms.TextInput(attrs={**attributes, "lang": code}) for code in self.languages})

    def decompress(self, value: object) -> list[str]:
        """The text of each language."""
        texts = value if isinstance(value, Mapping) else {}
        return [texts.get(code, "") for code in self.languages]

    def get_context(self, name: str, value: object, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for code, subwidget in zip(self.languages, context["widget"]["subwidgets"], strict=True):
            subwidget["language"] = language_name(code)
        return context


class NamesField(forms.MultiValueField):
    """A record's name in other languages: {language: text}, those left empty taken out."""

    def __init__(self, languages: Sequence[str] | None = None, **keywords: Any) -> None:
        self.languages = list(languages or dict(settings.LANGUAGES))
        fields = [forms.CharField(required=False) for _code in self.languages]
        for unfit in ("encoder", "decoder", "widget"):
            keywords.pop(unfit, None)
        super().__init__(
            **{**keywords, "fields": fields, "require_all_fields": False, "widget": NamesWidget(self.languages)}
        )

    def compress(self, data_list: Sequence[str]) -> dict[str, str]:
        """The languages with a text."""
        return {code: text for code, text in zip(self.languages, data_list, strict=False) if text}

    def has_changed(self, initial: object, data: Sequence[str] | None) -> bool:
        texts = initial if isinstance(initial, Mapping) else {}
        given = [(text or "").strip() for text in data or [""] * len(self.languages)]
        return [texts.get(code, "") for code in self.languages] != given


def language_name(code: str) -> str:
    """The language's own name, or its tag."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def fitted(field: models.Field[Any, Any], form_field: forms.Field) -> forms.Field:
    """The form field of a model field, in the direction of what is typed, with help where a notation is asked for."""
    attributes = form_field.widget.attrs
    if field.name in DATES:
        attributes.update({"dir": "ltr", "class": "vTextField notation", "autocomplete": "off"})
        form_field.help_text = form_field.help_text or DATE_HELP
    elif isinstance(field, models.CharField | models.TextField) and not field.choices:
        attributes.setdefault("dir", "auto")
        if isinstance(form_field.widget, forms.Textarea):
            attributes["rows"] = ROWS
    return form_field


def languages_of(translations: Mapping[str, str]) -> list[str]:
    """The languages to ask a name in: those of the interface, and those that it is recorded in."""
    return list(dict.fromkeys([*dict(settings.LANGUAGES), *translations]))


def is_names(field: models.Field[Any, Any]) -> bool:
    """Whether the model field keeps a name in other languages."""
    return isinstance(field, Translations)
