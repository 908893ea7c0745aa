"""Claims of a table as understood, before they meet the database: what each states, and what is wrong with one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from claims.domain.vocabulary import AgentKind, AnswerKind, Certainty, Manner, OverTime, Review, Stance

# The name under which identifiers are made from contents (RFC 9562, 5.5).
NAMESPACE = UUID("0d1c8f5e-6a7b-5c3d-9e2f-4b8a7c6d5e10")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a draft, in a sentence; `column` is empty where no one column is to blame."""

    column: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One claim of the claims table, by its columns; empty, or None, is what is not stated.

    Dates are valid EDTF, numbers exact; the answer and the names are as written. `statements` has the wordings by
    language, under "" the one without. `start` counts code points.
    """

    line: int = 0
    id: str = ""
    topic: str = ""
    question: str = ""
    answer_kind: AnswerKind | None = None
    unit: str = ""
    several: bool | None = None
    over_time: OverTime | None = None
    window_hours: Decimal | None = None
    tolerance: Decimal | None = None
    rounding: Decimal | None = None
    stance: Stance | None = None
    certainty: Certainty | None = None
    inferred: bool | None = None
    answer: str = ""
    as_of: str = ""
    speaker: str = ""
    speaker_id: str = ""
    speaker_kind: AgentKind | None = None
    speaker_role: str = ""
    side: str = ""
    speaks_for: str = ""
    via: tuple[str, ...] = ()
    cue: str = ""
    manner: Manner | None = None
    said_on: str = ""
    source: str = ""
    source_url: str = ""
    publisher: str = ""
    published_on: str = ""
    language: str = ""
    statements: Mapping[str, str] = field(default_factory=dict)
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    text_sha256: str = ""
    review: Review | None = None

    def missing(self) -> list[Fault]:
        """What is not stated of a claim that is not on record, and has to be."""
        if self.answer and self.speaker and self.source:
            return []
        columns = ("question", "answer", "speaker", "speaker_id", "source", "source_url")
        stated = {name for name in columns if getattr(self, name)}
        return [*missing(stated | {"statement"} if self.statements else stated)]

    def made_uid(self) -> UUID:
        """The identifier of a claim that comes without one: of who said what, where and through whom.

        What may be put right without its being another claim is left out: roles, sides, cues, places, reviews. Line
        ends are one, as spreadsheets write them: CRLF and CR count as LF.
        """
        where = [self.source_url] if self.source_url else [self.publisher, self.source, self.published_on]
        said = [self.speaker, self.speaker_id, *self.via, "", self.said_on, self.quote]
        stance, certainty = self.stance or Stance.AFFIRMS, self.certainty or Certainty.PLAIN
        claimed = [self.topic, self.question, stance.value, certainty.value, bool(self.inferred), self.answer]
        content = [where, said, claimed, self.as_of, sorted(self.statements.items())]
        return uuid5(NAMESPACE, json.dumps(_with_lf(content), ensure_ascii=True))


def _with_lf(value: Any) -> Any:
    """The texts in nested lists, with every end of a line as LF."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    return [*map(_with_lf, value)] if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a file: where it begins, of which record of the file it is, and its draft, or what is wrong with it.

    `line` and `record` count from 1; a mapping makes several rows of one record.
    """

    line: int
    record: int
    draft: Draft | None
    faults: tuple[Fault, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class FileTold:
    """What is kept of a file that was imported: its name, its format, and the SHA-256 of its bytes."""

    name: str
    format: str
    sha256: str


def missing(stated: set[str]) -> Iterator[Fault]:
    """What a claim that is not on record has to state, and does not; `stated` are columns, any statement as such."""
    if "answer" not in stated:
        if "question" in stated:
            yield Fault("answer", _("Say what the answer to this question is, as the speaker gave it."))
        elif "statement" not in stated:
            yield Fault("statement", _("The row claims nothing. Write an answer to a question, or a statement."))
    if stated.isdisjoint(("speaker", "speaker_id")):
        yield Fault("speaker", _("Say who speaks: the name of the speaker, or of the source itself."))
    if stated.isdisjoint(("source", "source_url")):
        yield Fault("source", _("Say where this was published: the title of the source, or its address."))


def agent_uid(identifier: str) -> UUID:
    """The identifier of a speaker who is named by one: a UUID as it is, any other made into one."""
    try:
        return UUID(identifier)
    except ValueError:
        return uuid5(NAMESPACE, json.dumps(["agent", identifier], ensure_ascii=True))


def named_uid(name: str, kind: str) -> UUID:
    """The identifier of an agent that came by name alone: whoever comes with one of their own may be meant."""
    return uuid5(NAMESPACE, json.dumps(["named", kind, name], ensure_ascii=True))
