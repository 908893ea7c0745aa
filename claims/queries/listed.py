"""What lists hold of claims: the keys that they filter and sort by, and the words by which a claim is found."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

from django.db.models import QuerySet

from claims.domain.identity import canonical
from claims.domain.vocabulary import Certainty, Stance
from claims.models import AgentName, Claim, ClaimWording, Passage
from claims.queries.cases import agents_reached
from claims.text.normalising import search_tokens

Row = dict[str, Any]
LONGEST_TOKEN = 100


def rows_of_claims(claim_ids: Collection[int]) -> Iterator[tuple[int, Row, frozenset[str]]]:
    """For each current claim the keys that lists filter by, and the words that it is found by."""
    claims = list(_claims(claim_ids))
    speakers = {claim["attribution__speaker"] for claim in claims}
    attributions = {claim["attribution"] for claim in claims}
    agents = agents_reached(speakers)
    names = _texts(AgentName.objects.current().filter(agent__in=speakers).values_list("agent", "text"))
    quotes = _texts(Passage.objects.current().filter(attribution__in=attributions).values_list("attribution", "exact"))
    wordings = _texts(ClaimWording.objects.current().filter(claim__in=claim_ids).values_list("claim", "text"))
    tokens = cache(_tokens)  # one speaker, source and question stand behind many claims
    for claim in claims:
        key, speaker, attribution = claim["pk"], claim["attribution__speaker"], claim["attribution"]
        texts = [
            *(claim[name] for name in ("answer", "attribution__speaker__name", "attribution__source__title")),
            *(wordings.get(key, ())),
            *(quotes.get(attribution, ())),
            *(names.get(speaker, ())),
            *([claim["question__text"], *claim["question__translations"].values()] if claim["question"] else ()),
        ]
        row = {
            **{column: claim[name] for column, name in COPIED.items()},
            "speaker_id": canonical(agents, speaker),
            "side_id": claim["attribution__side"] or claim["attribution__speaker__side"],
            "definite": claim["stance"] != Stance.DOUBTS and claim["certainty"] != Certainty.POSSIBLE,
            "has_passage": attribution in quotes,
        }
        yield key, row, frozenset().union(*map(tokens, texts))


# The columns that are copied as they are, and where they are copied from.
COPIED = {
    "question_id": "question",
    "topic_id": "question__topic",
    "source_id": "attribution__source",
    "publisher_id": "attribution__source__publisher",
    "language": "attribution__source__language",
    "review": "review",
    "stale": "review_stale",
    "stance": "stance",
    "said_from": "attribution__said_from",
    "published_from": "attribution__source__published_from",
    "recorded_at": "recorded_at",
}
READ_BESIDES = (
    *("pk", "answer", "certainty", "attribution", "attribution__side"),
    *("attribution__speaker", "attribution__speaker__name", "attribution__speaker__side"),
    *("attribution__source__title", "question__text", "question__translations"),
)


def _claims(claim_ids: Collection[int]) -> QuerySet[Claim, Row]:
    claims = Claim.objects.current().filter(pk__in=claim_ids).order_by("pk")
    return claims.values(*READ_BESIDES, *COPIED.values())  # type: ignore[no-any-return]


def _texts(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    """The texts by the key of what they belong to."""
    texts: dict[int, list[str]] = defaultdict(list)
    for key, text in rows:
        texts[key].append(text)
    return texts


def _tokens(text: str) -> frozenset[str]:
    """The words of one text, with their stems."""
    return frozenset(token[:LONGEST_TOKEN] for token in search_tokens(text))
