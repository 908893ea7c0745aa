"""Desks of everything that the claims table carries, recorded at random by the services, in words that are hostile.

Left out is what the table has no room for (docs/interchange.md lists it): it would change states on one side only.
"""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from claims.domain.notation import write_path
from claims.models import Agent, Attribution, Claim, Option, OptionBroader, Question, Record, Snapshot, Source
from claims.services.drafts import LinesRefused, NewAttribution, NewClaim, NewPassage, NewRelay
from claims.services.recording import record
from claims.services.texts import attach_pasted
from tests import factories as make
from tests.interchange.archives import HOSTILE as IN_ARCHIVES

HOSTILE = (
    *IN_ARCHIVES,
    *("=only", "= 2 + 2", "+49", "-5", "@x", "'=x", '"', '""', "\\", "\\>", "a \\ b > c | d", ">", "|", ">>", "null"),
    *("\u200f", "\u2800", "\ufeff", "e\u0301", "é", "وَعْر", "وعر", "👩🏽‍🚒", "_x000D_", "#N/A", "1e5", "007", "]]>"),
)
# Around words; a name is taken without it.
AROUND = ("", "", " ", "\n", "\t", "\u00a0", "  \r\n")
ANSWERS = {
    "yes_no": ("yes", "no", " YES ", "لا"),
    "quantity": ("300", "300.0", "~300", "200..400", "1500", ">=200", "<=60", "~1,000..2,000"),
    "date": ("2016-09-19", "2016-09-20", "2016-09", "2016-09-19?", "2016-09-19T14:30:00Z", "[2016-09-19..2016-09-21]"),
    "text": ("A truce", "a truce. ", "\tهُدْنَة", "هدنة", "No truce\r\nat all", "=1+1"),
}  # fmt: skip
DATES = ("", "", "2016-09-01", "2016-09-19", "2016-09-19T10:00:00Z", "2016-10", "2016-09-2X", "2016~")
TEXT = "Before. هُدْنَة 👩‍👩‍👧 e\u0301, and the words after.\n" * 3


class TableWorld:
    """What `steps` acts of recording and changing leave; the same seed makes the same again."""

    def __init__(self, seed: int, steps: int = 30) -> None:
        self.random = Random(seed)  # noqa: S311 - the same desks again and again
        self.number = 0
        self.sides = [make.make_side(name=self.name()) for _ in range(3)]
        self.spoken_for = [make.make_agent(kind="organisation", name=self.name()) for _ in range(2)]
        # Relays are known by their names alone, and what side they are on is not told.
        self.relays = [make.make_agent(kind="outlet", name=self.name()) for _ in range(3)]
        self.speakers = [*self.spoken_for, *(self.speaker() for _ in range(4))]
        # Two of one name, who are told apart by their identifiers.
        self.speakers.append(self.speaker(name=self.speakers[-1].name))
        self.sources = [self.source(number) for number in range(4)]
        self.speakers += [self.speaker(kind="unnamed", source=source, speaks_for=None) for source in self.sources[:2]]
        self.texts = {source.pk: self.text(source) for source in self.sources}
        topics = [None, make.make_topic(name=self.name())]
        self.questions = [self.question(kind, self.random.choice(topics)) for kind in (*ANSWERS, "choice", "several")]
        self.known: set[tuple[Any, ...]] = set()
        for _ in range(steps):
            self.random.choice([self.words, self.words, self.words, self.change])()

    def some(self, values: Sequence[str]) -> str:
        return self.random.choice(values)

    def maybe(self, values: Sequence[Any], chance: float = 0.4) -> Any:
        return self.random.choice(values) if self.random.random() < chance else None

    def name(self) -> str:
        """A name like no other: in a table, who has the same name is the same."""
        self.number += 1
        return f"{self.some(AROUND)}{self.some(HOSTILE)} {self.number}{self.some(AROUND)}"

    def speaker(self, **given: Any) -> Agent:
        kinds = ("person", "organisation", "outlet")
        fields = {"kind": self.some(kinds), "name": self.name(), "speaks_for": self.maybe(self.spoken_for)}
        return make.make_agent(**{**fields, "side": self.random.choice(self.sides), **given})

    def source(self, number: int) -> Source:
        url = f"https://example.org/{number}?q=%3E%7C%5C&x={self.number}" if number % 2 else ""
        fields = {"published_on": self.some(DATES), "language": self.some(("", "ar", "en-GB")), "url": url}
        return make.make_source(title=self.name(), publisher=self.maybe(self.relays), **fields)

    def text(self, source: Source) -> list[Snapshot]:
        """A text that is there, and one that is known by its hash alone."""
        attached = attach_pasted(source=source, text=TEXT, captured_on="", by=None, reason="A text", command="test")
        return [attached.snapshot, make.make_snapshot(source)]

    def question(self, kind: str, topic: Any) -> Question:
        several, numeric = kind == "several", kind in ("quantity", "date")
        over_time = self.some(("fixed", "fixed", "changes", "grows" if numeric else "fixed"))
        measures = {
            "unit": self.name() if kind == "quantity" else "",
            "over_time": over_time,
            "window_hours": self.random.choice([Decimal(24), Decimal("0.5")]) if over_time == "changes" else None,
            "tolerance": self.random.choice([None, Decimal(0), Decimal("2.5")]),
            "rounding": Decimal(self.random.choice([0, 10])),
        }
        kinds = {"kind": "choice" if several else kind, "several": several}
        return make.make_question(topic=topic, text=self.name(), **kinds, **measures)

    # --- what is done -------------------------------------------------------------------------------------------------

    def words(self) -> None:
        """Somebody's words in a source, with a claim or two, unless there are some in a table known as these."""
        source = self.random.choice(self.sources)
        speaker = self.random.choice([each for each in self.speakers if each.source in (None, source)])
        relays = [each for each in self.relays if self.random.random() < 0.3]
        passages = [self.passage(source) for _ in range(self.random.choice([0, 1, 1, 2]))]
        said_on = self.some(DATES)
        known = (source, speaker, tuple(relays), said_on, passages[0].exact if passages else "")
        if known in self.known:
            return
        attribution = Attribution(
            source=source,
            speaker=speaker,
            said_on=said_on,
            role=self.maybe(HOSTILE) or "",
            cue=self.maybe(HOSTILE) or "",
            side=self.maybe(self.sides) if speaker.source is None else None,
            on_behalf_of=self.maybe(self.spoken_for, 0.2),
            manner=self.some(("quoted", "paraphrased", "own_voice")),
        )
        new = NewAttribution(
            attribution=attribution,
            relays=[NewRelay(agent=agent) for agent in relays],
            passages=passages,
            claims=[self.claim() for _ in range(self.random.choice([1, 1, 2]))],
        )
        try:
            record(attributions=[new], by=None, reason="A test needs it", command="test")
        except LinesRefused:  # an answer that cannot be denied, say: nobody records it
            return
        self.known.add(known)

    def passage(self, source: Source) -> NewPassage:
        there, hashed = self.texts[source.pk]
        if self.random.random() < 0.5:
            return NewPassage(snapshot=there, exact="هُدْنَة 👩‍👩‍👧 e\u0301", start=self.random.choice([None, 8]))
        exact = f"{self.some(AROUND)}{self.some(HOSTILE)} words {self.number}"
        around = {"prefix": self.some((*AROUND, *HOSTILE)), "suffix": self.some((*AROUND, *HOSTILE))}
        return NewPassage(snapshot=hashed, exact=exact, start=self.random.choice([None, 0, 17]), **around)

    def claim(self) -> NewClaim:
        self.number += 1
        question = self.random.choice([None, *self.questions])
        wordings = {each: f"{self.some(AROUND)}{self.some(HOSTILE)}!" for each in ("ar", "en", "zh-Hant")}
        claim = Claim(
            question=question,
            stance=self.some(("affirms", "affirms", "affirms", "denies", "doubts")),
            certainty=self.some(("plain", "plain", "plain", "probable", "possible")),
            inferred=self.random.random() < 0.2,
            answer=self.answer(question),
            as_of=self.some(DATES),
            external_id=self.random.choice(["", f"{self.some(HOSTILE)} {self.number}"]),
        )
        kept = {language: text for language, text in wordings.items() if self.random.random() < 0.5}
        return NewClaim(claim=claim, wordings=kept, make_options=True)

    def answer(self, question: Question | None) -> str:
        if question is None:
            return f"{self.some(AROUND)}{self.some(HOSTILE)} said"
        if question.kind != "choice":
            return self.some(ANSWERS[question.kind])
        labels = (*self.random.sample(HOSTILE, 1), "West", "North-west", "الوَعْر", "=x", "a > b | c \\ d")
        paths = {
            write_path(self.random.sample(labels, self.random.choice([1, 1, 2]))) for _ in range(1 + self.number % 2)
        }
        return ("=" if question.several and self.random.random() < 0.3 else "") + " | ".join(sorted(paths))

    def change(self) -> None:
        """Something is called otherwise by now, lies deeper, was reviewed or withdrawn."""
        self.number += 1
        match self.random.choice(["rename", "label", "broader", "review", "review", "withdraw"]):
            case "rename":
                self.alter(self.random.choice([*self.spoken_for, *self.relays]), name=self.name())
            case "label":
                self.alter(self.any_of(Option), label=f"{self.some(HOSTILE)} {self.number}")
            case "broader":
                self.deeper()
            case "review":
                self.alter(self.any_of(Claim), review=self.some(("checked", "discarded")))
            case "withdraw":
                self.alter(self.any_of(Claim), withdrawn=self.number % 2 == 0)

    def deeper(self) -> None:
        """An earlier option comes to lie under a new one, which no claim names."""
        option = self.any_of(Option)
        if option is not None:
            above = make.make_option(option.question, f"{self.some(HOSTILE)} above {self.number}")
            make.record(OptionBroader(option=option, broader=above))

    def any_of(self, model: type[Record]) -> Any:
        return self.random.choice([None, *model.objects.current().order_by("pk")])

    def alter(self, record: Record | None, **values: Any) -> None:
        if record is not None:
            for name, value in values.items():
                setattr(record, name, value)
            make.record(record)
