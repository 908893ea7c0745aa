"""Reading: every kind of record, in pages of a fixed number of queries, with tags, by filters that never widen."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.sized import make_sized
from claims.api.urls import LISTED, RESOURCES
from claims.models import Option, Question
from claims.permissions import Role
from tests import factories as make
from tests.admin.world import make_world

KINDS = [resource.many for resource in RESOURCES]


def test_a_list_asks_the_same_number_of_queries_of_few_and_of_many(reader: Client) -> None:
    make_sized(400)
    counts: dict[str, list[int]] = {name: [] for name in KINDS}
    for size in (10, 200):
        for name in KINDS:
            with CaptureQueriesContext(connection) as queries:
                page = reader.get(f"/api/v1/{name}/?size={size}")
            assert page.status_code == 200, page.content
            counts[name].append(len(queries))
    # A page that the rows with a date, or a topic, do not fill is filled up by a second walk over those without.
    assert [name for name, (few, many) in counts.items() if many > few + 1] == []
    assert max(most for _few, most in counts.values()) <= 30


@pytest.mark.parametrize("size", [10, 400])
def test_a_comparison_asks_the_same_number_of_queries_of_few_and_of_many(size: int, reader: Client) -> None:
    question = Question.objects.get(pk=make_sized(size).question)
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(f"/api/v1/questions/{question.uid}/comparison/").status_code == 200
    assert len(queries) == 20


def test_every_record_is_read_at_the_address_that_its_list_gives(reader: Client) -> None:
    make_world()
    for name in KINDS:
        page = reader.get(f"/api/v1/{name}/").json()
        assert page["results"], name
        for record in page["results"]:
            assert reader.get(record["href"]).json() == record


def test_pages_lead_on_and_back_without_losing_or_repeating_any(reader: Client) -> None:
    made = [make.make_topic(name=f"Topic {number:02}") for number in range(7)]
    seen: list[str] = []
    address: str | None = "/api/v1/topics/?size=3"
    pages = []
    while address:
        page = reader.get(address).json()
        pages.append(page)
        seen += [topic["name"] for topic in page["results"]]
        address = page["next"]
    assert seen == [topic.name for topic in made]
    assert len(pages) == 3
    assert reader.get(pages[1]["previous"]).json()["results"] == pages[0]["results"]


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("topics/?nmae=x", "nmae"),
        ("topics/?name=a&name=b", "name"),
        ("topics/?size=0", "size"),
        ("topics/?size=201", "size"),
        ("topics/?size=٣", "size"),
        ("topics/?after=nothing", "after"),
        ("questions/?state=true", "state"),
        ("questions/?topic=5", "topic"),
        ("claims/?stance=perhaps", "stance"),
        ("claims/?speaker=Nobody", "speaker"),
        ("claims/?said_from=yesterday", "said_from"),
        ("claims/?position=A", "position"),
        ("claims/?page=2", "page"),
        ("claims/?format=json", "format"),
    ],
)
def test_what_is_unknown_or_wrong_is_refused_with_a_sentence(address: str, wrong: str, reader: Client) -> None:
    make.make_topic()
    response = reader.get(f"/api/v1/{address}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["errors"][0]["parameter"] == wrong
    assert problem["errors"][0]["detail"].endswith((".", "?"))
    assert "results" not in problem


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("claims/?state=a%b", "contested, questioned"),
        ("questions/?state=a%b", "contested, questioned"),
        ("claims/?stance=a%b", "affirms, denies"),
        ("claims/?sort=a%b", "urgency"),
    ],
)
def test_what_is_none_of_the_words_is_told_which_there_are(address: str, words: str, reader: Client) -> None:
    (error,) = reader.get(f"/api/v1/{address}").json()["errors"]
    assert (words in error["detail"], "“a%b”" in error["detail"]) == (True, True), error


def test_the_filters_of_claims_are_those_of_the_page(reader: Client) -> None:
    world = make_world()
    claim, question = world["claim"], world["question"]
    contested = reader.get("/api/v1/claims/?contested=yes").json()["results"]
    assert {each["question"] for each in contested} == {str(question.uid)}
    assert all("Truce" in each["derived"]["because"] for each in contested)
    affirmed = reader.get(f"/api/v1/claims/?question={question.uid}&stance=affirms").json()["results"]
    assert [each["uid"] for each in affirmed] == [str(claim.uid)]
    assert affirmed[0]["derived"]["origin"] == f"named:{world['agent'].uid}"
    assert affirmed[0]["understood"]["options"] == ["Truce"]
    assert affirmed[0]["wordings"] == {"en": "A truce was reached."}


def test_an_answer_is_not_sent_again_to_whoever_has_it(reader: Client) -> None:
    question = make.make_question()
    address = f"/api/v1/questions/{question.uid}/"
    tags = {}
    for path in ("", "comparison/"):
        first = reader.get(address + path)
        again = reader.get(address + path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        tags[path] = first["ETag"]
    assert tags[""].startswith('"1-')
    make.make_claim(question)
    for path, tag in tags.items():
        assert reader.get(address + path, headers={"if-none-match": tag}).status_code == 200


def test_the_comparison_says_what_excludes_what_and_why(reader: Client) -> None:
    world = make_world()
    found = reader.get(f"/api/v1/questions/{world['question'].uid}/comparison/").json()
    assert found["state"] == "contested"
    assert [each["letter"] for each in found["positions"]] == ["A", "B"]
    assert found["exclusions"][0]["positions"] == [0, 1]
    assert found["exclusions"][0]["code"] == "denied"
    named = found["exclusions"][0]["values"]
    assert {named["first"], named["second"]} <= {each["uid"] for each in found["claims"]}
    assert "Truce" in found["exclusions"][0]["sentence"]
    assert "\u2068" not in found["exclusions"][0]["sentence"]
    assert found["findings"][0]["grounds"] == "Two sources"


def test_the_comparison_is_asked_for_as_known_and_as_recorded(program: Callable[..., Client]) -> None:
    question = make.make_quantity_question()
    for number, day in ((100, "2015-12-01"), (900, "2016-02-01")):
        make.make_quantity(question, number, attribution=make.make_attribution(said_on=day))
    address = f"/api/v1/questions/{question.uid}/comparison/"
    client = program(Role.RESEARCHER)
    assert client.get(address).json()["state"] == "contested"
    known = client.get(address, {"as_known_on": "2016-01"}).json()
    assert (known["claims_total"], known["as_known_on"]) == (1, "2016-01")
    before = client.get(address, {"as_recorded_on": "2001-01-01T14:30"})
    assert (before.status_code, before.json()["errors"][0]["parameter"]) == (404, "as_recorded_on")
    assert "was not on record by 2001-01-01T14:30: it was recorded at 20" in before.json()["detail"]
    nowhere = f"/api/v1/questions/{uuid4()}/comparison/"
    for query in ({}, {"as_recorded_on": "2001-01-01"}):
        assert "no record of this identifier" in client.get(nowhere, query).json()["detail"]
    assert client.get(address, {"as_recorded_on": "2001-01-01", "as_known_on": "soon"}).status_code == 400
    assert client.get(address, {"as_recorded_on": "2999"}).status_code == 400


def test_the_past_needs_more_than_reading(reader: Client) -> None:
    address = f"/api/v1/questions/{make.make_question().uid}/comparison/?as_recorded_on=2020"
    assert reader.get(address).status_code == 401


def test_whoever_sends_no_token_of_ours_is_not_read_as_nobody(reader: Client) -> None:
    for sent in ("Bearer x", "bearer", "prov_secret"):
        refused = reader.get("/api/v1/topics/", headers={"authorization": sent})
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Token")
        assert "Authorization: Token" in refused.json()["detail"]
    # A browser sends it along where a server in front of us has asked for it.
    assert reader.get("/api/v1/topics/", headers={"authorization": "Basic eDp5"}).status_code == 200


def test_the_bytes_of_a_text_are_saved_and_not_shown(reader: Client) -> None:
    world = make_world()
    snapshot = reader.get(f"/api/v1/snapshots/{world['snapshot'].uid}/").json()
    text = reader.get(snapshot["content"])
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert text["Content-Disposition"] == f'attachment; filename="{snapshot["uid"]}.txt"'
    assert text["X-Content-Type-Options"] == "nosniff"
    assert len(text.content) == snapshot["length"]
    assert reader.get(snapshot["content"], headers={"if-none-match": text["ETag"]}).status_code == 304
    hashed = reader.get(f"/api/v1/snapshots/{make.make_snapshot().uid}/content/")
    assert (hashed.status_code, "Only its hash" in hashed.json()["detail"]) == (404, True)
    nowhere = reader.get(f"/api/v1/snapshots/{uuid4()}/content/")
    assert (nowhere.status_code, "Only its hash" in nowhere.json()["detail"]) == (404, False)


def test_the_log_is_for_those_who_read_it(program: Callable[..., Client], reader: Client) -> None:
    make.make_topic(name="In the log")
    assert reader.get("/api/v1/changes/").status_code == 401
    refused = program(Role.EDITOR).get("/api/v1/changes/")
    assert refused.status_code == 403
    assert "auditor" in refused.json()["detail"]
    auditor = program(Role.AUDITOR)
    change = auditor.get("/api/v1/changes/?kind=claims_topic").json()["results"][0]
    assert change["reason"] == "A test needs it"
    assert auditor.get(f"/api/v1/changes/{change['uid']}/").json() == change
    entries = auditor.get(f"/api/v1/changes/{change['uid']}/entries/?size=1").json()
    assert entries["results"][0]["change"] == change["uid"]
    assert auditor.get(entries["next"]).status_code == 200
    assert auditor.get("/api/v1/unattributed/?kind=claims_user").json()["results"]
    assert auditor.get("/api/v1/unattributed/?person=x").status_code == 400


def test_the_index_names_every_list(reader: Client) -> None:
    lists: dict[str, Any] = reader.get("/api/v1/").json()["lists"]
    assert set(lists) == set(LISTED)
    assert all(reader.get(address).status_code in {200, 401} for address in lists.values())


def test_what_is_withdrawn_is_history(reader: Client, program: Callable[..., Client]) -> None:
    """It is in no list, nor is what belongs to it; its own address shows it to those alone who read histories."""
    world = make_world()
    withdrawn = {}
    for kind, many in (("claim", "claims"), ("question", "questions"), ("source", "sources"), ("topic", "topics")):
        world[kind].refresh_from_db()
        world[kind].withdrawn = True
        make.record(world[kind])
        withdrawn[many] = world[kind]
    beneath = {"options": Option.objects.all(), "findings": [world["finding"]], "snapshots": [world["snapshot"]]}
    researcher = program(Role.RESEARCHER)
    for many, records in (*((many, [record]) for many, record in withdrawn.items()), *beneath.items()):
        listed = {each["uid"] for each in reader.get(f"/api/v1/{many}/").json()["results"]}
        for record in records:
            assert str(record.uid) not in listed, many
            assert reader.get(f"/api/v1/{many}/{record.uid}/").status_code == 404, many
            assert researcher.get(f"/api/v1/{many}/{record.uid}/").status_code == 200, many
    assert reader.get(f"/api/v1/snapshots/{world['snapshot'].uid}/content/").status_code == 404
    assert reader.get(f"/api/v1/questions/{world['question'].uid}/comparison/").status_code == 404
