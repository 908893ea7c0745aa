"""One try to write drafts: what each names is found or made, what is wrong is kept by number, the rest is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.vocabulary import Certainty, Review, Stance
from claims.models import Agent, Change, Claim, Question, Record, Side, Snapshot, Source, Topic
from claims.permissions import Capability, NotAllowed, may
from claims.queries.claim_table import TableClaim, claims_by_key
from claims.services.batches import Batch
from claims.services.drafts import LinesRefused, NewClaim
from claims.services.importing.drafts import Draft, Fault
from claims.services.importing.grouping import Group, Groups, Spoken, spoken
from claims.services.importing.known import Known
from claims.services.importing.naming import Names, Wrong
from claims.services.importing.news import news_of
from claims.services.importing.rewriting import Rewriting
from claims.services.importing.updating import COLUMN_OF, Update, Updates
from claims.services.preparing import prepare
from claims.services.refusals import NotInOnePiece, Refused, Stale
from claims.services.staleness import stale_after
from claims.services.transaction import part, save

T = TypeVar("T")


class Attempt:
    """One try to write these drafts; `faults` says by number what is wrong, and then the try is to be undone."""

    def __init__(self, this: Change, drafts: Mapping[int, Draft], since: datetime) -> None:
        self.new = self.changed = self.unchanged = 0
        self.faults: dict[int, list[Fault]] = {}
        self._this = this
        self._drafts = drafts
        self._known = Known(list(drafts.values()))
        self._names = Names(self._known)
        self._questions: dict[int, Question | None] = {}
        self._updates = Updates(self._names, since)
        self._uids: dict[int, UUID] = {}

    def run(self) -> None:
        """Find or make what the drafts name, and write all of it unless something is wrong."""
        fresh, again = self._sorted()
        fresh = [number for number in fresh if self._is_whole(number)]
        self._each(fresh, lambda number: self._names.identify(self._drafts[number]))
        sources = self._each(fresh, self._asked_and_published)
        places = [claim.attribution.source for claim in again.values()]
        self._known.read_of_sources(self._drafts.values(), [*sources.values(), *places])
        said = self._each(sources, lambda number: self._spoken(number, sources[number]))
        self._known.read_attributions((each.source, each.speaker, each.draft.said_on) for each in said.values())
        self._known.read_parts_of(again.values())
        groups = Groups(self._names)
        self._each(said, lambda number: self._claimed(groups, number, said[number]))
        self._updates.read(again.values())
        told = claims_by_key({claim.pk for claim in again.values()})
        updates = self._each(again, lambda number: self._updated(number, again[number], told[again[number].pk]))
        if not self.faults:
            self._write(groups.all(), {number: each for number, each in updates.items() if not each.is_empty})

    def questions(self) -> set[int]:
        """The keys of the questions on which what was written bears; they have keys once that is done."""
        asked = {question.pk for question in self._questions.values() if question is not None}
        return asked | self._updates.questions()

    def _each(self, numbers: Iterable[int], step: Callable[[int], T]) -> dict[int, T]:
        """Take the step for each draft that nothing is wrong with; what it gives, by number."""
        found = {}
        for number in numbers:
            self._names.number = number
            try:
                found[number] = step(number)
            except Wrong as wrong:
                self._blame(number, wrong.fault)
        return found

    def _blame(self, number: int, *faults: Fault) -> None:
        found = self.faults.setdefault(number, [])
        found.extend(fault for fault in dict.fromkeys(faults) if fault not in found)

    # --- what the drafts are ------------------------------------------------------------------------------------------

    def _sorted(self) -> tuple[list[int], dict[int, Claim]]:
        """The drafts of claims that are not on record, and by number the claims that others put right."""
        fresh: list[int] = []
        again: dict[int, Claim] = {}
        first: dict[object, int] = {}
        for number, draft in self._drafts.items():
            found = self._known.claim(draft)
            if found is not None and not draft.id:
                self.unchanged += 1
                continue
            same: object = found.pk if found is not None else draft.id or self._made(number, draft)
            if same in first and (found is None or self._is_the_same(number, first[same])):
                self._repeated(number, first[same])
            elif found is None:
                first[same] = number
                fresh.append(number)
            elif found.withdrawn:
                sentence = _(
                    "The claim with this identifier is withdrawn. Restore it first, or give another identifier."
                )
                self._blame(number, Fault("id", sentence))
            else:
                first.setdefault(same, number)
                again[number] = found
        return fresh, again

    def _made(self, number: int, draft: Draft) -> UUID:
        self._uids[number] = self._known.uid_of(draft)
        return self._uids[number]

    def _is_the_same(self, number: int, first: int) -> bool:
        return replace(self._drafts[number], line=0) == replace(self._drafts[first], line=0)

    def _repeated(self, number: int, first: int) -> None:
        """The same row twice says nothing new; another one under the same identifier contradicts the first."""
        if not self._drafts[number].id or self._is_the_same(number, first):
            self.unchanged += 1
            return
        sentence = _("Line %(line)d has this identifier already, with other contents. Give each claim its own.")
        self._blame(number, Fault("id", sentence % {"line": self._drafts[first].line}))

    def _is_whole(self, number: int) -> bool:
        faults = self._drafts[number].missing()
        if faults:
            self._blame(number, *faults)
        return not faults

    def _asked_and_published(self, number: int) -> Source:
        draft = self._drafts[number]
        self._questions[number] = self._names.question(draft)
        return self._names.source(draft)

    def _spoken(self, number: int, source: Source) -> Spoken:
        return spoken(self._names, self._drafts[number], source)

    def _claimed(self, groups: Groups, number: int, said: Spoken) -> None:
        """Put the claim into the group of its attribution."""
        draft = said.draft
        review = draft.review or Review.PENDING
        if review is not Review.PENDING:
            self._refuse_review()
        group = groups.of(said)
        claim = Claim.fresh(
            question=self._questions[number],
            stance=(draft.stance or Stance.AFFIRMS).value,
            certainty=(draft.certainty or Certainty.PLAIN).value,
            inferred=bool(draft.inferred),
            answer=draft.answer,
            as_of=draft.as_of,
            review=review.value,
            external_id=draft.id,
        )
        if not draft.id:
            claim.uid = self._uids[number]
        group.claims.append(NewClaim(claim=claim, wordings=_by_language(draft), make_options=True))
        group.numbers.append(number)

    def _updated(self, number: int, claim: Claim, told: TableClaim) -> Update:
        draft = news_of(self._drafts[number], told)
        question = self._questions[number] = self._names.question(draft)
        stated = replace(draft, statements=_by_language(draft))
        update = self._updates.of(claim, stated, question, dict(told.wordings))
        if "review" in update.claim_fields:
            self._refuse_review()
        if update.is_empty:
            self.unchanged += 1
        elif self._this.by is not None and not may(self._this.by, Capability.REVISE):
            raise Wrong("id", str(NotAllowed(Capability.REVISE)))
        return update

    def _refuse_review(self) -> None:
        """Reviews are made by those who review, and where another has to, not by whoever writes the claim."""
        if self._this.by is None:
            return
        if not may(self._this.by, Capability.REVIEW):
            raise Wrong("review", str(NotAllowed(Capability.REVIEW)))
        if settings.REVIEW_BY_ANOTHER:
            raise Wrong("review", _("Somebody else has to review what you import. Leave the review out."))

    # --- what is written ----------------------------------------------------------------------------------------------

    def _write(self, groups: list[Group], updates: Mapping[int, Update]) -> None:
        batch = Batch(self._this, [group.whole() for group in groups])
        self._blame_parts(groups, batch.prepare())
        if self.faults or not self._save_named():
            return
        try:
            batch.save()
        except LinesRefused as refused:
            self._blame_parts(groups, refused.parts)
            return
        self.new += sum(len(group.claims) for group in groups)
        self._rewrite(updates)

    def _rewrite(self, updates: Mapping[int, Update]) -> None:
        """Write the updates: together, or each by itself where it is to be found which the database refuses."""
        together = [updates] if self._this.in_one_piece else [{number: each} for number, each in updates.items()]
        rewriting = Rewriting(self._this, self._known.passages)
        given_up: set[int] = set()  # of these attributions the records here are not as the database has them
        for group in together:
            attributions = {update.claim.attribution_id for update in group.values()}
            if not attributions & given_up:
                self._apply(rewriting, group)
            if group.keys() & self.faults.keys():
                given_up |= attributions
        if updates and not self.faults:
            stale_after(self._this)

    def _save_named(self) -> bool:
        """Save what the drafts name that is new, each table after those that it refers to."""
        for model, condition in _BEFORE:
            records = [record for record in self._names.made.get(model, []) if condition(record)]
            for record in records:
                try:
                    prepare(self._this, record)
                except ValidationError as error:
                    self._blame(self._names.maker[id(record)], *_faults(error))
            try:
                save(self._this, records if not self.faults else [])
            except Refused as refused:
                self._blame(self._names.maker[id(refused.record)], *_faults(refused))
        return not self.faults

    def _blame_parts(self, groups: list[Group], parts: Mapping[tuple[int, str, int], ValidationError]) -> None:
        for (place, kind, line), error in parts.items():
            numbers = groups[place].numbers
            for number in [numbers[line]] if kind == "claims" else numbers:
                self._blame(number, *_faults(error))

    def _apply(self, rewriting: Rewriting, updates: Mapping[int, Update]) -> None:
        try:
            with part(self._this):
                refused = rewriting.prepare(updates)
                for number, error in refused.items():
                    self._blame(number, *_faults(error))
                if not refused:
                    rewriting.save()
                    self.changed += len(updates)
        except (ValidationError, Stale) as error:
            if len(updates) > 1:
                raise NotInOnePiece from error
            (number,) = updates
            faults = [Fault("id", str(error))] if isinstance(error, Stale) else _faults(error)
            self._blame(number, *faults)


def _by_language(draft: Draft) -> dict[str, str]:
    """The statements, the one without a language under that of the installation."""
    plain = settings.LANGUAGE_CODE.split("-")[0]
    return {language or plain: text for language, text in draft.statements.items()}


def _faults(error: ValidationError) -> list[Fault]:
    """What a refusal says, by column."""
    if not hasattr(error, "error_dict"):
        return [Fault("", sentence) for sentence in error.messages]
    return [
        Fault(COLUMN_OF.get(name, "" if name.startswith("__") else name), sentence)
        for name, sentences in error.message_dict.items()
        for sentence in sentences
    ]


def _of_a_source(record: Record) -> bool:
    return getattr(record, "source", None) is not None


# What drafts make beside attributions, each after what it refers to: a publisher, a source, who is unnamed in it.
_BEFORE: tuple[tuple[type[Record], Callable[[Record], bool]], ...] = (
    (Topic, lambda _record: True),
    (Question, lambda _record: True),
    (Side, lambda _record: True),
    (Agent, lambda record: not _of_a_source(record)),
    (Source, lambda _record: True),
    (Agent, _of_a_source),
    (Snapshot, lambda _record: True),
)
