"""Answers in words: from the notation of the claims table to what a reader takes in at a glance."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy

from claims.domain.notation import WrittenChoice, read_choice
from claims.domain.numbers import read_quantity, read_yes_no, write_number
from claims.domain.refusals import Refusal
from claims.domain.values import Quantity
from claims.domain.vocabulary import AnswerKind, Certainty, Stance
from claims.wording.dates import word_date
from claims.wording.isolation import isolated, joined, shortened
from claims.wording.names import QuestionWords
from claims.wording.units import with_unit

MOST_IN_A_SENTENCE = 120
"""Characters of a free text or label that a sentence carries."""
MOST_ALTERNATIVES = 8

_HELD: Mapping[tuple[Stance, Certainty], str | Promise] = {
    (Stance.AFFIRMS, Certainty.PLAIN): "%(answer)s",
    (Stance.AFFIRMS, Certainty.PROBABLE): pgettext_lazy("answer", "probably %(answer)s"),
    (Stance.AFFIRMS, Certainty.POSSIBLE): pgettext_lazy("answer", "possibly %(answer)s"),
    (Stance.DENIES, Certainty.PLAIN): pgettext_lazy("answer", "not %(answer)s"),
    (Stance.DENIES, Certainty.PROBABLE): pgettext_lazy("answer", "probably not %(answer)s"),
    (Stance.DENIES, Certainty.POSSIBLE): pgettext_lazy("answer", "possibly not %(answer)s"),
}
_DOUBTED = pgettext_lazy("answer", "doubtful: %(answer)s")


def word_answer(
    question: QuestionWords,
    written: str,
    *,
    stance: Stance = Stance.AFFIRMS,
    certainty: Certainty = Certainty.PLAIN,
    brief: bool = False,
) -> str:
    """What a claim or position says, in words: "about 2,000 people", "not North-west (West)", "possibly no".

    `written` is the answer in the notation of the claims table; what is not of the question's kind is shown as written.
    `brief` is for sentences: an option without the broader ones, labels and texts cut at `MOST_IN_A_SENTENCE`.
    """
    denied = stance is Stance.DENIES
    try:
        match question.kind:
            case AnswerKind.YES_NO:
                yes = read_yes_no(written).yes != denied  # denying yes is saying no
                stance = Stance.AFFIRMS if denied else stance
                answer = gettext("yes") if yes else gettext("no")
            case AnswerKind.QUANTITY:
                answer = word_quantity(read_quantity(written), question.unit)
            case AnswerKind.CHOICE:
                answer = _word_choice(read_choice(written), question.labels, brief=brief)
            case AnswerKind.DATE:
                answer = word_date(written)
            case AnswerKind.TEXT:
                answer = isolated(_cut(written, brief=brief))
    except Refusal:
        answer = isolated(written)
    held = _DOUBTED if stance is Stance.DOUBTS else _HELD[stance, certainty]
    return held % {"answer": answer}


def word_number(number: Decimal) -> str:
    """All digits, thousands parted by commas, with a decimal point: as the claims table reads them, in any language.

    A language's own marks would make one figure read as another: 1.500 is one and a half, or fifteen hundred.
    """
    figure = format(Decimal(write_number(number)), ",f")
    return isolated(figure) if number < 0 else figure


def word_quantity(quantity: Quantity, unit: str = "") -> str:
    """A quantity with its unit: "about 200 to 300 people", "at least 200". Raises ValueError if both ends are open."""
    low, high = quantity.low, quantity.high
    if low is None and high is None:
        raise ValueError("A quantity without any end cannot be worded.")
    if low is None or high is None:
        number = (low if high is None else high) or Decimal(0)
        bound = _about(with_unit(word_number(number), unit, number), quantity)
        return (gettext("at most %(number)s") if low is None else gettext("at least %(number)s")) % {"number": bound}
    if low == high:
        return _about(with_unit(word_number(low), unit, low), quantity)
    figures = gettext("%(low)s to %(high)s") % {"low": word_number(low), "high": word_number(high)}
    return _about(with_unit(figures, unit, high, span=True), quantity)


def _about(counted: str, quantity: Quantity) -> str:
    return gettext("about %(number)s") % {"number": counted} if quantity.about else counted


def _word_choice(choice: WrittenChoice, labels: Mapping[str, str], *, brief: bool) -> str:
    """ "Idlib or Jarablus", "only Idlib", "North-west (West)"."""
    paths = (path[-1:] if brief else path for path in choice.paths)
    worded = [_word_path([_cut(labels.get(label, label), brief=brief) for label in path]) for path in paths]
    alternatives = joined(worded, "or", MOST_ALTERNATIVES if brief else None)
    return gettext("only %(answer)s") % {"answer": alternatives} if choice.only else alternatives


def _word_path(path: Sequence[str]) -> str:
    """The option meant first, then the broader ones in brackets, the nearest first: no arrow to turn around."""
    narrowest, *broader = map(isolated, reversed(path))
    if not broader:
        return narrowest
    around = pgettext("between items of a list", ", ").join(broader)
    return pgettext("option under broader ones", "%(option)s (%(broader)s)") % {"option": narrowest, "broader": around}


def _cut(text: str, *, brief: bool) -> str:
    return shortened(text, MOST_IN_A_SENTENCE) if brief else text
