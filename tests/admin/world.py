"""A small desk with one record of every kind, for tests that open every address of the admin."""

from django.utils import timezone

from claims.domain.vocabulary import AnswerKind
from claims.models import (
    Agent,
    AgentName,
    Attribution,
    Claim,
    ClaimWording,
    Correction,
    Distinction,
    Finding,
    Likeness,
    Question,
    Record,
    Relay,
    Retraction,
    Side,
    Source,
    User,
)
from claims.services.texts import attach_pasted
from tests import factories as make

TEXT = "He said that it was agreed, and left."


@make.together
def make_world() -> dict[str, Record]:
    """One record of every kind, by the name of its model; the claims on the question exclude each other."""
    side = make.make_side(name="opposition")
    outlet = make.make_agent(name="Sham Network", kind="outlet")
    speaker = make.make_agent(name="A minister", side=side)
    make.record(AgentName(agent=speaker, language="ar", text="وزير"))
    source: Source = make.make_source(title="A report", language="en", publisher=outlet, published_on="2016-09-20")
    attach_pasted(source=source, text=TEXT, by=None, reason="A test", command="test")
    topic = make.make_topic(name="al-Waer")
    question = make.make_question(topic=topic, text="What was reached?")
    broader = make.make_option(question, "Agreement")
    option = make.make_option(question, "Truce", broader=[broader])
    attribution = make.make_attribution(source=source, speaker=speaker, relays=[outlet], said_on="2016-09-19")
    passage = make.make_passage(attribution, source.snapshots.get(), exact="it was agreed", start=13, end=26)
    claim = make.make_claim(question, attribution=attribution, options=[option], statement="A truce was reached.")
    other = make.make_claim(question, options=[broader], stance="denies")
    link = make.make_link(other, claim, "both_stand")
    third = make.make_agent(name="Somebody else")
    first, second = sorted([speaker, third], key=lambda agent: agent.pk)
    make.make_agent(name="SHAM News Network", kind="outlet")  # a suspected duplicate of the outlet
    likeness = Likeness(first_agent=first, second_agent=second, judged="unsure", grounds="They may be one")
    records: dict[str, Record] = {
        "side": side,
        "agent": speaker,
        "source": source,
        "snapshot": source.snapshots.get(),
        "topic": topic,
        "question": question,
        "attribution": attribution,
        "passage": passage,
        "claim": claim,
        "claimlink": link,
        "retraction": make.record(Retraction(claim=make.make_claim(), note="He took it back")),
        "correction": make.record(Correction(claim=make.make_claim(), note="A correction")),
        "distinction": make.record(Distinction(first=first, second=second)),
        "finding": make.record(_finding(question)),
        "likeness": make.record(likeness),
    }
    return records


def _finding(question: Question) -> Finding:
    user: User = make.make_user()
    return Finding(question=question, answer="Truce", grounds="Two sources", settled_on=timezone.now(), settled_by=user)


def make_claims(number: int) -> list[Claim]:
    """That many claims on one question, by different speakers in different sources, in two positions."""
    question = make.make_question(kind=AnswerKind.YES_NO, topic=make.make_topic())
    name = f"of question {question.pk}"
    side = Side(name=f"A side {name}")
    agents, sources, attributions, relays, claims, wordings = ([], [], [], [], [], [])  # type: ignore[var-annotated]
    for place in range(number):
        outlet = Agent(name=f"Outlet {place} {name}", kind="outlet")
        speaker = Agent(name=f"Speaker {place} {name}", kind="person", side=side)
        source = Source(title=f"Source {place} {name}", publisher=outlet)
        attribution = Attribution(source=source, speaker=speaker, side=side)
        yes = place % 2 == 0
        claim = Claim(question=question, attribution=attribution, answer="yes" if yes else "no", yes=yes)
        agents += [outlet, speaker]
        sources.append(source)
        attributions.append(attribution)
        relays.append(Relay(attribution=attribution, agent=outlet))
        claims.append(claim)
        wordings.append(ClaimWording(claim=claim, language="en", text=f"Statement {place}"))
    make.record(side, *agents, *sources, *attributions, *relays, *claims, *wordings)
    return claims
