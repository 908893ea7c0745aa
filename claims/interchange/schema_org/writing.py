"""Claims and findings written as one graph of JSON-LD, piece by piece.

A finding settles a question in somebody's name and gives grounds. It has no rating, for we have none: a `ClaimReview`
of ours has what it reviews, who wrote it, when, and a body in words.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from claims.domain.vocabulary import AgentKind, Medium
from claims.interchange.addresses import address, base, version_address
from claims.interchange.schema_org import CONTEXT
from claims.interchange.scope import BATCH, Scope
from claims.models import Agent, Claim, Finding, Passage, Question, Source
from claims.models.judgements import TakenBack
from claims.queries.provenance import agents_with_names, claims_of_questions, claims_with_all, findings_of

Thing = dict[str, Any]

AGENTS = {AgentKind.PERSON: "Person", AgentKind.ORGANISATION: "Organization", AgentKind.OUTLET: "NewsMediaOrganization"}
MEDIA = {Medium.ARTICLE: "Article", Medium.POST: "SocialMediaPosting", Medium.DOCUMENT: "DigitalDocument"}
# Dates as ISO 8601 has them, which is as much of EDTF as schema.org's Date and DateTime take.
_ISO = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII)


def write_schema_org(scope: Scope, output: BinaryIO) -> None:
    """Write a graph of `ClaimReview`s and `Claim`s, UTF-8; memory does not grow with their number.

    Withdrawn records are left out. The text can stand in a page: no `<` is in it.
    """
    output.write(f'{{"@context": {_written(CONTEXT)}, "@graph": ['.encode())
    comma = "\n"
    for thing in _things(scope):
        output.write(f"{comma}{_written(thing)}".encode())
        comma = ",\n"
    output.write(b"\n]}\n")


def _things(scope: Scope) -> Iterator[Thing]:
    questions = scope.questions().filter(withdrawn=False)
    for keys in _batches(questions):
        batch = list(questions.filter(pk__in=keys))
        findings, claims = findings_of(keys), claims_of_questions(keys)
        for question in batch:
            for finding in findings[question.pk]:
                yield review_of(finding, question, claims[question.pk], editors=scope.editors)
    for keys in scope.batches(scope.current()):
        batch_of_claims = claims_with_all(keys)
        agents = agents_with_names(key for claim in batch_of_claims for key in _agents_of(claim))
        yield from (claim_of(claim, agents) for claim in batch_of_claims)


def _batches(questions: Any) -> Iterator[list[int]]:
    keys = list(questions.filter(findings__withdrawn=False).distinct().values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def review_of(finding: Finding, question: Question, claims: list[Claim], *, editors: bool) -> Thing:
    """A finding as a `ClaimReview`: of all claims on the question, by whoever settled it, or by the desk."""
    name = finding.settled_by.get_full_name() or finding.settled_by.get_username()
    return {
        "@type": "ClaimReview",
        "@id": address(finding),
        "url": address(question),
        "author": {"@type": "Person", "name": name} if editors else _desk(),
        "publisher": _desk(),
        "datePublished": finding.settled_on.isoformat(),
        "claimReviewed": question.text,
        "reviewBody": "\n\n".join(filter(None, [finding.statement, finding.grounds])),
        "itemReviewed": [{"@type": "Claim", "@id": address(claim)} for claim in claims],
        **_stated({"terms:answer": finding.answer}),
    }


def claim_of(claim: Claim, agents: dict[int, Agent]) -> Thing:
    """A claim with who makes it, where it appears, on which question it bears and which words it rests on."""
    attribution, question = claim.attribution, claim.question
    behalf = agents.get(attribution.on_behalf_of_id or 0)
    texts = [_text(each.text, each.language) for each in claim.wordings.all()] or [claim.answer]
    thing = {
        "@type": "Claim",
        "@id": address(claim),
        "url": version_address(claim),
        "version": claim.version,
        "creativeWorkStatus": claim.review,
        "text": texts,
        "author": _agent(agents[attribution.speaker_id]),
        "claimInterpreter": _desk(),
        "appearance": _source(attribution.source, agents),
        "dateCreated": _date(attribution.said_on),
        "isBasedOn": [_quotation(each) for each in attribution.passages.all()],
        "correction": [_correction(each) for each in (*claim.retractions.all(), *claim.corrections.all())],
        "terms:stance": claim.stance,
        "terms:certainty": claim.certainty,
        "terms:answer": claim.answer,
        "terms:inferred": claim.inferred or None,
        "terms:asOf": claim.as_of,
        "terms:saidOn": attribution.said_on,
        "terms:manner": attribution.manner,
        "terms:cue": attribution.cue,
        "terms:role": attribution.role,
        "terms:onBehalfOf": behalf and _agent(behalf),
        "terms:via": _chain([agents[relay.agent_id] for relay in attribution.relays.all()]),
        "terms:copiedFrom": claim.copied_from and {"@id": address(claim.copied_from)},
        "firstAppearance": attribution.document and _source(attribution.document, agents),
        "about": question and {"@type": "Question", "@id": address(question), **_named(question.text, question)},
    }
    return _stated(thing)


def _agents_of(claim: Claim) -> list[int | None]:
    attribution = claim.attribution
    sources = [attribution.source, *([attribution.document] if attribution.document else [])]
    relays = [relay.agent_id for relay in attribution.relays.all()]
    return [attribution.speaker_id, attribution.on_behalf_of_id, *relays, *(each.publisher_id for each in sources)]


def _agent(agent: Agent) -> Thing:
    """An agent with its names; of an unnamed one is not said what it is."""
    names = [agent.name, *(_text(each.text, each.language) for each in agent.names.all() if not each.alias)]
    aliases = [_text(each.text, each.language) for each in agent.names.all() if each.alias]
    kind = AGENTS.get(AgentKind(agent.kind), "Thing")
    return _stated({"@type": kind, "@id": address(agent), "name": names, "alternateName": aliases})


def _source(source: Source, agents: dict[int, Agent]) -> Thing:
    publisher = agents.get(source.publisher_id) if source.publisher_id else None
    thing = {
        "@type": MEDIA.get(Medium(source.medium), "CreativeWork"),
        "@id": address(source),
        "url": source.url,
        **_named(source.title, source),
        "publisher": publisher and _agent(publisher),
        "datePublished": _date(source.published_on),
        "inLanguage": source.language,
    }
    return _stated(thing)


def _quotation(passage: Passage) -> Thing:
    return {
        "@type": "Quotation",
        "@id": address(passage),
        "text": passage.exact,
        "isPartOf": {"@type": "CreativeWork", "@id": address(passage.snapshot.source)},
    }


def _correction(notice: TakenBack) -> Thing:
    """A retraction or correction, in the words that there are for it."""
    kind = f"terms:{type(notice).__name__}"
    text = [each for each in (notice.exact, notice.note) if each]
    thing = {"@type": ["CorrectionComment", kind], "@id": address(notice), "text": text}
    return _stated({**thing, "dateCreated": _date(notice.dated_on)})


def _chain(agents: list[Agent]) -> Thing | None:
    """Who passed the words on, nearest to the speaker first."""
    return {"@list": [_agent(agent) for agent in agents]} if agents else None


def _named(name: str, record: Source | Question) -> Thing:
    return {"name": [name, *(_text(text, language) for language, text in sorted(record.translations.items()))]}


def _desk() -> Thing:
    return {"@type": "Organization", "@id": base(), "url": base()}


def _text(text: str, language: str) -> Thing | str:
    """A text with its language, where that is a tag."""
    tagged = re.fullmatch("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language)
    return {"@value": text, "@language": language} if tagged else text


def _date(written: str) -> str:
    """The date, where schema.org can say it; in our own words it is there as written."""
    return written if _ISO.fullmatch(written) else ""


def _stated(thing: Thing) -> Thing:
    """The thing without what states nothing; one value stands without a list."""
    stated = {name: value for name, value in thing.items() if value not in ("", None, [])}
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in stated.items()}


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
