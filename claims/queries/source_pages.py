"""A source's page: its passages with what became of them in one of its texts, and the claims that rest on each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from claims.domain.vocabulary import Outcome
from claims.models import AgentName, ClaimState, Passage, PassageLocation, Snapshot, Source
from claims.queries.pages import Order, Page, page_of
from claims.queries.texts import text_of

PAGE = 50
NEWEST_FIRST = Order("published_from", "id")
MOST_PASSAGES = 300
MOST_CHARACTERS = 400_000
"""Code points of a text that a page shows; books have their own places to be read."""


@dataclass(frozen=True)
class PlacedPassage:
    """A passage with its place in the text shown; `start` and `end` are None where it has none there."""

    passage: Passage
    outcome: Outcome
    start: int | None
    end: int | None
    claims: tuple[int, ...]


@dataclass(frozen=True)
class SourceReading:
    """A source with one of its texts, or none; `unquoted` are the claims of attributions without a passage."""

    text: str | None
    cut: bool
    passages: tuple[PlacedPassage, ...]
    passages_total: int
    unquoted: tuple[int, ...]
    claims_total: int

    @property
    def claims(self) -> list[int]:
        """All claims that the page shows."""
        return [*dict.fromkeys([*(key for each in self.passages for key in each.claims), *self.unquoted])]


def sources_page(*, after: UUID | None, before: UUID | None) -> Page:
    """A page of all current sources, the last published first."""
    places = {"after": _source(after), "before": _source(before)}
    return page_of(Source.objects.current(), NEWEST_FIRST, size=PAGE, **places)


def current_sources() -> QuerySet[Source]:
    """The sources that are not withdrawn, with their publishers' names."""
    names = Prefetch("publisher__names", AgentName.objects.current())
    sources: QuerySet[Source] = Source.objects.current().select_related("publisher").prefetch_related(names)
    return sources


def listed_sources(page: Page) -> list[Source]:
    """The sources of a page, in its order, with their publishers."""
    sources = current_sources().in_bulk(page.keys)
    return [sources[key] for key in page.keys]


def claims_by_source(sources: Iterable[int]) -> dict[int, int]:
    """How many claims each of a page of sources carries."""
    rows = ClaimState.objects.filter(source__in=list(sources)).order_by().values_list("source")
    return dict(rows.annotate(number=Count("pk")))


def read_source(source: Source, snapshot: Snapshot | None) -> SourceReading:
    """The source with the text of the snapshot, which must have one, or without any text."""
    current = Passage.objects.current().filter(attribution__source=source, attribution__withdrawn=False)
    passages = list(current.order_by("pk")[:MOST_PASSAGES])
    locations = {row.passage_id: row for row in PassageLocation.objects.filter(snapshot=snapshot, passage__in=passages)}
    claims = _claims_of({passage.attribution_id for passage in passages})
    text = None if snapshot is None else text_of(snapshot)
    return SourceReading(
        text=None if text is None else text[:MOST_CHARACTERS],
        cut=text is not None and len(text) > MOST_CHARACTERS,
        passages=tuple(_placed(passage, locations.get(passage.pk), claims) for passage in passages),
        passages_total=current.count(),
        unquoted=_unquoted(source),
        claims_total=ClaimState.objects.filter(source=source).count(),
    )


def _placed(passage: Passage, location: PassageLocation | None, claims: Mapping[int, Sequence[int]]) -> PlacedPassage:
    return PlacedPassage(
        passage=passage,
        outcome=Outcome(location.outcome) if location else Outcome.UNCHECKED,
        start=location.start if location else None,
        end=location.end if location else None,
        claims=tuple(claims.get(passage.attribution_id, ())),
    )


def _claims_of(attributions: set[int]) -> dict[int, list[int]]:
    """The current claims of each attribution, by line."""
    claims: dict[int, list[int]] = defaultdict(list)
    rows = ClaimState.objects.filter(claim__attribution__in=attributions).order_by("claim__line", "claim")
    for attribution, claim in rows.values_list("claim__attribution", "claim"):
        claims[attribution].append(claim)
    return claims


def _unquoted(source: Source) -> tuple[int, ...]:
    """The first claims of the source without a passage."""
    # Excluded rather than asked for: the walk is then along the index of the source, not along that of all without one.
    rows: QuerySet[ClaimState] = ClaimState.objects.filter(source=source).exclude(has_passage=True).order_by("claim")
    return tuple(rows.values_list("claim", flat=True)[:MOST_PASSAGES])


def _source(uid: UUID | None) -> Source | None:
    return None if uid is None else Source.objects.get(uid=uid)
