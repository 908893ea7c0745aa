"""Writing: through the services, with a reason, by who says which version they saw; the same again changes nothing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from claims.models import Agent, Attribution, Claim, ClaimLink, Finding, Question, Retraction, Topic, User
from claims.permissions import Role
from tests import factories as make
from tests.admin.world import make_world
from tests.services.written import nothing_written, why

Program = Callable[..., Client]
JSON = "application/json"


def send(client: Client, method: str, path: str, body: Any, tag: str = "", **headers: str) -> Any:
    """One request with a body; `tag` is sent as If-Match."""
    sent = {**({"if-match": tag} if tag else {}), **headers}
    return getattr(client, method)(f"/api/v1/{path}", body, content_type=JSON, headers=sent)


def tag_of(client: Client, path: str) -> str:
    return str(client.get(f"/api/v1/{path}")["ETag"])


def attribution_body(question: Question, **fields: Any) -> dict[str, Any]:
    source = make.make_source()
    snapshot = make.make_snapshot(source)
    return {
        "source": str(source.uid),
        "speaker": str(make.make_agent().uid),
        "cue": "denied",
        "said_on": "2016-09-19",
        "relays": [{"agent": str(make.make_agent().uid), "cue": "reported"}],
        "passages": [{"snapshot": str(snapshot.uid), "exact": "  his  words\r\n"}],
        "claims": [
            {"question": str(question.uid), "answer": "300", "wordings": {"en": "About 300"}, "external_id": "of-mine"},
            {"question": str(question.uid), "answer": "~2000", "stance": "denies"},
        ],
        "reason": "I read it",
        **fields,
    }


@pytest.mark.django_db
def test_an_attribution_is_recorded_with_all_that_belongs_to_it(program: Program) -> None:
    question = make.make_quantity_question()
    client = program(username="who-reads")
    response = send(client, "post", "attributions/", attribution_body(question))
    assert response.status_code == 201, response.content
    attribution = Attribution.objects.get()
    assert response["Location"].endswith(f"/api/v1/attributions/{attribution.uid}/")
    assert response["ETag"].startswith('"1-')
    assert why(attribution) == ("I read it", User.objects.get(username="who-reads"))
    assert attribution.passages.get().exact == "  his  words\r\n"
    assert [claim.answer for claim in attribution.claims.order_by("line")] == ["300", "~2000"]
    assert [str(uid) for uid in attribution.claims.order_by("line").values_list("uid", flat=True)] == (
        response.json()["claims"]
    )
    assert client.get("/api/v1/claims/of-mine/").json()["wordings"] == {"en": "About 300"}


@pytest.mark.django_db
def test_what_is_wrong_stands_where_it_is_wrong_and_nothing_is_written(program: Program) -> None:
    question = make.make_quantity_question()
    body = attribution_body(question)
    body["claims"][1]["answer"] = "many"
    body["passages"] = [{"snapshot": str(make.make_snapshot().uid), "exact": ""}]
    client = program()
    with nothing_written():
        response = send(client, "post", "attributions/", body)
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == ["/passages/0/exact"]
    body["passages"] = []
    with nothing_written():
        response = send(client, "post", "attributions/", body)
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == ["/claims/1/answer"]


@pytest.mark.django_db
def test_a_claim_is_put_by_its_own_identifier_and_the_same_again_changes_nothing(program: Program) -> None:
    question, attribution = make.make_quantity_question(), make.make_attribution()
    body = {
        "attribution": str(attribution.uid),
        "question": str(question.uid),
        "answer": "300",
        "wordings": {"ar": "ثلاثمئة"},
    }
    client = program()
    first = send(client, "put", "claims/desk-17/", {**body, "reason": "New"})
    assert (first.status_code, first.json()["external_id"]) == (201, "desk-17")
    with nothing_written():
        again = send(client, "put", "claims/desk-17/", {**body, "reason": "Again"})
        assert (again.status_code, again.json()) == (200, first.json())
        refused = send(client, "put", "claims/desk-17/", {**body, "answer": "400", "reason": "Other"})
        assert refused.status_code == 428
    changed = send(client, "put", "claims/desk-17/", {**body, "answer": "400", "reason": "Other"}, first["ETag"])
    assert (changed.status_code, changed.json()["version"], changed.json()["understood"]["low"]) == (200, 2, 400)
    with nothing_written():
        assert send(client, "put", "claims/desk-17/", {**body, "reason": "Late"}, first["ETag"]).status_code == 412


@pytest.mark.django_db
def test_what_was_read_can_be_sent_back_as_it_is(program: Program) -> None:
    make_world()
    client = program(is_staff=True)
    for many in ("topics", "questions", "options", "claims", "attributions", "sources", "agents", "sides"):
        for record in client.get(f"/api/v1/{many}/").json()["results"]:
            with nothing_written():
                response = send(client, "put", f"{many}/{record['uid']}/", {**record, "reason": "As it is"})
            assert response.status_code == 200, (many, response.content)
            assert response.json() == record


@pytest.mark.django_db
def test_a_record_is_changed_by_who_saw_its_version(program: Program) -> None:
    topic, client = make.make_topic(note="old"), program()
    path = f"topics/{topic.uid}/"
    with nothing_written():
        assert send(client, "patch", path, {"note": "new", "reason": "x"}).status_code == 428
        assert send(client, "patch", path, {"note": "new", "reason": "x"}, "*").status_code == 428
        assert send(client, "patch", path, {"note": "new"}, '"1"').status_code == 422
        stale = send(client, "patch", path, {"note": "new", "reason": "x"}, '"7"')
    assert stale.status_code == 412
    assert stale.json()["current"]["note"] == "old"
    assert stale["ETag"] == tag_of(client, path)
    changed = send(client, "patch", path, {"note": "new"}, stale["ETag"], **{"change-reason": "Weil – ثلاثة"})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    topic.refresh_from_db()
    assert (topic.note, why(topic)[0]) == ("new", "Weil – ثلاثة")


@pytest.mark.django_db
def test_of_200_stale_writes_none_is_done_and_none_is_lost(program: Program) -> None:
    """Every other comes without a version, the others with an old one; between them somebody else goes on writing."""
    topic, client, other = make.make_topic(note="0"), program(), program()
    path = f"topics/{topic.uid}/"
    old = tag_of(client, path)
    send(other, "patch", path, {"note": "1", "reason": "First"}, old)
    statuses = []
    for number in range(200):
        if number % 20 == 0:
            assert (
                send(
                    other, "patch", path, {"note": f"theirs {number}", "reason": "On"}, tag_of(other, path)
                ).status_code
                == 200
            )
        method = "put" if number % 3 else "patch"
        body = {"name": topic.name, "note": f"mine {number}", "reason": "Late"}
        statuses.append(send(client, method, path, body, old if number % 2 else "").status_code)
    assert statuses == [428, 412] * 100
    notes = list(Topic.history.filter(id=topic.pk).order_by("version").values_list("note", flat=True))
    assert notes == ["0", "1", *(f"theirs {number}" for number in range(0, 200, 20))]


@pytest.mark.django_db
@pytest.mark.parametrize("many", ["topics", "questions", "sides", "sources", "agents"])
def test_a_record_is_put_under_an_identifier_of_ones_own(many: str, program: Program) -> None:
    client, uid = program(), uuid4()
    named = {"questions": "text", "sources": "title"}.get(many, "name")
    body = {named: "Of my own", "reason": "New"}
    assert send(client, "put", f"{many}/{uid}/", body).status_code == 201
    assert send(client, "put", f"{many}/{uid}/", body).status_code == 200
    assert send(client, "put", f"{many}/{uid}/", body, **{"if-none-match": "*"}).status_code == 412
    assert client.get(f"/api/v1/{many}/{uid}/").json()["version"] == 1


@pytest.mark.django_db
def test_claims_of_an_attribution_on_record_are_not_passed_over(program: Program) -> None:
    question, client = make.make_quantity_question(), program()
    body = attribution_body(question)
    made = send(client, "post", "attributions/", body)
    path = f"attributions/{made.json()['uid']}/"
    with nothing_written():
        refused = send(client, "put", path, body, made["ETag"])
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (
        400,
        ["/passages", "/claims"],
    )
    changed = send(client, "patch", path, {"relays": [], "cue": "said", "reason": "Shorter"}, made["ETag"])
    assert (changed.json()["relays"], changed.json()["cue"], changed.json()["version"]) == ([], "said", 2)


@pytest.mark.django_db
def test_names_of_an_agent_are_what_the_list_says(program: Program) -> None:
    client = program()
    body = {"name": "Minister", "kind": "person", "names": [{"language": "ar", "text": "وزير"}], "reason": "New"}
    made = send(client, "post", "agents/", body)
    path = f"agents/{made.json()['uid']}/"
    names = [{"language": "ar", "text": "الوزير", "alias": True}]
    changed = send(client, "patch", path, {"names": names, "reason": "Better"}, made["ETag"])
    assert changed.json()["names"] == names
    assert [name.withdrawn for name in Agent.objects.get().names.order_by("pk")] == [True, False]
    with nothing_written():
        incomplete = send(client, "patch", path, {"names": [{"language": "en"}], "reason": "x"}, changed["ETag"])
    assert incomplete.json()["errors"][0]["pointer"] == "/names/0/text"


@pytest.mark.django_db
def test_options_stand_under_others(program: Program) -> None:
    client, question = program(), make.make_question()
    for label in ("Agreement", "Truce"):
        body = {"question": str(question.uid), "label": label, "reason": "New"}
        made = send(client, "post", "options/", body)
        assert made.status_code == 201, made.content
    path = f"options/{made.json()['uid']}/"
    placed = send(client, "patch", path, {"under": "Agreement", "reason": "So it is"}, made["ETag"])
    assert placed.json()["broader"] == ["Agreement"]
    refused = send(client, "patch", path, {"under": "Nothing", "reason": "x"}, placed["ETag"])
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/under")
    assert send(client, "patch", path, {"label": "A truce", "reason": "x"}, placed["ETag"]).json()["broader"] == [
        "Agreement"
    ]


@pytest.mark.django_db
def test_what_is_done_about_a_claim_asks_for_the_version_that_was_seen(program: Program) -> None:
    question = make.make_quantity_question()
    first, second = (make.make_quantity(question, n, attribution=make.make_attribution()) for n in (1, 2))
    path, editor, reviewer = f"claims/{first.uid}/", program(Role.EDITOR), program(Role.REVIEWER)
    with nothing_written():
        assert send(reviewer, "put", f"{path}review/", {"review": "checked", "reason": "x"}).status_code == 428
        assert send(editor, "put", f"{path}review/", {"review": "checked", "reason": "x"}, '"1"').status_code == 403
        assert send(reviewer, "put", f"{path}review/", {"review": "checked", "reason": "x"}, '"9"').status_code == 412
    checked = send(reviewer, "put", f"{path}review/", {"review": "checked", "reason": "Seen"}, tag_of(reviewer, path))
    assert (checked.status_code, checked.json()["review"]) == (200, "checked")
    linked = send(
        editor, "post", f"{path}links/", {"kind": "disowns", "other": str(second.uid), "reason": "x"}, checked["ETag"]
    )
    assert (linked.status_code, ClaimLink.objects.get().kind) == (201, "disowns")
    retracted = send(editor, "post", f"{path}retractions/", {"dated_on": "2016-10", "reason": "x"}, checked["ETag"])
    assert retracted.status_code == 201, retracted.content
    assert editor.get(f"/api/v1/{path}").json()["derived"]["standing"] == "retracted"
    undone = send(
        editor,
        "patch",
        f"retractions/{Retraction.objects.get().uid}/",
        {"withdrawn": True, "reason": "x"},
        retracted["ETag"],
    )
    assert undone.json()["withdrawn"] is True
    assert editor.get(f"/api/v1/{path}").json()["derived"]["standing"] == "standing"


@pytest.mark.django_db
def test_a_question_is_settled_in_the_name_of_who_asks(program: Program) -> None:
    question, client = make.make_quantity_question(), program(Role.REVIEWER, username="settles")
    path = f"questions/{question.uid}/"
    body = {"answer": "300", "grounds": "The register", "reason": "Settled"}
    made = send(client, "post", f"{path}findings/", body, tag_of(client, path))
    assert made.status_code == 201, made.content
    assert Finding.objects.get().settled_by.username == "settles"
    wrong = send(client, "post", f"{path}findings/", {**body, "answer": "many"}, tag_of(client, path))
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/answer")


@pytest.mark.django_db
def test_a_text_is_attached_and_a_passage_found_in_it(program: Program) -> None:
    source, client = make.make_source(), program()
    body = {"source": str(source.uid), "text": "He said: a truce.\r\nNo more.", "reason": "Captured"}
    made = send(client, "post", "snapshots/", body)
    assert made.status_code == 201, made.content
    assert client.get(made.json()["content"]).content == b"He said: a truce.\nNo more."
    attribution = make.make_attribution(source=source)
    quote = {"attribution": str(attribution.uid), "snapshot": made.json()["uid"], "exact": "a truce", "reason": "x"}
    passage = send(client, "post", "passages/", quote).json()
    assert passage["start"] == 9
    with nothing_written():
        assert send(client, "put", f"passages/{passage['uid']}/", {**passage, "reason": "x"}).json() == passage
    missing = send(client, "post", "passages/", {**quote, "exact": "a peace"})
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/exact")


@pytest.mark.django_db
def test_what_is_withdrawn_is_kept_and_named_by_nothing_new(program: Program) -> None:
    topic, client = make.make_topic(), program()
    question = make.make_question(topic=topic)
    gone = send(client, "patch", f"topics/{topic.uid}/", {"withdrawn": True, "reason": "Twice"}, '"1"')
    assert gone.json()["withdrawn"] is True
    assert client.get("/api/v1/topics/").json()["results"] == []
    refused = send(client, "post", "questions/", {"text": "New?", "topic": str(topic.uid), "reason": "x"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/topic")
    kept = send(
        client, "patch", f"questions/{question.uid}/", {"topic": str(topic.uid), "note": "n", "reason": "x"}, '"1"'
    )
    assert kept.status_code == 200


@pytest.mark.django_db
def test_readers_write_nothing(program: Program) -> None:
    topic = make.make_topic()
    for role, client in ((role, program(role)) for role in (Role.RESEARCHER, Role.REVIEWER, Role.AUDITOR)):
        with nothing_written():
            refused = send(client, "patch", f"topics/{topic.uid}/", {"note": "x", "reason": "x"}, '"1"')
        assert (refused.status_code, refused.json()["type"]) == (403, "/api/#not-allowed"), role
    with nothing_written():
        assert send(Client(), "patch", f"topics/{topic.uid}/", {"note": "x", "reason": "x"}, '"1"').status_code == 401


@pytest.mark.django_db
def test_a_browser_writes_only_from_our_own_pages() -> None:
    """A session alone is not enough: a page of somebody else could send it along."""
    topic, client = make.make_topic(), Client(enforce_csrf_checks=True)
    client.force_login(make.make_user(Role.EDITOR))
    path, body = f"topics/{topic.uid}/", {"note": "x", "reason": "x"}
    with nothing_written():
        assert send(client, "patch", path, body, '"1"').status_code == 403
    client.get("/account/password/")
    client.cookies["csrftoken"] = "a" * 32
    assert send(client, "patch", path, body, '"1"', **{"x-csrftoken": "a" * 32}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_who_put_one_claim_at_once_one_records_it(program: Program) -> None:
    from tests.services.test_two_at_once import in_a_thread  # noqa: PLC0415 - beside its own tests

    question, attribution = make.make_quantity_question(), make.make_attribution()
    body = {"attribution": str(attribution.uid), "question": str(question.uid), "answer": "300", "reason": "New"}
    statuses: list[int] = []
    failures: list[BaseException] = []

    def put(client: Client) -> Callable[[], None]:
        return lambda: statuses.append(send(client, "put", "claims/of-both/", body).status_code)

    for thread in [in_a_thread(put(program()), failures) for _number in range(4)]:
        thread.join()
    assert failures == []
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 422}
    assert Claim.objects.count() == 1
    connection.close()


def pointers(response: Any) -> list[str]:
    return [error["pointer"] for error in response.json()["errors"]]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["  ", "\u200b\u202e\u2066"])
@pytest.mark.parametrize(("many", "field"), [("topics", "name"), ("agents", "name"), ("sources", "title")])
def test_a_name_of_nothing_visible_is_refused(many: str, field: str, name: str, program: Program) -> None:
    with nothing_written():
        response = send(program(), "post", f"{many}/", {field: name, "reason": "r"})
    assert (response.status_code, pointers(response)) == (422, [f"/{field}"])


@pytest.mark.django_db
def test_white_space_around_a_name_is_no_part_of_it(program: Program) -> None:
    client = program()
    first = send(client, "post", "topics/", {"name": "  New topic ", "reason": "r"})
    assert first.json()["name"] == "New topic"
    with nothing_written():
        again = send(client, "post", "topics/", {"name": "New topic\u00a0", "reason": "r"})
    assert (again.status_code, pointers(again)) == (422, ["/name"])
    agent = {"name": "Homs", "names": [{"language": "ar", "text": " حمص "}], "reason": "r"}
    made = send(client, "post", "agents/", agent)
    with nothing_written():
        assert send(client, "put", f"agents/{made.json()['uid']}/", agent).status_code == 200


@pytest.mark.django_db
def test_a_wording_that_says_nothing_is_refused_at_its_language(program: Program) -> None:
    client, attribution = program(), make.make_attribution()
    body: dict[str, Any] = {"attribution": str(attribution.uid), "wordings": {"en": "  "}, "reason": "r"}
    with nothing_written():
        response = send(client, "put", "claims/of-mine/", body)
    assert (response.status_code, pointers(response)) == (400, ["/wordings/en"])
    with nothing_written():
        response = send(client, "put", "claims/of-mine/", {**body, "wordings": {}})
    assert (response.status_code, pointers(response)) == (422, ["/answer"])
    body["wordings"] = {"en": "Said so"}
    made = send(client, "put", "claims/of-mine/", body)
    assert made.status_code == 201
    with nothing_written():
        response = send(client, "patch", "claims/of-mine/", {"wordings": {"en": ""}, "reason": "r"}, made["ETag"])
    assert (response.status_code, pointers(response)) == (422, ["/answer"])
    taken = send(client, "patch", "claims/of-mine/", {"withdrawn": True, "reason": "r"}, made["ETag"])
    assert taken.status_code == 200


@pytest.mark.django_db
def test_what_is_refused_of_one_field_is_told_at_it(program: Program) -> None:
    client, question = program(), make.make_quantity_question()
    wrong = {"xx yy": "So", "a/b~c": "So", "en": "So"}
    body = attribution_body(question, claims=[{"question": str(question.uid), "answer": "3", "wordings": wrong}])
    with nothing_written():
        response = send(client, "post", "attributions/", body)
    assert pointers(response) == ["/claims/0/wordings/xx yy", "/claims/0/wordings/a~1b~0c"]
    names = [{"language": "ar", "text": "حمص"}, {"language": "xx yy", "text": "Homs"}, {"language": "en", "text": " "}]
    agent = {"name": "Homs", "reason": "r"}
    made = send(client, "post", "agents/", agent)
    with nothing_written():
        response = send(client, "post", "agents/", {**agent, "names": names})
        assert pointers(response) == ["/names/1/language", "/names/2/text"]
        response = send(client, "patch", f"agents/{made.json()['uid']}/", {"names": names, "reason": "r"}, made["ETag"])
        assert pointers(response) == ["/names/1/language", "/names/2/text"]
        assert pointers(send(client, "post", "agents/", {**agent, "name": " ", "names": names[:1]})) == ["/name"]
    make.make_source(url="https://example.org/a")
    for many, fields, pointer in [
        ("questions", {"text": "How many?", "kind": "quantity", "tolerance": -1}, "/tolerance"),
        ("sources", {"title": "News", "url": "javascript:alert(1)"}, "/url"),
        ("sources", {"title": "News", "url": "https://example.org/a"}, "/url"),
        ("sides", {"name": make.make_side(name="Press").name}, "/name"),
    ]:
        with nothing_written():
            response = send(client, "post", f"{many}/", {**fields, "reason": "r"})
        assert (response.status_code, pointers(response)) == (422, [pointer]), fields


@pytest.mark.django_db
def test_what_cannot_be_changed_is_not_passed_over(program: Program) -> None:
    claim = make_world()["claim"]
    path, client = f"claims/{claim.uid}/", program(is_staff=True)
    response = client.get(f"/api/v1/{path}")
    read, tag = response.json(), response["ETag"]
    wrong = {"review": "checked", "speaker": str(make.make_agent().uid), "said_on": "2001", "derived": None}
    with nothing_written():
        response = send(client, "patch", path, {**wrong, "speaker_name": "X", "note": "new", "reason": "r"}, tag)
    assert response.status_code == 422
    assert sorted(pointers(response)) == ["/derived", "/review", "/said_on", "/speaker", "/speaker_name"]
    assert any("review/" in error["detail"] for error in response.json()["errors"])
    with nothing_written():
        assert send(client, "patch", path, {**read, "reason": "r"}, tag).status_code == 200
        response = send(client, "put", path, {**read, "review": "checked", "note": "new", "reason": "r"}, tag)
        assert (response.status_code, pointers(response)) == (422, ["/review"])
        other = {**read, "uid": str(uuid4()), "recorded_at": "2001-01-01T00:00:00Z", "reason": "r"}
        assert pointers(send(client, "put", path, other, tag)) == ["/uid", "/recorded_at"]
    # The same again changes nothing, though what follows from others has changed since it was read.
    changed = {**read, "note": "new", "reason": "r"}
    assert send(client, "put", path, changed, tag).status_code == 200
    with nothing_written():
        assert send(client, "put", path, {**changed, "derived": None, "speaker_name": "X"}).status_code == 200
        assert send(client, "patch", path, {**changed, "review": "checked"}, tag).status_code == 412
