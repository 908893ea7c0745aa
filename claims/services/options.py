"""Options of a choice question: looked up by label or path, made where that is asked for, never in a circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.identity import circle_in
from claims.domain.notation import write_path
from claims.domain.values import Key
from claims.models import Option, OptionBroader, Question
from claims.services.names import refuse_unseen
from claims.services.naming import listed, typed
from claims.text.normalising import visible_form

# The options of questions by label, and the labels directly above each.
Labelled = dict[str, Option]
Above = dict[str, frozenset[str]]


class Options:
    """The current options of one question during one change, with what is above each.

    Those that the question does not have yet are made but not saved: `take_new` hands them over.
    """

    def __init__(self, question: Question, options: Labelled, above: Above) -> None:
        self._question = question
        self._options = options
        self._above = above
        self._new: list[Option | OptionBroader] = []

    def meant_by(self, path: Sequence[str], *, make: bool) -> Option:
        """The option at the end of a path such as ("Truce", "Preliminary truce").

        With `make`, options and steps that the question does not have yet are made.

        Raises:
            ValidationError: an unknown option, a step that the question does not have, or a circle.
        """
        found = [self._option(label, make=make) for label in path]
        for broader, option in pairwise(found):
            if broader.label not in self._above.get(option.label, frozenset()):
                self._step(option, broader, make=make)
        return found[-1]

    def take_new(self) -> list[Option | OptionBroader]:
        """What was made since this was last asked, to be saved: the options, then the steps between them."""
        new, self._new = self._new, []
        return sorted(new, key=lambda record: isinstance(record, OptionBroader))

    def _option(self, label: str, *, make: bool) -> Option:
        """The option with the label, or with one that no reader can tell from it."""
        if label not in self._options:
            if visible_form(label) in self._seen_as:
                return self._options[self._seen_as[visible_form(label)]]
            if not make:
                raise ValidationError(self._unknown(label), code="unknown_option")
            refuse_unseen(label)
            option = Option(question=self._question, label=label)
            self._new.append(option)
            self._options[label] = option
            self._seen_as[visible_form(label)] = label
        return self._options[label]

    @cached_property
    def _seen_as(self) -> dict[str, str]:
        """The labels by what a reader sees of them; options that are seen as one are one."""
        return {visible_form(label): label for label in sorted(self._options, reverse=True)}

    def _step(self, option: Option, broader: Option, *, make: bool) -> None:
        if not make:
            raise ValidationError(
                _("“%(option)s” does not stand under “%(broader)s” in this question. Say that it is a new step."),
                code="unknown_step",
                params={"option": typed(option.label), "broader": typed(broader.label)},
            )
        over = self._above.get(option.label, frozenset()) | {broader.label}
        _refuse_way_round({**self._over(broader.label), option.label: over})
        self._new.append(OptionBroader(option=option, broader=broader))
        self._above[option.label] = over

    def _over(self, label: str) -> Above:
        """What is above the option and above that, on and on: a new step under it closes a circle there or nowhere."""
        found: Above = {}
        waiting = [label]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found[each] = self._above.get(each, frozenset())
                waiting.extend(found[each])
        return found

    def _unknown(self, label: str) -> str:
        known = listed(sorted(self._options)[:20])
        if not known:
            return _("This question has no options yet. Say that “%(label)s” is a new one.") % {"label": typed(label)}
        sentence = _(
            "This question has no option “%(label)s”. Choose one of these, or say that it is a new one: %(known)s."
        )
        return sentence % {"label": typed(label), "known": known}


def options_of(questions: Collection[Question]) -> list[Options]:
    """The options of each of the questions, in two queries for all; a question may be new and unsaved."""
    keys = {question.pk for question in questions} - {None}
    labelled: dict[int | None, Labelled] = defaultdict(dict)
    above: dict[int | None, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    if keys:
        for option in Option.objects.current().filter(question__in=keys):
            labelled[option.question_id][option.label] = option
        steps = OptionBroader.objects.current().filter(option__question__in=keys)
        for question, label, broader in steps.values_list("option__question", "option__label", "broader__label"):
            above[question][label].add(broader)
    return [
        Options(
            question,
            labelled.get(question.pk, {}) if question.pk else {},
            {label: frozenset(over) for label, over in above.get(question.pk, {}).items()} if question.pk else {},
        )
        for question in questions
    ]


def refuse_circle(link: OptionBroader, above: Mapping[Key, frozenset[Key]]) -> None:
    """Raise `ValidationError` where the step would lead from an option back to itself, naming the way round."""
    if link.option.question_id != link.broader.question_id:
        raise ValidationError({"broader": _("Both options must belong to the same question.")})
    steps = {**above, link.option_id: above.get(link.option_id, frozenset()) | {link.broader_id}}
    way = circle_in(steps)
    if way is not None:
        labels = dict(Option.objects.filter(pk__in=way).values_list("pk", "label"))
        raise ValidationError({"broader": _circle([labels[key] for key in way if isinstance(key, int)])})


def _refuse_way_round(above: Above) -> None:
    steps: Mapping[Key, frozenset[Key]] = {label: frozenset[Key](over) for label, over in above.items()}
    way = circle_in(steps)
    if way is not None:
        raise ValidationError(_circle([label for label in way if isinstance(label, str)]), code="circle")


def _circle(way: Sequence[str]) -> str:
    return _("This goes round in a circle: %(way)s. Leave out one of the steps.") % {"way": write_path(way)}


def steps_of(question: Question) -> dict[Key, frozenset[Key]]:
    """For each option of the question the options directly above it."""
    above: dict[Key, set[Key]] = defaultdict(set)
    rows = OptionBroader.objects.current().filter(option__question=question)
    for option, broader in rows.values_list("option", "broader"):
        above[option].add(broader)
    return {key: frozenset(value) for key, value in above.items()}
