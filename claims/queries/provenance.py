"""What an export in others' vocabulary needs of claims: all that stands around them, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Prefetch

from claims.ledger.models import LoggedChange
from claims.models import (
    Agent,
    AgentName,
    Claim,
    ClaimLink,
    ClaimOption,
    ClaimWording,
    Correction,
    Finding,
    Passage,
    Record,
    Relay,
    Retraction,
    User,
)
from claims.queries.version_fields import told_fields

Moment = tuple[datetime, int | None]
"""When something was changed, and the key of the user who did it; a command has none."""


def claims_with_all(keys: Collection[int]) -> list[Claim]:
    """The claims of these keys, in the order of their keys, with everything that they rest on and refer to."""
    notices: tuple[type[Record], ...] = (Retraction, Correction)
    found = (
        Claim.objects.filter(pk__in=keys)
        .select_related(
            "question__topic",
            "question__outcome_of",
            "copied_from",
            "attribution__source__publisher",
            "attribution__speaker",
            "attribution__side",
            "attribution__on_behalf_of",
            "attribution__document",
        )
        .prefetch_related(
            Prefetch("wordings", ClaimWording.objects.current().order_by("language", "pk")),
            Prefetch("options", ClaimOption.objects.current().select_related("option").order_by("pk")),
            Prefetch("links", ClaimLink.objects.current().select_related("other").order_by("pk")),
            *(
                Prefetch(f"{each._meta.model_name}s", _current(each).select_related("source", "snapshot__source"))
                for each in notices
            ),
            Prefetch("attribution__relays", Relay.objects.current().select_related("agent").order_by("position", "pk")),
            Prefetch(
                "attribution__passages",
                Passage.objects.current().select_related("snapshot__source", "snapshot__captured_by").order_by("pk"),
            ),
        )
        .order_by("pk")
    )
    return list(found)


def _current(model: type[Record]) -> models.QuerySet[Any]:
    found: models.QuerySet[Any] = model.objects.current().order_by("pk")
    return found


def findings_of(questions: Collection[int]) -> dict[int, list[Finding]]:
    """The findings of each question that are not withdrawn, the earliest first."""
    found: dict[int, list[Finding]] = defaultdict(list)
    rows = Finding.objects.current().filter(question__in=questions).select_related("settled_by")
    for finding in rows.order_by("settled_on", "pk"):
        found[finding.question_id].append(finding)
    return found


def claims_of_questions(questions: Collection[int]) -> dict[int, list[Claim]]:
    """The claims on each question that are not withdrawn, by their keys: of each no more than its identifier."""
    found: dict[int, list[Claim]] = defaultdict(list)
    rows = Claim.objects.current().filter(question__in=questions).only("uid", "question").order_by("pk")
    for claim in rows:
        found[claim.question_id].append(claim)
    return found


def agents_with_names(keys: Iterable[int | None]) -> dict[int, Agent]:
    """The agents with all whom they are the same as or speak for, and names: two queries a step; steps are few."""
    found: dict[int, Agent] = {}
    missing = set(keys) - {None}
    names = Prefetch("names", AgentName.objects.current().order_by("language", "pk"))
    while missing:
        step = Agent.objects.filter(pk__in=missing).select_related("side").prefetch_related(names).order_by("pk")
        found |= {agent.pk: agent for agent in step}
        missing = {other for agent in step for other in (agent.same_as_id, agent.speaks_for_id)} - {None, *found}
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Versions:
    """The versions of some records of one kind, and what is needed to tell them.

    `rows` has each record's versions in order, `wordings` (of claims) the texts that held after a version by
    (key of the record, its number), `uids` what the versions refer to, `changes` the logged changes.
    """

    model: type[Record]
    rows: Mapping[int, Sequence[Any]]
    wordings: Mapping[tuple[int, int], Sequence[tuple[str, str]]]
    uids: Mapping[tuple[type[models.Model], int], UUID]
    changes: Mapping[Moment, LoggedChange]


def versions_of(model: type[Record], keys: Collection[int]) -> Versions:
    """All versions of the records of these keys: a query for them, one a kind of record referred to, and two more."""
    rows: dict[int, list[Any]] = {key: [] for key in sorted(keys)}
    history = model.history.filter(id__in=keys).select_related("history_user")
    for row in history.order_by("id", "history_date", "history_id"):
        rows[row.id].append(row)
    every = [row for versions in rows.values() for row in versions]
    wordings = _wordings(rows) if model is Claim else {}
    return Versions(model, rows, wordings, _referred_to(model, every), logged_changes(map(moment_of, every)))


def versions_made(claims: Collection[Claim]) -> dict[int, datetime]:
    """When the versions in which these claims were read were recorded, by key of the claim: one query."""
    numbers = {claim.pk: claim.version for claim in claims}
    rows = Claim.history.filter(id__in=numbers).order_by("id", "history_date", "history_id")
    found = rows.values_list("id", "version", "history_date")
    return {key: moment for key, version, moment in found if version == numbers[key]}


def moment_of(row: Any) -> Moment:
    """When a version was made, and by whom."""
    return row.history_date, row.history_user_id


def logged_changes(moments: Iterable[Moment]) -> dict[Moment, LoggedChange]:
    """The logged change that each moment belongs to; none where the log has none, or one user two of one moment."""
    wanted = set(moments)
    found: dict[Moment, list[LoggedChange]] = defaultdict(list)
    for change in LoggedChange.objects.filter(at__in={moment for moment, _user in wanted}).order_by("pk"):
        found[change.at, change.user_id].append(change)
    return {moment: changes[0] for moment, changes in found.items() if moment in wanted and len(changes) == 1}


def _wordings(rows: Mapping[int, Sequence[Any]]) -> dict[tuple[int, int], list[tuple[str, str]]]:
    """The wordings that held after each version of the claims."""
    history: dict[int, list[Any]] = defaultdict(list)
    written = ClaimWording.history.filter(claim_id__in=list(rows)).order_by("history_date", "history_id")
    for row in written:
        history[row.claim_id].append(row)
    found = {}
    for key, versions in rows.items():
        for version in versions:
            held = {row.id: row for row in history[key] if row.history_date <= version.history_date}
            texts = sorted((row.language, row.text) for row in held.values() if not row.withdrawn)
            found[key, version.version] = texts
    return found


def _referred_to(model: type[Record], rows: Sequence[Any]) -> dict[tuple[type[models.Model], int], UUID]:
    """The identifiers of the records that the versions refer to; users have none."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for field in told_fields(model):
        if isinstance(field, models.ForeignKey) and field.related_model is not User:
            wanted[field.related_model] |= {getattr(row, field.attname) for row in rows} - {None}
    found: dict[tuple[type[models.Model], int], UUID] = {}
    for related, keys in wanted.items():
        if keys:
            uids = related._base_manager.filter(pk__in=keys).values_list("pk", "uid")
            found |= {(related, key): uid for key, uid in uids}
    return found
