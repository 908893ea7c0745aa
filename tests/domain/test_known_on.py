"""What was known on a date (rule 6), over every combination of moments before it, around its end, and after it."""

from itertools import product

from claims.domain.known import as_known_on
from claims.domain.values import Agent, Case, Claim, Moment, Question, YesNo
from claims.domain.vocabulary import AnswerKind

DATE = Moment(100, 200)
BY_THEN = (Moment(0, 50), Moment(100, 200))
NOT_YET = (Moment(150, 201), Moment(200, 300))
MOMENTS = (None, *BY_THEN, *NOT_YET)
TAKEN_BACK = ((False, None), *((True, moment) for moment in MOMENTS))


def test_known_is_what_was_said_or_published_by_then() -> None:
    for said, published in product(MOMENTS, MOMENTS):
        known = as_known_on(case(Claim("1", "a", "s", YesNo(True), said=said, published=published)), DATE)
        assert bool(known.claims) == (said in BY_THEN or published in BY_THEN), (said, published)


def test_what_was_taken_back_later_still_stood() -> None:
    for (retracted, retracted_on), (corrected, corrected_on) in product(TAKEN_BACK, TAKEN_BACK):
        claim = Claim(
            "1",
            "a",
            "s",
            YesNo(True),
            said=BY_THEN[0],
            retracted=retracted,
            retracted_on=retracted_on,
            corrected=corrected,
            corrected_on=corrected_on,
        )
        (known,) = as_known_on(case(claim), DATE).claims
        assert known.retracted == (retracted and retracted_on not in NOT_YET), retracted_on
        assert known.corrected == (corrected and corrected_on not in NOT_YET), corrected_on


def case(claim: Claim) -> Case:
    """A case of one claim."""
    return Case(Question(AnswerKind.YES_NO), (claim,), agents={"a": Agent("a")})
