"""Finding records by what a reader types: an identifier, or a whole name in any of its languages; and what is near."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from claims.domain.identity import canonical
from claims.models import Agent, AgentName, Question, Record, Side, Source, Topic
from claims.queries.cases import agents_reached
from claims.queries.names import agent_name, translated
from claims.queries.words import with_words

MOST_FOUND = 50
SUGGESTED = 6


@dataclass(frozen=True)
class Found:
    """The records meant: their keys; `name` and `uid` of the one where there is only one."""

    keys: tuple[int, ...]
    name: str
    uid: str


@dataclass(frozen=True)
class Lookup:
    """How records of one kind are looked up: their query, the fields with their name, and how one is named."""

    records: Callable[[], QuerySet[Any]]
    by: tuple[str, ...]
    name: Callable[[Any], str]
    keys: Callable[[Sequence[Any]], Iterable[int]] = lambda records: (record.pk for record in records)

    def find(self, text: str) -> Found | None:
        """The records of this identifier or name; None where there is none."""
        try:
            condition = Q(uid=UUID(text))
        except ValueError:
            condition = _any(Q(**{field: text}) for field in self.by)
        records: list[Record] = list(self.records().filter(condition).distinct()[:MOST_FOUND])
        if not records:
            return None
        keys = tuple(dict.fromkeys(self.keys(records)))
        return Found(keys, self.name(records[0]), str(records[0].uid) if len(records) == 1 else "")

    def suggestions(self, text: str) -> list[str]:
        """A few records with words that begin so, in any of their names, the newest first; as they are called here."""
        found = with_words(self.records(), text).order_by("-pk")[:SUGGESTED]
        return list(dict.fromkeys(self.name(each) for each in found))

    def choices(self, most: int) -> list[tuple[str, str]]:
        """All records as choices (uid, name) by name, where there are no more than `most`; else none.

        The whole table is counted (no further than that), for in a large one few may be of the kind sought.
        """
        if self.records().model.objects.all()[: most + 1].count() > most:
            return []
        records = self.records().order_by("pk")
        return sorted(((str(each.uid), self.name(each)) for each in records), key=lambda choice: choice[1])


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _agents() -> QuerySet[Agent]:
    names = Prefetch("names", AgentName.objects.current())
    agents: QuerySet[Agent] = Agent.objects.current().select_related("source").prefetch_related(names)
    return agents


def _publishers() -> QuerySet[Agent]:
    return _agents().filter(Exists(Source.objects.filter(publisher=OuterRef("pk"))))


def _agent_name(agent: Agent) -> str:
    """The agent's name; of an unnamed one with the source in which it appears, for there may be one in each."""
    name = agent_name(agent)
    return f"{name} · {translated(agent.source.title, agent.source.translations)}" if agent.source else name


def _canonical(records: Sequence[Agent]) -> list[int]:
    """Lists know agents after `same_as`."""
    reached = agents_reached({record.pk for record in records})
    return [key for record in records if isinstance(key := canonical(reached, record.pk), int)]


AGENTS = Lookup(_agents, ("name", "names__text"), _agent_name, _canonical)
PUBLISHERS = Lookup(_publishers, ("name", "names__text"), agent_name)
SOURCES = Lookup(Source.objects.current, ("title", "url"), lambda each: translated(each.title, each.translations))
TOPICS = Lookup(Topic.objects.current, ("name",), lambda each: translated(each.name, each.translations))
QUESTIONS = Lookup(Question.objects.current, ("text",), lambda each: translated(each.text, each.translations))
SIDES = Lookup(Side.objects.current, ("name",), lambda each: translated(each.name, each.translations))
