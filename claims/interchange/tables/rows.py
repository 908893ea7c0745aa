"""What a table file says, whatever its format: rows of the claims table, and what could not be read of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

TableFormat = Literal["csv", "jsonl", "xlsx"]

COLUMNS: tuple[str, ...] = (
    "id",
    *("topic", "question", "answer_kind", "unit", "several", "over_time", "window_hours", "tolerance", "rounding"),
    *("stance", "certainty", "inferred", "answer", "as_of"),
    *("speaker", "speaker_id", "speaker_kind", "speaker_role", "side", "speaks_for"),
    *("via", "cue", "manner", "said_on"),
    *("source", "source_url", "publisher", "published_on", "language"),
    "statement",
    *("quote", "prefix", "suffix", "start", "text_sha256"),
    "review",
)
"""The columns of the claims table in their order; after `statement` there may be any number of `statement@ar`."""

STATEMENT_IN = re.compile(r"statement@[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""The columns of the claim's wording in one language, named by its tag (BCP 47)."""

REFUSED_BECAUSE = "refused because"
"""The column in which a file of refused records says why; it is passed over when the file is read again."""

NEUTRALISED = "neutralised"
"""The column in which an exported table names the cells of its row that an apostrophe was put before, with spaces
between: a spreadsheet would have run them as formulas. Reading takes exactly those apostrophes away again."""


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the table.

    `line` is where its record begins, from 1: the physical line of a CSV file, the line of JSON Lines, the row of a
    sheet. `values` are the cells by column, as written; a cell that is empty is left out. `source` is the number of
    the record in the file, from 1; a mapping makes several rows of one record.
    """

    line: int
    values: Mapping[str, str]
    source: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a record, for the person who mends it; `column` is empty where no one column is to blame.

    `source` is the number of the record in the file, by which the rejects find it; 0 where it is no record. Where a map
    makes several rows of a record, `claim` is the column of the one that is not made.
    """

    line: int
    column: str
    sentence: str
    source: int = 0
    claim: str = ""


class TableRefused(ValueError):  # noqa: N818 - it answers a person; no program has erred
    """The file as a whole cannot be read; str() is the sentence that says why and what to do."""


def is_column(name: str) -> bool:
    """Whether the claims table has a column of this name."""
    return name in COLUMNS or STATEMENT_IN.fullmatch(name) is not None
