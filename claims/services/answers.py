"""Answers as understood: what is written is read by the question's kind and kept in columns beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain import values
from claims.domain.leaves_open import is_nothing, leaves_open
from claims.domain.notation import ReadAnswer, WrittenChoice, read_answer
from claims.domain.refusals import Refusal
from claims.domain.vocabulary import AnswerKind, OverTime, Stance
from claims.models import Claim, ClaimOption, Option, Question
from claims.queries.dates import desk_zone
from claims.services.options import Options, options_of
from claims.wording import word_refusal

EMPTY = {"yes": None, "quantity_low": None, "quantity_high": None, "only": False, "about": False}


@dataclass(frozen=True)
class Understood:
    """An answer as the database keeps it: the claim's columns, and the options that it names."""

    columns: dict[str, object]
    options: tuple[Option, ...] = ()


def understand(claim: Claim, *, make_options: bool, options: Options | None = None) -> Understood:
    """Read the claim's answer by its question's kind; without a question nothing is understood yet.

    `options` are those of the question where the caller knows them already; new ones are made in there, not saved.

    Raises:
        ValidationError: on `answer`, with the sentence for what is wrong.
    """
    if claim.question is None:
        return Understood(dict(EMPTY))
    try:
        answer = read_answer(AnswerKind(claim.question.kind), claim.answer, desk_zone())
        _refuse_nothing(claim, answer)
        return _columns(claim.question, answer, options, make_options=make_options)
    except Refusal as refusal:
        raise ValidationError({"answer": word_refusal(refusal)}) from None
    except ValidationError as error:
        raise ValidationError({"answer": error}) from None


def name_options(claim: Claim, options: tuple[Option, ...], there: Iterable[ClaimOption]) -> list[ClaimOption]:
    """The rows to save so that the claim names exactly these options: new ones, and those that are there, changed."""
    rows = {row.option_id: row for row in there}
    wanted = {option.pk for option in options}
    changed = []
    for key, row in rows.items():
        if row.withdrawn is (key in wanted):
            row.withdrawn = key not in wanted
            changed.append(row)
    added = [option for option in dict.fromkeys(options) if option.pk not in rows]
    return [*changed, *(ClaimOption.fresh(claim=claim, option=option) for option in added)]


def _columns(question: Question, answer: ReadAnswer, options: Options | None, *, make_options: bool) -> Understood:
    match answer:
        case WrittenChoice(paths, only):
            known = options or options_of([question])[0]
            named = tuple(known.meant_by(path, make=make_options) for path in paths)
            return Understood({**EMPTY, "only": only}, named)
        case values.YesNo(yes):
            return Understood({**EMPTY, "yes": yes})
        case values.Quantity(low, high, about):
            return Understood({**EMPTY, "quantity_low": low, "quantity_high": high, "about": about})
        case values.Date():
            return Understood({**EMPTY, "about": answer.about})
        case values.Text():
            return Understood(dict(EMPTY))


def _refuse_nothing(claim: Claim, answer: ReadAnswer) -> None:
    """A denial that leaves no answer open cannot be compared with anything."""
    question = claim.question
    if question is None or claim.stance != Stance.DENIES or isinstance(answer, WrittenChoice):
        return
    seen = values.Question(
        kind=AnswerKind(question.kind),
        over_time=OverTime(question.over_time),
        tolerance=question.tolerance,
        rounding=question.rounding,
    )
    if is_nothing(leaves_open(seen, Stance.DENIES, answer)):
        raise ValidationError(_("Denying this would leave no answer at all. Narrow the answer that is denied."))
