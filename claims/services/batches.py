"""Attributions with all that belongs to them, prepared and saved together: one road for forms, commands and imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import gettext as _

from claims.models import (
    Attribution,
    Change,
    Claim,
    ClaimWording,
    Option,
    Passage,
    Record,
    Relay,
    SnapshotContent,
)
from claims.services.answers import name_options
from claims.services.dates import set_bounds
from claims.services.drafts import LinesRefused, NewAttribution, NewClaim, NewPassage, Part, Refusals
from claims.services.options import Options
from claims.services.preparing import key_of, options_asked, place_passage, prepare, read_claim
from claims.services.refusals import Refused
from claims.services.transaction import save


class Batch:
    """Attributions on their way into the tables, in a fixed number of queries however many they are.

    `refused` says after `prepare`, which writes nothing, what is wrong with which part. What they refer to may still
    be unsaved when they are prepared; it has to be saved before `save`.
    """

    def __init__(self, this: Change, attributions: Sequence[NewAttribution]) -> None:
        self.refused: Refusals = {}
        self._this = this
        self._attributions = attributions
        self._rows: dict[type[Record], list[Record]] = {Attribution: [], Relay: [], Passage: [], Claim: []}
        self._options: list[Record] = []
        self._named: list[tuple[Claim, tuple[Option, ...]]] = []
        self._wordings: list[Record] = []
        self._part_of: dict[int, Part] = {}

    def prepare(self) -> Refusals:
        """Complete and check every part; returns what is refused, by part."""
        claims = (each for new in self._attributions for each in new.claims)
        options = options_asked(self._this, ((each.claim, each.make_options) for each in claims))
        texts = self._texts()
        lines = self._lines()
        for number, new in enumerate(self._attributions):
            whole = new.attribution
            if not new.claims:
                sentence = _("Record at least one claim of this attribution.")
                self.refused[number, "attribution", 0] = ValidationError(sentence)
            elif whole._state.adding:
                self._take((number, "attribution", 0), whole, lambda each: prepare(self._this, each))
            for hop, each in enumerate(new.relays):
                relay = Relay(attribution=whole, position=hop, agent=each.agent, cue=each.cue)
                self._take((number, "relays", hop), relay, set_bounds)
            for span, passage in enumerate(new.passages):
                there = passage.snapshot.pk in texts
                self._take((number, "passages", span), _passage(whole, passage), _placing(has_text=there))
            for line, claim in enumerate(new.claims):
                claim.claim.attribution, claim.claim.line = whole, lines.get(whole.pk, 0) + line
                self._take_claim((number, "claims", line), claim, options.get(key_of(claim.claim.question)))
        return self.refused

    def save(self) -> None:
        """Write what was prepared, each table at once; raises `LinesRefused` for the part that a constraint forbids."""
        for model in (Attribution, Relay, Passage):
            self._save(self._rows[model])
        self._save(sorted(self._options, key=lambda record: not isinstance(record, Option)))
        self._save(self._rows[Claim])
        named = ((claim, name_options(claim, options, ())) for claim, options in self._named)
        self._save([row for claim, rows in named for row in self._of(claim, rows)])
        self._save(self._wordings)

    def _save(self, records: Sequence[Record]) -> None:
        try:
            save(self._this, records)
        except Refused as refused:
            raise LinesRefused({self._part_of[id(refused.record)]: refused}) from None

    def _of(self, claim: Claim, rows: Iterable[Record]) -> Iterable[Record]:
        """The rows, each a part of what the claim is part of."""
        for row in rows:
            self._part_of[id(row)] = self._part_of[id(claim)]
            yield row

    def _take(self, part: Part, record: Record, check: Callable[..., object]) -> bool:
        """Prepare one record and keep it to be saved, or what it is refused for."""
        self._part_of[id(record)] = part
        try:
            check(record)
        except ValidationError as error:
            self.refused[part] = error
            return False
        self._rows[type(record)].append(record)
        return True

    def _take_claim(self, part: Part, new: NewClaim, options: Options | None) -> None:
        named: list[Option] = []

        def check(claim: Claim) -> None:
            set_bounds(claim)
            new.refuse_nothing()
            named.extend(read_claim(claim, options, make_options=new.make_options))

        self._take(part, new.claim, check)
        for made in options.take_new() if options else ():
            self._part_of[id(made)] = part
            self._options.append(made)
        if named:
            self._named.append((new.claim, tuple(named)))
        rows = [ClaimWording.fresh(claim=new.claim, language=language, text=text) for language, text in new.worded()]
        self._wordings += self._of(new.claim, rows)

    def _texts(self) -> set[int]:
        """The snapshots of the passages whose text is there."""
        keys = {passage.snapshot.pk for new in self._attributions for passage in new.passages} - {None}
        return set(SnapshotContent.objects.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()

    def _lines(self) -> dict[int, int]:
        """How many claims the attributions that are on record already have."""
        keys = [new.attribution.pk for new in self._attributions if not new.attribution._state.adding]
        if not keys:
            return {}
        counted = Claim.objects.filter(attribution__in=keys).values_list("attribution")
        return dict(counted.annotate(number=Count("pk")).values_list("attribution", "number"))


def _passage(whole: Attribution, new: NewPassage) -> Passage:
    return Passage(
        attribution=whole,
        snapshot=new.snapshot,
        exact=new.exact,
        prefix=new.prefix,
        suffix=new.suffix,
        start=new.start,
    )


def _placing(*, has_text: bool) -> Callable[[Passage], None]:
    return lambda passage: place_passage(passage, has_text=has_text)
