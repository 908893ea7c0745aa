"""Cases: everything the rules need to know about questions, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q

from claims.domain import values
from claims.domain.notation import WrittenChoice, read_text, write_choice
from claims.domain.numbers import write_quantity
from claims.domain.vocabulary import AgentKind, AnswerKind, Certainty, LinkKind, OverTime, Review, Stance
from claims.models import (
    Agent,
    Claim,
    ClaimLink,
    Distinction,
    Option,
    OptionBroader,
    Question,
    Side,
)
from claims.queries.case_rows import Bounds, ClaimRow, Rows
from claims.queries.dates import date_of
from claims.queries.keys import among

YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)
# Claims of one source, and of one day, have their moments in common.
MOST_MOMENTS = 1_000


def load_case(question_id: int) -> values.Case:
    """The case of one question.

    Raises:
        KeyError: there is no such question.
    """
    return load_cases([question_id])[question_id]


def load_cases(question_ids: Collection[int], *, only: Collection[int] | None = None) -> dict[int, values.Case]:
    """The cases of the questions, each with its current claims, standing or not.

    With `only`, as if no other claims than those of these keys were there; links are those that name them.
    """
    questions = {question.pk: question for question in Question.objects.filter(pk__in=question_ids)}
    rows = Rows.read(Q(question__in=questions) if only is None else Q(question__in=questions, pk__in=only))
    shared = _shared(rows)
    options = _options(questions)
    links = _links(Q(claim__question__in=questions) if only is None else Q(claim__in=only) | Q(other__in=only))
    claims: dict[int, list[values.Claim]] = defaultdict(list)
    for row in rows.claims:
        if row.question is not None:
            claims[row.question].append(_claim(rows, row))
    return {
        key: replace(
            shared,
            question=_question(question, options[key]),
            claims=tuple(claims[key]),
            links=tuple(links[key]),
        )
        for key, question in questions.items()
    }


@lru_cache(MOST_MOMENTS)
def moment(begin: datetime | None, end: datetime | None) -> values.Moment | None:
    """The stretch between two bounds of the database, in the rules' seconds; None where nothing is stated."""
    if begin is None or end is None:
        return None
    return values.Moment(_seconds(begin), _seconds(end))


def _seconds(when: datetime) -> int:
    """Seconds since year 1; the end of time, which the database can only come near to, is rounded up."""
    since = when.astimezone(UTC) - YEAR_ONE
    return since.days * 86_400 + since.seconds + (1 if since.microseconds else 0)


def answer_of(claim: Claim, question: Question) -> values.Answer:
    """A claim's answer as understood."""
    return _understood(AnswerKind(question.kind), claim, (each.option_id for each in _current(claim.options)))


def shown_answer(claim: Claim, question: Question) -> str:
    """A claim's answer in the notation of the claims table: options without the broader ones, numbers in short."""
    answer = answer_of(claim, question)
    labels = (each.option.label for each in _current(claim.options)) if isinstance(answer, values.Choice) else ()
    return _shown(answer, claim.answer, labels)


def _current(related: Any) -> list[Any]:
    """The rows of a prefetched relation that are not withdrawn."""
    return [row for row in related.all() if not row.withdrawn]


def _understood(kind: AnswerKind, claim: Claim | ClaimRow, options: Iterable[int]) -> values.Answer:
    """The answer of a claim on a question of that kind; `options` are those that it names."""
    match kind:
        case AnswerKind.CHOICE:
            return values.Choice(frozenset(options), only=claim.only)
        case AnswerKind.YES_NO:
            return values.YesNo(bool(claim.yes))
        case AnswerKind.QUANTITY:
            return values.Quantity(claim.quantity_low, claim.quantity_high, about=claim.about)
        case AnswerKind.DATE:
            return date_of(claim.answer).date
        case AnswerKind.TEXT:
            return read_text(claim.answer)


def _shown(answer: values.Answer, written: str, labels: Iterable[str]) -> str:
    """The answer in the notation of the claims table; dates and texts as written."""
    match answer:
        case values.Choice(only=only):
            return write_choice(WrittenChoice(tuple((label,) for label in sorted(labels)), only=only))
        case values.YesNo(yes):
            return "yes" if yes else "no"
        case values.Quantity():
            return write_quantity(answer)
        case _:
            return written.strip()


def _question(question: Question, broader: Mapping[values.Key, frozenset[values.Key]]) -> values.Question:
    """The question as the rules see it."""
    return values.Question(
        kind=AnswerKind(question.kind),
        several=question.several,
        over_time=OverTime(question.over_time),
        window_hours=question.window_hours,
        tolerance=question.tolerance,
        rounding=question.rounding,
        broader=broader,
    )


def _options(questions: Collection[int]) -> dict[int, dict[values.Key, frozenset[values.Key]]]:
    """For each question its options with those directly above each."""
    above: dict[int, set[int]] = defaultdict(set)
    for option, broader in (
        OptionBroader.objects.current().filter(option__question__in=questions).values_list("option", "broader")
    ):
        above[option].add(broader)
    options: dict[int, dict[values.Key, frozenset[values.Key]]] = defaultdict(dict)
    for key, question in Option.objects.filter(question__in=questions).values_list("pk", "question"):
        options[question][key] = frozenset(above[key])
    return options


def _links(condition: Q) -> dict[int | None, list[values.Link]]:
    """The editors' links that meet the condition, by the question of the claim that they are of."""
    links: dict[int | None, list[values.Link]] = defaultdict(list)
    rows = ClaimLink.objects.current().filter(condition).order_by("pk")
    for kind, claim, other, question in rows.values_list("kind", "claim", "other", "claim__question"):
        links[question].append(values.Link(LinkKind(kind), claim, other))
    return links


# --- claims and what they refer to --------------------------------------------------------------------------------


def _claim(rows: Rows, row: ClaimRow) -> values.Claim:
    """One claim as the rules see it; one without a question has no answer that they look at."""
    options = rows.options.get(row.key, ())
    answer: values.Answer = values.Text(row.answer)
    written = row.answer
    if row.kind is not None:
        answer = _understood(AnswerKind(row.kind), row, (key for key, _label in options))
        written = _shown(answer, row.answer, (label for _key, label in options))
    return values.Claim(
        key=row.key,
        speaker=row.speaker,
        source=row.source,
        answer=answer,
        written=written,
        stance=Stance(row.stance),
        certainty=Certainty(row.certainty),
        inferred=row.inferred,
        review=Review(row.review),
        side=row.side,
        on_behalf_of=row.on_behalf_of,
        relays=tuple(rows.relays.get(row.attribution, ())),
        document=row.document,
        copied_from=row.copied_from,
        said=moment(row.said_from, row.said_until),
        as_of=moment(row.as_of_from, row.as_of_until),
        published=moment(row.published_from, row.published_until),
        retracted=row.key in rows.retractions,
        retracted_on=_earliest(rows.retractions.get(row.key, ())),
        corrected=row.key in rows.corrections,
        corrected_on=_earliest(rows.corrections.get(row.key, ())),
        order=row.key,
    )


def _earliest(notices: Sequence[Bounds]) -> values.Moment | None:
    """The moment of the first dated notice; None where one of them has no date, for that one counts at any time."""
    moments = [moment(*bounds) for bounds in notices]
    stated = [each for each in moments if each is not None]
    return min(stated, key=lambda each: each.end) if stated and len(stated) == len(moments) else None


def _shared(rows: Rows) -> values.Case:
    """What the questions of one reading share: agents, sides, distinctions, and claims that were copied from."""
    copied = _copied(rows.claims)
    agents = agents_reached(rows.agents().union(*(each.agents() for each in copied)))
    pairs = Distinction.objects.current().filter(first__among=list(agents)).values_list("first", "second")
    return values.Case(
        values.Question(),
        agents=agents,
        sides={key: values.Side(key, party) for key, party in Side.objects.values_list("pk", "party")},
        distinct=frozenset(frozenset(pair) for pair in pairs if pair[1] in agents),
        elsewhere={row.key: _claim(each, row) for each in copied for row in each.claims},
    )


def agents_reached(keys: set[int]) -> dict[values.Key, values.Agent]:
    """The agents with all whom they are the same as or speak for: a query a step, and steps are few."""
    found: dict[values.Key, values.Agent] = {}
    missing = set(keys)
    while missing:
        rows = Agent.objects.filter(among("pk", missing)).values_list("pk", "kind", "side", "same_as", "speaks_for")
        missing = set()
        for key, kind, side, same_as, speaks_for in rows:
            found[key] = values.Agent(key, kind != AgentKind.UNNAMED, side, same_as, speaks_for)
            missing |= {same_as, speaks_for}
        missing -= {None, *found}
    return found


def _copied(claims: Sequence[ClaimRow]) -> list[Rows]:
    """The claims that these were copied from, a reading for each step, as far as they are not among them."""
    known: set[int | None] = {None, *(claim.key for claim in claims)}
    steps: list[Rows] = []
    while missing := {claim.copied_from for claim in claims} - known:
        known |= missing
        steps.append(Rows.read(Q(pk__in=missing)))
        claims = steps[-1].claims
    return steps
