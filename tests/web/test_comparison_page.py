"""The page of a question: positions with their claims, exclusions in words, what stands beside and what fell."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import Correction, Finding, Question, Retraction
from tests import factories as make


def text_of(client: Client, address: str, status: int = 200) -> str:
    """The words of a page, tags and isolates taken out."""
    response = client.get(address)
    assert response.status_code == status
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(words).replace("\u2068", "").replace("\u2069", "").split())


@pytest.fixture
def question(db: None) -> Question:
    """Two positions by two sides, a doubt, and a later possible by one of the speakers."""
    question = make.make_quantity_question(text="How many left?", unit="people")
    government = make.make_side(name="Government", party=True)
    governor = make.make_agent(name="Governor", side=government)
    reporter = make.make_agent(name="Reporter", side=make.make_side(name="Press"))
    relay = make.make_agent(name="Sham Network", kind="outlet")
    said = make.make_attribution(speaker=governor, said_on="2015-12-01", relays=[relay])
    make.make_quantity(question, 300, attribution=said, statement="Three hundred left.")
    other = make.make_attribution(speaker=reporter, said_on="2015-12-02")
    make.make_quantity(question, 1500, attribution=other, statement="Fifteen hundred left.", inferred=True)
    doubt = make.make_attribution(speaker=make.make_agent(name="Negotiator"), said_on="2015-12-03")
    make.make_quantity(question, 300, attribution=doubt, stance="doubts", statement="Three hundred is doubtful.")
    retreat = make.make_attribution(speaker=governor, said_on="2016-01-01")
    make.make_quantity(question, 250, attribution=retreat, certainty="possible", statement="Perhaps fewer.")
    return question


def test_positions_stand_side_by_side_with_sides_chains_and_reasons(reader: Client, question: Question) -> None:
    page = text_of(reader, f"/questions/{question.uid}/")
    assert "Contested" in page
    assert "A “1,500 people” and B “300 people” have no number in common" in page
    assert "cannot both hold" in page
    assert "Government a party" in page
    assert "Governor Government , through Sham Network" in page
    assert "1 claim · 1 origin · 1 source" in page
    assert "inferred" in page
    assert "said 1 December 2015" in page


def test_doubts_retreats_and_the_picture_stand_beside(reader: Client, question: Question) -> None:
    html = reader.get(f"/questions/{question.uid}/").content.decode()
    page = text_of(reader, f"/questions/{question.uid}/")
    assert "Doubts and possibilities" in page
    assert "Three hundred is doubtful." in page
    assert "Later, as a retreat: Perhaps fewer." in page
    assert '<figure class="line">' in html


@pytest.mark.parametrize("record", [Retraction, Correction])
def test_what_was_taken_back_is_folded_away_and_not_gone(
    record: type[Retraction | Correction], reader: Client, question: Question
) -> None:
    claim = question.claims.get(answer="1500")
    make.record(record(claim=claim, note="It was a slip."))
    html = reader.get(f"/questions/{question.uid}/").content.decode()
    folded = re.search(r'<details class="fold">.*?</details>', html, re.DOTALL)
    assert folded is not None
    assert "Fifteen hundred left." in folded[0]
    assert "1 claim that no longer counts" in folded[0]
    assert "Contested" not in text_of(reader, f"/questions/{question.uid}/").split("What the marks mean")[0]


def test_a_revised_claim_names_the_one_that_revises_it(reader: Client, question: Question) -> None:
    governor = question.claims.get(answer="300", stance="affirms").attribution.speaker
    later = make.make_attribution(speaker=governor, said_on="2016-02-01")
    make.make_quantity(question, 900, attribution=later, statement="Nine hundred left.")
    page = text_of(reader, f"/questions/{question.uid}/")
    assert "Revised by a later claim: Nine hundred left." in page.replace(" :", ":")


def test_a_finding_is_shown_and_out_of_date_after_a_claim(reader: Client, question: Question) -> None:
    user = make.make_user(username="salma")
    make.record(
        Finding(question=question, answer="300", statement="It was three hundred.", grounds="Two lists agree.",
                settled_on=timezone.now(), settled_by=user)
    )  # fmt: skip
    page = text_of(reader, f"/questions/{question.uid}/")
    assert "Finding: 300 people" in page
    assert "Settled by salma" in page
    assert "Out of date" not in page
    make.make_quantity(question, 300)
    assert "Out of date: a claim came in after it." in text_of(reader, f"/questions/{question.uid}/")


@pytest.mark.parametrize(
    ("date", "positions"), [("2015-11", []), ("2015-12-01", ["300"]), ("2015-12", ["1,500", "300"])]
)
def test_a_question_is_shown_as_it_was_known_on_a_date(
    date: str, positions: list[str], reader: Client, question: Question
) -> None:
    html = reader.get(f"/questions/{question.uid}/?known_on={date}").content.decode()
    heads = re.findall(r'<h3 class="position-answer">.*?</h3>', html, re.DOTALL)
    numbers = [number for head in heads for number in ("1,500", "300") if number in head]
    assert numbers == positions
    assert "As known on" in html


@pytest.mark.parametrize("date", ["soon", "2015-13", "32 May", "x" * 200])
def test_what_is_no_date_is_said_and_nothing_is_compared(date: str, reader: Client, question: Question) -> None:
    html = reader.get(f"/questions/{question.uid}/", {"known_on": date})
    assert html.status_code == 400
    assert 'role="alert"' in html.content.decode()
    assert "position-head" not in html.content.decode()


def test_an_unknown_parameter_is_refused(reader: Client, question: Question) -> None:
    page = text_of(reader, f"/questions/{question.uid}/?as_of=2015", 400)
    assert "This page knows nothing of “as_of”." in page


def test_a_question_without_claims_says_what_to_do(reader: Client, db: None) -> None:
    page = text_of(reader, f"/questions/{make.make_question().uid}/")
    assert "No claim on this question stands." in page
    assert "Unanswered" in page
