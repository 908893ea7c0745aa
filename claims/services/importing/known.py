"""What is on record of the things that drafts name: looked up for a whole batch, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db.models import Q

from claims.domain.vocabulary import AgentKind
from claims.models import (
    Agent,
    AgentName,
    Attribution,
    Claim,
    Passage,
    Question,
    Record,
    Relay,
    Side,
    Snapshot,
    SnapshotContent,
    Source,
    Topic,
)
from claims.queries.imports import attributions_of, taken_back
from claims.services.importing.drafts import NAMESPACE, Draft, agent_uid, named_uid

AT_ONCE = 2_000
# However a UUID is written, it has 32 digits.
FEWEST_OF_UID = 32

R = TypeVar("R", bound=Record)
Ref = Hashable


def ref(record: Record | None) -> Ref:
    """What a record is known by in a batch: its key, or itself where it is new. Whoever keeps it keeps the record."""
    if record is None:
        return None
    return ("new", id(record)) if record._state.adding else record.pk


class Known:
    """Records by what a table calls them; those that a batch makes are put in beside those on record."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._claims = _claims(drafts)
        withdrawn = {claim.pk: claim for claim in self._claims.values() if claim.withdrawn}
        self._undone = taken_back(list(withdrawn.values()))
        self.topics: dict[str, Topic] = {
            row.name: row for row in _read(Topic, "name", {d.topic for d in drafts} - {""})
        }
        self.questions: dict[tuple[Ref, str], Question] = {
            (row.topic_id, row.text): row for row in self._questions(drafts)
        }
        self.sides = _sides(drafts)
        self.agents_by_uid: dict[UUID, Agent] = {}
        self.agents: dict[str, list[Agent]] = defaultdict(list)
        self._read_agents(drafts)
        self.sources_by_url: dict[str, Source] = {}
        self.sources: dict[tuple[Ref, str, str], Source] = {}
        self._read_sources(drafts)
        self.unnamed: dict[tuple[str, Ref], Agent] = {}
        self.snapshots: dict[tuple[Ref, str], Snapshot] = {}
        self.newest: dict[Ref, Snapshot] = {}
        self.with_text: set[int] = set()
        self.attributions: dict[tuple[Ref, ...], list[Attribution]] = defaultdict(list)
        self.relays: dict[int, list[Relay]] = defaultdict(list)
        self.passages: dict[int, list[Passage]] = defaultdict(list)
        self._with_parts: set[int] = set()

    def _questions(self, drafts: Sequence[Draft]) -> list[Question]:
        """The questions of the topics that the drafts name, and those of no topic."""
        topics = {topic.pk for topic in self.topics.values()}
        in_topics = _read(Question, "text", {d.question for d in drafts if d.topic}, Q(topic__in=topics))
        return in_topics + _read(Question, "text", {d.question for d in drafts if not d.topic}, Q(topic=None))

    def _read_agents(self, drafts: Sequence[Draft]) -> None:
        """Named agents by every name that they have, and agents by identifier: those found, and those asked for.

        An agent that would be made for a name may have been made for it before, and be renamed or withdrawn since.
        """
        asked = _agents_named(drafts)
        names = {name for name, _kind in asked}
        found: dict[str, dict[int, Agent]] = defaultdict(dict)
        named = Q(withdrawn=False) & ~Q(kind=AgentKind.UNNAMED.value)
        for agent in _read(Agent, "name", names, named):
            found[agent.name][agent.pk] = agent
        aliases = _read(AgentName, "text", names, Q(withdrawn=False), also="agent")
        for alias in aliases:
            if not alias.agent.withdrawn and alias.agent.kind != AgentKind.UNNAMED:
                found[alias.text].setdefault(alias.agent_id, alias.agent)
        self.agents.update({name: list(agents.values()) for name, agents in found.items()})
        self.agents_by_uid = {agent.uid: agent for agents in found.values() for agent in agents.values()}
        there = {(name, agent.kind) for name, agents in found.items() for agent in agents.values()}
        uids = {named_uid(name, kind) for name, kind in asked - there}
        uids |= {agent_uid(draft.speaker_id) for draft in drafts if draft.speaker_id}
        self.agents_by_uid |= {row.uid: row for row in _read(Agent, "uid", uids - self.agents_by_uid.keys())}

    def _read_sources(self, drafts: Sequence[Draft]) -> None:
        """Sources by address, and those named without one by publisher, title and date: one without address first."""
        urls = {draft.source_url for draft in drafts} - {""}
        self.sources_by_url = {row.url: row for row in _read(Source, "url", urls, ~Q(url=""))}
        titles = {draft.source for draft in drafts if not draft.source_url} - {""}
        rows = _read(Source, "title", titles, Q(withdrawn=False))
        for row in sorted(rows, key=lambda row: (row.url != "", row.pk)):
            self.sources.setdefault((row.publisher_id, row.title, row.published_on), row)

    def read_of_sources(self, drafts: Iterable[Draft], sources: Iterable[Source]) -> None:
        """What belongs to the sources that the drafts turned out to mean: unnamed speakers, and texts."""
        keys = {source.pk for source in sources} - {None}
        names = {name for draft in drafts for name in (draft.speaker, *draft.via)} - {""}
        unnamed = Q(kind=AgentKind.UNNAMED.value, withdrawn=False)
        for part in parts_of(keys):
            for agent in Agent.objects.filter(unnamed, source__among=part):
                if agent.name in names:
                    self.unnamed[agent.name, agent.source_id] = agent
        if not any(draft.quote or draft.text_sha256 for draft in drafts):
            return
        for snapshot in sorted(_read(Snapshot, "source", keys), key=lambda row: row.pk):
            self.snapshots[snapshot.source_id, snapshot.sha256] = snapshot
            if not snapshot.withdrawn:
                self.newest[snapshot.source_id] = snapshot
        for part in parts_of({snapshot.pk for snapshot in self.snapshots.values()}):
            self.with_text |= set(SnapshotContent.objects.filter(pk__in=part).values_list("pk", flat=True))
        # As in the forms: one of which the text is there comes before any that is known by its hash alone.
        whole = [row for row in self.snapshots.values() if row.pk in self.with_text and not row.withdrawn]
        self.newest |= {row.source_id: row for row in sorted(whole, key=lambda row: row.pk)}

    def read_attributions(self, spoken: Iterable[tuple[Source, Agent, str]]) -> None:
        """The attributions of these sources, speakers and dates as written, with their relays and passages."""
        wanted = {(source.pk, speaker.pk, said) for source, speaker, said in spoken if source.pk and speaker.pk}
        keys: list[int] = []
        for part in parts_of({place[:2] for place in wanted}):
            keys += (key for key, *place in attributions_of(part) if (*place,) in wanted)
        found = {row.pk: row for row in _read(Attribution, "pk", keys, also="speaker")}
        self._read_parts(found.keys())
        for key in sorted(found):
            row = found[key]
            chain = tuple(relay.agent_id for relay in self.relays[key])
            self.attributions[row.source_id, row.speaker_id, chain, row.said_on].append(row)

    def read_parts_of(self, claims: Iterable[Claim]) -> None:
        """The relays and passages of the attributions of these claims; one of several claims is one object."""
        whole: dict[int, Attribution] = {}
        for claim in claims:
            claim.attribution = whole.setdefault(claim.attribution_id, claim.attribution)
        self._read_parts(whole.keys() - self._with_parts)

    def claim(self, draft: Draft) -> Claim | None:
        """The claim that the draft is, by its identifier: of the desk it came from, or ours."""
        if not draft.id:
            return self._claims.get(str(self.uid_of(draft)))
        uid = _uid(draft.id)
        found = self._claims.get(draft.id) or (self._claims.get(str(uid)) if uid else None)
        return None if found is not None and found.pk in self._undone else found

    def uid_of(self, draft: Draft) -> UUID:
        """The identifier that is made for a draft without one: one more where its import was taken back."""
        uid = draft.made_uid()
        while (found := self._claims.get(str(uid))) is not None and found.pk in self._undone:
            uid = uuid5(NAMESPACE, str(uid))
            again = Claim.objects.filter(uid=uid).first()
            if again is not None:
                self._claims[str(uid)] = again
                self._undone |= taken_back([again] if again.withdrawn else [])
        return uid

    def _read_parts(self, attributions: Collection[int]) -> None:
        self._with_parts |= set(attributions)
        for relay in _read(Relay, "attribution", attributions, Q(withdrawn=False), also="agent", order="position"):
            self.relays[relay.attribution_id].append(relay)
        for passage in _read(Passage, "attribution", attributions, Q(withdrawn=False)):
            self.passages[passage.attribution_id].append(passage)


def _read(
    model: type[R],
    field: str,
    values: Collection[Any],
    condition: Q | None = None,
    *,
    also: str = "",
    order: str = "pk",
) -> list[R]:
    """The rows of which the field has one of the values."""
    rows: list[R] = []
    for part in parts_of(values):
        found = model.objects.filter(condition or Q(), **{f"{field}__among": part}).order_by(order)
        rows += found.select_related(also) if also else found
    return rows


def parts_of(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in lists that fit into a condition."""
    ordered = list(values)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _agents_named(drafts: Sequence[Draft]) -> set[tuple[str, str]]:
    """The names of agents in the drafts, each with the kind of which one would be made."""
    asked = {(draft.speaker, (draft.speaker_kind or AgentKind.ORGANISATION).value) for draft in drafts}
    asked |= {(name, AgentKind.OUTLET.value) for draft in drafts for name in (draft.publisher, *draft.via)}
    asked |= {(draft.speaks_for, AgentKind.ORGANISATION.value) for draft in drafts}
    return {(name, kind) for name, kind in asked if name}


def _sides(drafts: Sequence[Draft]) -> dict[str, Side]:
    """Sides by name; one that has a name only in another language comes after one that is called so."""
    wanted = {draft.side for draft in drafts} - {""}
    if not wanted:
        return {}
    sides: list[Side] = list(Side.objects.order_by("pk"))
    found = {text: side for side in reversed(sides) for text in side.translations.values()}
    return {**found, **{side.name: side for side in sides}}


def _claims(drafts: Sequence[Draft]) -> dict[str, Claim]:
    """The claims on record by the identifiers of the drafts: ours, or the external one."""
    identifiers = {draft.id or str(draft.made_uid()) for draft in drafts}
    uids = {uid for text in identifiers if (uid := _uid(text)) is not None}
    keys: dict[str, int] = {}
    for field, values, condition in (("external_id", identifiers, ~Q(external_id="")), ("uid", uids, Q())):
        for part in parts_of(values):
            rows = Claim.objects.filter(condition, **{f"{field}__among": part})
            keys.update((str(value), key) for value, key in rows.values_list(field, "pk"))
    also = ("attribution__source", "attribution__speaker__side", "attribution__on_behalf_of", "question__topic")
    found: dict[int, Claim] = {}
    for numbers in parts_of(set(keys.values())):
        found |= Claim.objects.select_related(*also).in_bulk(numbers)
    return {identifier: found[key] for identifier, key in keys.items()}


def _uid(text: str) -> UUID | None:
    if len(text) < FEWEST_OF_UID:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
