"""What is read for each kind of record: the rows with all that an answer shows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from claims.models import (
    Agent,
    AgentName,
    Attribution,
    Claim,
    ClaimLink,
    ClaimOption,
    ClaimState,
    ClaimWording,
    Correction,
    Finding,
    Option,
    OptionBroader,
    Passage,
    Question,
    Relay,
    Retraction,
    Side,
    Snapshot,
    SnapshotContent,
    Source,
    Topic,
)
from claims.queries.claim_rows import reasons_of
from claims.wording import plain

# The managers of records are not typed.
Rows = Any


def _names(of: str) -> Prefetch[Any, Any, Any]:
    return Prefetch(f"{of}names", AgentName.objects.current().order_by("pk"))


def _broader(of: str = "") -> Prefetch[Any, Any, Any]:
    links = OptionBroader.objects.current().select_related("broader").order_by("pk")
    return Prefetch(f"{of}broader_links", links)


def topics() -> Rows:
    """Topics."""
    return Topic.objects.all()


def sides() -> Rows:
    """Sides."""
    return Side.objects.all()


def agents() -> Rows:
    """Agents with their names, side, and whom they speak for or are the same as."""
    related = ("side", "source", "speaks_for", "same_as")
    return Agent.objects.select_related(*related).prefetch_related(_names(""))


def sources() -> Rows:
    """Sources with their publishers' names."""
    return Source.objects.select_related("publisher").prefetch_related(_names("publisher__"))


def questions() -> Rows:
    """Questions with their options and what the rules make of them."""
    options = Prefetch("options", Option.objects.current().order_by("pk"))
    related = ("topic", "outcome_of", "state")
    return Question.objects.select_related(*related).prefetch_related(options, _broader("options__"))


def options() -> Rows:
    """Options with those directly above them."""
    return Option.objects.select_related("question").prefetch_related(_broader())


def attributions() -> Rows:
    """Attributions with their chain, passages and claims."""
    relays = Relay.objects.current().select_related("agent").order_by("position")
    return Attribution.objects.select_related("source", "speaker", "side", "on_behalf_of", "document").prefetch_related(
        _names("speaker__"),
        Prefetch("relays", relays),
        _names("relays__agent__"),
        Prefetch("passages", Passage.objects.current().order_by("pk")),
        Prefetch("claims", Claim.objects.current().order_by("line", "pk")),
    )


def passages() -> Rows:
    """Passages."""
    return Passage.objects.select_related("attribution", "snapshot")


def snapshots() -> Rows:
    """Snapshots, and whether each has its text."""
    content = SnapshotContent.objects.filter(snapshot=OuterRef("pk"))
    return Snapshot.objects.select_related("source", "captured_by").annotate(has_text=Exists(content))


def findings() -> Rows:
    """Findings."""
    return Finding.objects.select_related("question", "settled_by")


def retractions() -> Rows:
    """Retractions."""
    return Retraction.objects.select_related("claim", "source", "snapshot")


def corrections() -> Rows:
    """Corrections."""
    return Correction.objects.select_related("claim", "source", "snapshot")


def links() -> Rows:
    """Links between claims."""
    return ClaimLink.objects.select_related("claim", "other")


def claims() -> Rows:
    """Claims with all that an answer shows of them."""
    return Claim.objects.select_related(
        "question", "copied_from", "state__position", "attribution__source__publisher",
        "attribution__speaker__side", "attribution__side",
    ).prefetch_related(
        Prefetch("wordings", ClaimWording.objects.current().order_by("pk")),
        Prefetch("options", ClaimOption.objects.current().select_related("option").order_by("pk")),
        _names("attribution__speaker__"),
        _names("attribution__source__publisher__"),
    )  # fmt: skip


def claims_context(shown: Sequence[Claim]) -> dict[str, Any]:
    """What the answers say of claims beyond their rows: why they are contested, and their origins."""
    states = [state for claim in shown if (state := getattr(claim, "state", None)) is not None]
    because = {key: plain(reason) for key, reason in reasons_of(states).items()}
    return {"because": because, "origins": origins(states)}


def origins(states: Sequence[ClaimState]) -> dict[str, str]:
    """The origins of claims by the key that the tables have: kind and identifier, such as ``named:5b0c…``."""
    written = {state.origin for state in states if state.origin}
    keys = {text: text.partition(":") for text in written}
    agents = {int(key) for kind, _colon, key in keys.values() if kind != "document"}
    documents = {int(key) for kind, _colon, key in keys.values() if kind == "document"}
    uids = {
        "agent": dict(Agent.objects.filter(pk__in=agents).values_list("pk", "uid")),
        "document": dict(Source.objects.filter(pk__in=documents).values_list("pk", "uid")),
    }
    return {
        text: f"{kind}:{uids['document' if kind == 'document' else 'agent'][int(key)]}"
        for text, (kind, _colon, key) in keys.items()
    }
