"""Names as pages show them: the text in the reader's language, the language it is in where known, and its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from claims.models import Agent, Question, Side, Source, Topic
from claims.queries.names import agent_name, translated
from claims.queries.recorded import past

IN_THE_PAST = ("question", "claim", "agent")
"""The pages that there are as recorded on a moment."""


@dataclass(frozen=True, slots=True)
class Link:
    """A name with its address and language; each may be empty. Fragments ask for `text`, `title` or `name`."""

    text: str
    url: str = ""
    language: str = ""
    side: str = ""
    cue: str = ""

    @property
    def title(self) -> str:
        """The same under the name that a source has for it."""
        return self.text

    @property
    def name(self) -> str:
        """The same under the name that an agent has for it."""
        return self.text


def reader_language() -> str:
    """The primary language of the interface, such as ``ar``."""
    return (get_language() or "").split("-")[0]


def language_of(text: str, translations: Mapping[str, str], otherwise: str = "") -> str:
    """The language of a text shown: the reader's if it is that translation, else what is known of the original."""
    return reader_language() if translations.get(reader_language()) == text else otherwise


def address(kind: str, uid: UUID) -> str:
    """The address of a record's page, such as ``/questions/<uid>/``; in the past, of the page as recorded then."""
    then = past()
    return address_then(kind, uid, then.written) if then and kind in IN_THE_PAST else reverse(kind, args=[uid])


def address_then(kind: str, uid: UUID, written: str) -> str:
    """The address of a record's page as recorded on the moment written."""
    return f"{reverse(kind, args=[uid])}?{urlencode({'recorded_on': written})}"


def question_link(question: Question) -> Link:
    text = translated(question.text, question.translations)
    return Link(text, address("question", question.uid), language_of(text, question.translations))


def topic_link(topic: Topic) -> Link:
    text = translated(topic.name, topic.translations)
    return Link(text, address("topic", topic.uid), language_of(text, topic.translations))


def source_link(source: Source) -> Link:
    text = translated(source.title, source.translations)
    return Link(text, address("source", source.uid), language_of(text, source.translations, source.language))


def side_link(side: Side) -> Link:
    """A side's name; sides have no page."""
    text = translated(side.name, side.translations)
    return Link(text, language=language_of(text, side.translations))


def agent_link(agent: Agent, *, side: Side | None = None, cue: str = "") -> Link:
    """An agent's name with its address; the agent's names must be prefetched."""
    text, reader = agent_name(agent), reader_language()
    named = any(row.text == text and row.language == reader for row in agent.names.all())
    side_name = side_link(side).text if side else ""
    return Link(text, address("agent", agent.uid), reader if named else "", side_name, cue)
