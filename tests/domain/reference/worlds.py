"""Rule 1 by enumeration: every answer that a small question may have, and which a claim leaves open.

A *world* is one possible answer. A claim is the set of worlds that it leaves open.
"""

from collections.abc import Hashable
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise

from tests.domain.reference.records import Answer, Case, Choice, Claim, Date, Quantity, Question, Text, YesNo

World = Hashable
Worlds = frozenset[World]

SOMETHING_ELSE = "(something else)"
ANOTHER_TEXT = "(another text)"
FIRST_DAY, LAST_DAY = date(2015, 10, 1).toordinal(), date(2016, 1, 31).toordinal()
# Days beside the window: the ends of time, the rest of the year, and what "about 2015" reaches before it.
FAR_DAYS = (
    date.min.toordinal(),
    *(date(2014, 12, day).toordinal() for day in range(25, 32)),
    date(2015, 5, 1).toordinal(),
    date.max.toordinal(),
)


def upward(question: Question, option: str) -> frozenset[str]:
    """The option and everything broader than it, by any way up."""
    reached = {option}
    while True:
        more = {above for below in reached for above in question.broader[below]} - reached
        if not more:
            return frozenset(reached)
        reached |= more


def subsets(options: frozenset[str]) -> list[frozenset[str]]:
    """Every subset, the empty one too."""
    listed = sorted(options)
    return [frozenset(some) for size in range(len(listed) + 1) for some in combinations(listed, size)]


def universe(case: Case) -> Worlds:
    """Every possible answer to the question, as finely as its claims can tell answers apart."""
    question = case.question
    answers = [claim.answer for claim in case.claims]
    match question.kind:
        case "choice" if question.several:
            # What holds, holds with all that is broader; nothing at all may hold.
            return frozenset(
                held
                for held in subsets(frozenset(question.broader))
                if all(upward(question, option) <= held for option in held)
            )
        case "choice":
            return frozenset(question.broader) | {SOMETHING_ELSE}
        case "yes_no":
            return frozenset({"yes", "no"})
        case "quantity":
            return frozenset(sample_points(question, answers))
        case "date":
            return frozenset(range(FIRST_DAY, LAST_DAY + 1)) | frozenset(FAR_DAYS)
    return frozenset(answer.normalised for answer in answers if isinstance(answer, Text)) | {ANOTHER_TEXT}


def sample_points(question: Question, answers: list[Answer]) -> list[Fraction]:
    """All ends of intervals, a point between neighbours, and one beyond each extreme."""
    ends = {end for answer in answers for end in widened(question, answer)[:2] if end is not None}
    listed = sorted(ends) or [Fraction(0)]
    between = [(low + high) / 2 for low, high in pairwise(listed)]
    return [listed[0] - 1, *listed, *between, listed[-1] + 1]


def widened(question: Question, answer: Answer) -> tuple[Fraction | None, Fraction | None, bool]:
    """A quantity's low end, high end (None is open) and whether the high end is included."""
    assert isinstance(answer, Quantity)
    low, high = answer.low, answer.high
    if answer.about:
        return (
            None if low is None else low - about_by(question, low),
            None if high is None else high + about_by(question, high),
            True,
        )
    half = question.rounding / 2
    return (
        None if low is None else low - half,
        None if high is None else high + half,
        question.rounding == 0,
    )


def about_by(question: Question, end: Fraction) -> Fraction:
    """By how much "about" widens this end of a quantity."""
    return abs(end) / 10 if question.tolerance is None else question.tolerance


def left_by_affirming(question: Question, answer: Answer, worlds: Worlds) -> Worlds:
    """The worlds that affirming this answer leaves open: the first column of rule 1's table."""
    return frozenset(world for world in worlds if fits(question, answer, world))


def fits(question: Question, answer: Answer, world: World) -> bool:
    """Whether somebody who affirms the answer allows for this world."""
    match answer:
        case Choice(options) if not question.several:
            return world != SOMETHING_ELSE and bool(upward(question, str(world)) & options)
        case Choice(options, only):
            assert isinstance(world, frozenset)
            return bool(world & options) and not (only and world & rest(question, options))
        case YesNo(yes):
            return world == ("yes" if yes else "no")
        case Quantity():
            assert isinstance(world, Fraction)
            low, high, included = widened(question, answer)
            return (low is None or low <= world) and (high is None or world < high or (included and world == high))
        case Date(days, about):
            assert isinstance(world, int)
            by = (question.tolerance or 0) if about else 0
            return any(first - by <= world <= last + by for first, last in days)
    return world == answer.normalised


def rest(question: Question, options: frozenset[str]) -> frozenset[str]:
    """What "only these" denies: options that are none of these, nor broader than one, nor under one."""
    return frozenset(
        other
        for other in question.broader
        if not any(other in upward(question, option) or option in upward(question, other) for option in options)
    )


def left_as_plain(question: Question, claim: Claim, worlds: Worlds) -> Worlds:
    """What an affirmation or a denial leaves open when its certainty is read as plain."""
    affirmed = left_by_affirming(question, claim.answer, worlds)
    return worlds - affirmed if claim.stance == "denies" else affirmed


def left_open(question: Question, claim: Claim, worlds: Worlds) -> Worlds:
    """What the claim leaves open: everything unless it is definite."""
    return left_as_plain(question, claim, worlds) if claim.definite else worlds
