"""Finding records by the words that one types: what the table of words should hold, and the records that have them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import unquote

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import (
    Agent,
    AgentName,
    Attribution,
    Claim,
    ClaimToken,
    NameToken,
    Question,
    Record,
    Side,
    Snapshot,
    Source,
    Topic,
)
from claims.models.words import LONGEST_TOKEN
from claims.text.normalising import Sought, name_tokens, search_beginnings

FEW = 2_000
"""Up to so many records are found first and then put in order; of more the list is walked until a page is full."""
FEW_TOGETHER = 500
"""The same of records that have several words, each of which many have."""
LAST_CHARACTER = "\U0010ffff"
_SCHEME = re.compile(r"\bhttps?://", re.IGNORECASE)

# --- what the table should hold ---------------------------------------------------------------------------------------


def _agents(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    yield from Agent.objects.filter(pk__in=keys).values_list("pk", "name")
    yield from AgentName.objects.current().filter(agent__in=keys).values_list("agent", "text")


def _sources(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    rows = Source.objects.filter(pk__in=keys).values_list("pk", "title", "translations", "url")
    for key, title, translations, url in rows:
        yield from ((key, text) for text in (title, *translations.values(), url))


def _snapshots(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    yield from Snapshot.objects.filter(pk__in=keys).values_list("pk", "sha256")


def _translated(model: type[Record], field: str) -> Callable[[Collection[int]], Iterator[tuple[int, str]]]:
    def texts(keys: Collection[int]) -> Iterator[tuple[int, str]]:
        for key, text, translations in model.objects.filter(pk__in=keys).values_list("pk", field, "translations"):
            yield from ((key, each) for each in (text, *translations.values()))

    return texts


# For each table that is looked up by name, the names of its rows; of those withdrawn too, for lists show them.
NAMES_OF: Mapping[type[Record], Callable[[Collection[int]], Iterator[tuple[int, str]]]] = {
    Agent: _agents,
    Question: _translated(Question, "text"),
    Side: _translated(Side, "name"),
    Snapshot: _snapshots,
    Source: _sources,
    Topic: _translated(Topic, "name"),
}


def names_written(written: Iterable[tuple[type[Record], int]]) -> dict[type[Record], set[int]]:
    """The records with a name that were written, or a part of whose name was."""
    found: dict[type[Record], set[int]] = defaultdict(set)
    parts = set()
    for model, key in written:
        if model is AgentName:
            parts.add(key)
        elif model in NAMES_OF:
            found[model].add(key)
    if parts:
        found[Agent].update(AgentName.objects.filter(pk__in=parts).values_list("agent", flat=True))
    return found


def words_of(model: type[Record], keys: Collection[int]) -> dict[int, set[str]]:
    """The words by which these records are found, by key."""
    words: dict[int, set[str]] = {key: set() for key in keys}
    for key, text in NAMES_OF[model](keys):
        words[key].update(token[:LONGEST_TOKEN] for token in name_tokens(_readable(text)))
    return words


def stored_words(model: type[Record], keys: Collection[int]) -> dict[int, set[str]]:
    """The words that the table has for these records, by key."""
    words: dict[int, set[str]] = {key: set() for key in keys}
    for key, token in named(model).filter(record__among=keys).values_list("record", "token"):
        words[key].add(token)
    return words


def named(model: type[Record]) -> QuerySet[NameToken]:
    """The words of the names of one table."""
    return NameToken.objects.filter(kind=kind_of(model))


def kind_of(model: type[Record]) -> str:
    """What the table of words calls a table."""
    return str(model._meta.model_name)


# --- the records that have them ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where words of records lie: rows of words, whose `key` is what the records' field `of` holds.

    Where the key is not the records' own, `through` makes the records' keys of keys found, and `asked` is the way from
    a row of words to the record.
    """

    tokens: Callable[[], QuerySet[Any]]
    key: str = "record"
    of: str = "pk"
    asked: str = ""
    through: Callable[[set[int]], set[int]] = set

    def few(self, word: Sought) -> set[int] | None:
        """The keys that have the word, if there are no more than `FEW`."""
        found: set[int] = set()
        for form in _forms(word):
            # In the order of the index, so that PostgreSQL reads it and not the table, however common the word.
            rows = self.tokens().filter(form).order_by("token").values_list(self.key, flat=True)
            keys = list(rows[: FEW + 1])
            found.update(keys)
            if len(keys) > FEW or len(found) > FEW:
                return None
        return found

    def together(self, words: Sequence[Sought]) -> set[int] | None:
        """The keys that have all these words, if there are no more than `FEW_TOGETHER`."""
        first, *others = words
        found: set[int] = set()
        for form in _forms(first):
            rows = self.tokens().filter(form, *(self._has(word, self.key) for word in others))
            found.update(rows.order_by("token").values_list(self.key, flat=True)[: FEW_TOGETHER + 1])
            if len(found) > FEW_TOGETHER:
                return None
        return found

    def having(self, word: Sought, few: set[int] | None) -> Q:
        """The condition that a record has the word: it is one of the few, or is asked."""
        return Q(self._has(word, self.of)) if few is None else Q(**{f"{self.of}__in": self.through(few)})

    def _has(self, word: Sought, of: str) -> Exists:
        return Exists(self.tokens().filter(reduce(or_, _forms(word)), **{self.asked or self.key: OuterRef(of)}))


def _place(model: type[Record], of: str = "pk") -> Place:
    return Place(lambda: named(model), of=of)


def _attributions(claims: set[int]) -> set[int]:
    return set(Claim.objects.filter(pk__in=claims).values_list("attribution", flat=True))


PLACES: Mapping[type[Record], tuple[Place, ...]] = {
    **{model: (_place(model),) for model in NAMES_OF},
    Snapshot: (_place(Snapshot), _place(Source, of="source")),
    Claim: (Place(ClaimToken.objects.all, "claim"),),
    Attribution: (Place(ClaimToken.objects.all, "claim", asked="claim__attribution", through=_attributions),),
}
"""For each table that is searched, where its words lie: an attribution is found by those of its claims."""
TOGETHER = PLACES.keys() - {Snapshot, Attribution}
"""The tables whose words all lie in one place, so that there it is found who has several."""


def with_words(records: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The records that have a word for each word of `text`, of which that one is the beginning or has the same stem.

    Each word costs a query along its index. Where few records have it, or all the words together, they are looked up
    by their keys; where many have, the list is walked in its order and each record asked, until a page is full.
    """
    places = PLACES[records.model]
    words = search_beginnings(_readable(text))
    walked = len(words) > 1
    for word in words:
        few = [place.few(word) for place in places]
        if not any(keys is None or keys for keys in few):
            return records.none()
        walked = walked and None in few
        pairs = zip(places, few, strict=True)
        records = records.filter(reduce(or_, (place.having(word, keys) for place, keys in pairs)))
    if walked and records.model in TOGETHER and (keys := places[0].together(words)) is not None:
        records = records.filter(pk__in=keys)
    return records if words else records.none()


def _forms(sought: Sought) -> list[Q]:
    """The tokens meant: a stretch of the index for each beginning, and the stem."""
    beginnings = [beginning[:LONGEST_TOKEN] for beginning in sought.beginnings]
    forms = [Q(token__gte=each, token__lt=each + LAST_CHARACTER) for each in beginnings]
    return forms if sought.stem in sought.beginnings else [*forms, Q(token=sought.stem[:LONGEST_TOKEN])]


def _readable(text: str) -> str:
    """The text in plain words: of a web address, or a part of one, the host and the path as they are read."""
    plain = unquote(_SCHEME.sub(" ", text)) if "/" in text else text
    return plain.replace("_", " ")
