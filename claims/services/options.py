"""Options of a choice question: looked up by label or path, made where that is asked for, never in a circle."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.identity import circle_in
from claims.domain.notation import write_path
from claims.domain.values import Key
from claims.models import Change, Option, OptionBroader, Question
from claims.services.naming import listed, typed
from claims.services.transaction import lock_question, save


class Options:
    """The current options of one question during one change, with what is above each."""

    def __init__(self, this: Change, question: Question) -> None:
        self._this = this
        self._question = question
        options = Option.objects.current().filter(question=question)
        self._options: dict[str, Option] = {option.label: option for option in options}
        self._above: dict[Key, frozenset[Key]] = steps_of(question)

    def meant_by(self, path: Sequence[str], *, make: bool) -> Option:
        """The option at the end of a path such as ("Truce", "Preliminary truce").

        With `make`, options and steps that the question does not have yet are made.

        Raises:
            ValidationError: an unknown option, a step that the question does not have, or a circle.
        """
        found = [self._option(label, make=make) for label in path]
        for broader, option in pairwise(found):
            if broader.pk not in self._above.get(option.pk, frozenset()):
                self._step(option, broader, make=make)
        return found[-1]

    def _option(self, label: str, *, make: bool) -> Option:
        if label not in self._options:
            if not make:
                raise ValidationError(self._unknown(label), code="unknown_option")
            option = Option(question=self._question, label=label)
            save(self._this, [option])
            self._options[label] = option
        return self._options[label]

    def _step(self, option: Option, broader: Option, *, make: bool) -> None:
        if not make:
            raise ValidationError(
                _("“%(option)s” does not stand under “%(broader)s” in this question. Say that it is a new step."),
                code="unknown_step",
                params={"option": typed(option.label), "broader": typed(broader.label)},
            )
        link = OptionBroader(option=option, broader=broader)
        lock_question(self._this, self._question.pk)
        refuse_circle(link, steps_of(self._question))
        save(self._this, [link])
        self._above[option.pk] = self._above.get(option.pk, frozenset()) | {broader.pk}

    def _unknown(self, label: str) -> str:
        known = listed(sorted(self._options)[:20])
        if not known:
            return _("This question has no options yet. Say that “%(label)s” is a new one.") % {"label": typed(label)}
        sentence = _(
            "This question has no option “%(label)s”. Choose one of these, or say that it is a new one: %(known)s."
        )
        return sentence % {"label": typed(label), "known": known}


def refuse_circle(link: OptionBroader, above: Mapping[Key, frozenset[Key]]) -> None:
    """Raise `ValidationError` where the step would lead from an option back to itself, naming the way round."""
    if link.option.question_id != link.broader.question_id:
        raise ValidationError({"broader": _("Both options must belong to the same question.")})
    way = circle_in({**above, link.option_id: above.get(link.option_id, frozenset()) | {link.broader_id}})
    if way is not None:
        labels = dict(Option.objects.filter(pk__in=way).values_list("pk", "label"))
        raise ValidationError(
            {
                "broader": _("This goes round in a circle: %(way)s. Leave out one of the steps.")
                % {"way": write_path([labels[key] for key in way if isinstance(key, int)])}
            }
        )


def steps_of(question: Question) -> dict[Key, frozenset[Key]]:
    """For each option of the question the options directly above it."""
    above: dict[Key, set[Key]] = defaultdict(set)
    rows = OptionBroader.objects.current().filter(option__question=question)
    for option, broader in rows.values_list("option", "broader"):
        above[option].add(broader)
    return {key: frozenset(value) for key, value in above.items()}
