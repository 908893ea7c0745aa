"""Claims that are on record and come again under their identifier: what the row states and the record has not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Agent, Attribution, Claim, Question
from claims.services.drafts import NewPassage
from claims.services.importing.drafts import Draft
from claims.services.importing.grouping import FACTS, fact, placed, snapshot_of, spoken
from claims.services.importing.known import parts_of, ref
from claims.services.importing.naming import Names, Wrong
from claims.services.naming import called

# What is written of a claim itself, by column.
OF_CLAIM = ("stance", "certainty", "inferred", "answer", "as_of", "review")


@dataclass
class Update:
    """What a row changes of a claim on record: fields of the claim and its attribution, and parts of both."""

    claim: Claim
    claim_fields: dict[str, Any] = field(default_factory=dict)
    attribution_fields: dict[str, Any] = field(default_factory=dict)
    relays: list[Agent] | None = None
    wordings: dict[str, str] = field(default_factory=dict)
    passage: NewPassage | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the record says already what the row says."""
        return not (
            self.claim_fields or self.attribution_fields or self.relays is not None or self.wordings or self.passage
        )


class Updates:
    """What the rows of a batch change of claims on record; rows of one attribution have to say the same of it.

    `since` is when the import began: what it wrote itself is not changed by a later row of it.
    """

    def __init__(self, names: Names, since: datetime) -> None:
        self._names = names
        self._since = since
        self._written: set[int] = set()
        self._changed: dict[tuple[int, str], Any] = {}
        self._asked: set[int | None] = set()
        self._claims: set[int] = set()

    def read(self, claims: Iterable[Claim]) -> None:
        """Look up which of the claims the import has written already."""
        for keys in parts_of({claim.pk for claim in claims}):
            since = Claim.history.filter(id__among=keys, history_date__gte=self._since)
            self._written.update(since.values_list("id", flat=True))

    def of(self, claim: Claim, draft: Draft, question: Question | None, wordings: Mapping[str, str]) -> Update:
        """What the draft changes of the claim; raises `Wrong` for what cannot be changed any more."""
        update = Update(claim)
        for name in OF_CLAIM:
            stated = getattr(draft, name)
            if stated not in (None, "") and stated != getattr(claim, name):
                update.claim_fields[name] = getattr(stated, "value", stated)
        if question is not None and ref(question) != claim.question_id:
            update.claim_fields["question"] = question
        update.wordings = {each: text for each, text in draft.statements.items() if wordings.get(each) != text}
        _compare_attribution(self._names, update, draft)
        self._refuse_contradicting(update)
        if not update.is_empty:
            if claim.pk in self._claims or claim.pk in self._written:
                sentence = _(
                    "An earlier row has this identifier already, with other contents. Give each claim its own."
                )
                raise Wrong("id", sentence)
            self._claims.add(claim.pk)
            self._asked.add(claim.question_id)
        return update

    def questions(self) -> set[int]:
        """The keys of the questions that changed claims had, and of all claims of changed attributions."""
        wholes = {attribution for attribution, _ in self._changed}
        asked = self._asked | set(Claim.objects.filter(attribution__in=wholes).values_list("question", flat=True))
        return {key for key in asked if key is not None}

    def _refuse_contradicting(self, update: Update) -> None:
        key = update.claim.attribution_id
        changes = {**update.attribution_fields, **({"via": update.relays} if update.relays is not None else {})}
        columns = {name: column for column, name in FACTS.items()}
        for name, value in changes.items():
            if self._changed.setdefault((key, name), value) != value:
                sentence = _("Another row of the same attribution says something else here. Write the same in both.")
                raise Wrong(columns.get(name, name), sentence)


def _compare_attribution(names: Names, update: Update, draft: Draft) -> None:
    attribution = update.claim.attribution
    if draft.source or draft.source_url:
        source = names.source(draft)
        if ref(source) != attribution.source_id:
            raise Wrong("source", _elsewhere(attribution.source))
    if draft.speaker or draft.speaker_id:
        said = spoken(names, draft, attribution.source)
        if ref(said.speaker) != attribution.speaker_id:
            raise Wrong("speaker", _elsewhere(attribution.speaker))
        facts = said.facts
    else:
        facts = {"role": draft.speaker_role, "side": names.side(draft), "cue": draft.cue}
        facts |= {"manner": draft.manner, "on_behalf_of": names.spoken_for(draft)}
    changed = {name: value for name, value in facts.items() if value and fact(attribution, name) != value}
    if draft.said_on and draft.said_on != attribution.said_on:
        changed["said_on"] = draft.said_on
    update.attribution_fields = changed
    relays = names.relays(draft, attribution.source)
    if relays and [ref(agent) for agent in relays] != [row.agent_id for row in names.known.relays[attribution.pk]]:
        update.relays = relays
    update.passage = _passage(names, draft, attribution)


def _passage(names: Names, draft: Draft, attribution: Attribution) -> NewPassage | None:
    """The passage, where the draft has another one than the attribution."""
    known = names.known.passages[attribution.pk]
    same = [row for row in known if row.exact == draft.quote]
    stated = {"prefix": draft.prefix, "suffix": draft.suffix, "start": draft.start}
    if not draft.quote or any(
        all(value in ("", None, getattr(row, name)) for name, value in stated.items()) for row in same
    ):
        return None
    snapshot = snapshot_of(names, draft, attribution.source)
    passage = placed(names, draft, snapshot) if snapshot is not None else None
    if passage is None or any((row.exact, row.start) == (passage.exact, passage.start) for row in known):
        return None
    return passage


def _elsewhere(record: Agent | Any) -> str:
    sentence = _(
        "The claim with this identifier is on record with “%(name)s” here, and who said it and where stays as it is. "
        "Write it so; or withdraw that claim, and give this one another identifier."
    )
    return sentence % {"name": called(record)}


COLUMN_OF = {
    **{name: column for column, name in FACTS.items()},
    "text": "question",
    "kind": "answer_kind",
    "external_id": "id",
    "exact": "quote",
    "title": "source",
    "url": "source_url",
    "sha256": "text_sha256",
    "quantity_low": "answer",
    "quantity_high": "answer",
    "label": "answer",
    "broader": "answer",
}
"""By the field of a record that is refused, the column to blame; others are called alike, or no column is."""
