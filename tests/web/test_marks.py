"""Marks: shape, word and class for every state, letters and styles for positions, chains in reading direction."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from django.utils.translation import override

from claims.domain.vocabulary import Review, State
from claims.templatetags.marks import chain, origins, position_badge, position_class, review_mark, state_mark, word

STATIC = Path(__file__).resolve().parents[2] / "claims" / "static" / "claims"
HOSTILE = '<script>alert("x")</script>\u202e&\'"'


def rendered(source: str, **context: Any) -> str:
    return Template("{% load marks %}" + source).render(Context(context))


def shapes() -> set[str]:
    return set(re.findall(r'<symbol id="(\w+)"', (STATIC / "marks.svg").read_text()))


# --- States ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_shape_word_and_class(state: State) -> None:
    html = state_mark(state.value)
    assert f'class="mark mark-{state.value}"' in html
    assert f"claims/marks.svg#{state.value}" in html
    assert f'<span class="mark-word">{word(state.value, "state")}</span>' in html
    assert state.value in shapes()
    assert (
        f".mark-{state.value} {{ --mark: var(--{state.value.replace('_', '-')}); }}"
        in (STATIC / "marks.css").read_text()
    )


def test_no_two_states_share_shape_or_word() -> None:
    drawings = re.findall(r'<symbol id="(\w+)"[^>]*>(.*?)</symbol>', (STATIC / "marks.svg").read_text(), re.DOTALL)
    of_states = {name: re.sub(r"\s+", " ", drawing) for name, drawing in drawings if name in set(State)}
    assert len(set(of_states.values())) == len(State)
    assert len({word(state.value, "state") for state in State}) == len(State)


@pytest.mark.parametrize(
    ("fewest", "most", "across", "words"),
    [
        (2, None, False, "Several origins (2)"),
        (2, 2, False, "Several origins (2)"),
        (1, 2, False, "Several origins (1–2)"),
        (2, 3, True, "Several origins (2–3), across sides"),
        (None, None, False, "Several origins"),
        ("", "", "", "Several origins"),  # as a template gives variables that are not there
    ],
)
def test_several_origins_says_how_many(fewest: Any, most: Any, across: Any, words: str) -> None:
    html = state_mark("several_origins", fewest=fewest, most=most, across_sides=across)
    assert re.sub("<[^>]+>", "", html) == words


def test_origins_are_said_for_several_origins_only() -> None:
    assert re.sub("<[^>]+>", "", state_mark("contested", fewest=2, most=3, across_sides=True)) == "Contested"


def test_a_shape_alone_keeps_its_word_for_those_who_listen() -> None:
    html = state_mark("questioned", shape_only=True)
    assert 'class="mark mark-questioned mark-shape-only" title="Questioned"' in html
    assert '<span class="mark-word">Questioned</span>' in html


def test_a_claim_without_a_question_is_not_compared() -> None:
    assert "Not compared yet" in state_mark("")
    with pytest.raises(ValueError, match="disputed"):
        state_mark("disputed")


def test_the_word_is_that_of_the_readers_language() -> None:
    with override("de"):
        assert "Contested" in state_mark("contested")
    assert word("", "stance") == ""
    with pytest.raises(ValueError, match="shouts"):
        word("shouts", "stance")


# --- Positions -------------------------------------------------------------------------------------------------------


def test_letters_never_repeat_and_styles_do_after_eight() -> None:
    badges = [position_badge(index) for index in range(60)]
    letters = [re.sub("<[^>]+>", "", badge) for badge in badges]
    assert len(set(letters)) == 60
    assert letters[:3] == ["Position A", "Position B", "Position C"]
    assert letters[25:28] == ["Position Z", "Position AA", "Position AB"]
    assert [position_class(index) for index in range(8)] == [f"position-{style}" for style in "abcdefgh"]
    assert position_class(8) == position_class(0)


def test_every_position_style_has_its_own_colour_and_pattern() -> None:
    css = (STATIC / "marks.css").read_text()
    blocks = re.findall(r"^\.position-([a-h]) \{\n(.*?)^\}", css, re.DOTALL | re.MULTILINE)
    assert [style for style, _ in blocks] == list("abcdefgh")
    for property_name in ("--position", "--along", "--edge"):
        values = {re.search(rf"{property_name}: (.*?);", block, re.DOTALL).group(1) for _, block in blocks}  # type: ignore[union-attr]
        assert len(values) == 8


def test_a_badge_is_a_link_where_there_is_an_address() -> None:
    assert position_badge(1, HOSTILE, HOSTILE).startswith('<a class="badge position-b" href="&lt;script')
    assert position_badge(1).startswith('<span class="badge position-b">')


@pytest.mark.parametrize("absent", [None, ""])
def test_no_position_no_badge(absent: Any) -> None:
    assert position_badge(absent) == ""
    assert position_class(absent) == "position-none"
    assert rendered("[{% position_badge claim.index %}]", claim={}) == "[]"


def test_origins_in_words() -> None:
    assert [origins(1), origins(2), origins(1, 2), origins(0, 1)] == [
        "1 origin",
        "2 origins",
        "1–2 origins",
        "0–1 origin",
    ]


# --- Review ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("review", list(Review))
def test_every_review_has_shape_and_word(review: Review) -> None:
    assert review.value in shapes()
    assert f"marks.svg#{review.value}" in review_mark(review.value)
    assert word(review.value, "review") in review_mark(review.value)


def test_a_stale_review_says_so() -> None:
    assert "Review out of date" in review_mark("checked", True)
    assert "Review out of date" not in review_mark("checked", False)


# --- Chains ----------------------------------------------------------------------------------------------------------


def test_a_chain_reads_as_a_sentence_without_its_arrows() -> None:
    html = chain(["one of the negotiators", "Sham Network", "Al Jazeera"])
    said = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html)).replace(" ,", ",")
    assert said == "one of the negotiators, through Sham Network, through Al Jazeera"
    assert html.count("#arrow") == 2


def test_names_in_a_chain_are_isolated_and_escaped() -> None:
    html = chain([{"name": HOSTILE, "url": '/agents/"/', "language": "ar", "side": HOSTILE, "cue": HOSTILE}, "ب"])
    assert "<script" not in html
    assert '<a href="/agents/&quot;/"><bdi lang="ar">&lt;script&gt;' in html
    assert html.count("<bdi") == html.count("</bdi>") == 4
    assert '<bdi class="side-name">&lt;script' in html


@pytest.mark.parametrize(
    ("language", "cue", "attributes"),
    [
        ("ar", "reported as saying", ' lang="en"'),
        ("ar", "نفى", ""),
        ("ar", "12", ""),
        ("en", "said", ""),
        ("en", "نفى", ' lang="ar"'),
    ],
)
def test_a_cue_in_another_script_than_the_readers_says_so(language: str, cue: str, attributes: str) -> None:
    with override(language):
        assert f'<bdi class="chain-cue"{attributes}>{cue}</bdi>' in chain([{"name": "a", "cue": cue}])


def test_a_chain_takes_objects_as_well() -> None:
    class Hop:
        name = "Sham Network"
        url = None

    assert chain([Hop()]) == '<span class="chain"><span class="chain-hop"><bdi>Sham Network</bdi></span></span>'
    assert chain([]) == '<span class="chain"></span>'


def test_arrows_turn_round_in_right_to_left_text() -> None:
    css = re.sub(r"\s+", " ", (STATIC / "marks.css").read_text())
    assert ".sign-arrow:dir(rtl), .sign-under:dir(rtl) { transform: scaleX(-1); }" in css
    assert 'class="sign sign-arrow"' in chain(["a", "b"])


def test_every_sign_in_use_is_in_the_sprite() -> None:
    templates = STATIC.parents[2] / "templates"
    used = {
        name for path in templates.rglob("*.html") for name in re.findall(r'{% sign "(\w+)" %}', path.read_text())
    } | {"stale", "arrow"}
    assert used <= shapes()


def test_marks_are_safe_html() -> None:
    for html in (state_mark("contested"), position_badge(0), review_mark("pending"), chain(["a"])):
        assert isinstance(html, SafeString)
        assert "style=" not in html
