"""The rules against the reference, on thousands of generated questions of every kind.

Only this module knows both: it hands the same case to `claims.domain.comparison.compare` and to the reference, which
imports nothing of the application, and lists what they do not agree on.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.domain import values
from claims.domain.comparison import Comparison, compare
from claims.domain.notation import WrittenChoice, read_answer
from claims.domain.vocabulary import AnswerKind, Certainty, LinkKind, OverTime, Review, Stance
from tests.domain.reference import records
from tests.domain.reference.features import features
from tests.domain.reference.generator import generate, generated
from tests.domain.reference.smallest import shown, smallest
from tests.domain.reference.states import Expected, expected, is_irreducible

BATCHES, BATCH = 24, 250
LISTED = 100
DESK = ZoneInfo("Asia/Damascus")

Positions = frozenset[frozenset[str]]


# --- the adapter ----------------------------------------------------------------------------------


def number(value: Fraction | None) -> Decimal | None:
    """The same number; every one that is generated has a finite decimal form."""
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def answer(given_answer: records.Answer) -> values.Answer:
    """The answer in the application's values."""
    match given_answer:
        case records.Choice(options, only):
            return values.Choice(frozenset(options), only)
        case records.YesNo(yes):
            return values.YesNo(yes)
        case records.Quantity(low, high, about):
            return values.Quantity(number(low), number(high), about)
        case records.Date(days, about):
            return values.Date(days, about)
        case records.Text(normalised):
            return values.Text(normalised)


def moment(stretch: tuple[int, int] | None) -> values.Moment | None:
    """The moment in the application's values."""
    return None if stretch is None else values.Moment(*stretch)


def claim(given_claim: records.Claim, order: int = 0) -> values.Claim:
    """The claim in the application's values."""
    return values.Claim(
        key=given_claim.key,
        speaker=given_claim.speaker,
        source=given_claim.source,
        answer=answer(given_claim.answer),
        written=given_claim.written or "",
        stance=Stance(given_claim.stance),
        certainty=Certainty(given_claim.certainty),
        inferred=given_claim.inferred,
        review=Review(given_claim.review),
        side=given_claim.side,
        on_behalf_of=given_claim.on_behalf_of,
        relays=given_claim.relays,
        document=given_claim.document,
        copied_from=given_claim.copied_from,
        said=moment(given_claim.said),
        as_of=moment(given_claim.as_of),
        retracted=given_claim.retracted,
        corrected=given_claim.corrected,
        order=order,
    )


def as_values(case: records.Case) -> values.Case:
    """The case in the application's values."""
    question = case.question
    return values.Case(
        values.Question(
            kind=AnswerKind(question.kind),
            several=question.several,
            over_time=OverTime(question.over_time),
            window_hours=number(question.window_hours),
            tolerance=number(question.tolerance),
            rounding=number(question.rounding) or Decimal(0),
            broader=dict(question.broader),
        ),
        tuple(claim(each, order) for order, each in enumerate(case.claims)),
        agents={
            key: values.Agent(key, agent.named, agent.side, agent.same_as, agent.speaks_for)
            for key, agent in case.agents.items()
        },
        sides={key: values.Side(key, key in case.parties) for key in case.sides},
        links=tuple(values.Link(LinkKind(link.kind), link.claim, link.other) for link in case.links),
        distinct=case.distinct,
        elsewhere={key: claim(each) for key, each in case.elsewhere.items()},
    )


# --- what they do not agree on --------------------------------------------------------------------


def disagreements(case: records.Case) -> list[str]:
    """Every respect in which the rules and the reference differ about the case, as sentences."""
    wanted, found = expected(case), compare(as_values(case))
    return [
        f"{name}: the reference says {one!r}, the rules say {other!r}"
        for name, one, other in (*of_claims(wanted, found), *of_positions(case, wanted, found))
        if one != other
    ]


def of_claims(wanted: Expected, found: Comparison) -> Iterator[tuple[str, object, object]]:
    """What is said of the question and of single claims, as (name, reference, rules)."""
    yield "state", wanted.state, found.state
    yield "across sides", wanted.across_sides, found.across_sides
    yield "inferred only", wanted.inferred_only, found.inferred_only
    yield "standing", wanted.standing, {key: each.value for key, each in found.standing.items()}
    for key, standing in wanted.standing.items():
        by = found.revised_by.get(key)
        agreed = by in wanted.revisers[key] if standing == "revised" else by is None
        yield f"who revises {key}", True, agreed or f"{by} of {wanted.revisers[key]}"
    yield "origins", wanted.origins, (found.origins.fewest, found.origins.most)
    yield "standing claims", [*wanted.standing.values()].count("standing"), found.standing_claims
    yield "questioned", frozenset(other for _, other in wanted.questions), found.questioned
    challenges = {(each.claim, other) for each in found.challenges for other in each.others}
    yield "challenges", wanted.questions, challenges
    retreats = dict(found.retreats)
    yield "retreats", wanted.retreats.keys(), retreats.keys()
    astray = [claim for claim, other in retreats.items() if other not in wanted.retreats.get(claim, ())]
    yield "retreats from", [], astray
    disowned = {(each.values["claim"], each.values["other"]) for each in found.reasons if each.code == "disowned"}
    yield "disowned", wanted.disowned, disowned
    torn = {each.values["speaker"] for each in found.reasons if each.code == "speaker_with_two_answers"}
    yield "speakers with two answers", wanted.torn if wanted.state == "contested" else set(), torn


def of_positions(case: records.Case, wanted: Expected, found: Comparison) -> Iterator[tuple[str, object, object]]:
    """What is said of positions and exclusions, as (name, reference, rules)."""
    places = [frozenset(map(str, position.claims)) for position in found.positions]
    yield "positions", wanted.positions, frozenset(places)
    yield "each position once", len(wanted.positions), len(places)
    order = [(-len(position.claims), position.answer) for position in found.positions]
    yield "order of positions", sorted(order), order
    for place, position in zip(places, found.positions, strict=True):
        shown = (position.supporters, position.origins, position.sources)
        supports = wanted.support.get(place, frozenset())
        best = max((each.origins for each in supports), default=(0, 0))
        fitting = {(each.claims, each.origins, each.sources) for each in supports if each.origins == best}
        mine = (frozenset(position.supporters), (position.origins.fewest, position.origins.most), position.sources)
        yield f"support of {set(place)}", True, mine in fitting or (fitting, shown)
        across = any(each.across_sides for each in supports)
        yield f"support of {set(place)} across sides", across, position.across_sides
        yield f"contested mark of {set(place)}", bool(place & set(found.contested)), position.contested
    pairs = [frozenset(places[number] for number in each.positions) for each in found.exclusions]
    yield "exclusions listed once", len(set(pairs)), len(pairs)
    if wanted.irreducible:
        members = frozenset().union(*pairs[0]) if pairs else frozenset()
        yield "one irreducible set", (1, 1), (found.exclusions_total, len(pairs))
        yield "that set is irreducible", True, is_irreducible(case, members)
        yield "contested in the set", members, found.contested
        return
    yield "exclusions", min(LISTED, len(wanted.excluding)), len(wanted.excluding & set(pairs))
    yield "no other exclusions", len(pairs), len(wanted.excluding & set(pairs))
    yield "total of exclusions", len(wanted.excluding), found.exclusions_total
    yield "contested", wanted.contested, found.contested
    for each in found.exclusions:
        shown_by = frozenset({each.reason.values.get("first"), each.reason.values.get("second")})
        yield f"{set(shown_by)} exclude each other", True, shown_by in wanted.witnesses


# --- the tests ------------------------------------------------------------------------------------


def agree(case: records.Case) -> None:
    """Fail with the smallest case that shows a disagreement as this one does."""
    if not disagreements(case):
        return
    case = smallest(case, lambda smaller: bool(disagreements(smaller)))
    pytest.fail("\n".join([*disagreements(case), shown(case)]))


@pytest.mark.parametrize("batch", range(4))
def test_answers_are_read_as_they_are_meant(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        case = generated(seed)
        for each in case.claims:
            assert each.written is not None
            read = read_answer(AnswerKind(case.question.kind), each.written, DESK)
            if isinstance(read, WrittenChoice):
                read = values.Choice(frozenset(path[-1] for path in read.paths), read.only)
            assert read == answer(each.answer), each.written


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_rules_agree_with_the_reference(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        agree(generated(seed))


def test_what_only_chance_would_generate() -> None:
    """Denials of "only" that fall one after the other, and stretches of days that "about" makes touch."""
    nothing: frozenset[str] = frozenset()
    menu = records.Question(
        "choice", True, broader={"x": nothing, "under x": frozenset("x"), "a": nothing, "r": nothing}
    )
    denied = (frozenset("r"), False), (frozenset({"a", "under x"}), True), (frozenset("x"), True)
    claims = [
        *(said(str(index), records.Choice(*each), "denies") for index, each in enumerate(denied)),
        said("3", records.Choice(frozenset("x")), "affirms"),
    ]
    assert compare(as_values(one_speaker(menu, *claims))).contested == frozenset("0123")
    agree(one_speaker(menu, *claims))
    days = records.Question("date", tolerance=Fraction(1))
    first = said("0", records.Date(((735933, 735933), (735936, 735936)), about=True), "affirms")
    second = said("1", records.Date(((735932, 735937),)), "affirms")
    assert len(compare(as_values(one_speaker(days, first, second))).positions) == 1
    agree(one_speaker(days, first, second))


def said(key: str, given_answer: records.Answer, stance: str) -> records.Claim:
    """A claim of the one speaker."""
    return records.Claim(key, "governor", "A", given_answer, written=key, stance=stance)


def one_speaker(question: records.Question, *claims: records.Claim) -> records.Case:
    """A case in which one agent says it all, without a date."""
    return records.Case(question, claims, agents={"governor": records.Agent()})


def test_a_hundred_exclusions_are_listed_with_the_total_of_all() -> None:
    numbers = [records.Quantity(Fraction(each), Fraction(each)) for each in range(20)]
    claims = [said(str(each), exactly, "affirms") for each, exactly in enumerate(numbers)]
    case = one_speaker(records.Question("quantity"), *claims)
    agree(case)
    found = compare(as_values(case))
    assert (len(found.exclusions), found.exclusions_total) == (LISTED, 20 * 19 // 2)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_the_rules_agree_with_the_reference_on_what_hypothesis_finds(random: Random) -> None:
    assert not disagreements(generate(random))


def test_generated_questions_have_every_feature() -> None:
    counted: Counter[str] = Counter()
    for seed in range(12 * BATCH):
        case = generated(seed)
        counted.update(features(case, expected(case)))
    rare = {name: counted[name] for name in EVERY_FEATURE if counted[name] < 20}
    assert not rare
    assert set(counted) <= set(EVERY_FEATURE)


STATES = ("contested", "questioned", "unresolved", "several_origins")
STATES += ("single_origin", "compatible", "tentative", "unanswered")
EVERY_FEATURE = (
    *(f"state:{state}" for state in STATES),
    *(f"standing:{each}" for each in ("standing", "discarded", "retracted", "corrected", "revised")),
    *(f"kind:{kind}:{way}" for kind in ("choice", "several", "yes_no", "text") for way in ("fixed", "changes")),
    *(f"kind:{kind}:{way}" for kind in ("quantity", "date") for way in ("fixed", "grows", "changes")),
    *(
        f"{stance}:{certainty}"
        for stance in ("affirms", "denies", "doubts")
        for certainty in ("plain", "probable", "possible")
    ),
    *(f"link:{kind}" for kind in ("revises", "both_stand", "disowns")),
    *("alternatives", "only", "two broader options", "open end", "about", "rounded", "about a date"),
    *("scattered date", "unnamed speaker", "same as", "speaks for", "on behalf of", "document"),
    *("copied here", "copied from elsewhere", "relay of another party", "relay of no other party"),
    *("side at the time", "moment unknown", "as of", "judged distinct", "across sides", "irreducible"),
    *("irreducible set of three", "contest on inferred claims", "speaker with two answers", "retreat"),
    *("origins vary", "support from a narrower position"),
    *("doubt in question", "possible in question", "revised without a link"),
)
