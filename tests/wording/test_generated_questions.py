"""Whatever the rules find about generated questions can be told: every reason, exclusion, position and standing."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from claims.domain.comparison import Comparison, compare
from claims.domain.reasons import Reason
from claims.domain.values import Case, Claim, Moment
from claims.wording import (
    ClaimWords,
    PositionWords,
    QuestionWords,
    plain,
    word_origins,
    word_reason,
    word_standing,
    word_state,
    word_summary,
)
from claims.wording.reasons import WORDED
from tests.domain.reference.generator import generated
from tests.domain.test_against_reference import as_values
from tests.wording.known_names import KnownNames

QUESTIONS = 1500


def written(moment: Moment | None) -> str:
    """The beginning of a moment as EDTF, to the second."""
    if moment is None:
        return ""
    return (datetime(1, 1, 1, tzinfo=UTC) + timedelta(seconds=moment.begin)).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)


def claim_words(claim: Claim) -> ClaimWords:
    return ClaimWords(
        str(claim.speaker),
        claim.written,
        claim.stance,
        claim.certainty,
        claim.inferred,
        str(claim.source),
        written(claim.said),
        written(claim.as_of),
    )


def names_of(case: Case, comparison: Comparison) -> KnownNames:
    question = case.question
    speakers = {claim.key: str(claim.speaker) for claim in case.claims}
    return KnownNames(
        QuestionWords(question.kind, "", question.tolerance, question.rounding, question.window_hours),
        [
            PositionWords(each.answer, each.stance, tuple(speakers[key] for key in each.claims))
            for each in comparison.positions
        ],
        {claim.key: claim_words(claim) for claim in case.claims},
        {key: str(key) for key in {*case.agents, *speakers.values()}},
    )


def told(case: Case, comparison: Comparison, seen: Counter[str]) -> Iterator[str]:
    """Everything that is said about one question."""
    names = names_of(case, comparison)
    reasons: list[Reason] = [*comparison.reasons, *(each.reason for each in comparison.exclusions)]
    seen.update(reason.code for reason in reasons)
    yield from (word_reason(reason, names) for reason in reasons)
    yield word_state(comparison.state, comparison.origins)
    yield word_origins(comparison.origins)
    for key, standing in comparison.standing.items():
        yield word_standing(standing, names, comparison.revised_by.get(key))
    if case.claims:
        yield word_summary(names, len(comparison.positions), [claim.key for claim in case.claims])


def test_everything_that_is_found_can_be_told() -> None:
    seen: Counter[str] = Counter()
    for seed in range(QUESTIONS):
        case = as_values(generated(seed))
        for sentence in told(case, compare(case), seen):
            assert plain(sentence).strip()
            assert "%(" not in sentence
    assert set(seen) == WORDED
