"""Rows with the same source, speaker, relays, date and quote are one attribution: grouped, and held to one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.models import Agent, Attribution, Snapshot, Source
from claims.services.drafts import NewAttribution, NewClaim, NewPassage, NewRelay
from claims.services.importing.drafts import Draft
from claims.services.importing.known import Ref, ref
from claims.services.importing.naming import Names, Wrong
from claims.services.naming import typed
from claims.services.placing import place

# The columns that belong to the attribution beside those by which it is known.
FACTS = {"speaker_role": "role", "side": "side", "cue": "cue", "manner": "manner", "speaks_for": "on_behalf_of"}


@dataclass
class Spoken:
    """Who a draft says speaks where, through whom: records on file, or new ones."""

    draft: Draft
    source: Source
    speaker: Agent
    relays: list[Agent]
    facts: dict[str, Any]


@dataclass
class Group:
    """An attribution, new or on record, with the new claims that belong to it and the numbers of their drafts."""

    attribution: Attribution
    relays: list[Agent]
    passages: list[NewPassage]
    numbers: list[int] = field(default_factory=list)
    claims: list[NewClaim] = field(default_factory=list)

    def whole(self) -> NewAttribution:
        """The attribution as recording takes it: of one on record, only what is added."""
        new = self.attribution._state.adding
        return NewAttribution(
            attribution=self.attribution,
            relays=[NewRelay(agent=agent) for agent in self.relays] if new else (),
            passages=self.passages if new else (),
            claims=self.claims,
        )


def spoken(names: Names, draft: Draft, source: Source) -> Spoken:
    """Who speaks, and what is said of them here; raises `Wrong`."""
    speaker = names.speaker(draft, source)
    stated = {
        "role": draft.speaker_role,
        "side": names.side(draft),
        "cue": draft.cue,
        "manner": draft.manner.value if draft.manner else "",
        "on_behalf_of": names.spoken_for(draft),
    }
    facts = {name: value for name, value in stated.items() if value}
    return Spoken(draft, source, speaker, names.relays(draft, source), facts)


class Groups:
    """The attributions of a batch, found among those on record or made, by what they are known by."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known = names.known
        self._groups: dict[tuple[Ref, ...], Group] = {}

    def of(self, said: Spoken) -> Group:
        """The group of a draft; raises `Wrong` where the draft and the attribution do not agree."""
        draft = said.draft
        snapshot = snapshot_of(self._names, draft, said.source)
        passage = placed(self._names, draft, snapshot) if draft.quote and snapshot is not None else None
        quote = passage.exact if passage else ""
        chain = tuple(map(ref, said.relays))
        key = (ref(said.source), ref(said.speaker), chain, draft.said_on, quote)
        group = self._groups.get(key)
        if group is None:
            found = self._on_record((*key[:4],), quote)
            attribution = found or Attribution.fresh(
                source=said.source, speaker=said.speaker, said_on=draft.said_on, **said.facts
            )
            group = self._groups[key] = Group(attribution, said.relays, [passage] if passage else [])
        refuse_other_facts(group.attribution, said.facts)
        return group

    def all(self) -> list[Group]:
        """The groups that have claims to record."""
        return [group for group in self._groups.values() if group.claims]

    def _on_record(self, place: tuple[Ref, ...], quote: str) -> Attribution | None:
        """The attribution of these words that is on record, the first where there are several."""
        for attribution in self._known.attributions.get(place, ()):
            quotes = {passage.exact for passage in self._known.passages[attribution.pk]}
            if (quote in quotes) if quote else not quotes:
                return attribution
        return None


def refuse_other_facts(attribution: Attribution, facts: dict[str, Any]) -> None:
    """Raise `Wrong` where the draft says something else of the attribution than what it is already known with."""
    columns = {name: column for column, name in FACTS.items()}
    for name, value in facts.items():
        ours = fact(attribution, name)
        if ours == value:
            continue
        sentence = _(
            "These words of the same speaker in the same source have %(ours)s here, not %(theirs)s. "
            "They are one attribution: write the same in all its rows, or change it where it is on record."
        )
        raise Wrong(columns[name], sentence % {"ours": _shown(ours), "theirs": _shown(value)})


def fact(attribution: Attribution, name: str) -> Any:
    """What an attribution says, or the speaker's own where it says nothing: their side, and whom they speak for."""
    own = {"side": "side", "on_behalf_of": "speaks_for"}.get(name)
    value = getattr(attribution, name)
    return getattr(attribution.speaker, own) if not value and own else value


def snapshot_of(names: Names, draft: Draft, source: Source) -> Snapshot | None:
    """The text that the draft names or, for a quote, the newest of the source; None where it speaks of no text."""
    known = names.known
    if draft.text_sha256:
        place = (ref(source), draft.text_sha256)
        if place not in known.snapshots:
            made = names.new(Snapshot(source=source, sha256=draft.text_sha256))
            known.snapshots[place] = made
            newest = known.newest.get(ref(source))
            if newest is None or newest.pk not in known.with_text:
                known.newest[ref(source)] = made
        return known.snapshots[place]
    if not draft.quote:
        return None
    newest = known.newest.get(ref(source))
    if newest is None:
        sentence = _(
            "A quote is kept with the text in which it stands, and this source has none yet. Write the text's SHA-256 "
            "as text_sha256, or attach the text first."
        )
        raise Wrong("quote", sentence)
    return newest


def placed(names: Names, draft: Draft, snapshot: Snapshot) -> NewPassage:
    """The passage as it is to be recorded: where the text is there, in its words; raises `Wrong`."""
    try:
        found = place(
            snapshot=snapshot,
            exact=draft.quote,
            prefix=draft.prefix,
            suffix=draft.suffix,
            start=draft.start,
            with_text=snapshot.pk in names.known.with_text,
        )
    except ValidationError as error:
        raise Wrong("quote", " ".join(error.messages)) from None
    return NewPassage(snapshot=snapshot, exact=found.exact, prefix=found.prefix, suffix=found.suffix, start=found.start)


def _shown(value: Any) -> str:
    return f"“{typed(str(value))}”" if value else _("nothing")
