"""The feeds: valid Atom, an entry for each turn, nothing that readers of the pages may not read."""

from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from claims.models import Claim, Question, QuestionTurn, Topic
from claims.permissions import Role
from claims.services.editing import keep
from claims.services.review import discard
from claims.services.tokens import make_token
from tests import factories as make

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "/feeds/contested.atom"


def disagree(**fields: Any) -> tuple[Question, Claim]:
    """A question on which two claims exclude each other, and the later of them."""
    question = make.make_quantity_question(**fields)
    make.make_quantity(question, 300)
    return question, make.make_quantity(question, 900)


def read(client: Client, address: str = ADDRESS) -> ET.Element:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return fromstring(response.content)


def entries(feed: ET.Element) -> list[dict[str, str]]:
    return [
        {
            "title": entry.findtext(f"{ATOM}title") or "",
            "summary": entry.findtext(f"{ATOM}summary") or "",
            "id": entry.findtext(f"{ATOM}id") or "",
            "updated": entry.findtext(f"{ATOM}updated") or "",
            "link": entry.find(f"{ATOM}link").attrib["href"],  # type: ignore[union-attr]
        }
        for entry in feed.iter(f"{ATOM}entry")
    ]


def test_a_turn_is_an_entry_that_says_why(reader: Client) -> None:
    question, claim = disagree(text="How many?")
    (entry,) = entries(read(reader))
    assert entry["title"] == "Contested: How many?"
    assert "300" in entry["summary"]
    assert "900" in entry["summary"]
    assert entry["link"].endswith(f"/questions/{question.uid}/")
    assert datetime.fromisoformat(entry["updated"])
    discard(claims=[claim], by=None, reason="Misread", command="test")
    stopped, before = entries(read(reader))
    assert stopped["title"] == "No longer contested: How many?"
    assert (before["id"], before["updated"], before["title"]) == (entry["id"], entry["updated"], entry["title"])
    assert "300" not in before["summary"]
    assert [turn.contested for turn in QuestionTurn.objects.order_by("id")] == [True, False]


def test_what_turns_nothing_is_no_entry(reader: Client) -> None:
    question, _claim = disagree()
    make.make_quantity(question, 900)
    question.note = "changed"
    question.refresh_from_db(fields=["version"])
    keep(records=[question], by=None, reason="A note", command="test")
    assert len(entries(read(reader))) == 1
    assert len(QuestionTurn.objects.values("change").distinct()) == 1


def test_the_feed_has_what_atom_demands(reader: Client) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2: identifiers, titles, moments, an author, links."""
    disagree(topic=make.make_topic(name="al-Waer"))
    disagree()
    feed = read(reader)
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Provenance"
    assert {link.attrib["rel"] for link in feed.findall(f"{ATOM}link")} == {"alternate", "self"}
    found = entries(feed)
    assert len({entry["id"] for entry in found}) == 2
    assert all(entry["id"].startswith("urn:uuid:") for entry in found)
    assert feed.findtext(f"{ATOM}updated") == max(entry["updated"] for entry in found)
    assert [each.attrib["term"] for each in feed.iter(f"{ATOM}category")] == ["al-Waer"]


def test_a_topic_has_its_own(reader: Client) -> None:
    topic: Topic = make.make_topic(name="al-Waer")
    disagree(topic=topic, text="Of the topic?")
    disagree(text="Of none?")
    address = f"/feeds/topics/{topic.uid}.atom"
    feed = read(reader, address)
    assert [entry["title"] for entry in entries(feed)] == ["Contested: Of the topic?"]
    assert feed.findtext(f"{ATOM}title") == "Contested: al-Waer"
    assert f'href="{address}"' in reader.get(f"/topics/{topic.uid}/").content.decode()
    assert reader.get("/feeds/topics/00000000-0000-0000-0000-000000000000.atom").status_code == 404


def test_hostile_names_are_text_in_it(reader: Client) -> None:
    disagree(text="\x08<script>alert(1)</script> & \u202e\u2066 how\nmany?")
    (entry,) = entries(read(reader))
    assert entry["title"] == "Contested: \ufffd<script>alert(1)</script> & how many?"


def test_it_is_not_sent_again_unchanged(reader: Client) -> None:
    question, _claim = disagree()
    first = reader.get(ADDRESS)
    assert first["Last-Modified"]
    assert reader.get(ADDRESS, headers={"if-none-match": first["ETag"]}).status_code == 304
    keep(records=[_renamed(question)], by=None, reason="Better", command="test")
    assert reader.get(ADDRESS, headers={"if-none-match": first["ETag"]}).status_code == 200


def _renamed(question: Question) -> Question:
    found: Question = Question.objects.get(pk=question.pk)
    found.text = "Asked otherwise?"
    return found


def test_who_may_not_read_the_pages_may_not_read_it() -> None:
    disagree(text="For the desk?")
    refused = Client().get(ADDRESS)
    assert (refused.status_code, b"For the desk" in refused.content) == (401, False)
    _token, secret = make_token(user=make.make_user(Role.RESEARCHER), days=1)
    assert len(entries(read(Client(headers={"authorization": f"Token {secret}"})))) == 1
    assert Client().post(ADDRESS).status_code == 405


def test_it_is_in_the_readers_language(reader: Client) -> None:
    disagree()
    feed = fromstring(reader.get(ADDRESS, headers={"accept-language": "ar"}).content)
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "ar"
