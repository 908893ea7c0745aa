"""What a service refused, placed on the forms that a person filled in: by form prefix, then by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.forms import BaseForm
from django.http import HttpRequest
from django.utils.safestring import SafeString

from claims.models import Record, User
from claims.permissions import NotAllowed
from claims.services.recording import LinesRefused, Part
from claims.services.refusals import Refused, Stale

# What a form's page may be answered with; anything else is a mistake of ours and not hidden.
REFUSALS = (ValidationError, Stale, NotAllowed)
Refusal = ValidationError | Stale | NotAllowed

# The prefix under which the errors of the main form are kept.
MAIN = ""


@dataclass(frozen=True)
class Outcome:
    """What came of posting a form, to be shown in it: nothing was written.

    `refused` maps the prefix of a form to its errors. `settled` is False where the form is only to be shown again,
    with more lines or after a look at what saving it would mean; `told` is what that look found. `stale` says that
    somebody else changed what was to be saved.
    """

    refused: Mapping[str, ValidationError] = field(default_factory=dict)
    settled: bool = True
    told: SafeString | None = None
    stale: bool = False


class NotKept(Exception):  # noqa: N818 - it names what happened
    """The posted form is shown again, with what came of it."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome)


def outcome_of(request: HttpRequest) -> Outcome:
    """What came of posting this request so far."""
    found: Outcome | None = getattr(request, "outcome", None)
    return found or Outcome()


def keep_outcome(request: HttpRequest, outcome: Outcome) -> None:
    """Remember what came of posting the request, for the forms that are made next."""
    request.outcome = outcome  # type: ignore[attr-defined]


Places = Callable[[Part], tuple[str, Mapping[str, str]]]


def placed(
    error: Refusal, *, prefix_of: Callable[[Record | User], str] | None = None, places: Places | None = None
) -> dict[str, ValidationError]:
    """The errors by form prefix.

    `prefix_of` says which form a refused record was typed in, `places` which form the part of a recording was, with
    the names that its fields have in the form.
    """
    if isinstance(error, LinesRefused) and places is not None:
        found: dict[str, ValidationError] = {}
        for part, refusal in error.parts.items():
            prefix, names = places(part)
            renamed = by_field(refusal, names)
            if prefix in found:
                renamed = merged(by_field(found[prefix]), renamed)
            found[prefix] = ValidationError(renamed)
        return found
    prefix = MAIN
    if isinstance(error, Stale | Refused) and prefix_of is not None:
        prefix = prefix_of(error.record)
    return {prefix: ValidationError(by_field(error))}


def by_field(error: Refusal, names: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """The sentences of an error by the field of the form, those of none under Django's name for that."""
    if not isinstance(error, ValidationError):
        return {NON_FIELD_ERRORS: [str(error)]}
    renamed = names or {}
    if getattr(error, "code", "") == "reason":
        return {"change_reason": list(error.messages)}
    if not hasattr(error, "error_dict"):
        return {NON_FIELD_ERRORS: list(error.messages)}
    found: dict[str, list[str]] = {}
    for name, sentences in error.message_dict.items():
        found.setdefault(renamed.get(name, name), []).extend(sentences)
    return found


def merged(first: Mapping[str, list[str]], second: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Both kinds of errors together."""
    return {name: [*first.get(name, []), *second.get(name, [])] for name in {**first, **second}}


def add_refusal(form: BaseForm, error: ValidationError) -> None:
    """Show the errors on the fields of the form; those of a field that it does not have at its head."""
    for name, sentences in by_field(error).items():
        shown = name if name in form.fields else None
        form.add_error(shown, [ValidationError(sentence) for sentence in sentences])
