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
    """For each current claim the keys that lists filter by, and the words that it is found by."""
    claims = _claims(claim_ids)
    # One source, one question stand behind many claims: each is read, and taken apart into words, once.
    speakers = {claim.speaker for claim in claims}
    agents = agents_reached(speakers)
    aliases = _texts(AgentName.objects.current().filter(agent__in=speakers).values_list("agent", "text"))
    sources = _read(Source, {claim.source for claim in claims}, "title", "publisher", "language", "published_from")
    questions = _read(Question, {claim.question for claim in claims}, "topic", "text", "translations")
    of_attributions = Passage.objects.current().filter(among("attribution", {claim.attribution for claim in claims}))
    quotes = _texts(of_attributions.values_list("attribution", "exact"))
    wordings = _texts(ClaimWording.objects.current().filter(among("claim", claim_ids)).values_list("claim", "text"))
    tokens = cache(_tokens)
    for claim in claims:
        title, publisher, language, published_from = sources[claim.source]
        topic, asked, translations = questions.get(claim.question, NOT_ASKED)
        texts = [
            *(claim.answer, claim.name, title, asked, *translations.values()),
            *wordings.get(claim.key, ()),
            *quotes.get(claim.attribution, ()),
            *aliases.get(claim.speaker, ()),
        ]
        row = {
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
            "speaker_id": canonical(agents, claim.speaker),
            "side_id": claim.side or agents[claim.speaker].side,
            "definite": claim.stance != Stance.DOUBTS and claim.certainty != Certainty.POSSIBLE,
            "has_passage": claim.attribution in quotes,
        }
        yield claim.key, row, frozenset().union(*map(tokens, texts))


def _claims(keys: Collection[int]) -> list[_Claim]:
    """The current ones of these claims."""
    rows = Claim.objects.current().filter(among("pk", keys)).order_by("pk").values_list(*OF_CLAIM)
    return list(map(_Claim._make, rows))


NOT_ASKED: tuple[Any, ...] = (None, "", {})
"""What is read of the question of a claim that answers none."""


def _read(model: type[Record], keys: set[Any], *names: str) -> dict[int | None, tuple[Any, ...]]:
    """These fields of the records of these keys."""
    return {key: tuple(values) for key, *values in model.objects.filter(pk__in=keys).values_list("pk", *names)}


def _texts(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    """The texts by the key of what they belong to."""
    texts: dict[int, list[str]] = defaultdict(list)
    for key, text in rows:
        texts[key].append(text)
    return texts


def _tokens(text: str) -> frozenset[str]:
    """The words of one text, with their stems."""
    return frozenset(token[:LONGEST_TOKEN] for token in search_tokens(text))
