"""Pages as recorded on a moment: the page that was shown then, with a banner; what is no moment is refused."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Agent, Claim, Question, Record
from claims.permissions import Role
from tests import factories as make
from tests.queries.recorded_world import World

pytestmark = pytest.mark.django_db

STEPS = 8
PAGES: dict[str, type[Record]] = {"questions": Question, "claims": Claim, "agents": Agent}


@pytest.fixture
def researcher(client: Client) -> Client:
    client.force_login(make.make_user(Role.RESEARCHER))
    return client


def now() -> str:
    """This very moment, as an address has it."""
    return timezone.now().isoformat().replace("+00:00", "Z")


def page(client: Client, kind: str, record: Record, moment: str = "") -> Any:
    return client.get(f"/{kind}/{record.uid}/" + (f"?recorded_on={quote(moment)}" if moment else ""))


def shown(html: str) -> str:
    """The page without what the past adds or leaves out: banner, form, moments in addresses, ways to lists of now."""
    html = re.sub(r'<div class="empty">.*?</div>', "", html, flags=re.DOTALL)
    html = re.sub(r"\?recorded_on=[^\"#&]*", "", html)
    html = re.sub(r'<p class="message message-warning past-banner">.*?</p>', "", html, flags=re.DOTALL)
    html = re.sub(r'<form class="question-form".*?</form>', "", html, flags=re.DOTALL)
    html = re.sub(r'<p class="actions">.*?</p>', "", html, flags=re.DOTALL)
    html = re.sub(r'<section class="section downloads">.*?</section>', "", html, flags=re.DOTALL)
    html = re.sub(r'<(header|footer) class="site-.*?</\1>', "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html)


@pytest.mark.any_database
def test_each_page_is_what_it_was_then(researcher: Client) -> None:
    world = World(5)
    kept = []
    for _ in range(STEPS):
        world.step()
        for kind, model in PAGES.items():
            for record in model.objects.order_by("pk"):
                response = page(researcher, kind, record)
                kept.append((kind, record, now(), response.status_code, shown(response.content.decode())))
    assert {kind for kind, _record, _moment, status, _html in kept if status == 200} == set(PAGES)
    for kind, record, moment, status, html in kept:
        response = page(researcher, kind, record, moment)
        assert response.status_code == status
        if status == 200:
            assert shown(response.content.decode()) == html
            assert "past-banner" in response.content.decode()


@pytest.fixture
def desk() -> dict[str, Any]:
    """A claim that was discarded, its speaker renamed, the question reworded; `then` is before, `early` before all."""
    early = now()
    speaker = make.make_agent(name="The old name")
    question = make.make_quantity_question(text="What was asked before?")
    claim = make.make_quantity(question, 300, attribution=make.make_attribution(speaker=speaker), statement="It was so")
    then = now()
    claim.review, speaker.name, question.text = "discarded", "The new name", "What is asked now?"
    make.record(claim, speaker, question)
    return {"early": early, "then": then, "question": question, "claim": claim, "speaker": speaker}


@pytest.mark.parametrize(("kind", "name"), [("questions", "question"), ("claims", "claim"), ("agents", "speaker")])
def test_names_and_texts_are_those_of_then(kind: str, name: str, desk: dict[str, Any], researcher: Client) -> None:
    html = page(researcher, kind, desk[name], desk["then"]).content.decode()
    assert "The old name" in html
    assert "What was asked before?" in html
    assert "The new name" not in html
    assert "What is asked now?" not in html
    assert "Discarded" not in html
    assert f'<a href="/{kind}/{desk[name].uid}/">As it is now</a>' in html


def test_links_to_other_pages_stay_in_the_past(desk: dict[str, Any], researcher: Client) -> None:
    html = page(researcher, "questions", desk["question"], desk["then"]).content.decode()
    for kind, name in (("claims", "claim"), ("agents", "speaker")):
        assert f'href="/{kind}/{desk[name].uid}/?recorded_on={quote(desk["then"])}' in html


@pytest.mark.parametrize(("kind", "name"), [("questions", "question"), ("claims", "claim"), ("agents", "speaker")])
def test_what_was_not_on_record_then_is_said_so(kind: str, name: str, desk: dict[str, Any], researcher: Client) -> None:
    response = page(researcher, kind, desk[name], desk["early"])
    assert response.status_code == 404
    assert "Not on record at that moment" in response.content.decode()


def test_what_was_withdrawn_since_is_shown_as_it_was(desk: dict[str, Any], researcher: Client) -> None:
    for name in ("question", "claim"):
        desk[name].withdrawn = True
    make.record(desk["claim"], desk["question"])
    for kind, name in (("questions", "question"), ("claims", "claim")):
        assert page(researcher, kind, desk[name]).status_code == 404
        assert page(researcher, kind, desk[name], desk["then"]).status_code == 200


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("yesterday", "cannot be read as a date"),
        ("2016-13-01", "months go from 1 to 12"),
        ("2016-01-01T25:00", "hours go from 0 to 23"),
        ("2016-01-01T10:00:00.1234567", "cannot be read as a time"),
        ("2016-01-01.5", "cannot be read as a time"),
        ("2016~", "is no single moment"),
        ("2016-01-XX", "is no single moment"),
        ("2016-01-01/2016-02-01", "is no single moment"),
        ("{2016,2017}", "is no single moment"),
        ("9998", "is still to come"),
    ],
)
def test_what_is_no_moment_is_refused(
    kind: str, written: str, told: str, desk: dict[str, Any], researcher: Client
) -> None:
    record = {"questions": desk["question"], "claims": desk["claim"], "agents": desk["speaker"]}[kind]
    response = page(researcher, kind, record, written)
    assert response.status_code == 400
    html = response.content.decode()
    assert told in html
    assert "The new name" not in html


@pytest.mark.parametrize("length", [4, 7, 10, 16, 19])
def test_a_moment_ends_where_what_is_written_ends(length: int, desk: dict[str, Any], researcher: Client) -> None:
    """This year, month, day, minute, second: what is on record by the end of it is what is there now."""
    written = timezone.localtime().isoformat()[:length]
    html = page(researcher, "questions", desk["question"], written).content.decode()
    assert "What is asked now?" in html
    assert ("by its end" in html) is (length <= 10)


@pytest.mark.parametrize(("kind", "name"), [("questions", "question"), ("claims", "claim"), ("agents", "speaker")])
def test_each_version_in_a_history_leads_to_the_page_of_then(
    kind: str, name: str, desk: dict[str, Any], researcher: Client
) -> None:
    html = researcher.get(f"/{kind}/{desk[name].uid}/history/").content.decode()
    newest, oldest = re.findall(r'<a href="([^"]+)">As it was then</a>', html)
    texts = (
        ("What is asked now?", "What was asked before?") if kind == "questions" else ("The new name", "The old name")
    )
    for address, text in zip((newest, oldest), texts, strict=True):
        shown = researcher.get(address).content.decode()
        assert text in shown
        assert "past-banner" in shown


def test_known_on_can_be_asked_besides(researcher: Client) -> None:
    question = make.make_quantity_question()
    january, february = (make.make_attribution(said_on=f"2016-{month}-01") for month in ("01", "02"))
    early = make.make_quantity(question, 300, attribution=january, statement="Early")
    make.make_quantity(question, 500, attribution=february, statement="Late")
    then = now()
    early.review = "discarded"
    make.record(early)
    html = researcher.get(
        f"/questions/{question.uid}/", {"recorded_on": then, "known_on": "2016-01-15"}
    ).content.decode()
    assert "Early" in html
    assert "Late" not in html
    assert "no longer count" not in html


def test_the_past_is_for_those_who_may_read_the_history(desk: dict[str, Any], client: Client, settings: Any) -> None:
    settings.PUBLIC_READ = True
    assert page(client, "questions", desk["question"]).status_code == 200
    response = page(client, "questions", desk["question"], desk["then"])
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")
    client.force_login(make.make_user())
    assert page(client, "questions", desk["question"], desk["then"]).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize(("kind", "name"), [("questions", "question"), ("claims", "claim"), ("agents", "speaker")])
def test_the_number_of_queries_is_fixed(kind: str, name: str, desk: dict[str, Any], researcher: Client) -> None:
    page(researcher, kind, desk[name], now())
    counts = []
    for _ in range(2):
        for number in range(12):
            attribution = make.make_attribution(speaker=desk["speaker"] if number % 3 else make.make_agent())
            make.make_quantity(desk["question"], 300 + number % 2, attribution=attribution, statement="More")
        with CaptureQueriesContext(connection) as queries:
            assert page(researcher, kind, desk[name], now()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
