"""The names that the sentences of a question's page speak of: no more than the page shows or the reasons mention."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from claims.domain.values import Key
from claims.models import Agent, AgentName, Option, Question
from claims.queries.comparisons import Reading
from claims.queries.names import agent_name, claim_words, claims_to_name, question_words, translated
from claims.wording import ClaimWords, PositionWords, QuestionWords

_CLAIMS = ("first", "second", "claim", "other")


@dataclass(frozen=True)
class PageNames:
    """Names for the sentences of one reading; implements `claims.wording.Names`."""

    question: QuestionWords
    positions: Mapping[int, PositionWords]
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


def names_for(question: Question, reading: Reading) -> PageNames:
    """The names behind the reading's reasons and exclusions, in a fixed number of queries."""
    reasons = [*reading.reasons, *(each["reason"] for each in reading.exclusions)]
    mentioned = {reason["values"][name] for reason in reasons for name in _CLAIMS if name in reason["values"]}
    claims = {claim.pk: claim for claim in claims_to_name(mentioned)}
    return PageNames(
        question=question_words(question, labels_of(question)),
        positions=_positions(reading),
        claims={key: claim_words(claim, question) for key, claim in claims.items()},
        agents=_agents(reasons),
    )


def labels_of(question: Question) -> dict[str, str]:
    """The options' labels in the reader's language."""
    options = Option.objects.current().filter(question=question)
    return {option.label: translated(option.label, option.translations) for option in options}


def paths_of(question: Question) -> dict[str, tuple[str, ...]]:
    """For each option's label the labels from the broadest down to it, in the reader's language.

    An option with several broader ones is shown under the first.
    """
    options = Option.objects.current().filter(question=question).prefetch_related("broader_links").order_by("pk")
    by_key = {option.pk: option for option in options}
    paths: dict[str, tuple[str, ...]] = {}
    for option in by_key.values():
        path, passed = [option], {option.pk}
        while above := _above(path[0], by_key, passed):
            path.insert(0, above)
            passed.add(above.pk)
        paths[option.label] = tuple(translated(each.label, each.translations) for each in path)
    return paths


def _above(option: Option, by_key: Mapping[int, Option], passed: set[int]) -> Option | None:
    links = (link for link in option.broader_links.all() if not link.withdrawn)
    return next((by_key[k.broader_id] for k in links if k.broader_id in by_key and k.broader_id not in passed), None)


def _positions(reading: Reading) -> dict[int, PositionWords]:
    """The positions shown, and those further down that an exclusion or reason speaks of."""
    shown = {position.index: PositionWords(position.answer, position.stance) for position in reading.positions}
    return shown | {index: PositionWords(answer, stance) for index, (answer, stance) in reading.further.items()}


def _agents(reasons: Iterable[Mapping[str, Any]]) -> dict[Key, str]:
    keys = {reason["values"]["speaker"] for reason in reasons if "speaker" in reason["values"]}
    agents = Agent.objects.filter(pk__in=keys).prefetch_related(Prefetch("names", AgentName.objects.current()))
    return {agent.pk: agent_name(agent) for agent in agents}
