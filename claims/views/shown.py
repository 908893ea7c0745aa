"""Claims as the fragments in `templates/includes/` read them, made of the rows of `claims.queries.claim_rows`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from claims.domain.vocabulary import Standing, State
from claims.models import Claim, Passage
from claims.queries.cases import shown_answer
from claims.queries.claim_rows import ClaimRow, Wording, claim_rows
from claims.queries.names import question_words, translated
from claims.queries.overview import supports_of
from claims.views.links import Link, address, agent_link, question_link, reader_language, source_link
from claims.wording import word_answer, word_date


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that a claim rests on, with those around them."""

    exact: str
    prefix: str
    suffix: str
    language: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """One claim for `claim.html`, `claim_row.html` and `claim_note.html`; `answer` is worded as affirmed."""

    uid: str
    url: str
    chain: tuple[Link, ...]
    wordings: tuple[tuple[str, str], ...]
    question: Link | None
    state: str
    index: int | None
    position_url: str
    stance: str
    certainty: str
    answer: str
    inferred: bool
    quote: Quote | None
    source: Link
    said_on: str
    published_on: str
    manner: str
    review: str
    review_stale: bool
    standing: str
    reason: str
    side: Link | None
    party: bool
    fewest: int | None = None
    most: int | None = None
    revised_by: Link | None = None
    retreat: Link | None = None
    standing_note: str = ""


def shown_claim(row: ClaimRow, **differing: Any) -> ShownClaim:
    """The row as derived state has it; `differing` replaces fields, as where a question is asked at another date."""
    claim, state = row.claim, row.state
    attribution = claim.attribution
    side = attribution.side or attribution.speaker.side
    question = question_link(claim.question) if claim.question else None
    passages = list(attribution.passages.all())
    shown = ShownClaim(
        uid=str(claim.uid),
        url=address("claim", claim.uid),
        chain=chain_of(claim),
        wordings=wordings_of(row.wordings) or (("", row.answer),),
        question=question,
        state=state.state,
        index=row.position,
        position_url=f"{question.url}#position-{row.position}" if question and row.position is not None else "",
        stance=claim.stance,
        certainty=claim.certainty,
        answer=affirmed_answer(claim),
        inferred=claim.inferred,
        quote=quote_of(passages[0], claim) if passages else None,
        source=source_link(attribution.source),
        said_on=word_date(attribution.said_on) if attribution.said_on else "",
        published_on=word_date(attribution.source.published_on) if attribution.source.published_on else "",
        manner=attribution.manner,
        review=claim.review,
        review_stale=claim.review_stale,
        standing=state.standing,
        reason=row.reason,
        side=Link(row.side) if side else None,
        party=bool(side and side.party),
    )
    return replace(shown, **differing) if differing else shown


def shown_rows(keys: Sequence[int]) -> list[ShownClaim]:
    """The claims of these keys as rows of a list, with the origins of their questions' answers."""
    rows = claim_rows(keys)
    supports = supports_of({row.claim.question_id for row in rows if row.state.state == State.SEVERAL_ORIGINS})
    shown = []
    for row in rows:
        count = supports.get(row.claim.question_id)
        shown.append(shown_claim(row, fewest=count.fewest, most=count.most) if count else shown_claim(row))
    return shown


def chain_of(claim: Claim) -> tuple[Link, ...]:
    """Speaker with side and cue, relays, publisher; a publisher speaking in its own voice stands there once."""
    attribution = claim.attribution
    side = attribution.side or attribution.speaker.side
    hops = [agent_link(attribution.speaker, side=side, cue=attribution.cue)]
    hops += [agent_link(relay.agent, cue=relay.cue) for relay in attribution.relays.all()]
    publisher = attribution.source.publisher
    if publisher and publisher.pk != attribution.speaker_id:
        hops.append(agent_link(publisher))
    return tuple(hops)


def wordings_of(wordings: Sequence[Wording]) -> tuple[tuple[str, str], ...]:
    """Language and text of each wording, those in the reader's language first."""
    ordered = sorted(wordings, key=lambda each: each.language.split("-")[0] != reader_language())
    return tuple((each.language, each.text) for each in ordered)


def leading_wording(claim: ShownClaim) -> Link:
    """The claim as a link: its first wording."""
    language, text = claim.wordings[0]
    return Link(text, claim.url, language)


def affirmed_answer(claim: Claim) -> str:
    """The answer in words as if affirmed: stance and certainty stand beside it as words of their own."""
    if claim.question is None:
        return str(claim.answer)
    labels: Mapping[str, str] = {
        each.option.label: translated(each.option.label, each.option.translations) for each in claim.options.all()
    }
    return word_answer(question_words(claim.question, labels), shown_answer(claim, claim.question))


def quote_of(passage: Passage, claim: Claim) -> Quote:
    """A passage as a quote that leads to the claim's page, where it stands in its surroundings."""
    language = claim.attribution.source.language
    return Quote(passage.exact, passage.prefix, passage.suffix, language, f"{address('claim', claim.uid)}#passage")


def stands(claim: ShownClaim) -> bool:
    """Whether the claim counts (rule 2)."""
    return claim.standing == Standing.STANDING
