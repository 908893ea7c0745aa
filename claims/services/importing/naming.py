"""Who and what a draft names: topics, questions, sides, agents and sources, found on record or made, not saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from claims.domain.vocabulary import AgentKind, AnswerKind, OverTime
from claims.models import Agent, Question, Record, Side, Source, Topic
from claims.queries.imports import taken_back
from claims.services.importing.drafts import Draft, Fault, agent_uid, named_uid
from claims.services.importing.known import Known, ref
from claims.services.naming import called, listed, typed
from claims.services.speakers import described

R = TypeVar("R", bound=Record)

SHOWN = 5
# The columns that say of which make a question is, by the field that keeps it.
MEASURES = {
    "answer_kind": "kind",
    "unit": "unit",
    "several": "several",
    "over_time": "over_time",
    "window_hours": "window_hours",
    "tolerance": "tolerance",
    "rounding": "rounding",
}


class Wrong(Exception):  # noqa: N818 - it answers a person
    """A draft cannot be taken because of one of its columns."""

    def __init__(self, column: str, sentence: str) -> None:
        self.fault = Fault(column, sentence)
        super().__init__(sentence)


class Names:
    """Finds what drafts name among what is known, and makes what is not; `made` are the new ones, by their model.

    `maker` tells by the identity of a new record the number of the draft that first named it.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        self.made: dict[type[Record], list[Record]] = {}
        self.maker: dict[int, int] = {}
        self.number = 0

    def new(self, record: R) -> R:
        """Keep a new record to be saved; returns it."""
        self.made.setdefault(type(record), []).append(record)
        self.maker[id(record)] = self.number
        return record

    def _present(self, record: R, column: str) -> R:
        """The record, unless it is withdrawn; what went with an import that was taken back comes back by its name."""
        if not record.withdrawn:
            return record
        if record.pk in taken_back([record]):
            record.withdrawn = False
            return self.new(record)
        sentence = _("“%(name)s” is withdrawn. Restore it first, or write another name.")
        raise Wrong(column, sentence % {"name": called(record)})

    def topic(self, draft: Draft) -> Topic | None:
        """The topic of the draft, if it names one."""
        if not draft.topic:
            return None
        if draft.topic not in self.known.topics:
            self.known.topics[draft.topic] = self.new(Topic(name=draft.topic))
        return self._present(self.known.topics[draft.topic], "topic")

    def question(self, draft: Draft) -> Question | None:
        """The question of the draft, if it names one; raises `Wrong` where it is on record as another one."""
        if not draft.question:
            return None
        topic = self.topic(draft)
        place = (ref(topic), draft.question)
        found = self.known.questions.get(place)
        if found is None:
            question = Question(topic=topic, text=draft.question, **_measures(draft))
            _refuse_unfit(question)
            found = self.known.questions[place] = self.new(question)
        else:
            _refuse_differing(found, draft)
        return self._present(found, "question")

    def side(self, draft: Draft) -> Side | None:
        """The side of the draft, if it names one."""
        if not draft.side:
            return None
        if draft.side not in self.known.sides:
            self.known.sides[draft.side] = self.new(Side(name=draft.side))
        return self._present(self.known.sides[draft.side], "side")

    def agent(self, name: str, column: str, otherwise: AgentKind, kind: AgentKind | None = None) -> Agent:
        """The named agent of this name (and kind, where one is stated), made of the kind `otherwise` where none is."""
        found = [each for each in self.known.agents.get(name, []) if kind is None or each.kind == kind]
        keys = {each.pk for each in found} - {None}
        found = [each for each in found if each.same_as_id not in keys] if len(found) > 1 else found
        if len(found) > 1 and kind is None:
            found = [each for each in found if each.kind == otherwise] or found
        if len(found) > 1:
            sentence = _("Several agents are called “%(name)s”: %(agents)s. Name the one that is meant by speaker_id.")
            if column != "speaker":
                sentence = _(
                    "Several agents are called “%(name)s”: %(agents)s. Judge them to be the same, or rename one."
                )
            raise Wrong(column, sentence % {"name": typed(name), "agents": listed(map(described, found[:SHOWN]))})
        return found[0] if found else self._named(name, kind or otherwise)

    def _named(self, name: str, kind: AgentKind, uid: UUID | None = None) -> Agent:
        """A new agent of this name; without an identifier it gets one by which it is known to have had none."""
        agent = Agent(name=name, kind=kind.value)
        by_name = named_uid(name, kind)
        if uid is not None or by_name not in self.known.agents_by_uid:
            agent.uid = uid or by_name
        self.known.agents_by_uid[agent.uid] = agent
        self.known.agents.setdefault(name, []).append(agent)
        return self.new(agent)

    def identify(self, draft: Draft) -> None:
        """Know the speaker whom the draft names by an identifier, before others are looked for by the name alone.

        One of that name who came without an identifier of their own, as a publisher or relay, is who is meant.
        """
        uid = agent_uid(draft.speaker_id) if draft.speaker_id else None
        if uid is None or not draft.speaker or draft.speaker_kind == AgentKind.UNNAMED:
            return
        if uid not in self.known.agents_by_uid:
            kind = draft.speaker_kind or AgentKind.ORGANISATION
            by_name = self.known.agents_by_uid.get(named_uid(draft.speaker, kind))
            if by_name is not None and by_name in self.known.agents.get(draft.speaker, []):
                self.known.agents_by_uid[uid] = by_name
            else:
                self._named(draft.speaker, kind, uid)

    def source(self, draft: Draft) -> Source:
        """The source of the draft: of the same address, or else of the same publisher, title and date."""
        publisher = self.agent(draft.publisher, "publisher", AgentKind.OUTLET) if draft.publisher else None
        place = (ref(publisher), draft.source, draft.published_on)
        known: dict[Any, Source] = self.known.sources
        found = self.known.sources_by_url.get(draft.source_url) if draft.source_url else known.get(place)
        if found is None:
            found = self.new(
                Source(
                    title=draft.source or draft.source_url,
                    url=draft.source_url,
                    publisher=publisher,
                    published_on=draft.published_on,
                    language=draft.language,
                )
            )
            if draft.source_url:
                self.known.sources_by_url[draft.source_url] = found
            known.setdefault(place, found)
        return self._present(found, "source_url" if draft.source_url else "source")

    def speaker(self, draft: Draft, source: Source) -> Agent:
        """The speaker of the draft, by identifier, else by name: an unnamed one of this source, or a named one."""
        if draft.speaker_id and (found := self.known.agents_by_uid.get(agent_uid(draft.speaker_id))):
            return self._present(found, "speaker_id")
        if not draft.speaker:
            raise Wrong("speaker", _("Say who speaks: the name of the speaker, or of the source itself."))
        if draft.speaker_kind in (None, AgentKind.UNNAMED):
            unnamed = self.known.unnamed.get((draft.speaker, ref(source)))
            if unnamed is not None:
                return unnamed
        if draft.speaker_kind == AgentKind.UNNAMED:
            return self._unnamed(draft, source)
        return self.agent(draft.speaker, "speaker", AgentKind.ORGANISATION, draft.speaker_kind)

    def _unnamed(self, draft: Draft, source: Source) -> Agent:
        agent = Agent(name=draft.speaker, kind=AgentKind.UNNAMED.value, source=source, side=self.side(draft))
        if draft.speaker_id:
            agent.uid = agent_uid(draft.speaker_id)
            self.known.agents_by_uid[agent.uid] = agent
        self.known.unnamed[draft.speaker, ref(source)] = agent
        return self.new(agent)

    def relays(self, draft: Draft, source: Source) -> list[Agent]:
        """Who passed the words on: an unnamed speaker of this source, or a named agent."""
        found = []
        for name in draft.via:
            unnamed = self.known.unnamed.get((name, ref(source)))
            found.append(unnamed or self.agent(name, "via", AgentKind.OUTLET))
        return found

    def spoken_for(self, draft: Draft) -> Agent | None:
        """On whose behalf it was said, if the draft says so."""
        if not draft.speaks_for:
            return None
        agent = self.agent(draft.speaks_for, "speaks_for", AgentKind.ORGANISATION)
        if agent.kind not in (AgentKind.ORGANISATION, AgentKind.OUTLET):
            sentence = _("One speaks for an organisation or an outlet, and “%(name)s” is on record as neither.")
            raise Wrong("speaks_for", sentence % {"name": called(agent)})
        return agent


def _stated(draft: Draft) -> Mapping[str, Any]:
    """What the draft says of its question, by field."""
    values = {field: getattr(draft, column) for column, field in MEASURES.items()}
    return {field: value for field, value in values.items() if value not in (None, "")}


def _measures(draft: Draft) -> dict[str, Any]:
    return {field: getattr(value, "value", value) for field, value in _stated(draft).items()}


def _refuse_differing(question: Question, draft: Draft) -> None:
    columns = {field: column for column, field in MEASURES.items()}
    for field, value in _stated(draft).items():
        ours = getattr(question, field)
        if ours != value:
            sentence = _(
                "“%(question)s” is on record with %(ours)s here, not %(theirs)s. Write it so, or leave this empty."
            )
            values = {"question": called(question), "ours": _shown(ours), "theirs": _shown(value)}
            raise Wrong(columns[field], sentence % values)


def _shown(value: Any) -> str:
    if value in (None, ""):
        return _("nothing")
    if isinstance(value, bool):
        return _("“yes”") if value else _("nothing")
    return f"“{typed(str(value))}”"


def _refuse_unfit(question: Question) -> None:
    """What the kinds of answers forbid; the tables have these rules, too, but no columns to name."""
    numeric = (AnswerKind.QUANTITY, AnswerKind.DATE)
    changes = question.over_time == OverTime.CHANGES
    if question.several and question.kind != AnswerKind.CHOICE:
        raise Wrong("several", _("Only a choice question can have several answers at once."))
    if question.unit and question.kind != AnswerKind.QUANTITY:
        raise Wrong("unit", _("Only a question for a quantity has a unit. Leave it out, or write the kind quantity."))
    if question.over_time == OverTime.GROWS and question.kind not in numeric:
        raise Wrong("over_time", _("Only an answer that is a number or a date can grow over time."))
    if changes and question.window_hours is None:
        raise Wrong("window_hours", _("A question that changes over time needs a window. Write it in hours."))
    if not changes and question.window_hours is not None:
        raise Wrong("window_hours", _("Only a question that changes over time has a window. Leave it out."))
