"""Claims with what they rest on and what became of them, the questions that they answer, and findings."""

from collections.abc import Sequence

from prov.identifier import QualifiedName
from prov.model import PROV

from claims.domain.vocabulary import LinkKind
from claims.interchange.prov.builder import TYPE, Builder
from claims.interchange.prov.changes import tell_versions
from claims.interchange.prov.people import tell_agent, tell_user
from claims.interchange.prov.words import Agents, tell_attribution, tell_snapshot, tell_source
from claims.models import Claim, Finding, Question, Retraction
from claims.models.judgements import TakenBack
from claims.queries.provenance import agents_with_names, claims_with_all, findings_of


def tell_claims(builder: Builder, keys: Sequence[int]) -> None:
    """The claims of these keys, what they rest on, and all versions of it."""
    claims = claims_with_all(keys)
    agents = agents_with_names(key for claim in claims for key in _agents_of(claim))
    for claim in claims:
        _tell_claim(builder, claim, agents)
    attributions = {claim.attribution_id: claim.attribution for claim in claims}.values()
    sources = {each.source_id: each.source for each in attributions}
    sources |= {each.document.pk: each.document for each in attributions if each.document is not None}
    for records in (claims, attributions, sources.values(), agents.values()):
        tell_versions(builder, list(records))


def tell_questions(builder: Builder, questions: Sequence[Question]) -> None:
    """The questions with their findings, and all versions of both and of their topics."""
    findings = findings_of([question.pk for question in questions])
    for question in questions:
        _tell_question(builder, question)
        for finding in findings[question.pk]:
            _tell_finding(builder, finding)
    topics = {each.topic.pk: each.topic for each in questions if each.topic is not None}.values()
    told = [finding for question in questions for finding in findings[question.pk]]
    for records in (topics, questions, told):
        tell_versions(builder, list(records))


def _agents_of(claim: Claim) -> list[int | None]:
    attribution = claim.attribution
    sources = [attribution.source, attribution.document]
    sources += [each.source for each in (*claim.retractions.all(), *claim.corrections.all())]
    return [
        attribution.speaker_id,
        attribution.on_behalf_of_id,
        *(relay.agent_id for relay in attribution.relays.all()),
        *(source.publisher_id for source in sources if source is not None),
    ]


def _tell_claim(builder: Builder, claim: Claim, agents: Agents) -> None:
    """The claim, derived from the attribution (5.2.1), of its question, and what links it to other claims."""
    document, name = builder.document, builder.name(claim)
    if not builder.first(name):
        return
    wordings = builder.labels((each.language, each.text) for each in claim.wordings.all())
    document.entity(name, [(TYPE, builder.term["Claim"]), *wordings])
    document.derivation(name, tell_attribution(builder, claim.attribution, agents))
    if claim.question is not None:
        document.membership(_tell_question(builder, claim.question), name)
    if claim.copied_from is not None:
        document.derivation(name, builder.name(claim.copied_from), other_attributes=[(TYPE, builder.term["Copy"])])
    for link in claim.links.all():
        other = builder.name(link.other)
        if link.kind == LinkKind.REVISES:
            document.revision(name, other)
        else:
            document.influence(name, other, other_attributes=[(TYPE, builder.term[link.kind])])
    for notice in (*claim.retractions.all(), *claim.corrections.all()):
        _tell_notice(builder, claim, notice, agents)


def _tell_notice(builder: Builder, claim: Claim, notice: TakenBack, agents: Agents) -> None:
    """A retraction by the speaker or correction by the publisher: it influenced the claim, which stays on record."""
    document, name = builder.document, builder.name(notice)
    stated = [("datedOn", notice.dated_on), ("exact", notice.exact), ("note", notice.note)]
    document.entity(name, [(TYPE, builder.term[type(notice).__name__]), *builder.stated(stated)])
    document.influence(builder.name(claim), name, other_attributes=[(TYPE, builder.term[type(notice).__name__])])
    publisher = claim.attribution.source.publisher_id
    by = claim.attribution.speaker_id if isinstance(notice, Retraction) else publisher
    if by is not None:
        document.attribution(name, tell_agent(builder, agents[by], agents))
    if notice.snapshot is not None:
        document.derivation(name, tell_snapshot(builder, notice.snapshot, agents))
    elif notice.source is not None:
        document.derivation(name, tell_source(builder, notice.source, agents))


def _tell_question(builder: Builder, question: Question) -> QualifiedName:
    """The question, a collection (5.6.1) of the claims on it, as its topic is of questions."""
    document, name = builder.document, builder.name(question)
    if not builder.first(name):
        return name
    texts = [("", question.text), *sorted(question.translations.items())]
    document.entity(name, [(TYPE, builder.term["Question"]), (TYPE, PROV["Collection"]), *builder.labels(texts)])
    if question.topic is not None:
        topic = builder.name(question.topic)
        if builder.first(topic):
            names = builder.labels([("", question.topic.name), *sorted(question.topic.translations.items())])
            document.entity(topic, [(TYPE, builder.term["Topic"]), (TYPE, PROV["Collection"]), *names])
        document.membership(topic, name)
    if question.outcome_of is not None:
        outcome = [(TYPE, builder.term["outcomeOf"])]
        document.influence(name, builder.name(question.outcome_of), other_attributes=outcome)
    return name


def _tell_finding(builder: Builder, finding: Finding) -> None:
    """A settlement of a question, attributed to whoever settled it, derived from the question as it stood."""
    document, name = builder.document, builder.name(finding)
    document.entity(name, [(TYPE, builder.term["Finding"])])
    document.attribution(name, tell_user(builder, finding.settled_by))
    document.derivation(name, builder.name(finding.question))
