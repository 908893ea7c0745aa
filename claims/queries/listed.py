"""What lists hold of claims: the keys that they filter and sort by, and the words by which a claim is found."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from claims.domain.identity import canonical
from claims.domain.vocabulary import Certainty, Stance
from claims.models import AgentName, Claim, ClaimWording, Passage, Question, Record, Source
from claims.queries.cases import agents_reached
from claims.queries.keys import among
from claims.text.normalising import search_tokens

Row = dict[str, Any]
LONGEST_TOKEN = 100


class _Claim(NamedTuple):
    """What is read of a claim and its attribution, in the order of `OF_CLAIM`."""

    key: int
    question: int | None
    attribution: int
    source: int
    speaker: int
    name: str
    side: int | None
    answer: str
    stance: str
    certainty: str
    review: str
    stale: bool
    said_from: datetime | None
    recorded_at: datetime


OF_CLAIM = (
    *("pk", "question", "attribution", "attribution__source"),
    *("attribution__speaker", "attribution__speaker__name", "attribution__side"),
    *("answer", "stance", "certainty", "review", "review_stale", "attribution__said_from", "recorded_at"),
)


def rows_of_claims(claim_ids: Collection[int]) -> Iterator[tuple[int, Row, frozenset[str]]]:
    """For each current claim the keys that lists filter by, and the words that it is found by.

    All is read when this is called, and worked out claim by claim: nothing is asked of the database in between.
    """
    claims = _claims(claim_ids)
    around = _Around(claims)
    return ((claim.key, around.row(claim), around.words(claim)) for claim in claims)


class _Around:
    """What belongs to claims. One source, one question stand behind many: each is read, and taken apart, once."""

    def __init__(self, claims: list[_Claim]) -> None:
        speakers = {claim.speaker for claim in claims}
        self._agents = agents_reached(speakers)
        named = AgentName.objects.current().filter(among("agent", speakers))
        self._aliases = _texts(named.values_list("agent", "text"))
        of_source = ("title", "publisher", "language", "published_from")
        self._sources = _read(Source, {claim.source for claim in claims}, *of_source)
        self._questions = _read(Question, {claim.question for claim in claims}, "topic", "text", "translations")
        passages = Passage.objects.current().filter(among("attribution", {claim.attribution for claim in claims}))
        self._quotes = _texts(passages.values_list("attribution", "exact"))
        wordings = ClaimWording.objects.current().filter(among("claim", {claim.key for claim in claims}))
        self._wordings = _texts(wordings.values_list("claim", "text"))
        self._tokens = cache(_tokens)

    def row(self, claim: _Claim) -> Row:
        """The keys that lists filter by."""
        _title, publisher, language, published_from = self._sources[claim.source]
        topic, _asked, _translations = self._questions.get(claim.question, NOT_ASKED)
        return {
            "question_id": claim.question,
            "topic_id": topic,
            "source_id": claim.source,
            "publisher_id": publisher,
            "language": language,
            "review": claim.review,
            "stale": claim.stale,
            "stance": claim.stance,
            "said_from": claim.said_from,
            "published_from": published_from,
            "recorded_at": claim.recorded_at,
            "speaker_id": canonical(self._agents, claim.speaker),
            "side_id": claim.side or self._agents[claim.speaker].side,
            "definite": claim.stance != Stance.DOUBTS and claim.certainty != Certainty.POSSIBLE,
            "has_passage": claim.attribution in self._quotes,
        }

    def words(self, claim: _Claim) -> frozenset[str]:
        """The words that the claim is found by."""
        title, *_rest = self._sources[claim.source]
        _topic, asked, translations = self._questions.get(claim.question, NOT_ASKED)
        texts = [
            *(claim.answer, claim.name, title, asked, *translations.values()),
            *self._wordings.get(claim.key, ()),
            *self._quotes.get(claim.attribution, ()),
            *self._aliases.get(claim.speaker, ()),
        ]
        return frozenset().union(*map(self._tokens, texts))


def _claims(keys: Collection[int]) -> list[_Claim]:
    """The current ones of these claims."""
    rows = Claim.objects.current().filter(among("pk", keys)).order_by("pk").values_list(*OF_CLAIM)
    return list(map(_Claim._make, rows))


NOT_ASKED: tuple[Any, ...] = (None, "", {})
"""What is read of the question of a claim that answers none."""


def _read(model: type[Record], keys: set[Any], *names: str) -> dict[int | None, tuple[Any, ...]]:
    """These fields of the records of these keys."""
    rows = model.objects.filter(among("pk", keys - {None})).values_list("pk", *names)
    return {key: tuple(values) for key, *values in rows}


def _texts(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    """The texts by the key of what they belong to."""
    texts: dict[int, list[str]] = defaultdict(list)
    for key, text in rows:
        texts[key].append(text)
    return texts


def _tokens(text: str) -> frozenset[str]:
    """The words of one text, with their stems."""
    return frozenset(token[:LONGEST_TOKEN] for token in search_tokens(text))
