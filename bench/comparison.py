"""Times the comparison of thousands of claims that all give another number, against a loop over all pairs of them.

Run as `python -m bench.comparison [claims]`. The loop asks `share_an_answer` about each pair of claims and does nothing
else; `compare` also groups, counts origins, and lists exclusions with reasons. The loop is timed on fewer claims, and
both are held against each other a pair.
"""

import argparse
import time
from decimal import Decimal
from itertools import combinations

from claims.domain.comparison import compare
from claims.domain.leaves_open import leaves_open, share_an_answer
from claims.domain.values import Agent, Case, Claim, Quantity, Question
from claims.domain.vocabulary import AnswerKind, State

LOOPED = 500


def a_case(claims: int) -> Case:
    """So many claims of as many speakers, each with a number of its own."""
    return Case(
        Question(kind=AnswerKind.QUANTITY),
        tuple(
            Claim(
                key=key,
                speaker=key,
                source=key,
                answer=Quantity(Decimal(key), Decimal(key)),
                written=str(key),
                order=key,
            )
            for key in range(claims)
        ),
        agents={key: Agent(key) for key in range(claims)},
    )


def compared(claims: int) -> float:
    """Seconds that `compare` takes."""
    case = a_case(claims)
    began = time.perf_counter()
    found = compare(case)
    took = time.perf_counter() - began
    if (found.state, found.exclusions_total) != (State.CONTESTED, pairs(claims)):
        raise AssertionError(f"{found.state}, {found.exclusions_total} exclusions")
    return took


def looped(claims: int) -> float:
    """Seconds that the loop over all pairs takes."""
    case = a_case(claims)
    began = time.perf_counter()
    opens = [leaves_open(case.question, claim.stance, claim.answer) for claim in case.claims]
    apart = sum(not share_an_answer(pair) for pair in combinations(opens, 2))
    took = time.perf_counter() - began
    if apart != pairs(claims):
        raise AssertionError(f"{apart} exclusions")
    return took


def pairs(claims: int) -> int:
    """How many pairs there are."""
    return claims * (claims - 1) // 2


def main() -> None:
    """Print one line a size: seconds, nanoseconds a pair, and how often the loop's time a pair that is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", type=int, nargs="?", default=5_000)
    most = parser.parse_args().claims
    loop = looped(LOOPED) / pairs(LOOPED)
    print(f"{'loop':8} {LOOPED:6,} claims {loop * pairs(LOOPED):8.3f} s {loop * 1e9:8.0f} ns a pair        1 x")
    for claims in (most // 10, most // 2, most, most * 2):
        took = compared(claims)
        each = took / pairs(claims)
        print(f"{'compare':8} {claims:6,} claims {took:8.3f} s {each * 1e9:8.1f} ns a pair  {each / loop:7.4f} x")


if __name__ == "__main__":
    main()
