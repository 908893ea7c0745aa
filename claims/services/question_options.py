"""A question kept together with its options, and with what lies above each, as an editor types them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.notation import read_choice
from claims.domain.refusals import Refusal
from claims.models import Change, Option, OptionBroader, Question, User
from claims.permissions import Capability, require
from claims.services.naming import called
from claims.services.recording import LinesRefused, Refusals, attempt, keep_prepared
from claims.services.transaction import change
from claims.wording import word_refusal


@dataclass(kw_only=True)
class TypedOption:
    """An option, new or on record, and the labels of the options directly above it: `Truce | Agreement`."""

    option: Option
    under: str = ""


def keep_question(
    *, question: Question, options: Sequence[TypedOption] = (), by: User | None, reason: str, command: str = ""
) -> Question:
    """Save a question with the options named; those not named stay as they are.

    Raises:
        NotAllowed: the user may not record, or not change what is on record.
        LinesRefused: by (0, "question", 0) or (0, "options", number), what lies above an option on its field `under`.
        Stale: somebody else changed one of them in the meantime.
    """
    for record in (question, *(each.option for each in options)):
        require(by, Capability.RECORD if record._state.adding else Capability.REVISE)
    refused: Refusals = {}
    with change(by=by, reason=reason, command=command) as this:
        if attempt(this, refused, (0, "question", 0), lambda: keep_prepared(this, question)):
            kept = [
                number
                for number, each in enumerate(options)
                if attempt(this, refused, (0, "options", number), partial(_keep_option, this, question, each.option))
            ]
            for number in kept:
                attempt(this, refused, (0, "options", number), partial(_place, this, options[number]))
        if refused:
            raise LinesRefused(refused)
    return question


def _keep_option(this: Change, question: Question, option: Option) -> None:
    if option._state.adding:
        option.question = question
    keep_prepared(this, option)


def _place(this: Change, typed: TypedOption) -> None:
    """Make the steps above the option what they should be."""
    wanted = {above.pk: above for above in _named(typed)}
    stored = {link.broader_id: link for link in OptionBroader.objects.filter(option=typed.option)}
    try:
        for key, link in stored.items():
            if link.withdrawn is (key in wanted):
                link.withdrawn = key not in wanted
                keep_prepared(this, link)
        for key in wanted.keys() - stored.keys():
            keep_prepared(this, OptionBroader(option=typed.option, broader=wanted[key]))
    except ValidationError as error:
        raise ValidationError({"under": error.messages}) from None


def _named(typed: TypedOption) -> Iterable[Option]:
    """The options that are named as lying above."""
    if not typed.under.strip():
        return []
    try:
        labels = [path[-1] for path in read_choice(typed.under).paths]
    except Refusal as refusal:
        raise ValidationError({"under": word_refusal(refusal)}) from None
    current = Option.objects.current().filter(question=typed.option.question_id, label__in=labels)
    known = {option.label: option for option in current}
    missing = [label for label in labels if label not in known]
    if missing:
        sentence = _("This question has no option “%(label)s”. Add it, or choose one that it has.")
        raise ValidationError({"under": sentence % {"label": called(Option(label=missing[0]))}})
    return known.values()
