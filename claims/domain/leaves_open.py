"""Rule 1: a claim is the set of answers that it leaves open; claims exclude each other when no answer is in all sets.

`leaves_open` says what affirming or denying an answer leaves; `share_an_answer` whether some answer is in all of the
given sets; `is_among` whether one set lies within another. A set is one of four values, by the kind of the answer:

* `Options`  choice with one answer, and yes/no: the options that may be the answer, "something else" among them
* `Several`  choice with several answers at once: what must hold and what must not
* `Spans`    quantity and date: stretches of the line of numbers or days
* `Wording`  free text: one text affirmed or denied
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from functools import reduce
from operator import and_
from typing import TypeVar

from claims.domain.spans import ABOVE_ALL, BELOW_ALL, Cut, Spans
from claims.domain.values import Answer, Choice, Date, Key, Quantity, Question, Text, YesNo
from claims.domain.vocabulary import Stance

EXACT = Context(prec=120)
FIRST_DAY: Cut = (Decimal(1), 0)
AFTER_LAST_DAY: Cut = (Decimal(date.max.toordinal() + 1), 0)


@dataclass(frozen=True, slots=True)
class Options:
    """The options that may be the answer; `something_else` is an answer that is none of the question's options."""

    open: frozenset[Key]
    something_else: bool


@dataclass(frozen=True, slots=True)
class Several:
    """What a claim on a question with several answers leaves open, where each option is its own yes or no.

    At least one of `any_of` holds (if it is not empty) and none of `none_of`; with `negated`, the opposite of that.
    `any_of` names the broadest options only, `under_any` all that fall with them, `none_of` is closed downwards: two
    claims that leave the same open are equal.
    """

    any_of: frozenset[Key]
    under_any: frozenset[Key]
    none_of: frozenset[Key]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in normalised form, affirmed or denied."""

    text: str
    affirmed: bool


Open = Options | Several | Spans | Wording

YES, NO = "yes", "no"

OpenKind = TypeVar("OpenKind", Options, Several, Spans, Wording)


def _all_of(kind: type[OpenKind], sets: Sequence[Open]) -> list[OpenKind]:
    """The sets, which must all be of one kind: claims are compared within one question."""
    if not all(isinstance(opened, kind) for opened in sets):
        raise TypeError("Only claims on one question can be compared.")
    return [opened for opened in sets if isinstance(opened, kind)]


def leaves_open(question: Question, stance: Stance, answer: Answer) -> Open:
    """The answers that the claim leaves open, read as definite; a doubt is read as affirming what it doubts."""
    denies = stance is Stance.DENIES
    match answer:
        case YesNo(yes):
            return Options(frozenset({YES if yes != denies else NO}), something_else=False)
        case Choice() if question.several:
            return _several(question, answer, denies)
        case Choice(options):
            under = downwards(question.broader, options)
            return Options(frozenset(question.broader) - under, True) if denies else Options(under, False)
        case Quantity():
            spans = Spans.of([widened(question, answer)])
            return spans.complement(BELOW_ALL, ABOVE_ALL) if denies else spans
        case Date():
            spans = days(question, answer)
            return spans.complement(FIRST_DAY, AFTER_LAST_DAY) if denies else spans
        case Text(normalised):
            return Wording(normalised, affirmed=not denies)


def share_an_answer(sets: Sequence[Open]) -> bool:
    """Whether some answer is in every set. Free texts are compared by pairs only: affirmed against denied."""
    first = sets[0]
    if isinstance(first, Spans):
        return bool(reduce(and_, _all_of(Spans, sets)))
    if isinstance(first, Several):
        return _can_hold_together(_all_of(Several, sets))
    if isinstance(first, Wording):
        wordings = _all_of(Wording, sets)
        return not {w.text for w in wordings if w.affirmed} & {w.text for w in wordings if not w.affirmed}
    options = _all_of(Options, sets)
    return bool(frozenset.intersection(*(o.open for o in options))) or all(o.something_else for o in options)


def is_among(inner: Open, outer: Open) -> bool:
    """Whether every answer of `inner` is an answer of `outer`; texts only among their own."""
    if isinstance(inner, Spans) and isinstance(outer, Spans):
        return inner <= outer
    if isinstance(inner, Several) and isinstance(outer, Several):
        return not _can_hold_together([inner, _opposite(outer)])
    if isinstance(inner, Options) and isinstance(outer, Options):
        return inner.open <= outer.open and inner.something_else <= outer.something_else
    return inner == outer


def is_nothing(opened: Open) -> bool:
    """Whether no answer is left open, as when a denial covers every day there is."""
    return not isinstance(opened, Wording) and not share_an_answer([opened])


# --- choice ---------------------------------------------------------------------------------------


def downwards(broader: Mapping[Key, frozenset[Key]], options: Iterable[Key]) -> frozenset[Key]:
    """The options and every option under one of them, over any number of steps."""
    found = set(options)
    while fresh := {key for key, above in broader.items() if key not in found and above & found}:
        found |= fresh
    return frozenset(found)


def upwards(broader: Mapping[Key, frozenset[Key]], options: Iterable[Key]) -> frozenset[Key]:
    """The options and every broader option of one of them, over any number of steps."""
    found: set[Key] = set()
    waiting = list(options)
    while waiting:
        option = waiting.pop()
        if option not in found:
            found.add(option)
            waiting.extend(broader.get(option, ()))
    return frozenset(found)


def _several(question: Question, choice: Choice, denies: bool) -> Several:
    """Several answers at once: denying falls on all that is under an option, "only" denies the rest."""
    broader = question.broader
    named = choice.options
    under = downwards(broader, named)
    nothing: frozenset[Key] = frozenset()
    if denies and not choice.only:
        return Several(nothing, nothing, under)
    rest = nothing
    if choice.only:
        rest = downwards(broader, frozenset(broader) - under - upwards(broader, named))
    any_of = frozenset(o for o in named - rest if not (upwards(broader, [o]) - {o}) & named)
    if denies and not rest:
        return Several(nothing, nothing, under)
    return Several(any_of, downwards(broader, any_of), rest, negated=denies)


def _opposite(several: Several) -> Several:
    """The claim that leaves open exactly what this one does not."""
    return Several(several.any_of, several.under_any, several.none_of, not several.negated)


def _can_hold_together(claims: Sequence[Several]) -> bool:
    """Whether some set of options, closed upwards, satisfies all claims.

    Every demand that something hold is easier to meet the more holds, so the largest set that the denials allow is
    tried: first all options that are denied outright fall, then those of "not only" claims whose way out is gone.
    """
    fallen: set[Key] = set()
    for claim in claims:
        if not claim.negated:
            fallen |= claim.none_of
    conditional = [claim for claim in claims if claim.negated and claim.any_of]
    while gone := [claim for claim in conditional if claim.none_of <= fallen and not claim.under_any <= fallen]:
        for claim in gone:
            fallen |= claim.under_any
    demands = [claim.any_of for claim in claims if not claim.negated and claim.any_of]
    demands += [claim.none_of for claim in claims if claim.negated and not claim.any_of]
    return all(demand - fallen for demand in demands)


# --- quantity and date ----------------------------------------------------------------------------


def widened(question: Question, quantity: Quantity) -> tuple[Cut, Cut]:
    """The interval with each stated end moved out: by the tolerance where it is "about", else by half the rounding."""
    low, high = quantity.low, quantity.high
    closed = int(quantity.about or question.rounding == 0)
    return (
        BELOW_ALL if low is None else (EXACT.subtract(low, _slack(question, low, quantity.about)), 0),
        ABOVE_ALL if high is None else (EXACT.add(high, _slack(question, high, quantity.about)), closed),
    )


def _slack(question: Question, end: Decimal, about: bool) -> Decimal:
    """How far one stated end of a quantity is moved out."""
    if not about:
        return EXACT.divide(question.rounding, Decimal(2))
    return EXACT.divide(abs(end), Decimal(10)) if question.tolerance is None else question.tolerance


def days(question: Question, answer: Date) -> Spans:
    """The days of the date as stretches; "about" adds the tolerance in days at each end, none by default."""
    slack = Decimal(int(question.tolerance or 0)) if answer.about else Decimal(0)
    return Spans.of(
        (max((first - slack, 0), FIRST_DAY), min((last + 1 + slack, 0), AFTER_LAST_DAY)) for first, last in answer.days
    )
