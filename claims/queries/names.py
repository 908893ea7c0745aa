"""The records behind comparisons, as `claims.wording` needs them: names in the reader's language, read in batches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from claims.domain.values import Key
from claims.domain.vocabulary import AnswerKind, Certainty, Stance
from claims.models import Agent, AgentName, Claim, ClaimOption, Option, Position, Question, QuestionState
from claims.queries.cases import shown_answer
from claims.wording import ClaimWords, PositionWords, QuestionWords


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

    Of each position the first claims of its first few speakers are read, so that a question with thousands costs no
    more than another.
    """
    by_question = {state.question_id: state for state in states}
    rows = list(Position.objects.filter(question__in=by_question).order_by("question", "index"))
    mentioned = {key for state in by_question.values() for key in _claims_in(state)}
    mentioned.update(key for row in rows for key in row.first_claims)
    claims = {claim.pk: claim for claim in claims_to_name(mentioned)}
    agents = _agents(by_question.values())
    labels = _labels(by_question)
    positions = _positions(rows, claims)
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
        .prefetch_related(
            # Joined: Django 5.2 would ask for options by one long OR, which SQLite refuses from a thousand on.
            Prefetch("options", ClaimOption.objects.select_related("option")),
            Prefetch("attribution__speaker__names", AgentName.objects.current()),
        )
    )
    return claims


def _positions(rows: Iterable[Position], claims: Mapping[int, Claim]) -> dict[int, list[PositionWords]]:
    """For each question the words of its positions, in their order."""
    worded: dict[int, list[PositionWords]] = defaultdict(list)
    for row in rows:
        named = tuple(agent_name(claims[key].attribution.speaker) for key in row.first_claims)
        words = PositionWords(row.answer, Stance(row.stance), named, row.inferred, row.speakers)
        worded[row.question_id].append(words)
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
