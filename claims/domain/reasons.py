"""Why a question is in its state, as a code with values; `claims/wording.py` puts it into a sentence (rule 7).

Values are positions (numbers into the comparison's list), keys of claims or agents, and counts; never words.

Between two positions (`positions`, and the claims `first` and `second` that exclude each other):

============================ ======================================================================
`denied`                     one claim denies what the other affirms
`options_apart`              two answers of which only one can hold
`only_against`               one says "only", the other something else
`yes_against_no`             yes and no
`numbers_apart`              two ranges with no number in both
`days_apart`                 two dates with no day in both
`text_denied`                the same words affirmed and denied
`fell`                       what can only grow is lower in the later claim
`no_answer_in_all`           no two exclude each other, yet no answer is in all of `positions`
============================ ======================================================================

Of the question as a whole:

============================ ======================================================================
`excluded`                   contested: `total` exclusions
`speaker_with_two_answers`   `speaker` is carried with `first` and `second`, which exclude each other
`disowned`                   `claim` says that `other` was never said
`inferred_only`              no two answers that were stated exclude each other
`doubted`                    `claim` doubts what `other` says
`held_possible`              `claim` holds possible what `other` excludes
`wording_differs`            free texts differ, and wording is not meaning
`supported`                  `position` has `fewest` to `most` independent origins, with `across_sides` of parties
`one_origin`                 every definite claim comes from the same origin
`no_position_with_two`       several origins, no position with two of them, nothing excluded
`changed_over_time`          so on a question that changes: the answers are of different times
`only_tentative`             only doubts and possibles stand
`nothing_stands`             no claim stands
`retreated`                  a speaker's later doubt or possible (`claim`) beside the earlier `other`
============================ ======================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.domain.leaves_open import Several
from claims.domain.values import Case, Claim, Key
from claims.domain.vocabulary import AnswerKind, OverTime, Stance

Value = Key | tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a code of the tables above with its values."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)


def why_excluded(case: Case, first: Claim, second: Claim, opens: tuple[object, object]) -> str:
    """The code of the reason why two claims that exclude each other do so."""
    question = case.question
    if question.kind is AnswerKind.YES_NO:
        return "yes_against_no"
    if question.kind is AnswerKind.TEXT:
        return "text_denied"
    if Stance.DENIES in (first.stance, second.stance):
        return "denied"
    if question.over_time is OverTime.GROWS and _ordered(first, second):
        return "fell"
    if any(isinstance(opened, Several) for opened in opens):
        return "only_against"
    return {
        AnswerKind.QUANTITY: "numbers_apart",
        AnswerKind.DATE: "days_apart",
    }.get(question.kind, "options_apart")


def _ordered(first: Claim, second: Claim) -> bool:
    """Whether one of two claims speaks of a later moment than the other (rule 3)."""
    one, other = first.as_of or first.said, second.as_of or second.said
    return one is not None and other is not None and (one.begin >= other.end or other.begin >= one.end)
