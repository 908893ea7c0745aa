"""The `ClaimReview`s of fact-checkers as rows of the claims table.

A review tells of two things that were said, and becomes a row for each:

1. what was claimed, by whom it was claimed, in the work where it appeared; where none is named, as the review carries
   it, with the fact-checker as relay. It answers no question yet: an editor asks one.
2. what the fact-checker says of it, in its own voice and its own article: the words of its rating, as free text on a
   question of their own ("How is it rated: ..."), or without a rating the body of the review, on no question.

A rating is not read as denying or affirming: "half true", "4 of 5" and "missing context" say neither, and who reads
them so passes a verdict of their own. Two fact-checkers whose words differ make the question unresolved, not contested.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from claims.domain.refusals import Refusal
from claims.interchange.given_json import Malformed
from claims.interchange.schema_org.reading import Node, Review, reviews_in, types_of
from claims.interchange.tables.rows import REFUSED_BECAUSE, Problem, Row
from claims.queries.dates import date_of
from claims.wording import plain, word_refusal

MOST_ASKED = 300
"""Of a longer claim its first characters stand in the question about its rating, with a mark of the whole."""
# Data, not words of the interface: read again in whatever language they must be the same.
ASKED = "How is it rated: “{claim}”?"
ENTITLED = "Review of: {claim}"
NOT_NAMED = "not named"
"""The name of a speaker whom a review does not name: an unnamed one, of the source alone."""

Values = dict[str, str]
_BETWEEN = re.compile(r"(?<=^\d{4}-\d\d-\d\d) (?=\d)", re.ASCII)
_ZONE = re.compile(r"(T.*[+-]\d\d)(\d\d)$", re.ASCII)


class _Refused(ValueError):  # noqa: N818 - it names what happened
    """A review that makes no rows, and the column that is to blame."""

    def __init__(self, column: str, sentence: str) -> None:
        self.column = column
        super().__init__(sentence)


def read_rows(stream: BinaryIO) -> Iterator[Row | Problem]:
    """The rows of each review, in order, and what is wrong with those that make none.

    `line` and `source` are the number of the review. What is no JSON-LD with reviews is one problem of line 0.
    """
    number = 0
    stream.seek(0)
    try:
        for number, review in enumerate(reviews_in(stream), 1):
            if isinstance(review, Malformed):
                yield Problem(number, "", str(review), number)
                continue
            try:
                rows = [*_rows(review)]
            except _Refused as refused:
                yield Problem(number, refused.column, str(refused), number)
            else:
                yield from (Row(number, values, number) for values in rows)
    except Malformed as error:
        yield Problem(0, "", str(error))
        return
    if not number:
        yield Problem(0, "", _("There is no ClaimReview in it. Give the JSON-LD of a fact-checker, or a page with it."))


def write_rejects(stream: BinaryIO, output: BinaryIO, refused: Mapping[int, Sequence[str]]) -> None:
    """Write the refused reviews, one a line with what it refers to, and why; read again, the reason is passed over.

    `refused` are the sentences by `Row.source`. What is no JSON cannot be written so: it is left out.
    """
    stream.seek(0)
    for number, review in enumerate(reviews_in(stream), 1):
        if number not in refused or isinstance(review, Malformed):
            continue
        node, *others = review.whole()
        node = {**node, REFUSED_BECAUSE: " ".join(dict.fromkeys(refused[number]))}
        document = {"@context": "https://schema.org", "@graph": [node, *others]} if others else node
        output.write(json.dumps(document, ensure_ascii=False).encode() + b"\n")


def _rows(review: Review) -> Iterator[Values]:
    node = review.node
    claimed = review.text(node, "claimReviewed") or next(
        (text for each in _reviewed(review) if (text := review.text(each, "text", "name", "headline"))), ""
    )
    if not claimed:
        raise _Refused("statement", _("The review says nothing of what was claimed (claimReviewed)."))
    checker, article = _checker(review), _article(review, claimed)
    identifier = article.get("source_url", "")
    yield _stated(
        {
            "id": _identifier(identifier, claimed, "claim"),
            "answer": claimed,
            _statement(review): claimed,
            **_claimed(review, checker, article),
        }
    )
    said = _said(review, claimed)
    if said:
        yield _stated(
            {
                "id": _identifier(identifier, claimed, "review"),
                "speaker": checker["name"],
                "speaker_kind": checker["kind"],
                "manner": "own_voice",
                "said_on": article.get("published_on", ""),
                **article,
                **said,
            }
        )


def _claimed(review: Review, checker: Values, article: Values) -> Values:
    """Who claimed it, where and when; as the review's article carries it, where no other work is named."""
    speaker: Values = {}
    work: Values = {}
    said_on = ""
    for thing in _reviewed(review):
        speaker = speaker or _speaker(review, thing)
        is_claim = "Claim" in types_of(thing)
        works = [*review.things(thing, "appearance"), *review.things(thing, "firstAppearance")] if is_claim else [thing]
        work = work or next((found for each in works if (found := _work(review, each))), {})
        if is_claim:
            said_on = said_on or _date(review, thing, "said_on", "datePublished", "dateCreated")
    speaker = speaker or {"speaker": NOT_NAMED, "speaker_kind": "unnamed"}
    if work:
        return {**speaker, **work, "said_on": said_on}
    relay = {} if checker["name"] == article.get("publisher") else {"via": _escaped(checker["name"])}
    return {**speaker, **relay, **article, "said_on": said_on}


def _said(review: Review, claimed: str) -> Values:
    """What the fact-checker says: the words of the rating on a question of their own, else the body on none."""
    body = review.text(review.node, "reviewBody", "description")
    statement = _statement(review)
    rating = next(iter(review.things(review.node, "reviewRating")), {})
    words = review.text(rating, "alternateName", "ratingExplanation", "name") or _number(review, rating)
    if words:
        question = ASKED.format(claim=_short(claimed))
        return {"question": question, "answer_kind": "text", "answer": words, statement: body or words}
    return {"answer": body, statement: body} if body else {}


def _number(review: Review, rating: Node) -> str:
    """A rating that is a number alone, with the scale that it is of where both its ends are stated."""
    value, worst, best = (review.text(rating, name) for name in ("ratingValue", "worstRating", "bestRating"))
    return f"{value} ({worst}–{best})" if value and best and worst else f"{value}/{best}" if value and best else value


def _reviewed(review: Review) -> list[Node]:
    return review.things(review.node, "itemReviewed")


def _checker(review: Review) -> Values:
    """The fact-checker; by the name of its site, where it gives none."""
    node = review.node
    for thing in (*review.things(node, "author"), *review.things(node, "publisher")):
        name = review.text(thing, "name", "legalName") or _host(review.text(thing, "url") or str(thing.get("@id", "")))
        if name:
            return {"name": name, "kind": "person" if "Person" in types_of(thing) else "outlet"}
    name = _host(_url(review, node))
    if not name:
        raise _Refused("speaker", _("The review does not say whose it is (author)."))
    return {"name": name, "kind": "outlet"}


def _article(review: Review, claimed: str) -> Values:
    """The fact-checker's article as a source."""
    node, checker = review.node, _checker(review)
    publisher = next((review.text(each, "name") for each in review.things(node, "publisher")), "")
    title = review.text(node, "headline", "name") or ENTITLED.format(claim=_short(claimed))
    return _stated(
        {
            "source": title,
            "source_url": _url(review, node),
            "publisher": publisher or (checker["name"] if checker["kind"] == "outlet" else ""),
            "published_on": _date(review, node, "published_on", "datePublished", "dateCreated"),
            "language": _language(review, node),
        }
    )


def _speaker(review: Review, thing: Node) -> Values:
    """Who claimed it: the first author with a name."""
    for author in review.things(thing, "author"):
        name = review.text(author, "name")
        if name:
            kinds = types_of(author)
            kind = "organisation" if any(each.endswith("Organization") for each in kinds) else "person"
            return {"speaker": name, "speaker_kind": kind, "speaker_role": review.text(author, "jobTitle")}
    return {}


def _work(review: Review, thing: Node) -> Values:
    """A work as a source; none where it has neither title nor address."""
    title, url = review.text(thing, "headline", "name"), _url(review, thing)
    if not title and not url:
        return {}
    publisher = next((review.text(each, "name") for each in review.things(thing, "publisher")), "")
    dated = _date(review, thing, "published_on", "datePublished", "dateCreated")
    return {
        "source": title or url,
        "source_url": url,
        "publisher": publisher,
        "published_on": dated,
        "language": _language(review, thing),
    }


def _date(review: Review, thing: Node, column: str, *names: str) -> str:
    """A date of ISO 8601 as EDTF, which knows no parts of a second. Raises `_Refused` for what is none."""
    written = _BETWEEN.sub("T", review.text(thing, *names))
    head, point, rest = written.partition(".")
    written = _ZONE.sub(r"\1:\2", head + (rest.lstrip("0123456789") if point else ""))
    if not written:
        return ""
    try:
        date_of(written)
    except Refusal as refusal:
        raise _Refused(column, plain(word_refusal(refusal))) from None
    return written


def _language(review: Review, thing: Node) -> str:
    """The tag of the language, where it is one."""
    tag = review.text(thing, "inLanguage")
    return tag if tag.replace("-", "").isalnum() and tag.isascii() and 2 <= len(tag.split("-")[0]) <= 3 else ""  # noqa: PLR2004 - ISO 639


def _statement(review: Review) -> str:
    """The column of the wording, in the language of the review where that is known."""
    language = _language(review, review.node)
    return f"statement@{language}" if language else "statement"


def _url(review: Review, thing: Node) -> str:
    """The web address of a thing, else its `@id` where that is one."""
    for each in (review.text(thing, "url"), str(thing.get("@id", ""))):
        if each.lower().startswith(("http://", "https://")) and _host(each):
            return each
    return ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _identifier(url: str, claimed: str, part: str) -> str:
    """What a row is called wherever it is read again; without an address nothing, and it is known by its content."""
    digest = sha256(f"{url}\n{claimed}".encode()).hexdigest()[:32]
    return f"claimreview:{part}:{digest}" if url else ""


def _short(text: str) -> str:
    """The text, or its beginning with a mark of the whole, so that two that begin alike are not one question."""
    text = " ".join(text.split())
    if len(text) <= MOST_ASKED:
        return text
    return f"{text[:MOST_ASKED]}… [{sha256(text.encode()).hexdigest()[:8]}]"


def _escaped(name: str) -> str:
    """A name for the column `via`, where `>` and `|` part names."""
    return name.replace("\\", "\\\\").replace(">", "\\>").replace("|", "\\|")


def _stated(values: Mapping[str, Any]) -> Values:
    return {name: value for name, value in values.items() if value}
