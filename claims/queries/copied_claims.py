"""Which claims of two sources say the same in the same words: to be offered as copied where the text is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from claims.models import Claim, ClaimOption, Passage, Source
from claims.queries.suspects import ends_of
from claims.text.normalising import answer_form

Saying = tuple[object, ...]


@dataclass(frozen=True)
class ClaimPair:
    """A claim of one source, and the claim of the other that says the same."""

    first: Claim
    second: Claim

    @property
    def linked(self) -> bool:
        """Whether one of them is on record as copied from the other."""
        return self.first.copied_from_id == self.second.pk or self.second.copied_from_id == self.first.pk


@dataclass(frozen=True, slots=True)
class _Carried:
    claim: Claim
    saying: Saying
    speaker: Saying
    quotes: frozenset[str]

    def same_words(self, other: _Carried) -> bool:
        """Whether both were recorded with the same quote, or, where one has none, of the same speaker."""
        if self.quotes and other.quotes:
            return not self.quotes.isdisjoint(other.quotes)
        return self.speaker == other.speaker


def claims_alike(first: Source, second: Source) -> list[ClaimPair]:
    """The claims of both sources that answer the same question with the same answer, stance, certainty and quote.

    Each claim once, in the order in which those of the first source were recorded.
    """
    left: dict[Saying, list[_Carried]] = defaultdict(list)
    for each in _carried(second):
        left[each.saying].append(each)
    pairs = []
    for each in _carried(first):
        same = next((other for other in left[each.saying] if each.same_words(other)), None)
        if same is not None:
            left[each.saying].remove(same)
            pairs.append(ClaimPair(each.claim, same.claim))
    return pairs


def _carried(source: Source) -> Iterable[_Carried]:
    claims = Claim.objects.current().filter(attribution__source=source, attribution__withdrawn=False)
    rows = list(claims.exclude(question=None).select_related("attribution__speaker", "question").order_by("pk"))
    options: dict[int, set[int]] = defaultdict(set)
    named = ClaimOption.objects.current().filter(claim__in=rows)
    for claim, option in named.values_list("claim", "option"):
        options[claim].add(option)
    quotes: dict[int, set[str]] = defaultdict(set)
    passages = Passage.objects.current().filter(attribution__in={claim.attribution_id for claim in rows})
    for attribution, exact in passages.values_list("attribution", "exact"):
        quotes[attribution].add(answer_form(exact))
    ends = ends_of({claim.attribution.speaker_id for claim in rows})
    for claim in rows:
        speaker = claim.attribution.speaker
        who: Saying = (speaker.name,) if speaker.source_id is not None else (ends.get(speaker.pk, speaker.pk),)
        yield _Carried(claim, _saying(claim, options[claim.pk]), who, frozenset(quotes[claim.attribution_id]))


def _saying(claim: Claim, options: set[int]) -> Saying:
    """The question and the answer as understood; a text by its normalised form, a date as written."""
    understood = claim.yes, claim.quantity_low, claim.quantity_high, claim.about, claim.only, frozenset(options)
    plain = options or claim.yes is not None or claim.quantity_low is not None or claim.quantity_high is not None
    written = "" if plain else answer_form(claim.answer)
    return claim.question_id, claim.stance, claim.certainty, claim.as_of, written, *understood
