"""Where codes become sentences (rule 7): the only place that words states, reasons, answers and refusals for people.

Sentences are translated through gettext into the language of the moment. What a user wrote is inserted isolated, so
that neither its direction nor anything else in it acts on the sentence; `plain` takes the isolation out again where a
program reads, as in JSON. Nothing here is HTML: templates escape it like any other text.
"""

from claims.wording.answers import word_answer, word_number, word_quantity
from claims.wording.dates import word_date
from claims.wording.isolation import clauses, isolated, listed, plain, shortened
from claims.wording.names import ClaimWords, Names, PositionWords, QuestionWords
from claims.wording.reasons import word_reason, word_standing
from claims.wording.refusals import word_circle, word_refusal
from claims.wording.summaries import word_summary
from claims.wording.words import (
    WORDS,
    explain_outcome,
    explain_state,
    letter_of,
    word,
    word_origins,
    word_outcome,
    word_state,
)

__all__ = [
    "WORDS",
    "ClaimWords",
    "Names",
    "PositionWords",
    "QuestionWords",
    "clauses",
    "explain_outcome",
    "explain_state",
    "isolated",
    "letter_of",
    "listed",
    "plain",
    "shortened",
    "word",
    "word_answer",
    "word_circle",
    "word_date",
    "word_number",
    "word_origins",
    "word_outcome",
    "word_quantity",
    "word_reason",
    "word_refusal",
    "word_standing",
    "word_state",
    "word_summary",
]
