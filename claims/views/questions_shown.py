"""Questions as `question_summary.html` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from claims.domain.vocabulary import State
from claims.queries.overview import Counted, PositionSummary, QuestionSummary
from claims.views.links import Link, question_link, topic_link


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question in a list."""

    url: str
    text: str
    language: str
    state: str
    fewest: int | None
    most: int | None
    across_sides: bool
    inferred_only: bool
    positions: tuple[PositionSummary, ...]
    more_positions: int
    reason: str
    topic: Link | None
    finding: str

    @property
    def in_its_topic(self) -> "ShownQuestion":
        """The same where the topic stands above it already."""
        return replace(self, topic=None)


def shown_question(summary: QuestionSummary) -> ShownQuestion:
    """The summary of a question with its address."""
    link, question, state = question_link(summary.question), summary.question, summary.state
    return ShownQuestion(
        url=link.url,
        text=link.text,
        language=link.language,
        state=state.state,
        fewest=summary.supported.fewest if summary.supported else None,
        most=summary.supported.most if summary.supported else None,
        across_sides=state.across_sides,
        inferred_only=state.inferred_only,
        positions=summary.positions,
        more_positions=summary.positions_total - len(summary.positions),
        reason=summary.summary,
        topic=topic_link(question.topic) if question.topic else None,
        finding=summary.finding,
    )


def counts_shown(counts: Mapping[State, Counted]) -> list[dict[str, Any]]:
    """The states that any question is in, with how many are and the list of them."""
    return [
        {
            "state": state.value,
            "number": f"{counted.number:,}{'+' if counted.more else ''}",
            "url": f"{reverse('question_list')}?state={state}",
        }
        for state, counted in counts.items()
        if counted.number
    ]
