"""Questions with claims made at random: small, and with a fair share of every feature of the rules."""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from random import Random

from tests.domain.reference import notation
from tests.domain.reference.records import Agent, Case, Claim, Link, Question

KINDS = ("choice", "choice", "several", "several", "yes_no", "quantity", "quantity", "date", "text")
# Keys are only compared, so one may be empty.
SIDES = ("government", "", "press", "observers")
PARTIES = frozenset({"government", ""})
AGENTS = ("governor", "negotiator", "witness", "reporter", "network", "ministry")
CERTAINTIES = ("plain", "plain", "probable")
HOUR = 3600
START = 63_584_000_000  # some midnight in 2015, in seconds


@dataclass(frozen=True)
class Temper:
    """How the claims of a case tend to be; each number is a share, except the counts."""

    claims: tuple[int, int] = (1, 7)
    speakers: int = 6
    answers: int = 4
    denies: float = 0.25
    doubts: float = 0.08
    possible: float = 0.12
    gone: float = 0.15
    alternatives: float = 0.25
    chained: float = 0.3
    unnamed: float = 0.4
    undated: float = 0.2
    links: float = 0.3
    inferred: float = 0.3
    dilemma: bool = False


TEMPERS = (
    Temper(),
    Temper(),
    Temper(answers=1, denies=0, doubts=0.02, possible=0.05, links=0.1),
    Temper(answers=2, denies=0.05, doubts=0.02, possible=0.05, links=0.1, unnamed=0.7, chained=0.1),
    Temper(claims=(2, 4), answers=2, denies=0.1, gone=0, doubts=0, possible=0.02, links=0),
    Temper(claims=(1, 3), speakers=1, answers=2, denies=0.1),
    Temper(claims=(2, 5), answers=1, denies=0.2, doubts=0.2, possible=0.3),
    Temper(claims=(1, 3), doubts=0.4, possible=0.5),
    Temper(speakers=2, gone=0.02, chained=0.15, undated=0.05, links=0.4, unnamed=0.1),
    Temper(claims=(3, 6), answers=6, denies=0.45, doubts=0, possible=0, alternatives=0.9, gone=0, links=0),
    Temper(claims=(1, 3), doubts=0.05, possible=0.05, gone=0, links=0.1, undated=0.8, dilemma=True),
    Temper(claims=(0, 2), gone=0.8, links=0),
    Temper(claims=(12, 18), answers=18, gone=0.03),
)


def generated(seed: int) -> Case:
    """The case of this number; tests name cases by it."""
    return generate(Random(seed))  # noqa: S311 - the same numbers again and again are what a test needs


def generate(random: Random) -> Case:
    """A case; the same random numbers make the same case."""
    temper = random.choice(TEMPERS)
    scale = random.choice((1, 1, 1000))
    question = a_question(random, scale)
    agents = {key: an_agent(random, index, temper) for index, key in enumerate(AGENTS)}
    elsewhere = {key: a_claim(random, key, (notation.yes_no(random)), question, temper) for key in ("other1", "other2")}
    elsewhere["other2"] = replace(elsewhere["other2"], copied_from=random.choice((None, "other1")))
    claims = some_claims(random, question, scale, temper)
    for index, claim in enumerate(claims):
        if random.random() < temper.chained / 3:
            originals = [*elsewhere, *(earlier.key for earlier in claims[:index])]
            claims[index] = replace(claim, copied_from=random.choice(originals))
    random.shuffle(claims)
    pairs = [frozenset(pair) for pair in permutations(AGENTS, 2)]
    return Case(
        question,
        tuple(claims),
        agents=agents,
        sides=frozenset(SIDES),
        parties=PARTIES,
        links=tuple(some_links(random, claims, temper)),
        distinct=frozenset(random.sample(pairs, random.choice((0, 0, 1, 3)))),
        elsewhere=elsewhere,
    )


def some_claims(random: Random, question: Question, scale: int, temper: Temper) -> list[Claim]:
    """Claims whose answers come from a small pool, so that some agree."""
    pool = [an_answer(random, question, scale, temper) for _ in range(random.randint(1, temper.answers))]
    claims = [
        a_claim(random, f"claim{index}", random.choice(pool), question, temper)
        for index in range(random.randint(*temper.claims))
    ]
    for answer, written, stance in notation.dilemma(random, question, scale) if temper.dilemma else ():
        claim = a_claim(random, f"claim{len(claims)}", (answer, written), question, temper)
        claims.append(replace(claim, stance=stance))
    return claims


def a_question(random: Random, scale: int) -> Question:
    """A question of any kind, over time in every way that the kind allows."""
    kind = random.choice(KINDS)
    ways = ("fixed", "fixed", "changes", "grows" if kind in {"quantity", "date"} else "fixed")
    over_time = random.choice(ways)
    window = random.choice((Fraction(1, 2), Fraction(3), Fraction(24), Fraction(48)))
    measured = kind == "quantity"
    tolerance = random.choice((None, Fraction(0), Fraction(1), Fraction(5, 2))) if measured else None
    if kind == "date":
        tolerance = random.choice((None, Fraction(1), Fraction(3), Fraction(3, 2)))
    return Question(
        "choice" if kind == "several" else kind,
        several=kind == "several",
        over_time=over_time,
        window_hours=window if over_time == "changes" else None,
        tolerance=None if tolerance is None else tolerance * (scale if measured else 1),
        rounding=random.choice((0, 0, Fraction(1, 2), 1, 5)) * Fraction(scale) if measured else Fraction(0),
        broader=some_options(random) if kind in {"choice", "several"} else {},
    )


def some_options(random: Random) -> dict[str, frozenset[str]]:
    """Two to six options, each with up to two broader ones among those before it."""
    labels = random.sample(notation.LABELS, random.randint(2, 6))
    return {
        label: frozenset(random.sample(labels[:index], min(index, random.choice((0, 0, 1, 1, 2)))))
        for index, label in enumerate(labels)
    }


def an_agent(random: Random, index: int, temper: Temper) -> Agent:
    """An agent that may be, or speak for, one of those after it."""
    after = AGENTS[index + 1 :]
    return Agent(
        named=random.random() >= temper.unnamed,
        side=random.choice((None, None, *SIDES)),
        same_as=random.choice(after) if after and random.random() < 0.12 else None,
        speaks_for=random.choice(after) if after and random.random() < 0.15 else None,
    )


def an_answer(random: Random, question: Question, scale: int, temper: Temper) -> notation.Written:
    """An answer of the question's kind."""
    match question.kind:
        case "choice":
            return notation.choice(random, question, alternatives=temper.alternatives)
        case "yes_no":
            return notation.yes_no(random)
        case "quantity":
            return notation.quantity(random, scale)
        case "date":
            return notation.days(random)
    return notation.text(random)


def a_claim(random: Random, key: str, answer: notation.Written, question: Question, temper: Temper) -> Claim:
    """A claim with this answer and any attribution."""

    def rarely(value: str | None, share: float = temper.chained / 3) -> str | None:
        return value if random.random() < share else None

    gone = random.choice(("discarded", "retracted", "corrected")) if random.random() < temper.gone else ""
    relays = random.choice((1, 1, 2, 3)) if random.random() < temper.chained else 0
    when_it_speaks_of = 0.6 if question.over_time != "fixed" else 0.1
    return Claim(
        key,
        speaker=random.choice(AGENTS[: temper.speakers]),
        source=random.choice(("A", "B", "C")),
        answer=answer[0],
        written=answer[1],
        stance=a_stance(random, temper),
        certainty="possible" if random.random() < temper.possible else random.choice(CERTAINTIES),
        inferred=random.random() < temper.inferred,
        review="discarded" if gone == "discarded" else random.choice(("pending", "pending", "checked")),
        side=rarely(random.choice(SIDES), 0.15),
        on_behalf_of=rarely(random.choice(AGENTS)),
        relays=tuple(random.sample(AGENTS, relays)),
        document=rarely(random.choice(("letter", "A"))),
        said=None if random.random() < temper.undated else a_moment(random),
        as_of=a_moment(random) if random.random() < when_it_speaks_of else None,
        retracted=gone == "retracted" or (bool(gone) and random.random() < 0.2),
        corrected=gone == "corrected" or (bool(gone) and random.random() < 0.2),
    )


def a_stance(random: Random, temper: Temper) -> str:
    """A stance in the shares that the temper has."""
    drawn = random.random()
    if drawn < temper.doubts:
        return "doubts"
    return "denies" if drawn < temper.doubts + temper.denies else "affirms"


def a_moment(random: Random) -> tuple[int, int]:
    """An hour, a day or two days of one week, or the week."""
    hours = random.choice((1, 1, 24, 24, 48, 168))
    begin = 0 if hours == 168 else random.randint(0, 6) * 24 + (random.randint(0, 23) if hours == 1 else 0)
    return START + begin * HOUR, START + (begin + hours) * HOUR


def some_links(random: Random, claims: list[Claim], temper: Temper) -> list[Link]:
    """Up to two links between different claims."""
    if len(claims) < 2 or random.random() >= temper.links:
        return []
    pairs = [random.sample(claims, 2) for _ in range(random.randint(1, 2))]
    return [Link(random.choice(("revises", "both_stand", "disowns")), one.key, other.key) for one, other in pairs]
