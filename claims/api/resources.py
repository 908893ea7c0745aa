"""The kinds of records that the API has, as a table: what an answer shows, how lists are ordered and narrowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from claims.api import rows
from claims.api.claim_records import (
    AttributionRead,
    ClaimSerializer,
)
from claims.api.judgement_records import CorrectionSerializer, FindingSerializer, LinkSerializer, NoticeSerializer
from claims.api.parameters import Narrowing, by_name, by_record
from claims.api.records import (
    AgentSerializer,
    OptionSerializer,
    QuestionSerializer,
    SideSerializer,
    SourceSerializer,
    TopicSerializer,
)
from claims.api.text_records import PassageSerializer, SnapshotSerializer
from claims.models import (
    Agent,
    Attribution,
    Claim,
    ClaimLink,
    Correction,
    Finding,
    Option,
    Passage,
    Question,
    Record,
    Retraction,
    Side,
    Snapshot,
    Source,
    Topic,
)
from claims.queries.agents import BY_NAME
from claims.queries.lookups import AGENTS, QUESTIONS, SIDES, SOURCES, TOPICS, Lookup
from claims.queries.pages import Order
from claims.queries.question_lists import BY_TOPIC
from claims.queries.source_pages import NEWEST_FIRST

AS_RECORDED = Order("id", "id", descending=False, nullable=False)


@dataclass(frozen=True, eq=False)
class Resource:
    """One kind of record: `many` in addresses, `one` in names of operations.

    `whole` names what such a record belongs to: where that is withdrawn, so is what belongs to it.
    """

    many: str
    one: str
    model: type[Record]
    rows: Callable[[], rows.Rows]
    serializer: type[Any]
    order: Order = AS_RECORDED
    narrowings: Mapping[str, Narrowing] = field(default_factory=dict)
    whole: str = ""

    def current(self) -> Any:
        """The records that lists have: those that are not withdrawn, and not with their whole."""
        found = self.model.objects.current()
        return found.filter(**{f"{self.whole}__withdrawn": False}) if self.whole else found

    def is_withdrawn(self, record: Any) -> bool:
        """Whether the record is withdrawn, itself or with its whole."""
        return bool(record.withdrawn or (self.whole and getattr(record, self.whole).withdrawn))


def _agents_called() -> Lookup:
    """Agents by name, each as itself: a list of records does not follow `same_as`."""
    return Lookup(AGENTS.records, AGENTS.by, AGENTS.name)


OF_QUESTION = by_record(Question, "question", "Those of this question.")
OF_CLAIM = by_record(Claim, "claim", "Those of this claim.")
OF_SOURCE = by_record(Source, "source", "Those of this source.")

TOPIC = Resource(
    "topics",
    "topic",
    Topic,
    rows.topics,
    TopicSerializer,
    narrowings={"name": by_name(TOPICS, "The topic of this name.")},
)
SIDE = Resource(
    "sides", "side", Side, rows.sides, SideSerializer, narrowings={"name": by_name(SIDES, "The side of this name.")}
)
AGENT = Resource(
    "agents",
    "agent",
    Agent,
    rows.agents,
    AgentSerializer,
    BY_NAME,
    {
        "name": by_name(_agents_called(), "Agents of this name or alias, in any language."),
        "side": by_record(Side, "side", "Those of this side."),
        "speaks_for": by_record(Agent, "speaks_for", "Those who speak for this agent."),
        "same_as": by_record(Agent, "same_as", "Those that were judged to be this agent."),
    },
)
SOURCE = Resource(
    "sources",
    "source",
    Source,
    rows.sources,
    SourceSerializer,
    NEWEST_FIRST,
    {
        "name": by_name(SOURCES, "Sources of this title or web address."),
        "publisher": by_record(Agent, "publisher", "Those of this publisher."),
    },
)
QUESTION = Resource(
    "questions",
    "question",
    Question,
    rows.questions,
    QuestionSerializer,
    BY_TOPIC,
    {
        "topic": by_record(Topic, "topic", "Those of this topic."),
        "name": by_name(QUESTIONS, "Questions of this text."),
    },
)
OPTION = Resource(
    "options", "option", Option, rows.options, OptionSerializer, narrowings={"question": OF_QUESTION}, whole="question"
)
ATTRIBUTION = Resource(
    "attributions",
    "attribution",
    Attribution,
    rows.attributions,
    AttributionRead,
    narrowings={"source": OF_SOURCE, "speaker": by_record(Agent, "speaker", "Those of this speaker.")},
)
PASSAGE = Resource(
    "passages",
    "passage",
    Passage,
    rows.passages,
    PassageSerializer,
    narrowings={
        "attribution": by_record(Attribution, "attribution", "Those of this attribution."),
        "snapshot": by_record(Snapshot, "snapshot", "Those of this text."),
    },
    whole="attribution",
)
SNAPSHOT = Resource(
    "snapshots",
    "snapshot",
    Snapshot,
    rows.snapshots,
    SnapshotSerializer,
    narrowings={"source": OF_SOURCE},
    whole="source",
)
CLAIM = Resource("claims", "claim", Claim, rows.claims, ClaimSerializer)
FINDING = Resource(
    "findings",
    "finding",
    Finding,
    rows.findings,
    FindingSerializer,
    narrowings={"question": OF_QUESTION},
    whole="question",
)
RETRACTION = Resource(
    "retractions",
    "retraction",
    Retraction,
    rows.retractions,
    NoticeSerializer,
    narrowings={"claim": OF_CLAIM},
    whole="claim",
)
CORRECTION = Resource(
    "corrections",
    "correction",
    Correction,
    rows.corrections,
    CorrectionSerializer,
    narrowings={"claim": OF_CLAIM},
    whole="claim",
)
LINK = Resource("links", "link", ClaimLink, rows.links, LinkSerializer, narrowings={"claim": OF_CLAIM}, whole="claim")
