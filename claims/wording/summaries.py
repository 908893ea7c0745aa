"""A question's answers in one line, for lists: who said what, as in "officials said yes; the correspondent said no"."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from claims.domain.values import Key
from claims.domain.vocabulary import AnswerKind, Certainty, Stance
from claims.wording.answers import word_answer
from claims.wording.isolation import isolated, joined, shortened
from claims.wording.names import Names, PositionWords

POSITIONS = 3
SPEAKERS = 2
MOST_OF_A_NAME = 42
MOST_OF_A_TEXT = 60

_SAID = _("%(speakers)s said %(answer)s")
_DENIED = _("%(speakers)s denied %(answer)s")
_DOUBTED = _("%(speakers)s doubted %(answer)s")


def word_summary(names: Names, positions: int, tentative: Sequence[Key] = ()) -> str:
    """One line on who said what, by position in the comparison's order; those after `POSITIONS` are only counted.

    `positions` is the number of positions. Where there are none, the doubts and possibles of `tentative` are told
    instead; with neither, the line is empty.
    """
    clauses = list(_of_positions(names, min(positions, POSITIONS)) if positions else _of_claims(names, tentative))
    rest = (positions or len(tentative)) - POSITIONS
    if rest > 0:
        clauses.append(ngettext("%(number)s other answer", "%(number)s other answers", rest) % {"number": rest})
    return pgettext("between clauses of a summary", "; ").join(clauses)


def _of_positions(names: Names, number: int) -> Iterator[str]:
    for position in map(names.position, range(number)):
        clause = _clause(names, position, Certainty.PLAIN)
        yield _marked(clause, inferred=position.inferred)


def _of_claims(names: Names, keys: Sequence[Key]) -> Iterator[str]:
    for claim in map(names.claim, keys[:POSITIONS]):
        clause = _clause(names, PositionWords(claim.written, claim.stance, (claim.speaker,)), claim.certainty)
        yield _marked(clause, inferred=claim.inferred)


def _marked(clause: str, *, inferred: bool) -> str:
    return gettext("%(clause)s (inferred)") % {"clause": clause} if inferred else clause


def _clause(names: Names, held: PositionWords, certainty: Certainty) -> str:
    """ "a negotiator denied Agreement"; a denial that is no plain one is said: "said probably not Agreement"."""
    verb, written, stance = _SAID, held.written, held.stance
    plain_denial = stance is Stance.DENIES and certainty is Certainty.PLAIN
    if stance is Stance.DOUBTS or (plain_denial and names.question.kind is not AnswerKind.YES_NO):
        verb = _DOUBTED if stance is Stance.DOUBTS else _DENIED
        stance, certainty = Stance.AFFIRMS, Certainty.PLAIN
    if names.question.kind is AnswerKind.TEXT:
        written = shortened(written, MOST_OF_A_TEXT)
    answer = word_answer(names.question, written, stance=stance, certainty=certainty, brief=True)
    if not held.speakers:
        return answer
    shown = [isolated(shortened(name, MOST_OF_A_NAME)) for name in dict.fromkeys(held.speakers)]
    speakers = joined(shown, "and", SPEAKERS, total=held.speakers_total)
    return verb % {"speakers": speakers, "answer": answer}
