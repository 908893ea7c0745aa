"""Names as records bear them, whoever writes them: without white space around them, and with something to be seen."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import Agent, AgentName, Option, Question, Record, Side, Source, Topic
from claims.text.characters import is_visible

# The field that holds what such a record is called.
NAMED: Mapping[type[Record], str] = {
    Topic: "name",
    Side: "name",
    Agent: "name",
    AgentName: "text",
    Source: "title",
    Question: "text",
    Option: "label",
}


def tidy_name(record: Record) -> None:
    """Take the white space around the record's name away, in every language; what is withdrawn stays as it was.

    Raises:
        ValidationError: by field, where a name has nothing that can be seen.
    """
    field = NAMED.get(type(record))
    if field is None or record.withdrawn:
        return
    setattr(record, field, _tidied(field, getattr(record, field)))
    translations = getattr(record, "translations", None)
    if isinstance(translations, dict) and all(isinstance(text, str) for text in translations.values()):
        stated = {language: _tidied("translations", text) for language, text in translations.items() if text}
        record.translations = stated  # type: ignore[attr-defined]


def refuse_unseen(text: str) -> None:
    """Raise `ValidationError` for a name of white space, direction and zero-width characters alone."""
    if not is_visible(text):
        raise ValidationError(_("Nothing of this name can be seen. Write one with letters, digits or signs."))


def _tidied(field: str, text: str) -> str:
    try:
        refuse_unseen(text)
    except ValidationError as error:
        raise ValidationError({field: error}) from None
    return text.strip()
