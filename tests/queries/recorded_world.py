"""A desk on which records are made and changed at random, every kind of them in every way that an editor can."""

from collections.abc import Callable
from random import Random
from typing import Any

from django.utils import timezone

from claims.domain.vocabulary import LinkKind, Review
from claims.models import (
    Agent,
    AgentName,
    Claim,
    ClaimLink,
    ClaimWording,
    Correction,
    Distinction,
    Finding,
    Likeness,
    Option,
    OptionBroader,
    Question,
    Record,
    Relay,
    Retraction,
    Side,
    Source,
    Topic,
    User,
)
from tests import factories as make

KINDS = ("choice", "several", "yes_no", "quantity", "date", "text")
DAYS = ("", "2016-09-01", "2016-09-19", "2016-09-20", "2016-10")
NUMBERS = ((300, 300), (1500, 1500), (200, 400))


class World:
    """Two questions of random kinds; each `step` is one change, that the same seed makes again."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - the same worlds again and again
        self.editor: User = make.make_user()
        make.make_topic()
        for party in (True, True, False):
            make.make_side(party=party)
        for _ in range(4):
            self.agent()
        for kind in self.random.sample(KINDS, 2):
            question = make.make_question(kind="choice" if kind == "several" else kind, several=kind == "several")
            if question.kind == "choice":
                above = make.make_option(question)
                make.make_option(question, broader=[above])
                make.make_option(question)
        for _ in range(2):
            self.claim()

    def step(self) -> str:
        """One change; returns its name."""
        name, act = self.random.choice(list(ACTS.items()))
        act(self)
        return name

    def any_of(self, model: type[Record]) -> Any:
        return self.random.choice(list(model.objects.order_by("pk")))

    def current(self, model: type[Record]) -> Any:
        return self.random.choice([None, *model.objects.current().order_by("pk")])

    def alter(self, record: Record | None, **values: Any) -> None:
        if record is not None:
            for name, value in values.items():
                setattr(record, name, value)
            make.record(record)

    # --- what is recorded ---

    def agent(self) -> Agent:
        side = self.random.choice([None, *Side.objects.order_by("pk")])
        match self.random.choice(["named", "named", "unnamed", "spokesman", "same"]):
            case "unnamed":
                return make.make_agent(kind="unnamed", source=make.make_source(), side=side)
            case "spokesman":
                return make.make_agent(speaks_for=make.make_agent(kind="organisation"), side=side)
            case "same":
                return make.make_agent(same_as=make.make_agent(side=side))
        return make.make_agent(side=side)

    def claim(self) -> None:
        question = self.any_of(Question)
        attribution = make.make_attribution(
            speaker=self.any_of(Agent) if self.random.random() < 0.6 else self.agent(),
            source=self.random.choice([None, *Source.objects.order_by("pk")]),
            document=self.random.choice([None, None, None, *Source.objects.order_by("pk")[:1]]),
            relays=[self.any_of(Agent)] if self.random.random() < 0.2 else [],
            said_on=self.random.choice(DAYS),
        )
        if self.random.random() < 0.5:
            make.make_passage(attribution, exact=f"words {self.random.random()}")
        make.make_claim(
            question,
            attribution=attribution,
            statement=f"Statement {self.random.random()}",
            stance=self.random.choice(["affirms"] * 4 + ["denies", "doubts"]),
            certainty=self.random.choice(["plain"] * 4 + ["possible"]),
            inferred=self.random.random() < 0.2,
            copied_from=self.current(Claim) if self.random.random() < 0.2 else None,
            **self.answer(question),
        )

    def answer(self, question: Question) -> dict[str, Any]:
        number = self.random.choice([0, 0, 0, 1, 2])
        match question.kind:
            case "choice":
                options = list(Option.objects.current().filter(question=question).order_by("pk"))
                return {"options": [self.random.choice(options)]}
            case "yes_no":
                return {"answer": "yes" if number else "no", "yes": bool(number)}
            case "quantity":
                low, high = NUMBERS[number]
                return {"answer": f"{low}..{high}", "quantity_low": low, "quantity_high": high}
            case "date":
                return {"answer": ["2016-09-19", "2016-09-20", "2016-09"][number]}
        return {"answer": ["A truce", "a truce.", "No truce"][number]}

    def name(self) -> None:
        agent = self.any_of(Agent)
        text, alias = f"Name {self.random.random()}", self.random.random() < 0.3
        make.record(AgentName(agent=agent, language=self.random.choice(["en", "ar"]), text=text, alias=alias))

    def link(self) -> None:
        claim, other = self.any_of(Claim), self.any_of(Claim)
        kind = self.random.choice(list(LinkKind)).value
        if claim != other and not ClaimLink.objects.current().filter(kind=kind, claim=claim, other=other).exists():
            make.make_link(claim, other, kind)

    def distinction(self) -> None:
        first, second = sorted((self.any_of(Agent), self.any_of(Agent)), key=lambda agent: agent.pk)
        if first != second and not Distinction.objects.filter(first=first, second=second).exists():
            make.record(Distinction(first=first, second=second))

    def likeness(self) -> None:
        """What was judged of two sources, which others may quote as documents; or judged anew."""
        sources = list(Source.objects.order_by("pk"))
        first, second = sorted(self.random.sample(sources, 2), key=lambda source: source.pk)
        there = Likeness.objects.filter(first_source=first, second_source=second).first()
        judged = self.random.choice(["same", "same", "copied", "different", "unsure"])
        if there is not None:
            self.alter(there, judged=judged, withdrawn=self.random.random() < 0.2)
        else:
            make.record(Likeness(first_source=first, second_source=second, judged=judged, grounds="They look alike"))

    def finding(self) -> None:
        question = self.any_of(Question)
        answer = {"quantity": "300", "date": "2016-09-19", "yes_no": "yes"}.get(question.kind, "")
        grounds = f"Grounds {self.random.random()}"
        values = {"grounds": grounds, "settled_on": timezone.now(), "settled_by": self.editor}
        make.record(Finding(question=question, answer=answer, statement="Settled", **values))

    def broader(self) -> None:
        """A step more or one less between options; a new one only from a later option to an earlier one."""
        option, above = self.random.choice([None, *OptionBroader.objects.order_by("pk")]), None
        if option is not None:
            self.alter(option, withdrawn=not option.withdrawn)
            return
        options = list(Option.objects.order_by("pk"))
        if len(options) > 1:
            above, option = sorted(self.random.sample(options, 2), key=lambda each: each.pk)
            known = OptionBroader.objects.filter(option=option, broader=above).exists()
            if option.question_id == above.question_id and not known:
                make.record(OptionBroader(option=option, broader=above))

    def judged_same(self) -> None:
        """Never in a circle: the later agent is the same as the earlier one."""
        first, second = sorted((self.any_of(Agent), self.any_of(Agent)), key=lambda agent: agent.pk)
        if first != second and first.same_as_id is None:
            self.alter(second, same_as=self.random.choice([first, None]))

    def said(self) -> None:
        begin = make._dated("said_on", self.random.choice(DAYS))
        self.alter(self.any_of(Claim).attribution, **begin)


def _altered(model: type[Record], **values: Callable[[World], Any]) -> Callable[[World], None]:
    def act(world: World) -> None:
        world.alter(world.any_of(model), **{name: value(world) for name, value in values.items()})

    return act


def _withdrawn(model: type[Record]) -> Callable[[World], None]:
    return lambda world: world.alter(world.current(model), withdrawn=True)


def _text(stem: str) -> Callable[[World], str]:
    return lambda world: f"{stem} {world.random.random()}"


ACTS: dict[str, Callable[[World], Any]] = {
    **{f"claim {number}": World.claim for number in range(4)},
    "agent": World.agent,
    "name": World.name,
    "link": World.link,
    "distinction": World.distinction,
    "likeness": World.likeness,
    "finding": World.finding,
    "broader": World.broader,
    "judged same": World.judged_same,
    "said": World.said,
    "review": _altered(Claim, review=lambda world: world.random.choice(list(Review)).value),
    "stance": _altered(Claim, stance=lambda world: world.random.choice(["affirms", "denies", "doubts"])),
    "copied": _altered(Claim, copied_from=lambda _world: None),
    "claim withdrawn": _withdrawn(Claim),
    "claim restored": _altered(Claim, withdrawn=lambda _world: False),
    "agent renamed": _altered(Agent, name=_text("Agent")),
    "agent's side": _altered(Agent, side=lambda world: world.any_of(Side)),
    "name withdrawn": _withdrawn(AgentName),
    "side renamed": _altered(Side, name=_text("Side")),
    "party": _altered(Side, party=lambda world: world.random.random() < 0.5),
    "source": _altered(Source, title=_text("Source"), publisher=lambda world: world.any_of(Agent)),
    "question": _altered(Question, text=_text("Question"), topic=lambda world: world.any_of(Topic)),
    "question withdrawn": lambda world: world.random.random() < 0.2 and _withdrawn(Question)(world),
    "question restored": _altered(Question, withdrawn=lambda _world: False),
    "label": lambda world: world.alter(world.current(Option), label=_text("Option")(world)),
    "wording": _altered(ClaimWording, text=_text("Statement")),
    "relay withdrawn": _withdrawn(Relay),
    "link withdrawn": _withdrawn(ClaimLink),
    "retraction": lambda world: make.record(Retraction(claim=world.any_of(Claim))),
    "retraction withdrawn": _withdrawn(Retraction),
    "correction": lambda world: make.record(Correction(claim=world.any_of(Claim))),
    "finding withdrawn": _withdrawn(Finding),
}
