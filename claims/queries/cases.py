"""Cases: everything the rules need to know about questions, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from claims.domain import values
from claims.domain.notation import WrittenChoice, read_text, write_choice
from claims.domain.numbers import write_quantity
from claims.domain.vocabulary import AgentKind, AnswerKind, Certainty, LinkKind, OverTime, Review, Stance
from claims.models import (
    Agent,
    Claim,
    ClaimLink,
    ClaimOption,
    Correction,
    Distinction,
    Option,
    OptionBroader,
    Question,
    Relay,
    Retraction,
    Side,
)
from claims.queries.dates import date_of

YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)


def load_case(question_id: int) -> values.Case:
    """The case of one question.

    Raises:
        KeyError: there is no such question.
    """
    return load_cases([question_id])[question_id]


def load_cases(question_ids: Collection[int]) -> dict[int, values.Case]:
    """The cases of the questions, each with its current claims, standing or not."""
    questions = {question.pk: question for question in Question.objects.filter(pk__in=question_ids)}
    claims = list(_claims(Q(question__in=questions)))
    shared = _Shared.read(claims)
    options = _options(questions)
    links = _links(questions)
    by_question: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.question_id is not None:
            by_question[claim.question_id].append(claim)
    return {
        key: values.Case(
            question=_question(question, options[key]),
            claims=tuple(shared.claim(claim, question) for claim in by_question[key]),
            agents=shared.agents,
            sides=shared.sides,
            links=tuple(links[key]),
            distinct=shared.distinct,
            elsewhere=shared.elsewhere,
        )
        for key, question in questions.items()
    }


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
    match AnswerKind(question.kind):
        case AnswerKind.CHOICE:
            return values.Choice(frozenset(each.option_id for each in _current(claim.options)), only=claim.only)
        case AnswerKind.YES_NO:
            return values.YesNo(bool(claim.yes))
        case AnswerKind.QUANTITY:
            return values.Quantity(claim.quantity_low, claim.quantity_high, about=claim.about)
        case AnswerKind.DATE:
            return date_of(claim.answer).date
        case AnswerKind.TEXT:
            return read_text(claim.answer)


def shown_answer(claim: Claim, question: Question) -> str:
    """A claim's answer in the notation of the claims table: options without the broader ones, numbers in short."""
    answer = answer_of(claim, question)
    if isinstance(answer, values.Choice):
        labels = sorted(each.option.label for each in _current(claim.options))
        return write_choice(WrittenChoice(tuple((label,) for label in labels), only=claim.only))
    if isinstance(answer, values.YesNo):
        return "yes" if answer.yes else "no"
    if isinstance(answer, values.Quantity):
        return write_quantity(answer)
    return str(claim.answer).strip()


def _current(related: Any) -> list[Any]:
    """The rows of a prefetched relation that are not withdrawn."""
    return [row for row in related.all() if not row.withdrawn]


def _claims(condition: Q) -> QuerySet[Claim]:
    """The claims that meet the condition, with all that the rules look at."""
    current = Q(withdrawn=False)
    claims: QuerySet[Claim] = (
        Claim.objects.current()
        .filter(condition)
        .select_related("attribution__source", "question")
        .prefetch_related(
            Prefetch("options", ClaimOption.objects.filter(current).select_related("option")),
            Prefetch("attribution__relays", Relay.objects.filter(current).order_by("position")),
            Prefetch("retractions", Retraction.objects.filter(current)),
            Prefetch("corrections", Correction.objects.filter(current)),
        )
        .order_by("pk")
    )
    return claims


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


def _links(questions: Collection[int]) -> dict[int, list[values.Link]]:
    """For each question the editors' links between its claims."""
    links: dict[int, list[values.Link]] = defaultdict(list)
    rows = ClaimLink.objects.current().filter(claim__question__in=questions).order_by("pk")
    for kind, claim, other, question in rows.values_list("kind", "claim", "other", "claim__question"):
        links[question].append(values.Link(LinkKind(kind), claim, other))
    return links


@dataclass(frozen=True)
class _Shared:
    """What the questions of one reading share: agents, sides, distinctions, and claims that were copied from."""

    agents: Mapping[values.Key, values.Agent]
    sides: Mapping[values.Key, values.Side]
    distinct: frozenset[frozenset[values.Key]]
    elsewhere: Mapping[values.Key, values.Claim]

    @classmethod
    def read(cls, claims: Sequence[Claim]) -> "_Shared":
        """Read what the claims refer to, over any number of steps."""
        copied = _copied(claims)
        agents = agents_reached({agent for claim in (*claims, *copied) for agent in _agents_of(claim)})
        keys = list(agents)
        pairs = Distinction.objects.current().filter(first__in=keys, second__in=keys).values_list("first", "second")
        sides = {key: values.Side(key, party) for key, party in Side.objects.values_list("pk", "party")}
        shared = cls(agents, sides, frozenset(frozenset(pair) for pair in pairs), {})
        elsewhere: dict[values.Key, values.Claim] = {claim.pk: shared.claim(claim, claim.question) for claim in copied}
        return cls(shared.agents, shared.sides, shared.distinct, elsewhere)

    def claim(self, claim: Claim, question: Question | None) -> values.Claim:
        """One claim as the rules see it; a claim without a question has no answer that they look at."""
        attribution = claim.attribution
        retractions, corrections = list(claim.retractions.all()), list(claim.corrections.all())
        return values.Claim(
            key=claim.pk,
            speaker=attribution.speaker_id,
            source=attribution.source_id,
            answer=answer_of(claim, question) if question else values.Text(claim.answer),
            written=shown_answer(claim, question) if question else claim.answer,
            stance=Stance(claim.stance),
            certainty=Certainty(claim.certainty),
            inferred=claim.inferred,
            review=Review(claim.review),
            side=attribution.side_id,
            on_behalf_of=attribution.on_behalf_of_id,
            relays=tuple(relay.agent_id for relay in attribution.relays.all()),
            document=attribution.document_id,
            copied_from=claim.copied_from_id,
            said=moment(attribution.said_from, attribution.said_until),
            as_of=moment(claim.as_of_from, claim.as_of_until),
            published=moment(attribution.source.published_from, attribution.source.published_until),
            retracted=bool(retractions),
            retracted_on=_earliest(retractions),
            corrected=bool(corrections),
            corrected_on=_earliest(corrections),
            order=claim.pk,
        )


def _earliest(notices: Sequence[Retraction | Correction]) -> values.Moment | None:
    """The moment of the first dated notice; None where one of them has no date, for that one counts at any time."""
    moments = [moment(notice.dated_from, notice.dated_until) for notice in notices]
    stated = [each for each in moments if each is not None]
    return min(stated, key=lambda each: each.end) if stated and len(stated) == len(moments) else None


def _agents_of(claim: Claim) -> set[int]:
    """The agents that a claim names: its speaker, whom it was said for, and the relays."""
    attribution = claim.attribution
    named = {
        attribution.speaker_id,
        attribution.on_behalf_of_id,
        *(relay.agent_id for relay in attribution.relays.all()),
    }
    return {key for key in named if key is not None}


def agents_reached(keys: set[int]) -> dict[values.Key, values.Agent]:
    """The agents with all whom they are the same as or speak for: a query a step, and steps are few."""
    found: dict[values.Key, values.Agent] = {}
    missing = set(keys)
    while missing:
        rows = Agent.objects.filter(pk__in=missing).values_list("pk", "kind", "side", "same_as", "speaks_for")
        for key, kind, side, same_as, speaks_for in rows:
            found[key] = values.Agent(key, kind != AgentKind.UNNAMED, side, same_as, speaks_for)
        following = {each for agent in found.values() for each in (agent.same_as, agent.speaks_for)}
        missing = {key for key in following if isinstance(key, int) and key not in found}
    return found


def _copied(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that these were copied from, over any number of steps, as far as they are not among them."""
    known = {claim.pk for claim in claims}
    copied: list[Claim] = []
    missing = {claim.copied_from_id for claim in claims if claim.copied_from_id} - known
    while missing:
        fresh = list(_claims(Q(pk__in=missing)))
        copied += fresh
        known |= missing
        missing = {claim.copied_from_id for claim in fresh if claim.copied_from_id} - known
    return copied
