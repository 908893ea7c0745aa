"""Kinds of mistakes in a row of the claims table, each with the column that it is told of; the import says the rest."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from claims.interchange.tables.rows import Row
from claims.interchange.understanding import entry_of
from claims.services.importing import Entry, Fault, Orders, run
from claims.wording import plain

GOOD = {
    "topic": "The truce in al-Waer",
    "question": "How many leave?",
    "answer_kind": "quantity",
    "unit": "people",
    "answer": "300",
    "speaker": "Governor",
    "source": "A report",
    "source_url": "https://example.org/report",
}
"""A row with nothing wrong; on record before each of the others, but for its answer."""


@dataclass(frozen=True)
class Mistake:
    """What is done wrong, in words; the cells that differ from a good row (None for an empty one); the column named."""

    what: str
    column: str
    cells: Mapping[str, str | None] = field(default_factory=dict)

    def row(self, line: int) -> Row:
        """The row with the mistake in it; a question of its own is no other row's."""
        cells = {**GOOD, "answer": "250", **self.cells}
        if self.cells.get("question"):
            cells["topic"] = f"Line {line}"
        return Row(line, {name: text for name, text in cells.items() if text is not None}, line)


OTHER = {"question": "Another question?", "unit": None}
NO_QUESTION = {"question": None, "answer_kind": None}
CHOICE = {"question": "Where to?", "answer_kind": "choice", "unit": None}
DATE = {"question": "When?", "answer_kind": "date", "unit": None}

MISTAKES: tuple[Mistake, ...] = (
    Mistake("no answer to the question", "answer", {"answer": None}),
    Mistake(
        "neither a question nor a statement",
        "statement",
        {"question": None, "answer_kind": None, "unit": None, "answer": None},
    ),
    Mistake("a word for a number", "answer", {"answer": "many"}),
    Mistake("a number with a unit", "answer", {"answer": "300 people"}),
    Mistake("a range backwards", "answer", {"answer": "300..200"}),
    Mistake("a number that can be read in two ways", "answer", {"answer": "1.500"}),
    Mistake("“more than” instead of “at least”", "answer", {"answer": ">200"}),
    Mistake("a range without an end", "answer", {"answer": "200.."}),
    Mistake("“about” in the middle", "answer", {"answer": "200..~300"}),
    Mistake("an exponent", "answer", {"answer": "3e5"}),
    Mistake("more digits than are kept", "answer", {"answer": "1234567890123456789"}),
    Mistake("a yes/no answer that is neither", "answer", {**OTHER, "answer_kind": "yes_no", "answer": "perhaps"}),
    Mistake("a day that is none", "answer", {**DATE, "answer": "2015-02-30"}),
    Mistake("a day as it is spoken", "answer", {**DATE, "answer": "5 December 2015"}),
    Mistake("an option under itself", "answer", {**CHOICE, "answer": "Idlib > Idlib"}),
    Mistake("a name missing between signs", "answer", {**CHOICE, "answer": "Idlib | | Jarablus"}),
    Mistake("a backslash at the end", "answer", {**CHOICE, "answer": "Idlib\\"}),
    Mistake("options above one another in a circle", "answer", {**CHOICE, "answer": "A > B | B > A"}),
    Mistake("a text without a word", "answer", {**OTHER, "answer_kind": "text", "answer": "…"}),
    Mistake("an unknown kind of answer", "answer_kind", {**OTHER, "answer_kind": "number"}),
    Mistake("another kind of answer than on record", "answer_kind", {"answer_kind": "text"}),
    Mistake("another unit than on record", "unit", {"unit": "families"}),
    Mistake(
        "a unit for what is no quantity", "unit", {**OTHER, "answer_kind": "yes_no", "unit": "people", "answer": "yes"}
    ),
    Mistake("several answers of a quantity", "several", {**OTHER, "several": "yes"}),
    Mistake("something else than yes under several", "several", {"several": "some"}),
    Mistake("an unknown word under over_time", "over_time", {"over_time": "moves"}),
    Mistake("a choice that grows", "over_time", {**CHOICE, "over_time": "grows"}),
    Mistake("a question that changes without a window", "window_hours", {**OTHER, "over_time": "changes"}),
    Mistake("a window for a question that does not change", "window_hours", {**OTHER, "window_hours": "24"}),
    Mistake("a window of no hours", "window_hours", {**OTHER, "over_time": "changes", "window_hours": "0"}),
    Mistake("a negative tolerance", "tolerance", {"tolerance": "-5"}),
    Mistake("a measure without a question", "unit", NO_QUESTION),
    Mistake("an unknown stance", "stance", {"stance": "agrees"}),
    Mistake("an unknown certainty", "certainty", {"certainty": "sure"}),
    Mistake("a moment that is none", "as_of", {"as_of": "noon"}),
    Mistake("nobody speaks", "speaker", {"speaker": None}),
    Mistake("an unknown kind of speaker", "speaker_kind", {"speaker_kind": "minister"}),
    Mistake("somebody who speaks for a person", "speaks_for", {"speaks_for": "Somebody"}),
    Mistake("a relay without a name", "via", {"via": "Sham Network > "}),
    Mistake("an unknown manner", "manner", {"manner": "shouted"}),
    Mistake("a month that is none", "said_on", {"said_on": "2015-13"}),
    Mistake("another role in the same attribution", "speaker_role", {"speaker_role": "Mayor"}),
    Mistake("no source", "source", {"source": None, "source_url": None}),
    Mistake("an address that is none", "source_url", {"source_url": "example.org"}),
    Mistake("an address with a space in it", "source_url", {"source_url": "https://example.org/a report"}),
    Mistake("an address without a host", "source_url", {"source_url": "https:///report"}),
    Mistake("a language that is none", "language", {"language": "Arabic language"}),
    Mistake("a date of publication that is none", "published_on", {"published_on": "yesterday"}),
    Mistake("a title of more than 500 characters", "source", {"source": "x" * 501}),
    Mistake("a name of zero-width and direction characters alone", "speaker", {"speaker": "\u200b\u200f"}),
    Mistake("a NUL", "speaker", {"speaker": "a\0b"}),
    Mistake("half of a character", "statement", {"statement": "a\ud800b"}),
    Mistake("a hash that is none", "text_sha256", {"text_sha256": "1234"}),
    Mistake("a quote without a text", "quote", {"quote": "we will leave"}),
    Mistake("a quote without a word", "quote", {"quote": "…"}),
    Mistake("words around no quote", "prefix", {"prefix": "he said"}),
    Mistake("a place before the beginning", "start", {"quote": "we", "start": "-1"}),
    Mistake("an unknown review", "review", {"review": "done"}),
    Mistake("an identifier that another row has", "id", {"id": "row-1"}),
    Mistake(
        "an identifier on record with another source", "source", {"id": "old", "source_url": "https://example.org/2"}
    ),
    Mistake("an identifier on record with another speaker", "speaker", {"id": "old", "speaker": "Mayor"}),
)


def sentences() -> Iterator[tuple[Mistake, list[tuple[str, str]]]]:
    """For each mistake what the import says of its row: column and sentence."""
    first = Row(2, {**GOOD, "id": "old"}, 1)
    person = Row(3, {**GOOD, "speaker": "Somebody", "speaker_kind": "person"}, 2)
    run(map(entry_of, [first, person]), Orders(by=None, reason="r", command="t"))
    told: dict[int, list[tuple[str, str]]] = defaultdict(list)

    def refuse(entry: Entry, faults: Sequence[Fault]) -> None:
        told[entry.line].extend((fault.column, plain(fault.sentence)) for fault in faults)

    rows = [Row(2, {**GOOD, "id": "row-1", "answer": "1"}, 2)]
    rows += [mistake.row(line) for line, mistake in enumerate(MISTAKES, 3)]
    run(map(entry_of, rows), Orders(by=None, reason="r", command="t", refuse=refuse))
    yield from ((mistake, told[line]) for line, mistake in enumerate(MISTAKES, 3))
