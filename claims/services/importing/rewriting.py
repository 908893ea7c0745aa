"""Updates of claims on record go into the tables: all of a batch together, in a few queries however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from claims.models import Attribution, Change, Claim, ClaimOption, Option, Passage, Record
from claims.services.answers import name_options
from claims.services.dates import set_bounds
from claims.services.drafts import NewPassage, NewRelay
from claims.services.editing import set_relays, set_wordings
from claims.services.importing.known import parts_of
from claims.services.importing.updating import Update
from claims.services.options import Options
from claims.services.preparing import key_of, options_asked, prepare, read_claim
from claims.services.transaction import save


class Rewriting:
    """Updates on their way into the tables; `passages` are those that the attributions have, by their keys.

    Where some are refused their records, and those of their attributions, are not as the database has them any more.
    """

    def __init__(self, this: Change, passages: Mapping[int, list[Passage]]) -> None:
        self._this = this
        self._passages = passages
        self._made: dict[tuple[int, str, int | None], Passage] = {}

    def prepare(self, updates: Mapping[int, Update]) -> dict[int, ValidationError]:
        """Complete and check what these change, to be saved next; returns what is refused, and writes nothing."""
        self._updates = updates
        self._rows: dict[type[Record], list[Record]] = defaultdict(list)
        self._options: list[Record] = []
        self._named: list[tuple[Claim, tuple[Option, ...]]] = []
        refused = {}
        for update in self._updates.values():
            _set(update.claim, update.claim_fields)
        changed = [update.claim for update in self._updates.values() if update.claim_fields]
        options = options_asked(self._this, [(claim, True) for claim in changed])
        for number, update in self._updates.items():
            try:
                self._prepare(update, options.get(key_of(update.claim.question)))
            except ValidationError as error:
                refused[number] = error
        return refused

    def _prepare(self, update: Update, options: Options | None) -> None:
        claim, attribution = update.claim, update.claim.attribution
        if update.attribution_fields:
            _set(attribution, update.attribution_fields)
            prepare(self._this, attribution)
            self._rows[Attribution].append(attribution)
        if update.passage:
            self._rows[Passage].append(self._passage(attribution, update.passage))
        if update.claim_fields:
            if "review" in update.claim_fields:
                claim.review_stale = False
            set_bounds(claim)
            self._named.append((claim, read_claim(claim, options, make_options=True)))
            self._options += options.take_new() if options else ()
            self._rows[Claim].append(claim)

    def _passage(self, attribution: Attribution, new: NewPassage) -> Passage:
        """The only passage, put right; where there are none, or several, another: one for all claims that bring it."""
        there = self._passages[attribution.pk]
        made = Passage(attribution=attribution)
        passage = there[0] if len(there) == 1 else self._made.setdefault((attribution.pk, new.exact, new.start), made)
        for name in ("snapshot", "exact", "prefix", "suffix", "start"):
            setattr(passage, name, getattr(new, name))
        prepare(self._this, passage)
        return passage

    def save(self) -> None:
        """Write what was prepared; raises `ValidationError` by field for what a constraint forbids, and `Stale`."""
        updates = self._updates.values()
        save(self._this, self._rows[Attribution])
        chains = {update.claim.attribution: update.relays for update in updates if update.relays is not None}
        set_relays(self._this, [(each, [NewRelay(agent=agent) for agent in agents]) for each, agents in chains.items()])
        save(self._this, sorted(self._rows[Passage], key=lambda passage: passage._state.adding))
        save(self._this, sorted(self._options, key=lambda record: not isinstance(record, Option)))
        save(self._this, self._rows[Claim])
        save(self._this, self._names())
        set_wordings(self._this, [(update.claim, update.wordings) for update in updates if update.wordings])

    def _names(self) -> Sequence[Record]:
        """The rows by which the claims name their options."""
        there: dict[int, list[ClaimOption]] = defaultdict(list)
        for keys in parts_of([claim.pk for claim, _options in self._named]):
            for row in ClaimOption.objects.filter(claim__among=keys):
                there[row.claim_id].append(row)
        rows = [row for claim, options in self._named for row in name_options(claim, options, there[claim.pk])]
        return sorted(rows, key=lambda row: row._state.adding)


def _set(record: Claim | Attribution, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(record, name, value)
