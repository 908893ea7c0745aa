"""Suspected duplicates as they are read: the list, the next one to judge, what is shown of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from claims.domain.suspicions import MOST_SHARING
from claims.domain.vocabulary import Suspected
from claims.models import Agent, Likeness, MatchKey, Source, SuspectedPair
from claims.queries.pages import compared
from claims.wording.suspicions import word_ground

ORDER = ("-strength", "table", "first", "second")
MODELS: Mapping[str, type[Agent | Source]] = {"agent": Agent, "source": Source}
TABLES: Mapping[Suspected, str] = {
    Suspected.AGENTS: "agent",
    Suspected.SOURCES: "source",
    Suspected.COPIES: "source",
}


@dataclass(frozen=True)
class ToldPair:
    """A pair with its two records, and in sentences what speaks for it."""

    pair: SuspectedPair
    first: Agent | Source
    second: Agent | Source
    grounds: tuple[str, ...]


def suspected(kind: str = "", *, judged: str = "") -> QuerySet[SuspectedPair]:
    """The pairs of a kind, or of all, of which this was judged, or nothing; the strongest first."""
    rows = SuspectedPair.objects.filter(judged=judged)
    return (rows.filter(kind=kind) if kind else rows).order_by(*ORDER)


def next_pair(kind: str = "", after: SuspectedPair | None = None) -> SuspectedPair | None:
    """The pair to be judged next, or next after another; None where there is none."""
    rows = suspected(kind)
    if after is None:
        return rows.first()
    place = compared(("table", "first", "second"), ">", (after.table, after.first, after.second))
    beside = rows.filter(place, strength=after.strength).first()
    return beside or rows.filter(strength__lt=after.strength).first()


def pair_of(table: str, first: int, second: int) -> SuspectedPair | None:
    """The pair of these two records, if they are suspected."""
    return SuspectedPair.objects.filter(table=table, first=first, second=second).first()


def pairs_with(table: str, record: int) -> list[SuspectedPair]:
    """The pairs with the record of which nothing was judged, the strongest first.

    Asked for from either side, each along an index; "or" makes the databases walk the list of all pairs.
    """
    rows = SuspectedPair.objects.filter(table=table, judged="")
    found = [*rows.filter(first=record), *rows.filter(second=record)]
    return sorted(found, key=lambda pair: (-pair.strength, pair.first, pair.second))


def told_pairs(pairs: Sequence[SuspectedPair]) -> list[ToldPair]:
    """The pairs with their records, in the order given: a query a table."""
    keys: dict[str, set[int]] = defaultdict(set)
    for pair in pairs:
        keys[pair.table] |= {pair.first, pair.second}
    found: dict[str, Mapping[int, Any]] = {
        "agent": Agent.objects.select_related("side").in_bulk(keys["agent"]) if keys["agent"] else {},
        "source": Source.objects.select_related("publisher").in_bulk(keys["source"]) if keys["source"] else {},
    }
    return [
        ToldPair(pair, found[pair.table][pair.first], found[pair.table][pair.second], grounds_of(pair))
        for pair in pairs
    ]


def grounds_of(pair: SuspectedPair) -> tuple[str, ...]:
    """What speaks for the pair, in sentences."""
    return tuple(word_ground(each["code"], each["values"]) for each in pair.reasons)


def common_keys() -> int:
    """How many keys are shared by so many records that they pair none: a walk along the index of all keys."""
    rows = MatchKey.objects.order_by().values("table", "key").annotate(number=Count("pk"))
    return int(rows.filter(number__gt=MOST_SHARING).count())


def likeness_of(first: Agent | Source, second: Agent | Source) -> Likeness | None:
    """The record of what was judged of the two, withdrawn or not; None where there is none."""
    field = "agent" if isinstance(first, Agent) else "source"
    found: Likeness | None = Likeness.objects.filter(**{f"first_{field}": first, f"second_{field}": second}).first()
    return found


def judged_sources(sources: Collection[int]) -> QuerySet[Likeness]:
    """What was judged of these sources and others: that they are one publication, or carry one text."""
    about = Q(first_source__in=sources) | Q(second_source__in=sources)
    rows = Likeness.objects.current().filter(about, judged__in=("same", "copied"))
    found: QuerySet[Likeness] = rows.select_related("first_source", "second_source").order_by("pk")
    return found
