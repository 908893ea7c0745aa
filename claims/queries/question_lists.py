"""Questions in pages: by topic, or those in one state with the newest claim first."""

from uuid import UUID

from claims.domain.vocabulary import State
from claims.models import Question, QuestionState, Topic
from claims.queries.overview import in_state
from claims.queries.pages import Order, Page, page_of

PAGE = 20
BY_TOPIC = Order("topic_id", "text", descending=False)
NEWEST_FIRST = Order("latest_claim_at", "question_id")


def questions_by_topic(topic: Topic | None = None, *, after: UUID | None, before: UUID | None) -> Page:
    """A page of all current questions, or of one topic's, those without a topic last."""
    rows = Question.objects.current()
    if topic is not None:
        rows = rows.filter(topic=topic)
    places = {"after": _question(after), "before": _question(before)}
    return page_of(rows, BY_TOPIC, size=PAGE, **places)


def questions_in_state(state: State, *, after: UUID | None, before: UUID | None) -> Page:
    """A page of the current questions in one state."""
    places = {"after": _state(after), "before": _state(before)}
    return page_of(in_state(state), NEWEST_FIRST, size=PAGE, **places)


def states_of(page: Page) -> list[QuestionState]:
    """The states of the questions of a page, in its order; a question without any row yet counts as unanswered."""
    questions = Question.objects.select_related("topic", "state").in_bulk(page.keys)
    return [_state_of(questions[key]) for key in page.keys]


def _state_of(question: Question) -> QuestionState:
    try:
        state: QuestionState = question.state
    except QuestionState.DoesNotExist:
        return QuestionState(question=question)
    state.question = question
    return state


def _question(uid: UUID | None) -> Question | None:
    return None if uid is None else Question.objects.get(uid=uid)


def _state(uid: UUID | None) -> QuestionState | None:
    return None if uid is None else QuestionState.objects.get(question__uid=uid)
