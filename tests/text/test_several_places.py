"""Which of several places is the passage's: by position, by surroundings, or by neither."""

import re

import pytest

from claims.text.outcome import Outcome
from claims.text.passages import Finder, Quote, find, quote_of
from tests.text.sample import TEXT, found, recorded


@pytest.mark.parametrize(
    ("prefix", "suffix", "start", "expected"),
    [
        ("would ", ".\n", None, ("exact", 1)),
        ("two hundred fighters ", " in the first stage", None, ("exact", 0)),
        ("two hundred fighters ", " in the first stage", 0, ("moved", 0)),
        ("d ", ".", 250, ("moved", 1)),  # too little around it; the nearer one
    ],
)
def test_one_of_several_places_is_told_by_what_is_around_it(
    prefix: str, suffix: str, start: int | None, expected: tuple[str, int]
) -> None:
    places = [match.start() for match in re.finditer("leave the district", TEXT)]
    match = find(TEXT, "leave the district", prefix, suffix, start=start)
    assert (match.outcome.value, places.index(match.start or 0)) == expected


@pytest.mark.parametrize(
    ("start", "place", "outcome"), [(None, 0, "exact"), (2, 0, "moved"), (10, 12, "moved"), (6, 6, "exact")]
)
def test_places_that_nothing_tells_apart_are_ambiguous(start: int | None, place: int, outcome: str) -> None:
    match = find("truce truce truce", "truce", start=start)
    assert (match.outcome.value, match.start) == (outcome, place)
    assert match.ambiguous is (start != place)


def test_the_words_at_the_old_position_give_way_to_those_in_the_old_surroundings() -> None:
    lines = [f"In village {number} the answer was yes, they said.\n" for number in range(10, 20)]
    quote = recorded("".join(lines), "yes", context=32)
    moved = "".join(["In village 99 the answer was yes, they said.\n", *lines])
    assert quote.start is not None
    assert found(moved, quote) == ("moved", "yes")
    assert Finder(moved).find(quote).start == quote.start + len(lines[0])


def test_whole_words_are_preferred() -> None:
    match = find("والهدنة بعد هدنة", "هدنة")
    assert (match.start, match.ambiguous) == (12, False)


def test_little_around_it_says_little_about_other_words() -> None:
    assert found("They met in Paris. It rained.", Quote("Geneva", " in ", ". It")) == ("lost", "")


def test_surroundings_that_are_nearly_alike_leave_the_nearest() -> None:
    prefix, suffix = "the governor of the city said: ", ", and then he left the room."
    text = f"{prefix.replace('city', 'cite')}yes{suffix} {prefix.replace('city', 'cave')}yes{suffix}"
    places = [match.start() for match in re.finditer("yes", text)]
    for start, place in ((20, places[0]), (80, places[1])):
        match = find(text, "yes", prefix, suffix, start=start)
        assert (match.outcome.value, match.start, match.ambiguous) == ("moved", place, True)


def test_surroundings_are_known_however_often_the_words_stand_nearer() -> None:
    text = "no, " * 3000 + "he was asked again and said no; the hearing was closed."
    quote = recorded(text.replace("no, ", ""), "no")
    match = Finder(text).find(quote)
    assert (match.outcome, match.start) == (Outcome.MOVED, text.index("no;"))


def test_an_altered_passage_is_found_among_words_that_stand_everywhere() -> None:
    common = ["all", "of", "the", "men", "in", "it"]
    words = [common[number * number * 31 % 1009 % 6] for number in range(999)] * 20
    words[9000:9000] = ["the", "the", "the", "men", "men", "men", "all", "all", "all"]
    start = len(" ".join(words[:9003])) + 1
    quote = quote_of(" ".join(words), start, start + len("men men men"))
    words[9004] = "women"
    match = Finder(" ".join(words)).find(quote)
    assert (match.outcome, match.start, match.found) == (Outcome.ALTERED, start, "men women men")
