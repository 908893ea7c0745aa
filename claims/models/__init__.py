"""The tables: one class is one table, and its docstring says what one row means."""

from claims.models import lookups  # noqa: F401 - registers itself
from claims.models.attributions import Attribution, Passage, Relay
from claims.models.base import Record
from claims.models.claims import Claim, ClaimLink, ClaimOption, ClaimWording
from claims.models.derived import URGENCY, ClaimState, PassageLocation, Position, QuestionState
from claims.models.guard import Change, OutsideService
from claims.models.imports import Import, ImportedBatch
from claims.models.judgements import Correction, Distinction, Finding, Retraction
from claims.models.logged import ChangeTopic
from claims.models.people import Agent, AgentName, Side, User
from claims.models.questions import Option, OptionBroader, Question, Topic
from claims.models.sources import Snapshot, SnapshotContent, Source
from claims.models.suspicions import COMPARED, Likeness, MatchKey, SuspectedPair, TextFingerprint
from claims.models.turns import QuestionTurn
from claims.models.words import NAMED_KINDS, ClaimToken, NameToken

# Every table that keeps what editors recorded, each after those that it refers to where that is possible.
RECORDS: tuple[type[Record], ...] = (
    Side,
    Agent,
    AgentName,
    Source,
    Snapshot,
    Topic,
    Question,
    Option,
    OptionBroader,
    Attribution,
    Relay,
    Passage,
    Claim,
    ClaimOption,
    ClaimWording,
    ClaimLink,
    Retraction,
    Correction,
    Distinction,
    Likeness,
    Finding,
)

__all__ = [
    "COMPARED",
    "NAMED_KINDS",
    "RECORDS",
    "URGENCY",
    "Agent",
    "AgentName",
    "Attribution",
    "Change",
    "ChangeTopic",
    "Claim",
    "ClaimLink",
    "ClaimOption",
    "ClaimState",
    "ClaimToken",
    "ClaimWording",
    "Correction",
    "Distinction",
    "Finding",
    "Import",
    "ImportedBatch",
    "Likeness",
    "MatchKey",
    "NameToken",
    "Option",
    "OptionBroader",
    "OutsideService",
    "Passage",
    "PassageLocation",
    "Position",
    "Question",
    "QuestionState",
    "QuestionTurn",
    "Record",
    "Relay",
    "Retraction",
    "Side",
    "Snapshot",
    "SnapshotContent",
    "Source",
    "SuspectedPair",
    "TextFingerprint",
    "Topic",
    "User",
]
