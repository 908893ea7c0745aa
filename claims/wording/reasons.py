"""Why a question is in its state, and how its claims stand: a sentence for every code that the rules give."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from claims.domain.origins import Count
from claims.domain.reasons import Reason
from claims.domain.values import Key
from claims.domain.vocabulary import Certainty, Stance, Standing
from claims.wording.answers import word_answer
from claims.wording.dates import word_date
from claims.wording.exclusions import EXCLUDED, Values, as_numbers, word_excluded, word_irreducible, word_position
from claims.wording.isolation import isolated
from claims.wording.names import ClaimWords, Names
from claims.wording.words import span_of, word

_ALONE = {
    "inferred_only": _("No two answers that were stated exclude each other: this rests on what an editor inferred."),
    "wording_differs": _("The texts differ; whether their meanings do is for a reader to judge."),
    "one_origin": _("All definite claims come from one origin."),
    "no_position_with_two": _(
        "The claims come from several origins and do not exclude each other, but no answer has two origins."
    ),
    "changed_over_time": _("Where the answers differ they are of different times: on this question they may change."),
    "only_tentative": _("Only doubts and possibilities have been voiced; no claim is definite."),
    "nothing_stands": _("No claim on this question stands."),
}
_TWO_ANSWERS = _("The sources disagree on what %(speaker)s said: %(first)s, or %(second)s.")
_DISOWNED = _(
    "%(other)s, carried as words of %(speaker)s, is disowned: %(disowner)s denied having said so. Both claims stand."
)
_DISOWNED_IN = _(
    "%(other)s, carried as words of %(speaker)s, is disowned: %(disowner)s denied having said so (%(place)s)."
    " Both claims stand."
)
_DOUBTED = _("%(claim)s was doubted by %(doubter)s, while %(speaker)s said %(other)s.")
_HELD_POSSIBLE = _("%(claim)s was held possible by %(holder)s, while %(speaker)s said %(other)s, which excludes it.")
_NOW_DOUBTS = _(
    "After %(earlier)s, %(speaker)s later doubted %(later)s. That revises nothing: the earlier claim stands."
)
_NOW_POSSIBLE = _(
    "After %(earlier)s, %(speaker)s later said only %(later)s. That revises nothing: the earlier claim stands."
)


def word_reason(reason: Reason, names: Names) -> str:
    """The sentence for a reason of the rules. Its positions may be lists, as where reasons are kept as JSON.

    Raises KeyError for a code that `claims.domain.reasons` does not list.
    """
    if reason.code in EXCLUDED:
        return word_excluded(reason.code, reason.values, names)
    if reason.code in _ALONE:
        return str(_ALONE[reason.code])
    return _WITH_VALUES[reason.code](reason.values, names)


def word_standing(standing: str, names: Names | None = None, revised_by: Key | None = None) -> str:
    """Whether a claim counts, and if not, why; of a revised one by which claim, where that is given.

    Raises ValueError for what is no standing's value.
    """
    standing = Standing(standing)
    if standing is not Standing.REVISED or names is None or revised_by is None:
        return word(standing)
    return gettext("Revised by %(claim)s") % {"claim": _quoted(names, names.claim(revised_by), cited=True)}


def _excluded(values: Values, _names: Names) -> str:
    (total,) = as_numbers([values["total"]])
    return ngettext(
        "Answers exclude each other in %(total)s way.", "Answers exclude each other in %(total)s ways.", total
    ) % {"total": total}


def _speaker_with_two_answers(values: Values, names: Names) -> str:
    return _TWO_ANSWERS % {
        "speaker": isolated(names.agent(values["speaker"])),
        "first": _quoted(names, names.claim(values["first"]), cited=True),
        "second": _quoted(names, names.claim(values["second"]), cited=True),
    }


def _disowned(values: Values, names: Names) -> str:
    claim, other = names.claim(values["claim"]), names.claim(values["other"])
    place = _cited(claim)
    return (_DISOWNED_IN if place else _DISOWNED) % {
        "other": _quoted(names, other, cited=True),
        "speaker": isolated(other.speaker),
        "disowner": isolated(claim.speaker),
        "place": place,
    }


def _doubted(values: Values, names: Names) -> str:
    claim, other = names.claim(values["claim"]), names.claim(values["other"])
    return _DOUBTED % {
        "claim": _quoted(names, replace(claim, stance=Stance.AFFIRMS, certainty=Certainty.PLAIN)),
        "doubter": isolated(claim.speaker),
        "speaker": isolated(other.speaker),
        "other": _quoted(names, other),
    }


def _held_possible(values: Values, names: Names) -> str:
    claim, other = names.claim(values["claim"]), names.claim(values["other"])
    return _HELD_POSSIBLE % {
        "claim": _quoted(names, replace(claim, certainty=Certainty.PLAIN)),
        "holder": isolated(claim.speaker),
        "speaker": isolated(other.speaker),
        "other": _quoted(names, other),
    }


def _retreated(values: Values, names: Names) -> str:
    claim, other = names.claim(values["claim"]), names.claim(values["other"])
    doubts = claim.stance is Stance.DOUBTS
    later = replace(claim, stance=Stance.AFFIRMS, certainty=Certainty.PLAIN) if doubts else claim
    return (_NOW_DOUBTS if doubts else _NOW_POSSIBLE) % {
        "earlier": _quoted(names, other, cited=True),
        "speaker": isolated(claim.speaker),
        "later": _quoted(names, later, cited=True),
    }


def _supported(values: Values, names: Names) -> str:
    position, fewest, most = as_numbers([values[name] for name in ("position", "fewest", "most")])
    if values["across_sides"]:
        sentence = ngettext(
            "%(position)s has %(number)s independent origin, of different parties to the events.",
            "%(position)s has %(number)s independent origins, of different parties to the events.",
            most,
        )
    else:
        sentence = ngettext(
            "%(position)s has %(number)s independent origin.", "%(position)s has %(number)s independent origins.", most
        )
    return sentence % {"position": word_position(names, position), "number": span_of(Count(fewest, most))}


_WITH_VALUES: Mapping[str, Callable[[Values, Names], str]] = {
    "no_answer_in_all": word_irreducible,
    "excluded": _excluded,
    "speaker_with_two_answers": _speaker_with_two_answers,
    "disowned": _disowned,
    "doubted": _doubted,
    "held_possible": _held_possible,
    "supported": _supported,
    "retreated": _retreated,
}

WORDED = frozenset({*EXCLUDED, *_ALONE, *_WITH_VALUES})
"""Every code that has a sentence."""


def _quoted(names: Names, claim: ClaimWords, *, cited: bool = False) -> str:
    """What a claim says, in quotation marks, with "inferred" and, where `cited`, the source and date beside it."""
    answer = word_answer(names.question, claim.written, stance=claim.stance, certainty=claim.certainty, brief=True)
    quoted = pgettext("what a claim says", "“%(answer)s”") % {"answer": answer}
    notes = [gettext("inferred")] if claim.inferred else []
    notes += [_cited(claim)] if cited and _cited(claim) else []
    if not notes:
        return quoted
    beside = pgettext("between items of a list", ", ").join(notes)
    return pgettext("what a claim says, and notes", "%(claim)s (%(notes)s)") % {"claim": quoted, "notes": beside}


def _cited(claim: ClaimWords) -> str:
    """The source and when it was said, as far as stated."""
    stated = [isolated(claim.source), word_date(claim.said)]
    return pgettext("between items of a list", ", ").join(filter(None, stated))
