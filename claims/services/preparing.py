"""What every record must be before it is saved: dates have bounds, names are seen, answers understood, no circles.

`prepare` is called for each record that is written, whoever writes it, so that a rule holds for screens, commands and
imports alike. It returns the rows that belong to the record and are saved after it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain import values
from claims.domain.identity import CircleError, canonical, represented
from claims.domain.leaves_open import is_nothing, leaves_open
from claims.domain.vocabulary import AgentKind, AnswerKind, OverTime
from claims.models import Agent, Change, Claim, ClaimOption, Option, OptionBroader, Passage, Question, Record
from claims.queries.cases import agents_reached, load_case
from claims.services.answers import name_options, understand
from claims.services.dates import set_bounds
from claims.services.locks import lock_agents
from claims.services.names import tidy_name
from claims.services.naming import typed
from claims.services.options import Options, options_of, refuse_circle, steps_of
from claims.services.placing import place
from claims.services.transaction import lock_question, lock_questions, save
from claims.text.normalising import visible_form

Later = Callable[[], list[Record]]


def nothing_later() -> list[Record]:
    """No rows belong to the record."""
    return []


def prepare(this: Change, record: Record, *, make_options: bool = False) -> Later:
    """Complete and check the record; the result gives the rows to save once the record has its key.

    Raises:
        ValidationError: by field, with a sentence for each.
    """
    set_bounds(record)
    tidy_name(record)
    if isinstance(record, Claim):
        return _prepare_claim(this, record, make_options=make_options)
    check = CHECKS.get(type(record))
    if check is not None:
        check(this, record)
    return nothing_later


def _prepare_claim(this: Change, claim: Claim, *, make_options: bool) -> Later:
    options = options_asked(this, [(claim, True)]).get(key_of(claim.question)) if make_options else None
    named = read_claim(claim, options, make_options=make_options)
    if options is not None:
        save(this, options.take_new())
    new = claim._state.adding
    return lambda: list(name_options(claim, named, () if new else ClaimOption.objects.filter(claim=claim)))


def options_asked(this: Change, claims: Iterable[tuple[Claim, bool]]) -> dict[int | None, Options]:
    """The options of each choice question that the claims answer, by the question's `key_of`.

    With each claim comes whether it may make options: those to be extended nobody else extends until the change ends.
    """
    asked: dict[int | None, Question] = {}
    extended = set()
    for claim, make_options in claims:
        question = claim.question
        if question is not None and question.kind == AnswerKind.CHOICE:
            asked[key_of(question)] = question
            if make_options and ">" in claim.answer:  # a new step may close a circle with another change's
                extended.add(question.pk)
    if extended - {None}:
        lock_questions(this, extended - {None})
    questions = list(asked.values())
    return {key_of(question): options for question, options in zip(questions, options_of(questions), strict=True)}


def key_of(question: Question | None) -> int | None:
    """What a question is known by before it is saved; whoever keeps the key keeps the question alive."""
    if question is None:
        return None
    return -question.pk if question.pk else id(question)


def read_claim(claim: Claim, options: Options | None, *, make_options: bool) -> tuple[Option, ...]:
    """Set what the claim's answer is understood as; returns the options that it names, new ones unsaved in `options`.

    Raises as `prepare` does.
    """
    understood = understand(claim, make_options=make_options, options=options)
    for name, value in understood.columns.items():
        setattr(claim, name, value)
    if claim.copied_from is not None:
        _refuse_copying_in_a_circle(claim)
    return understood.options


def _refuse_copying_in_a_circle(claim: Claim) -> None:
    """Follow the copies back, each row locked on the way: two changes at once could otherwise close a circle."""
    passed = [claim.pk]
    following = claim.copied_from_id
    while following is not None:
        if following in passed:
            raise ValidationError({"copied_from": _("These claims would be copied from each other. Choose another.")})
        passed.append(following)
        rows = Claim.objects.filter(pk__in=[key for key in passed if key]).order_by("pk").select_for_update(no_key=True)
        following = dict(rows.values_list("pk", "copied_from"))[following]


def _check_agent(this: Change, agent: Agent) -> None:
    if agent.kind == AgentKind.UNNAMED and agent.source is None:
        raise ValidationError(
            {"source": _("An unnamed agent belongs to the source in which it appears. Choose the source.")}
        )
    spoken_for = agent.speaks_for
    if spoken_for is not None and spoken_for.kind not in (AgentKind.ORGANISATION, AgentKind.OUTLET):
        raise ValidationError(
            {"speaks_for": _("One speaks for an organisation or an outlet, not for a person. Choose another agent.")}
        )
    if agent._state.adding and agent.same_as_id is None and agent.speaks_for_id is None:
        return
    lock_agents(this, [key for key in (agent.pk, agent.same_as_id, agent.speaks_for_id) if key])
    _refuse_circles(agent)


def _refuse_circles(agent: Agent) -> None:
    """Follow both relations from the agent as it would be."""
    reached = agents_reached({key for key in (agent.same_as_id, agent.speaks_for_id) if key is not None})
    this = values.Agent(agent.pk, agent.kind != AgentKind.UNNAMED, agent.side_id, agent.same_as_id, agent.speaks_for_id)
    agents: Mapping[values.Key, values.Agent] = {**reached, agent.pk: this}
    for field, follow in (("same_as", canonical), ("speaks_for", represented)):
        try:
            follow(agents, agent.pk)
        except CircleError as circle:
            names = dict(
                Agent.objects.filter(pk__in=[key for key in circle.keys if key is not None]).values_list("pk", "name")
            )
            way = " > ".join(names.get(key, agent.name) if isinstance(key, int) else agent.name for key in circle.keys)
            sentence = _("This goes round in a circle: %(way)s. Leave out one of the steps.") % {"way": way}
            raise ValidationError({field: sentence}) from None


def _check_question(_this: Change, question: Question) -> None:
    numeric = (AnswerKind.QUANTITY, AnswerKind.DATE)
    if question.over_time == OverTime.GROWS and question.kind not in numeric:
        raise ValidationError({"over_time": _("Only a quantity or a date can grow. Choose fixed or changes.")})
    if question._state.adding:
        return
    before = Question.objects.get(pk=question.pk)
    if (question.kind, question.several) != (before.kind, before.several) and question.claims.exists():
        field = "kind" if question.kind != before.kind else "several"
        raise ValidationError(
            {field: _("Claims answer this question already. Make another question and move the claims to it.")}
        )
    if (question.tolerance, question.rounding) != (before.tolerance, before.rounding):
        _refuse_leaving_nothing(question)


def _refuse_leaving_nothing(question: Question) -> None:
    """With wider ends, what is denied may come to cover every answer there is."""
    case = load_case(question.pk)
    wider = replace(case.question, tolerance=question.tolerance, rounding=question.rounding)
    if any(is_nothing(leaves_open(wider, claim.stance, claim.answer)) for claim in case.claims):
        raise ValidationError(
            {"tolerance": _("A claim that denies would leave no answer at all. Choose a smaller one.")}
        )


def _check_step(this: Change, link: OptionBroader) -> None:
    if not link.withdrawn:
        lock_question(this, link.option.question_id)
        refuse_circle(link, steps_of(link.option.question))


def _check_option(_this: Change, option: Option) -> None:
    if option.question.kind != AnswerKind.CHOICE:
        raise ValidationError({"question": _("Only a choice question has options.")})
    _refuse_look_alike(option)
    if option.withdrawn and option.chosen_by.filter(withdrawn=False, claim__withdrawn=False).exists():
        raise ValidationError({"withdrawn": _("Claims name this option. Move them to another option first.")})


def _refuse_look_alike(option: Option) -> None:
    """Two options that no reader can tell apart would exclude each other, and nobody could see why."""
    others = (
        Option.objects.current().filter(question=option.question_id).exclude(pk=option.pk).exclude(label=option.label)
    )
    alike = visible_form(option.label)
    if not option.withdrawn and any(visible_form(label) == alike for label in others.values_list("label", flat=True)):
        sentence = _("The question has an option that looks the same as “%(label)s”. Use that one.")
        raise ValidationError({"label": sentence % {"label": typed(option.label)}})


def place_passage(passage: Passage, *, has_text: bool | None = None) -> None:
    """The words must stand in the snapshot's text, where that is there; then the text says where, and how written.

    Whether it is there (`has_text`) is asked where the caller does not say. Raises `ValidationError` on `quote`.
    """
    if passage.withdrawn:
        return
    placed = place(
        snapshot=passage.snapshot,
        exact=passage.exact,
        prefix=passage.prefix,
        suffix=passage.suffix,
        start=passage.start,
        with_text=has_text,
    )
    passage.exact, passage.prefix, passage.suffix = placed.exact, placed.prefix, placed.suffix
    passage.start, passage.end = placed.start, placed.end


CHECKS: dict[type[Record], Callable[..., None]] = {
    Agent: _check_agent,
    Question: _check_question,
    OptionBroader: _check_step,
    Option: _check_option,
    Passage: lambda _this, passage: place_passage(passage),
}
