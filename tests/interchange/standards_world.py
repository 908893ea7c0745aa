"""A desk with everything that an export in others' vocabulary can meet, and texts that try to break out of it."""

from dataclasses import dataclass
from typing import Any

from claims.domain.vocabulary import AgentKind, LinkKind, Manner
from claims.models import (
    Agent,
    AgentName,
    Claim,
    Finding,
    Passage,
    Question,
    Retraction,
    Snapshot,
    Source,
    Topic,
    User,
)
from claims.permissions import Role
from claims.services.editing import keep
from claims.services.findings import Settlement, settle
from claims.services.texts import attach_pasted
from claims.services.transaction import change
from tests import factories as make

HOSTILE = (
    'a "quote" \\ back \n line\ttab \u202edetur\u202c \u2067isolated\u2069 \u064eشَدّة e\u0301 \U0001f600 \'single\' """ '
    "%% <b>&amp; </script> \r =1+1 \u2028 \ufeff \x7f \x01 ends \\"
)
TEXT = "She said: “It was agreed on Monday.” Nobody else was there."
QUOTE = "It was agreed on Monday."


@dataclass
class World:
    """The records by what they are for."""

    topic: Topic
    question: Question
    claim: Claim
    denial: Claim
    withdrawn: Claim
    passage: Passage
    snapshot: Snapshot
    source: Source
    speaker: Agent
    finding: Finding
    editor: User


def make_world(hostile: str = HOSTILE) -> World:
    """The records, of which the first claim has three versions."""
    editor = make.make_user(Role.ADMINISTRATOR, username="editor-in-chief", first_name="Rim", last_name='"')
    # In few changes, for each of them works out what follows from it.
    with change(by=None, reason="A test needs it", command="test"):
        party = make.make_agent(name="The party", kind=AgentKind.ORGANISATION)
        outlet = make.make_agent(name=hostile[:120], kind=AgentKind.OUTLET)
        speaker = make.make_agent(name="A speaker", speaks_for=party, side=make.make_side(name=f"side {hostile[:60]}"))
        make.record(AgentName(agent=speaker, language="ar", text="متحدّثة"))
        twin = make.make_agent(name="A speaker (2)", same_as=speaker)
        unnamed = make.make_agent(name="a witness", kind=AgentKind.UNNAMED)
        source = make.make_source(
            title=f"Report {hostile[:100]}", url="https://news.example/report?a=1&b=2", publisher=outlet, language="en",
            published_on="2016-09-20", translations={"ar": "تقرير", "not a tag!": "x"},
        )  # fmt: skip
    attach_pasted(source=source, text=TEXT, by=editor, reason="Captured")
    snapshot = source.snapshots.get()
    with change(by=None, reason="A test needs it", command="test"):
        document = make.make_source(title="The communiqué")
        topic = make.make_topic(name=f"Topic {hostile[:50]}", note=hostile)
        question = make.make_question(topic=topic, text=f"What? {hostile[:80]}", translations={"ar": "على ماذا؟"})
        option = make.make_option(question, "A truce")
        attribution = make.make_attribution(
            source=source, speaker=speaker, relays=[unnamed, outlet], said_on="2016-09~", manner=Manner.QUOTED,
            on_behalf_of=party, document=document, role=hostile[:90], cue="said", side=speaker.side, note=hostile,
        )  # fmt: skip
        start = TEXT.index(QUOTE)
        passage = make.make_passage(attribution, snapshot, exact=QUOTE, start=start, end=start + len(QUOTE), prefix="“")
        claim = make.make_claim(question, attribution=attribution, options=[option], statement=hostile, note=hostile)
        denial = make.make_claim(
            question,
            attribution=make.make_attribution(speaker=twin),
            options=[option],
            stance="denies",
            copied_from=claim,
        )
        make.make_link(denial, claim, LinkKind.BOTH_STAND)
        make.make_link(make.make_claim(question, options=[option]), denial, LinkKind.REVISES)
        retracted = make.make_claim(attribution=attribution, answer=hostile)
        make.record(Retraction(claim=retracted, source=source, snapshot=snapshot, exact=QUOTE, note=hostile))
        withdrawn = make.make_claim(question, options=[option], note="a mistake")
    _edit(claim, editor, f"why: {hostile}", note="another note")
    _edit(claim, editor, "again", credibility=2)
    _edit(withdrawn, editor, "recorded twice", withdrawn=True)
    settlement = Settlement(question=question, answer="A truce", statement=hostile, grounds=hostile)
    (finding,) = settle(settlements=[settlement], by=editor, reason="Seen")
    return World(topic, question, claim, denial, withdrawn, passage, snapshot, source, speaker, finding, editor)


def _edit(claim: Claim, by: User, reason: str, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(claim, name, value)
    keep(records=[claim], by=by, reason=reason)
