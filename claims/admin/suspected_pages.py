"""What the page of two suspected duplicates shows, and what is posted from it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.conflict_pages import Changed, changed_since
from claims.admin.fields import ReasonField
from claims.domain.vocabulary import AgentKind, Judged, Medium, Suspected
from claims.models import Agent, AgentName, Change, Claim, Record, Source, SuspectedPair, User
from claims.queries.claim_rows import ClaimRow, claim_rows
from claims.queries.copied_claims import ClaimPair, claims_alike
from claims.queries.overview import Counted, counted
from claims.queries.suspected import ToldPair, likeness_of, told_pairs
from claims.queries.texts import around_changes, changes_between, texts_of
from claims.services.likenesses import judge_agents, judge_sources
from claims.services.seen import seen_and_changed
from claims.services.transaction import change
from claims.wording import word, word_date

CLAIMS_SHOWN = 3
_COPIED = re.compile(r"(\d{1,18})-(\d{1,18})")
FIRST, SECOND = "first", "second"
# The access keys of the judgements: the first letters of the English words.
KEYS = {Judged.SAME: "s", Judged.COPIED: "c", Judged.DIFFERENT: "d", Judged.UNSURE: "u"}


@dataclass(frozen=True)
class Side:
    """One of the two: its facts as (label, words, whether they are words of ours), and the newest of its claims."""

    record: Agent | Source
    change_url: str
    facts: Sequence[tuple[str, str, bool]]
    claims: Counted
    rows: Sequence[ClaimRow]


class PairForm(forms.Form):
    """What is judged, why, and on which versions; `stands` is the one that goes before the other."""

    versions = forms.JSONField(widget=forms.HiddenInput)
    judged = forms.ChoiceField(
        choices=[(each.value, each.value) for each in Judged],
        error_messages={"required": gettext_lazy("Choose one of the judgements.")},
    )
    stands = forms.ChoiceField(choices=[(FIRST, FIRST), (SECOND, SECOND)], required=False)
    copied = forms.CharField(required=False)
    change_reason = ReasonField()

    def clean_versions(self) -> dict[str, int]:
        """The versions that the page showed, by kind of record and key; what was judged of the pair as `judged`."""
        given = self.cleaned_data["versions"]
        if not isinstance(given, dict) or not all(isinstance(each, int | str) for each in given.values()):
            raise ValidationError(_("This page was changed on its way. Open the pair again."))
        return given

    def clean_copied(self) -> list[tuple[int, int]]:
        """The claims chosen: of each pair the keys of that of the first source and that of the second."""
        matches = [_COPIED.fullmatch(each) for each in self.data.getlist("copied")]  # type: ignore[attr-defined]
        if not all(matches):
            raise ValidationError(_("This page was changed on its way. Open the pair again."))
        return [(int(match.group(1)), int(match.group(2))) for match in matches if match]


class PairChanged(RuntimeError):  # noqa: N818 - it names what happened
    """Somebody changed one of the records, or judged the pair, after the page was shown."""

    def __init__(self, changed: Sequence[Changed]) -> None:
        self.changed = changed
        super().__init__()


def shown_pair(pair: SuspectedPair) -> dict[str, Any]:
    """Both records side by side, what speaks for them being one, their texts compared, the claims that say the same."""
    (told,) = told_pairs([pair])
    alike = claims_of(told)
    return {
        "pair": pair,
        "told": told,
        "of_agents": pair.kind == Suspected.AGENTS,
        "kind": word(Suspected(pair.kind)),
        "judged": word(Judged(pair.judged)) if pair.judged else "",
        "sides": (_side(told.first), _side(told.second)),
        "stands": _before(told),
        "texts": _texts(told),
        "alike": [(each, *claim_rows([each.first.pk, each.second.pk])) for each in alike],
        "versions": json.dumps(versions_of(told, alike)),
        "judgements": judgements_of(pair),
        "likely": (Judged.COPIED if pair.kind == Suspected.COPIES else Judged.SAME).value,
    }


def judgements_of(pair: SuspectedPair) -> list[tuple[str, str, str]]:
    """(value, words, key) of each judgement that can be made of the pair."""
    offered = [each for each in Judged if each is not Judged.COPIED or pair.table == "source"]
    return [(each.value, word(each), KEYS[each]) for each in offered]


def claims_of(told: ToldPair) -> list[ClaimPair]:
    """The claims of two sources that say the same, none of agents; those linked already are left out."""
    if not isinstance(told.first, Source) or not isinstance(told.second, Source):
        return []
    return [each for each in claims_alike(told.first, told.second) if not each.linked]


def versions_of(told: ToldPair, alike: Sequence[ClaimPair]) -> dict[str, int | str]:
    """What a decision about the pair rests on: the versions of the records, and what was judged so far."""
    records: list[Record] = [told.first, told.second]
    records += [claim for each in alike for claim in (each.first, each.second)]
    if (likeness := likeness_of(told.first, told.second)) is not None:
        records.append(likeness)
    return {"judged": told.pair.judged, **{_named(record): record.version for record in records}}


def judge(told: ToldPair, typed: dict[str, Any], by: User) -> None:
    """Put on record what was posted; raises `PairChanged` where it was decided on what is not so any more."""
    versions, judged = typed["versions"], Judged(typed["judged"])
    stands, other = (told.first, told.second) if typed["stands"] == FIRST else (told.second, told.first)
    with change(by=by, reason=typed["change_reason"]) as this:
        chosen = Claim.objects.select_related("attribution").in_bulk({key for pair in typed["copied"] for key in pair})
        _refuse_changed(this, told, list(chosen.values()), versions)
        said: dict[str, Any] = {"judged": judged, "by": by, "reason": typed["change_reason"]}
        if isinstance(stands, Agent) and isinstance(other, Agent):
            judge_agents(first=other, second=stands, **said)
        elif isinstance(stands, Source) and isinstance(other, Source):
            copied = [
                (chosen[two], chosen[one]) if stands.pk == told.first.pk else (chosen[one], chosen[two])
                for one, two in typed["copied"]
                if one in chosen and two in chosen
            ]
            judge_sources(first=other, second=stands, copied=copied, **said)


def _refuse_changed(this: Change, told: ToldPair, claims: Sequence[Claim], versions: dict[str, Any]) -> None:
    records: list[Record] = [told.first, told.second, *claims]
    likeness = likeness_of(told.first, told.second)
    if likeness is not None:
        records.append(likeness)
    changed = []
    for model in dict.fromkeys(type(record) for record in records):
        same = [record for record in records if type(record) is model]
        _fresh, stale = seen_and_changed(this, same, {each.pk: versions.get(_named(each), 0) for each in same})
        changed += [changed_since(record, versions.get(_named(record), 0)) for record in stale]
    if changed or told.pair.judged != versions.get("judged"):
        raise PairChanged(changed)


def _named(record: Record) -> str:
    return f"{record._meta.model_name}-{record.pk}"


def _before(told: ToldPair) -> str:
    """Which of the two goes before the other unless the editor says otherwise: the one published or recorded first."""
    first, second = told.first, told.second
    if isinstance(first, Source) and isinstance(second, Source) and first.published_from and second.published_from:
        return FIRST if first.published_from <= second.published_from else SECOND
    return FIRST


def _texts(told: ToldPair) -> list[tuple[str, str]]:
    """How the newest texts of two sources differ, as `diff_words` shows it; nothing where one has none."""
    if not isinstance(told.first, Source) or not isinstance(told.second, Source):
        return []
    old, new = texts_of(told.first), texts_of(told.second)
    return around_changes(changes_between(old[-1], new[-1])) if old and new else []


def _side(record: Agent | Source) -> Side:
    field = "attribution__speaker" if isinstance(record, Agent) else "attribution__source"
    claims = Claim.objects.current().filter(**{field: record}).order_by("-pk")
    newest = list(claims.values_list("pk", flat=True)[:CLAIMS_SHOWN])
    facts = _facts_of_agent(record) if isinstance(record, Agent) else _facts_of_source(record)
    return Side(
        record=record,
        change_url=reverse(f"admin:claims_{record._meta.model_name}_change", args=[record.pk]),
        facts=[(str(capfirst(label)), words, ours) for label, words, ours in facts if words],
        claims=counted(claims, "-pk") if newest else Counted(0),
        rows=claim_rows(newest),
    )


def _facts_of_agent(agent: Agent) -> list[tuple[str, str, bool]]:
    names = AgentName.objects.current().filter(agent=agent).order_by("pk").values_list("text", flat=True)
    return [
        (_("kind"), word(AgentKind(agent.kind)), True),
        *((_("other name"), name, False) for name in names),
        (_("side"), agent.side.name if agent.side else "", False),
        (_("role"), agent.role, False),
        (_("speaks for"), agent.speaks_for.name if agent.speaks_for else "", False),
        (_("same as"), agent.same_as.name if agent.same_as else "", False),
        (_("note"), agent.note, False),
    ]


def _facts_of_source(source: Source) -> list[tuple[str, str, bool]]:
    return [
        (_("publisher"), source.publisher.name if source.publisher else "", False),
        (_("published on"), word_date(source.published_on) if source.published_on else "", True),
        (_("kind"), word(Medium(source.medium)), True),
        (_("address"), source.url, False),
        *((_("other title"), title, False) for title in source.translations.values()),
        (_("note"), source.note, False),
    ]
