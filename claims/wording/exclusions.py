"""Why positions exclude each other, in a sentence: what each says, who said it, and by which measure it was read."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeGuard

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from claims.domain.dates import read_date
from claims.domain.numbers import read_quantity
from claims.domain.reasons import Value
from claims.domain.refusals import Refusal
from claims.domain.values import Quantity
from claims.domain.vocabulary import AnswerKind, Stance
from claims.wording.answers import word_answer, word_number, word_quantity
from claims.wording.dates import is_qualified, word_date
from claims.wording.isolation import isolated, joined
from claims.wording.names import ClaimWords, Names, QuestionWords
from claims.wording.words import letter_of

Values = Mapping[str, Value]
Side = tuple[int, ClaimWords]

LISTED_POSITIONS = 8

_CANNOT_BOTH = _("%(first)s and %(second)s cannot both hold: %(who)s.")
EXCLUDED = {
    "denied": _("%(first)s and %(second)s cannot both hold, as one denies what the other affirms: %(who)s."),
    "options_apart": _CANNOT_BOTH,
    "only_against": _("%(first)s and %(second)s cannot both hold, as “only” leaves room for nothing else: %(who)s."),
    "yes_against_no": _CANNOT_BOTH,
    "numbers_apart": _("%(first)s and %(second)s have no number in common: %(who)s."),
    "days_apart": _("%(first)s and %(second)s have no day in common: %(who)s."),
    "text_denied": _("%(first)s and %(second)s cannot both hold, as the same words are affirmed and denied: %(who)s."),
    "fell": _(
        "What can only grow was put at %(first)s (%(earlier)s) and later, lower, at %(second)s (%(later)s): %(who)s."
    ),
}
"""Code -> sentence about two positions."""

_DENY_ALL = _("%(first)s and %(second)s cannot both hold, as together they deny every answer: %(who)s.")
_NO_ANSWER_IN_ALL = _("No answer satisfies all of %(positions)s, though no two of them exclude each other.")


def word_excluded(code: str, values: Values, names: Names) -> str:
    """The sentence for one of `EXCLUDED`: `positions`, and the claims `first` and `second` that show it."""
    one, other = (names.claim(values[name]) for name in ("first", "second"))
    first, second = zip(as_numbers(values["positions"]), (one, other), strict=True)
    if code == "fell" and _begin(other) < _begin(one):
        first, second = second, first
    both_deny = code == "denied" and one.stance is other.stance is Stance.DENIES
    sentence = (_DENY_ALL if both_deny else EXCLUDED[code]) % {
        "first": word_position(names, first[0]),
        "second": word_position(names, second[0]),
        "who": _who(first, second),
        "earlier": word_date(first[1].as_of or first[1].said),
        "later": word_date(second[1].as_of or second[1].said),
    }
    return " ".join([sentence, *_measures(names.question, (one, other))])


def word_irreducible(values: Values, names: Names) -> str:
    """The sentence for `no_answer_in_all`."""
    positions = [word_position(names, index) for index in as_numbers(values["positions"])]
    return _NO_ANSWER_IN_ALL % {"positions": joined(positions, "and", LISTED_POSITIONS)}


def word_position(names: Names, index: int) -> str:
    """A position within a sentence: its letter and its answer, `B “Preliminary truce”`."""
    position = names.position(index)
    answer = word_answer(names.question, position.written, stance=position.stance, brief=True)
    return gettext("%(letter)s “%(answer)s”") % {"letter": letter_of(index), "answer": answer}


def as_numbers(value: object) -> Sequence[int]:
    """The positions of a reason, which is a list where it was kept as JSON. Raises TypeError for anything else."""
    if not _are_numbers(value):
        raise TypeError("A reason's positions are numbers.")
    return value


def _are_numbers(value: object) -> TypeGuard[Sequence[int]]:
    return isinstance(value, list | tuple) and all(isinstance(each, int) for each in value)


def _begin(claim: ClaimWords) -> int:
    """When the moment begins that the claim speaks of (rule 3), in the desk's zone."""
    return read_date(claim.as_of or claim.said, get_default_timezone()).moment.begin


def _who(first: Side, second: Side) -> str:
    """Who said which, with the sources where the names are the same: unnamed speakers of two sources are two."""
    same = first[1].speaker == second[1].speaker
    return pgettext("between clauses", ", ").join(_said(*side, with_source=same) for side in (first, second))


def _said(index: int, claim: ClaimWords, *, with_source: bool) -> str:
    speaker = isolated(claim.speaker)
    if with_source and claim.source:
        speaker = gettext("%(speaker)s in %(source)s") % {"speaker": speaker, "source": isolated(claim.source)}
    values = {"speaker": speaker, "letter": letter_of(index)}
    if claim.inferred:
        return gettext("%(letter)s is inferred from what %(speaker)s said") % values
    return gettext("%(speaker)s said %(letter)s") % values


# --- by which measure ------------------------------------------------------------------------------


def _measures(question: QuestionWords, claims: Sequence[ClaimWords]) -> Iterator[str]:
    """Sentences on how the answers were read, where that bears on their excluding each other (rules 1 and 3)."""
    if question.kind is AnswerKind.QUANTITY:
        yield from _widening(question, [quantity.about for claim in claims for quantity in _quantity(claim)])
    if question.kind is AnswerKind.DATE and question.tolerance and any(is_qualified(claim.written) for claim in claims):
        yield ngettext(
            "A date that is approximate or uncertain is read as up to %(days)s day earlier or later.",
            "A date that is approximate or uncertain is read as up to %(days)s days earlier or later.",
            int(question.tolerance),
        ) % {"days": int(question.tolerance)}
    if question.window_hours is not None:
        yield gettext(
            "Answers to this question may change after %(hours)s hours; these are not known to be that far apart."
        ) % {"hours": word_number(question.window_hours)}


def _quantity(claim: ClaimWords) -> Iterator[Quantity]:
    try:
        yield read_quantity(claim.written)
    except Refusal:
        return


def _widening(question: QuestionWords, about: Sequence[bool]) -> Iterator[str]:
    """What "about" and rounding allow for, as far as one of the answers has it."""
    if any(about) and question.tolerance is None:
        yield gettext("“About” is read as up to a tenth more or less.")
    elif any(about) and question.tolerance:
        yield gettext("“About” is read as up to %(tolerance)s more or less.") % {
            "tolerance": _measure(question.tolerance, question.unit)
        }
    if question.rounding and not all(about):
        yield gettext("Numbers are read as rounded to %(rounding)s.") % {
            "rounding": _measure(question.rounding, question.unit)
        }


def _measure(number: Decimal, unit: str) -> str:
    return word_quantity(Quantity(number, number), unit)
