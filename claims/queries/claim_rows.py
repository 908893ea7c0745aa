"""Claims as a list shows them: one row with everything a reader sees at a glance, a fixed number of queries a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from claims.domain.vocabulary import Certainty, Stance, Standing
from claims.models import AgentName, Claim, ClaimOption, ClaimState, ClaimWording, Passage, QuestionState, Relay
from claims.queries.cases import shown_answer
from claims.queries.contested import worded
from claims.queries.names import RecordNames, agent_name, names_of, question_words, translated
from claims.queries.recorded_states import work_out_claims
from claims.wording import letter_of, word_answer


@dataclass(frozen=True)
class Wording:
    """A statement with the language it is in."""

    language: str
    text: str


@dataclass(frozen=True)
class ClaimRow:
    """One claim in a list.

    `answer` is in words as if affirmed, to stand beside its stance; `held` says both at once, for one line. `chain`
    names who passed it on, nearest to the speaker first, and the publisher last. `position` is the number of its
    position in the comparison, None where it has none. `reason` says why it is contested, if it is.
    """

    claim: Claim
    state: ClaimState
    question: str
    topic: str
    wordings: tuple[Wording, ...]
    answer: str
    held: str
    position: int | None
    speaker: str
    side: str
    chain: tuple[str, ...]
    source: str
    passages: tuple[str, ...]
    reason: str

    @property
    def letter(self) -> str:
        """The letter of its position, or nothing."""
        return "" if self.position is None else letter_of(self.position)

    @property
    def stands(self) -> bool:
        """Whether it counts (rule 2)."""
        return self.state.standing == Standing.STANDING


def claim_rows(keys: Sequence[int]) -> list[ClaimRow]:
    """The rows of these claims, in the given order; claims that are not there are left out."""
    work_out_claims(keys)
    states = {state.claim_id: state for state in _states(keys)}
    reasons = reasons_of(states.values())
    return [_row(states[key], reasons[key]) for key in keys if key in states]


def reasons_of(states: Iterable[ClaimState]) -> dict[int, str]:
    """Why each of these claims is contested, in a sentence, empty where it is not; their positions must be read."""
    states = list(states)
    contested = {state.question_id for state in states if state.contested}
    questions = {row.question_id: row for row in QuestionState.objects.filter(question__in=contested)}
    names = names_of(questions.values())
    return {state.claim_id: _reason(state, questions, names) for state in states}


def _row(state: ClaimState, reason: str) -> ClaimRow:
    claim = state.claim
    attribution = claim.attribution
    source, question = attribution.source, claim.question
    side = attribution.side or attribution.speaker.side
    relays = list(attribution.relays.all())
    chain = [agent_name(relay.agent) for relay in relays]
    if source.publisher and source.publisher_id not in {attribution.speaker_id, *(each.agent_id for each in relays)}:
        chain.append(agent_name(source.publisher))
    return ClaimRow(
        claim=claim,
        state=state,
        question=translated(question.text, question.translations) if question else "",
        topic=translated(question.topic.name, question.topic.translations) if question and question.topic else "",
        wordings=tuple(Wording(wording.language, wording.text) for wording in claim.wordings.all()),
        answer=_answer(claim),
        held=_answer(claim, stance=Stance(claim.stance), certainty=Certainty(claim.certainty)),
        position=state.position.index if state.position else None,
        speaker=agent_name(attribution.speaker),
        side=translated(side.name, side.translations) if side else "",
        chain=tuple(chain),
        source=translated(source.title, source.translations),
        passages=tuple(passage.exact for passage in attribution.passages.all()),
        reason=reason,
    )


def _answer(claim: Claim, stance: Stance = Stance.AFFIRMS, certainty: Certainty = Certainty.PLAIN) -> str:
    """The answer in words; as written where there is no question to read it by."""
    if claim.question is None:
        return str(claim.answer)
    labels = {
        each.option.label: translated(each.option.label, each.option.translations) for each in claim.options.all()
    }
    words = question_words(claim.question, labels)
    return word_answer(words, shown_answer(claim, claim.question), stance=stance, certainty=certainty)


def _reason(state: ClaimState, questions: Mapping[int, QuestionState], names: Mapping[int, RecordNames]) -> str:
    """The first exclusion that the claim's position is part of, in a sentence; the first of all if none is listed."""
    if not state.contested or state.position is None or state.question_id is None:
        return ""
    exclusions = questions[state.question_id].exclusions
    own = [each for each in exclusions if state.position.index in each["positions"]] or exclusions
    return worded(own[0]["reason"], names[state.question_id])


def _states(keys: Sequence[int]) -> QuerySet[ClaimState]:
    """The states of the claims with all that a row shows."""
    relays = Relay.objects.current().select_related("agent").order_by("position")
    states: QuerySet[ClaimState] = (
        ClaimState.objects.filter(claim__in=keys)
        .select_related(
            "position",
            "claim__question__topic",
            "claim__attribution__source__publisher",
            "claim__attribution__speaker__side",
            "claim__attribution__side",
        )
        .prefetch_related(
            Prefetch("claim__wordings", ClaimWording.objects.current().order_by("pk")),
            Prefetch("claim__options", ClaimOption.objects.current().select_related("option")),
            Prefetch("claim__attribution__passages", Passage.objects.current().order_by("pk")),
            Prefetch("claim__attribution__relays", relays),
            Prefetch("claim__attribution__relays__agent__names", AgentName.objects.current()),
            Prefetch("claim__attribution__speaker__names", AgentName.objects.current()),
            Prefetch("claim__attribution__source__publisher__names", AgentName.objects.current()),
        )
    )
    return states
