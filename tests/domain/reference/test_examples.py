"""The reference against examples worked by hand: those of the rules, and the reading of the two articles."""

import ast
from fractions import Fraction
from pathlib import Path

import pytest

from tests.domain.reference.records import (
    Agent,
    Case,
    Choice,
    Claim,
    Date,
    Link,
    Quantity,
    Question,
    Text,
    YesNo,
)
from tests.domain.reference.states import expected, is_irreducible

NORTH_WEST = {"west": frozenset(), "north": frozenset(), "north-west": frozenset({"west", "north"})}
REACHED = {
    "agreement": frozenset(),
    "final": frozenset({"agreement"}),
    "truce": frozenset({"agreement"}),
    "preliminary": frozenset({"truce"}),
}
FLAT: dict[str, frozenset[str]] = {"a": frozenset(), "b": frozenset(), "c": frozenset()}
HOUR, DAY = 3600, 86400

PRESS = {
    "jazeera": Agent(side="press"),
    "correspondent": Agent(side="press", speaks_for="jazeera"),
    "governor": Agent(side="government"),
    "officials": Agent(named=False, side="government"),
    "opposition": Agent(named=False, side="opposition"),
    "negotiator": Agent(named=False, side="opposition"),
    "sham": Agent(side="press"),
    "somebody": Agent(named=False),
    "nobody": Agent(named=False),
    "russia": Agent(side="russia"),
    "person": Agent(),
}
PARTIES = frozenset({"government", "opposition", "russia"})


def several(*options: str, only: bool = False) -> Choice:
    return Choice(frozenset(options), only)


def case(question: Question, *claims: Claim, **more: object) -> Case:
    return Case(question, claims, agents=PRESS, sides=PARTIES | {"press"}, parties=PARTIES, **more)  # type: ignore[arg-type]


def say(key: str, speaker: str, answer: object, **more: object) -> Claim:
    source = str(more.pop("source", "A"))
    return Claim(key, speaker, source, answer, **more)  # type: ignore[arg-type]


def number(low: object, high: object = "same", *, about: bool = False) -> Quantity:
    high = low if high == "same" else high
    return Quantity(None if low is None else Fraction(str(low)), None if high is None else Fraction(str(high)), about)


def state(question: Question, *claims: Claim, **more: object) -> str:
    return expected(case(question, *claims, **more)).state


def excludes(question: Question, one: tuple[object, str], other: tuple[object, str]) -> bool:
    claims = [say(str(i), "governor", answer, stance=stance) for i, (answer, stance) in enumerate((one, other))]
    return state(question, *claims) == "contested"


YES, NO = YesNo(True), YesNo(False)
CHOICE = Question("choice", broader=NORTH_WEST)
MANY = Question("choice", several=True, broader=NORTH_WEST)
TERMS = Question("choice", several=True, broader=REACHED)
MENU = Question("choice", several=True, broader=FLAT)
TENS = Question("quantity", rounding=Fraction(10))
NUMBERS = Question("quantity")
DAYS = Question("date", tolerance=Fraction(2))
WORDS = Question("text")
DEC = 735933  # 2015-12-01

PAIRS = [
    (CHOICE, several("west"), "affirms", several("north-west"), "affirms", False),
    (CHOICE, several("north"), "affirms", several("north-west"), "affirms", False),
    (CHOICE, several("west"), "affirms", several("north"), "affirms", False),
    (CHOICE, several("west"), "denies", several("north-west"), "affirms", True),
    (CHOICE, several("north-west"), "denies", several("west"), "affirms", False),
    (CHOICE, several("west", "north"), "denies", several("north-west"), "affirms", True),
    (CHOICE, several("west"), "denies", several("north"), "denies", False),
    (MANY, several("north-west"), "affirms", several("west"), "denies", True),
    (MANY, several("west"), "affirms", several("north-west"), "denies", False),
    (MENU, several("a"), "affirms", several("b"), "affirms", False),
    (MENU, several("a", only=True), "affirms", several("b"), "affirms", True),
    (MENU, several("a", "b", only=True), "affirms", several("b"), "affirms", False),
    (MENU, several("a", "b"), "affirms", several("a"), "denies", False),
    (MENU, several("a", "b"), "denies", several("a"), "affirms", True),
    (MENU, several("a", only=True), "denies", several("a"), "affirms", False),
    (TERMS, several("truce", only=True), "affirms", several("preliminary"), "affirms", False),
    (TERMS, several("truce", only=True), "affirms", several("final"), "affirms", True),
    # North-west is under west, but under north as well, which "only west" denies.
    (MANY, several("west", only=True), "affirms", several("north-west"), "affirms", True),
    (MANY, several("west", only=True), "affirms", several("north"), "affirms", True),
    (NUMBERS, number(200, 300), "affirms", number(250), "affirms", False),
    (NUMBERS, number(200, 300), "affirms", number(1500), "affirms", True),
    (NUMBERS, number(200, 300), "affirms", number(300, None), "affirms", False),
    (NUMBERS, number(2000, about=True), "affirms", number(2200), "affirms", False),
    (NUMBERS, number(2000, about=True), "affirms", number(2201), "affirms", True),
    (TENS, number(120), "affirms", number(130), "affirms", True),
    (TENS, number(120), "affirms", number(124), "affirms", False),
    (NUMBERS, number(200, 300), "denies", number(220, 300), "affirms", True),
    (NUMBERS, number(200, 300), "denies", number(220, 301), "affirms", False),
    (DAYS, Date(((DEC, DEC),)), "affirms", Date(((DEC + 1, DEC + 1),)), "affirms", True),
    (DAYS, Date(((DEC, DEC),), about=True), "affirms", Date(((DEC + 2, DEC + 2),)), "affirms", False),
    (DAYS, Date(((DEC, DEC),), about=True), "affirms", Date(((DEC + 3, DEC + 3),)), "affirms", True),
    (WORDS, Text("one"), "affirms", Text("two"), "affirms", False),
    (WORDS, Text("one"), "affirms", Text("one"), "denies", True),
    (Question("yes_no"), YES, "affirms", YES, "denies", True),
    (Question("yes_no"), YES, "affirms", NO, "denies", False),
]


def test_the_reference_imports_nothing_of_the_application() -> None:
    for module in Path(__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & {"claims", "provenance", "django"}, module.name


@pytest.mark.parametrize("row", PAIRS)
def test_pairs(row: tuple[Question, object, str, object, str, bool]) -> None:
    question, one, first, other, second, apart = row
    assert excludes(question, (one, first), (other, second)) is apart


def test_three_alternatives_that_no_answer_satisfies_are_irreducible() -> None:
    trio = [say(key, "governor", several(*pair)) for key, pair in (("1", "ab"), ("2", "bc"), ("3", "ac"))]
    found = expected(case(Question("choice", broader=FLAT), *trio))
    assert (found.state, found.irreducible, found.excluding) == ("contested", True, frozenset())
    assert is_irreducible(case(Question("choice", broader=FLAT), *trio), frozenset("123"))
    assert not is_irreducible(case(Question("choice", broader=FLAT), *trio), frozenset("12"))


def test_later_claim_of_a_named_speaker_revises_an_earlier_one() -> None:
    first = say("1", "governor", YES, said=(0, DAY))
    second = say("2", "governor", NO, said=(DAY, 2 * DAY))
    yes_no = Question("yes_no")
    assert state(yes_no, first, second) == "single_origin"
    assert expected(case(yes_no, first, second)).standing == {"1": "revised", "2": "standing"}
    assert state(yes_no, first, second, links=(Link("both_stand", "1", "2"),)) == "contested"
    assert state(yes_no, first, say("2", "governor", NO, said=(DAY - 1, 2 * DAY))) == "contested"
    assert state(yes_no, first, say("2", "governor", NO)) == "contested"
    assert state(yes_no, first, say("2", "governor", NO, said=(DAY, 2 * DAY), relays=("opposition",))) == "contested"
    assert state(yes_no, first, say("2", "governor", NO, said=(DAY, 2 * DAY), relays=("sham",))) == "single_origin"
    assert state(yes_no, first, say("2", "russia", NO), links=(Link("revises", "2", "1"),)) == "single_origin"


def test_questions_over_time() -> None:
    toll = Question("quantity", over_time="grows")
    early = say("1", "governor", number(10), said=(0, DAY))
    assert state(toll, early, say("2", "russia", number(12), said=(DAY, 2 * DAY))) == "compatible"
    assert state(toll, early, say("2", "russia", number(9), said=(DAY, 2 * DAY))) == "contested"
    assert state(toll, early, say("2", "russia", number(12), said=(HOUR, 2 * DAY))) == "contested"
    crossing = Question("yes_no", over_time="changes", window_hours=Fraction(6))
    open_then = say("1", "governor", YES, as_of=(0, HOUR))
    assert state(crossing, open_then, say("2", "russia", NO, as_of=(6 * HOUR, 7 * HOUR))) == "contested"
    assert state(crossing, open_then, say("2", "russia", NO, as_of=(7 * HOUR, 8 * HOUR))) == "compatible"
    assert state(crossing, open_then, say("2", "russia", NO)) == "contested"


ORIGINS = [
    ("one outlet through two reporters", "single_origin", False, ["jazeera", "correspondent"]),
    ("two named agents", "several_origins", False, ["person", "sham"]),
    ("two named agents of two parties", "several_origins", True, ["governor", "russia"]),
    ("a named and an unnamed one of the same side", "single_origin", False, ["governor", "officials"]),
    ("an unnamed one of no stated side", "single_origin", False, ["governor", "somebody"]),
    ("unnamed ones of two parties", "several_origins", True, ["officials", "negotiator"]),
    (
        "unnamed ones of two parties and one of none",
        "several_origins",
        True,
        ["officials", "somebody", "negotiator"],
    ),
]


@pytest.mark.parametrize(("_", "wanted", "across", "speakers"), ORIGINS)
def test_origins(_: str, wanted: str, across: bool, speakers: list[str]) -> None:
    found = expected(case(Question("yes_no"), *(say(name, name, YES) for name in speakers)))
    assert (found.state, found.across_sides) == (wanted, across)
    assert found.origins[0] == (1 if wanted == "single_origin" else 2)


def test_relays_documents_copies_and_editors_decide_origins() -> None:
    yes_no = Question("yes_no")
    told = say("1", "negotiator", YES, relays=("governor", "sham"))
    assert state(yes_no, told, say("2", "governor", YES)) == "single_origin"
    assert state(yes_no, say("1", "person", YES, document="D"), say("2", "sham", YES, document="D")) == "single_origin"
    assert state(yes_no, say("1", "person", YES), say("2", "sham", YES, copied_from="1")) == "single_origin"
    unnamed = [say("1", "somebody", YES), say("2", "nobody", YES)]
    assert state(yes_no, *unnamed) == "single_origin"
    apart = frozenset({frozenset({"somebody", "nobody"})})
    assert state(yes_no, *unnamed, distinct=apart) == "several_origins"


STATES = [
    ("unanswered", []),
    ("unanswered", [say("1", "governor", YES, review="discarded")]),
    (
        "tentative",
        [say("1", "governor", YES, certainty="possible"), say("2", "russia", YES, stance="doubts")],
    ),
    ("questioned", [say("1", "governor", YES), say("2", "russia", YES, stance="doubts")]),
    ("single_origin", [say("1", "governor", YES), say("2", "governor", YES, stance="doubts")]),
    ("questioned", [say("1", "governor", YES), say("2", "russia", NO, certainty="possible")]),
    ("single_origin", [say("1", "governor", YES), say("2", "russia", YES, certainty="possible")]),
]


@pytest.mark.parametrize(("wanted", "claims"), STATES)
def test_states(wanted: str, claims: list[Claim]) -> None:
    assert state(Question("yes_no"), *claims) == wanted


SHAM = {"relays": ("sham",)}
READING = [
    ("contested", Question("choice", broader=REACHED), [
        say("1", "officials", several("final")),
        say("2", "correspondent", several("preliminary")),
        say("3", "negotiator", several("truce"), **SHAM),
        say("4", "opposition", several("agreement"), stance="doubts"),
        say("5", "jazeera", several("preliminary"), source="B"),
    ]),
    ("contested", Question("yes_no"), [
        say("1", "officials", YES), say("2", "governor", YES),
        say("3", "correspondent", YES, stance="denies"), say("4", "negotiator", NO, **SHAM),
        say("5", "jazeera", YES, source="B"),
    ]),
    ("contested", Question("quantity", rounding=Fraction(1, 2)), [
        say("1", "correspondent", number(3)), say("2", "negotiator", number(2), **SHAM),
        say("3", "jazeera", number("2.5", about=True), source="B"),
    ]),
    ("several_origins", Question("yes_no"), [
        say("1", "negotiator", NO, **SHAM), say("2", "correspondent", NO),
    ]),
    ("several_origins", MENU, [
        say("1", "correspondent", several("a")), say("2", "negotiator", several("a"), **SHAM),
        say("3", "negotiator", several("b"), stance="denies", **SHAM),
    ]),
    ("several_origins", Question("yes_no"), [
        say("1", "governor", YES), say("2", "jazeera", YES, source="B"),
    ]),
    ("single_origin", Question("quantity"), [say("1", "governor", number(200, 300, about=True))]),
    ("single_origin", Question("date"), [say("1", "governor", Date(((DEC + 4, DEC + 4),), about=True))]),
    ("tentative", Question("quantity"), [say("1", "governor", number(1, 2), certainty="possible")]),
    ("single_origin", MENU, [say(key, "jazeera", several(key)) for key in "abc"]),
    ("single_origin", MENU, [
        *(say(key, "jazeera", several(key)) for key in "abc"), say("4", "correspondent", several("a")),
    ]),
    ("single_origin", MENU, [
        say("1", "correspondent", several("a")), say("2", "jazeera", several("b"), source="B"),
    ]),
    ("single_origin", CHOICE, [
        say("1", "jazeera", several("west")), say("2", "jazeera", several("north-west"), source="B"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "question", "claims"), READING)
def test_the_reading_of_the_articles(wanted: str, question: Question, claims: list[Claim]) -> None:
    assert state(question, *claims) == wanted
