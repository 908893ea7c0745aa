"""The records behind comparisons, as `claims.wording` needs them: names in the reader's language, read in batches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language

from claims.domain.values import Key
from claims.domain.vocabulary import AnswerKind, Certainty, Stance
from claims.models import Agent, AgentName, Claim, ClaimState, Option, Position, Question, QuestionState
from claims.queries.cases import shown_answer
from claims.wording import ClaimWords, PositionWords, QuestionWords

SPEAKERS_NAMED = 5


def translated(name: str, translations: Mapping[str, str]) -> str:
    """The name in the reader's language where it is recorded in it."""
    language = (get_language() or "").split("-")[0]
    return translations.get(language) or name


def agent_name(agent: Agent) -> str:
    """The agent's name in the reader's language; its names must be prefetched, or cost a query."""
    language = (get_language() or "").split("-")[0]
    shown = (row for row in agent.names.all() if row.language == language and not (row.alias or row.withdrawn))
    return next((row.text for row in shown), agent.name)


@dataclass(frozen=True)
class RecordNames:
    """The names of one question's records; implements `claims.wording.Names`."""

    question: QuestionWords
    positions: tuple[PositionWords, ...]
    claims: Mapping[Key, ClaimWords]
    agents: Mapping[Key, str]

    def position(self, index: int) -> PositionWords:
        """The position at that place of the comparison's list."""
        return self.positions[index]

    def claim(self, key: Key) -> ClaimWords:
        """The claim of that key."""
        return self.claims[key]

    def agent(self, key: Key) -> str:
        """The name of the agent of that key."""
        return self.agents[key]


def names_of(states: Iterable[QuestionState]) -> dict[int, RecordNames]:
    """For each question's stored state the names that its reasons speak of, in a fixed number of queries.

    Of each position the first few claims are read, so that a question with thousands costs no more than another.
    """
    by_question = {state.question_id: state for state in states}
    first_few = _first_of_positions(by_question)
    mentioned = {key for state in by_question.values() for key in _claims_in(state)}
    claims = {claim.pk: claim for claim in claims_to_name(mentioned | set(first_few))}
    agents = _agents(by_question.values())
    labels = _labels(by_question)
    positions = _positions(by_question, first_few, claims)
    names: dict[int, RecordNames] = {}
    for key, question in Question.objects.in_bulk(by_question).items():
        own: dict[Key, ClaimWords] = {
            claim.pk: claim_words(claim, question) for claim in claims.values() if claim.question_id == key
        }
        names[key] = RecordNames(question_words(question, labels[key]), tuple(positions[key]), own, agents)
    return names


def question_words(question: Question, labels: Mapping[str, str]) -> QuestionWords:
    """What wording an answer takes of the question."""
    return QuestionWords(
        kind=AnswerKind(question.kind),
        unit=question.unit,
        tolerance=question.tolerance,
        rounding=question.rounding,
        window_hours=question.window_hours,
        labels=labels,
    )


def claim_words(claim: Claim, question: Question) -> ClaimWords:
    """What a sentence says of one claim."""
    attribution = claim.attribution
    return ClaimWords(
        speaker=agent_name(attribution.speaker),
        written=shown_answer(claim, question),
        stance=Stance(claim.stance),
        certainty=Certainty(claim.certainty),
        inferred=claim.inferred,
        source=translated(attribution.source.title, attribution.source.translations),
        said=attribution.said_on,
        as_of=claim.as_of,
    )


def claims_to_name(keys: Collection[int]) -> QuerySet[Claim]:
    """The claims with all that is named of them."""
    claims: QuerySet[Claim] = (
        Claim.objects.filter(pk__in=keys)
        .select_related("attribution__source", "attribution__speaker")
        .prefetch_related("options__option", Prefetch("attribution__speaker__names", AgentName.objects.current()))
    )
    return claims


def _first_of_positions(questions: Collection[int]) -> dict[int, int]:
    """The first few claims of every position: claim -> position."""
    numbered = ClaimState.objects.filter(question__in=questions, position__isnull=False).annotate(
        place=Window(RowNumber(), partition_by=F("position"), order_by=F("claim").asc())
    )
    return dict(numbered.filter(place__lte=SPEAKERS_NAMED).values_list("claim", "position").order_by("claim"))


def _positions(
    questions: Collection[int], first_few: Mapping[int, int], claims: Mapping[int, Claim]
) -> dict[int, list[PositionWords]]:
    """For each question the words of its positions, in their order."""
    holders: dict[int, list[Claim]] = defaultdict(list)
    for claim, position in first_few.items():
        holders[position].append(claims[claim])
    worded: dict[int, list[PositionWords]] = defaultdict(list)
    for row in Position.objects.filter(question__in=questions).order_by("question", "index"):
        speakers = dict.fromkeys(agent_name(claim.attribution.speaker) for claim in holders[row.pk])
        inferred = all(claim.inferred for claim in holders[row.pk])
        worded[row.question_id].append(PositionWords(row.answer, Stance(row.stance), tuple(speakers), inferred))
    return worded


def _claims_in(state: QuestionState) -> set[int]:
    """The claims that the state's reasons speak of."""
    reasons: list[dict[str, Any]] = [*state.reasons, *(each["reason"] for each in state.exclusions)]
    return {
        reason["values"][name]
        for reason in reasons
        for name in ("first", "second", "claim", "other")
        if name in reason["values"]
    }


def _agents(states: Iterable[QuestionState]) -> dict[Key, str]:
    """The agents that the states' reasons speak of."""
    keys = {
        reason["values"]["speaker"] for state in states for reason in state.reasons if "speaker" in reason["values"]
    }
    agents = Agent.objects.filter(pk__in=keys).prefetch_related(Prefetch("names", AgentName.objects.current()))
    return {agent.pk: agent_name(agent) for agent in agents}


def _labels(questions: Collection[int]) -> dict[int, dict[str, str]]:
    """For each question its options' labels in the reader's language."""
    labels: dict[int, dict[str, str]] = defaultdict(dict)
    for option in Option.objects.current().filter(question__in=questions):
        labels[option.question_id][option.label] = translated(option.label, option.translations)
    return labels
