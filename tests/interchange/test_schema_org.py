"""schema.org: claims and findings go out without loss; reviews of fact-checkers become rows, with no verdict."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from claims.interchange.addresses import address, version_address
from claims.interchange.schema_org.rows import MOST_ASKED, read_rows
from claims.interchange.schema_org.writing import write_schema_org
from claims.interchange.scope import Scope
from claims.interchange.tables.rows import COLUMNS, Problem, Row, is_column
from tests import factories as make
from tests.interchange.expansion import expanded, nothing_dropped
from tests.interchange.standards_world import HOSTILE, QUOTE, make_world
from tests.real_data import real_data


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language a page was asked for in before."""
    with override("en"):
        yield


def written(scope: Scope) -> tuple[Any, str]:
    output = io.BytesIO()
    write_schema_org(scope, output)
    text = output.getvalue().decode()
    return json.loads(text), text


@pytest.mark.django_db
def test_claims_and_findings_go_out_without_loss() -> None:
    world = make_world()
    for scope in (Scope(), Scope(topic=world.topic), Scope(question=world.question), Scope(claim=world.claim)):
        document, text = written(scope)
        assert nothing_dropped(document)
        assert "<" not in text  # it can stand in a page's script
    things = {thing["@id"]: thing for thing in document["@graph"]}
    claim, review = things[address(world.claim)], things[address(world.finding)]
    assert claim["@type"] == "Claim"
    assert (claim["url"], claim["version"]) == (version_address(world.claim), 3)
    assert claim["text"] == {"@value": HOSTILE, "@language": "en"}
    assert claim["author"]["@id"] == address(world.speaker)
    assert claim["author"]["name"] == ["A speaker", {"@value": "متحدّثة", "@language": "ar"}]
    assert claim["appearance"]["url"] == world.source.url
    assert claim["appearance"]["datePublished"] == "2016-09-20"
    assert claim["isBasedOn"]["text"] == QUOTE
    assert [each["@id"] for each in claim["terms:via"]["@list"]] == [
        address(each.agent) for each in world.claim.attribution.relays.order_by("position")
    ]
    # No more precise than it was stated, and no rating.
    assert "dateCreated" not in claim
    assert claim["terms:saidOn"] == "2016-09~"
    assert review["author"] == {"@type": "Person", "name": 'Rim "'}
    assert review["reviewBody"] == f"{HOSTILE.strip()}\n\n{HOSTILE.strip()}"
    assert {each["@id"] for each in review["itemReviewed"]} >= {address(world.claim), address(world.denial)}
    assert "reviewRating" not in review
    (meant,) = [each for each in expanded(document) if each["@id"] == address(world.claim)]
    assert meant["@type"] == ["http://schema.org/Claim"]
    assert meant["urn:x-provenance:terms:stance"] == [{"@value": "affirms"}]


@pytest.mark.django_db
def test_withdrawn_claims_stay_in_and_editors_can_be_left_out() -> None:
    world = make_world()
    _document, text = written(Scope(editors=False))
    assert str(world.withdrawn.uid) not in text
    assert "Rim" not in text
    with CaptureQueriesContext(connection) as few:
        written(Scope())
    for _number in range(4):
        make.make_claim(world.question, statement="x")
    with CaptureQueriesContext(connection) as many:
        written(Scope())
    assert len(many) == len(few) <= 26


# --- what comes in ----------------------------------------------------------------------------------------------------

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example/1",
    "author": {"@type": "Organization", "name": "Checks"},
    "claimReviewed": "The bridge was closed.",
    "datePublished": "2016-09-20T10:00:00.000+0000",
    "inLanguage": "en",
    "reviewRating": {"@type": "Rating", "ratingValue": 2, "bestRating": 5, "alternateName": "Half true"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "A mayor", "jobTitle": "Mayor"},
        "datePublished": "2016-09-18",
        "appearance": {"@type": "Article", "url": "https://news.example/1", "headline": "Bridge",
                       "publisher": {"name": "News"}, "datePublished": "2016-09-19"},
    },
}  # fmt: skip


def rows(value: Any) -> list[Row | Problem]:
    text = value if isinstance(value, str) else json.dumps(value)
    return list(read_rows(io.BytesIO(text.encode())))


def values(value: Any) -> list[dict[str, str]]:
    found = rows(value)
    assert [each for each in found if isinstance(each, Problem)] == []
    assert all(is_column(name) for each in found if isinstance(each, Row) for name in each.values)
    return [dict(each.values) for each in found if isinstance(each, Row)]


def test_a_review_is_what_was_claimed_and_what_the_checker_says_of_it() -> None:
    claimed, said = values(REVIEW)
    assert claimed.pop("id").startswith("claimreview:claim:")
    assert claimed == {
        "answer": "The bridge was closed.",
        "statement@en": "The bridge was closed.",
        "speaker": "A mayor",
        "speaker_kind": "person",
        "speaker_role": "Mayor",
        "said_on": "2016-09-18",
        "source": "Bridge",
        "source_url": "https://news.example/1",
        "publisher": "News",
        "published_on": "2016-09-19",
    }
    assert said.pop("id").startswith("claimreview:review:")
    assert said == {
        "question": "How is it rated: “The bridge was closed.”?",
        "answer_kind": "text",
        "answer": "Half true",
        "statement@en": "Half true",
        "speaker": "Checks",
        "speaker_kind": "outlet",
        "manner": "own_voice",
        "said_on": "2016-09-20T10:00:00+00:00",
        "source": "Review of: The bridge was closed.",
        "source_url": "https://checks.example/1",
        "publisher": "Checks",
        "published_on": "2016-09-20T10:00:00+00:00",
        "language": "en",
    }
    # A rating is never read as denying or affirming.
    assert {"stance", "certainty"}.isdisjoint(said)


def changed(**properties: Any) -> dict[str, Any]:
    return {name: value for name, value in {**REVIEW, **properties}.items() if value is not None}


def test_what_a_review_leaves_open_is_not_made_up() -> None:
    claimed, _said = values(changed(itemReviewed=None))
    assert (claimed["speaker"], claimed["speaker_kind"]) == ("not named", "unnamed")
    assert claimed["source_url"] == "https://checks.example/1"
    assert "via" not in claimed  # the fact-checker is the publisher already
    claimed, _said = values(changed(itemReviewed=None, author={"@type": "Person", "name": "A > B"}))
    assert claimed["via"] == r"A \> B"
    (claimed,) = values(changed(reviewRating=None))
    _claimed, said = values(changed(reviewRating=None, reviewBody="It was open on Monday."))
    assert (said["answer"], "question" in said) == ("It was open on Monday.", False)
    _claimed, said = values(changed(reviewRating={"ratingValue": "2", "bestRating": "5"}))
    assert said["answer"] == "2/5"
    _claimed, said = values(changed(author={"@type": "Organization", "url": "https://www.checks.example/about"}))
    assert said["speaker"] == "checks.example"
    first, second = (values(changed(claimReviewed="x" * MOST_ASKED + end))[1]["question"] for end in ("yes", "no"))
    assert first != second
    assert [values(REVIEW)[place]["id"] for place in (0, 1)] == [
        values(changed(reviewRating={"alternateName": "False"}))[place]["id"] for place in (0, 1)
    ]


@pytest.mark.parametrize(
    "wrapped",
    [
        [REVIEW],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, REVIEW]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": REVIEW}]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": REVIEW}]},
        {"@type": "NewsArticle", "review": REVIEW},
        {**REVIEW, "@type": ["Review", "schema:ClaimReview"]},
        f'<html><script type="application/ld+json">{json.dumps(REVIEW)}</script></html>',
    ],
)
def test_reviews_are_found_in_whatever_they_come_in(wrapped: Any) -> None:
    assert values(wrapped) == values(REVIEW)


def test_references_within_a_graph_are_followed() -> None:
    graph = {"@graph": [changed(author={"@id": "#us"}), {"@id": "#us", "@type": "Organization", "name": "Checks"}]}
    assert values(graph) == values(REVIEW)


@pytest.mark.parametrize(
    ("value", "column", "sentence"),
    [
        (changed(claimReviewed=None, itemReviewed=None), "statement", "says nothing of what was claimed"),
        (changed(author=None, url=None), "speaker", "does not say whose it is"),
        (changed(datePublished="last week"), "published_on", "last week"),
        ({"@type": "Article"}, "", "no ClaimReview"),
        ("<html></html>", "", "not JSON"),
        ("[" * 100_000, "", "nested more than"),
        ('<script type="application/ld+json">{</script>', "", "The script at line 1: This is not JSON"),
        ('{"@type": "ClaimReview", "claimReviewed": "a\\u0000b"}', "", "NUL"),
    ],
)
def test_what_makes_no_row_says_why(value: Any, column: str, sentence: str) -> None:
    (problem,) = rows(value)
    assert isinstance(problem, Problem)
    assert problem.column == column
    assert sentence in problem.sentence


def test_schema_orgs_own_examples_are_read() -> None:
    with real_data("data/claimreview-schemaorg/examples.txt").open("rb") as stream:
        found = list(read_rows(stream))
    assert [each.source for each in found] == [1, 1, 2, 2]
    said = [each.values["speaker"] for each in found if isinstance(each, Row)]
    assert said == ["Rich Perry", "politifact.com", "Barack Obama", "danbri.org"]


NAMES = st.sampled_from([*REVIEW, "@id", "@graph", "item", "name", "text", "@value", "alternateName", "ratingValue"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["ClaimReview", "Claim", "https://[", "2016", "#us"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=15,
)


@given(value=VALUES)
@drawn(max_examples=150)
def test_whatever_is_in_it_comes_out_as_rows_or_sentences(value: Any) -> None:
    for document in (value, {**REVIEW, "itemReviewed": value, "author": value}, {**REVIEW, "reviewRating": value}):
        for each in rows(document):
            assert isinstance(each, Problem) or set(each.values) <= {*COLUMNS, "statement@en"}
            assert isinstance(each, Row) or each.sentence.endswith((".", "?"))
