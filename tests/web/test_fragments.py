"""Every fragment of a page: hostile text escaped and isolated, nothing inline, and what it has to say said."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.forms import BooleanField, CharField, CheckboxSelectMultiple, Form, MultipleChoiceField
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from claims.domain.vocabulary import State

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "claims" / "static" / "claims"
FRAGMENTS = sorted(path.name for path in (TEMPLATES / "includes").glob("*.html"))
# Stands for whatever somebody typed; the tests look for where it went.
TYPED = 'TYPED<script>alert("x")</script>\u202e\'"&'
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}


class Filters(Form):
    """A filter's form with every kind of field that the panel knows."""

    text = CharField(label="Words", required=False, help_text="Any of them")
    state = MultipleChoiceField(choices=[(state.value,) * 2 for state in State], widget=CheckboxSelectMultiple)
    side = MultipleChoiceField(choices=[("1", TYPED)], widget=CheckboxSelectMultiple, required=False)
    has_passage = BooleanField(label="Only with a passage", required=False)


def claim(**changes: Any) -> dict[str, Any]:
    return {
        "uid": "1", "url": "/claims/1/", "wordings": [("en", TYPED), ("ar", TYPED)], "stance": "denies",
        "certainty": "possible", "index": 1, "position_url": "/questions/1/", "answer": TYPED, "inferred": True,
        "chain": [{"name": TYPED, "url": "/agents/1/", "language": "en", "side": TYPED, "cue": TYPED}, TYPED],
        "quote": {"exact": TYPED, "prefix": TYPED, "suffix": TYPED, "language": "ar", "url": "/sources/1/"},
        "said_on": TYPED, "published_on": TYPED, "manner": "quoted", "review": "checked", "review_stale": True,
        "source": {"title": TYPED, "url": "/sources/1/", "language": "en"}, "state": "contested",
        "question": {"text": TYPED, "url": "/questions/1/", "language": "en"}, "standing": "revised",
        "revised_by": {"url": "/claims/2/", "text": TYPED, "language": "ar"}, "standing_note": TYPED,
        "retreat": {"url": "/claims/3/", "text": TYPED, "language": "ar"}, **changes,
    }  # fmt: skip


def position(index: int) -> dict[str, Any]:
    return {
        "index": index, "answer": TYPED, "claims_count": 2, "fewest": 1, "most": 2, "sources_count": 1,
        "language": "en", "sides": [
            {"name": TYPED, "language": "en", "party": True, "claims": [claim(standing="standing")]},
            {"name": "", "claims": []},
        ],
        "speakers": [{"name": TYPED, "language": "ar"}, {"name": TYPED}],
    }  # fmt: skip


def context(number: int = 2) -> dict[str, Any]:
    """Everything that any fragment reads, with typed text wherever people type."""
    form = Filters({"state": ["disputed"]})
    exclusions = [{"positions": [0, 1], "reason": f"A and B cannot both hold: \u2068{TYPED}\u2069."}]
    positions = [position(index) for index in range(number)]
    question = {
        "url": "/questions/1/", "text": TYPED, "language": "ar", "state": "several_origins", "fewest": 1, "most": 2,
        "across_sides": True, "inferred_only": True, "positions": positions, "more_positions": 2, "finding": TYPED,
        "reason": f"\u2068{TYPED}\u2069", "topic": {"text": TYPED, "url": "/topics/1/", "language": "en"},
    }  # fmt: skip
    passage = {
        "start": 2, "end": 9, "index": 0, "altered": True, "chain": [TYPED], "claims": [claim()], "exact": TYPED,
        "language": "ar", "outcome": "lost",
    }  # fmt: skip
    change = {"field": "Wording", "before": [("removed", TYPED)], "after": [("added", TYPED)], "in_words": True}
    return {
        "claim": claim(), "position": positions[0], "positions": positions, "exclusions": exclusions, "total": 7,
        "question": question, "column": {"excludes": (1,)}, "others": 2, "excludes": True, "show_answer": True,
        "passages": [passage], "text": TYPED, "language": "ar", "wordings": [("ar", TYPED)], "link": "/claims/1/",
        "finding": {"answer": TYPED, "statement": TYPED, "grounds": TYPED, "language": "ar", "settled_on": "today",
                    "settled_by": TYPED, "out_of_date": True},
        "version": {"number": 2, "url": "/x/", "when": "today", "who": TYPED, "reason": TYPED,
                    "changes": [change, {"field": "Review", "before": TYPED, "after": ""}]},
        "form": form, "field": form["side"], "active": [{"label": "Side", "value": TYPED, "remove_url": "/claims/"}],
        "clear_url": "/claims/", "unknown": [TYPED], "counts": [{"state": "contested", "number": 3, "url": "/claims/"}],
        "crumbs": [{"text": TYPED, "url": "/topics/1/", "language": "en"}, {"text": TYPED}], "title": "Nothing yet",
        "hint": "Record a claim.", "url": "/claims/", "action": "Record", "previous_url": "/?a", "next_url": "/?b",
        "first_url": "/?c", "summary": "1 to 50",
    }  # fmt: skip


def rendered(name: str, number: int = 2) -> str:
    request = RequestFactory().get("/claims/", {"text": TYPED})
    return render_to_string(name, context(number), request=request)


class Page(HTMLParser):
    """What stands where: tags left open, attributes, and the elements around every piece of text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, list[tuple[str, dict[str, str | None]]]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID or tag == "use":
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((data, list(self.open)))

    def typed(self) -> Iterator[list[tuple[str, dict[str, str | None]]]]:
        return (around for text, around in self.texts if "TYPED" in text and "\u2068" not in text)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_typed_text_is_escaped_and_isolated(name: str) -> None:
    page = Page(rendered(f"includes/{name}"))
    assert page.open == []
    assert "script" not in {tag for tag, _ in page.elements}
    for around in page.typed():
        isolating = [tag for tag, attributes in around if tag == "bdi" or "dir" in attributes]
        assert isolating, f"{name}: typed text in {[tag for tag, _ in around]} is not isolated"


@pytest.mark.parametrize("name", [*(f"includes/{name}" for name in FRAGMENTS), "base.html"])
def test_nothing_is_inline(name: str) -> None:
    for tag, attributes in Page(rendered(name)).elements:
        assert tag not in {"style", "script"}
        assert [each for each in attributes if each == "style" or each.startswith("on")] == []


@pytest.mark.parametrize("name", FRAGMENTS)
def test_with_the_least_context_a_fragment_says_nothing_wrong(name: str) -> None:
    least = {
        "claim": {"stance": "affirms"},
        "position": {"index": 0, "claims_count": 1, "fewest": 1, "sources_count": 1},
    }
    assert "None" not in re.sub("<[^>]+>", "", render_to_string(f"includes/{name}", least))


@pytest.mark.parametrize(
    ("number", "layout", "bands", "folds"), [(2, "side-by-side", 1, 0), (5, "grid", 0, 0), (40, "ledger", 0, 40)]
)
def test_the_comparison_of_few_some_and_many(number: int, layout: str, bands: int, folds: int) -> None:
    page = Page(rendered("includes/comparison.html", number))
    classes = [attributes.get("class") or "" for _, attributes in page.elements]
    assert f"positions positions-{layout} positions-of-{number}" in classes
    assert sum(each.startswith("band ") for each in classes) == bands
    assert [tag for tag, _ in page.elements].count("details") == folds
    anchors = [
        attributes["id"] for _, attributes in page.elements if (attributes.get("id") or "").startswith("position-")
    ]
    assert anchors == [f"position-{index}" for index in range(number)]


def test_filters_say_what_is_active_and_what_was_not_understood() -> None:
    page = rendered("includes/filters.html")
    assert page.count("<label") >= 4
    assert "There is no filter named <bdi>TYPED&lt;script" in page
    assert '<details class="filters" open>' in page
    assert "mark-contested" in page


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_the_direction_of_a_page_follows_the_interface(language: str, direction: str) -> None:
    with override(language):
        assert f'<html lang="{language}" dir="{direction}">' in rendered("base.html")


def test_the_frame_has_its_landmarks_and_a_way_past_the_navigation() -> None:
    page = Page(rendered("base.html"))
    tags = [tag for tag, _ in page.elements]
    assert [tags.count(tag) for tag in ("header", "main", "footer")] == [1, 1, 1]
    first_link = next(attributes for tag, attributes in page.elements if tag == "a")
    assert first_link["href"] == "#content"
    assert ("main", "content") in [(tag, attributes.get("id")) for tag, attributes in page.elements]


def test_all_templates_compile() -> None:
    for path in TEMPLATES.rglob("*.html"):
        get_template(str(path.relative_to(TEMPLATES)))


def test_stylesheets_know_no_left_and_right_and_load_nothing() -> None:
    physical = re.compile(
        r"(margin|padding|border|inset)-(left|right)|text-align: (left|right)|float: (left|right)|^\s*(left|right):",
        re.MULTILINE,
    )
    for sheet in STATIC.glob("*.css"):
        assert not physical.search(sheet.read_text()), sheet.name
        assert "url(" not in sheet.read_text()
        assert "@import" not in sheet.read_text()
